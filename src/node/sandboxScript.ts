/**
 * Runs in a new user and mount namespace, as the one process that the extension waits for. Mounts the
 * overlay over the workspace, runs bubblewrap on it, and keeps the namespace until descriptor 4 is
 * closed, so that what was written can be read through /proc (research/security.md §5).
 *
 * Arguments: workspace, state folder, options of the tmpfs that takes the writes, then bubblewrap's
 * command line. Tells bubblewrap's exit status on descriptor 3.
 */
export const outerScript = `
set -u
workspace=$1 state=$2 limits=$3
shift 3
while IFS= read -r path; do mknod "$state/seed/$path" c 0 0 || exit 97; done < "$state/deleted"
mount --rbind "$workspace" "$state/lower" &&
  mount -t tmpfs -o "$limits" tmpfs "$state/written" &&
  mkdir "$state/written/upper" "$state/written/work" &&
  mount -t overlay -o "lowerdir=$state/seed:$state/lower,upperdir=$state/written/upper,workdir=$state/written/work,userxattr" overlay "$workspace" ||
  exit 97
"$@" 3>&- 4<&-
echo "$?" >&3
exec >&- 2>&- 3>&-
read -r _ <&4
`;

/**
 * Runs inside bubblewrap, around the command: says on descriptor 5 that it came to life, and in the end
 * which processes the command left running.
 */
export const innerScript = `
echo started >&5
"$@" 5>&-
status=$?
for each in /proc/[0-9]*; do
  case $each in /proc/1|/proc/$$) continue;; esac
  read -r name < "$each/comm" && echo "left $name" >&5
done 2>/dev/null
exit "$status"
`;
