/**
 * What is known of commands by their names. It informs the person who is asked, and refuses what no
 * answer would make right. It is no boundary: that is the sandbox (research/security.md §4).
 */

/** Why a command is not run whatever anybody says; undefined for the others. For places without a sandbox. */
export function neverRun(command: string): string | undefined {
  const program = programsOf(command).find((name) => never.has(name));
  return program && `${program} reaches beyond the workspace or takes the rights of another user`;
}

/** What a command is known to do, a sentence each, for the person who is asked. */
export function effectsOf(command: string): readonly string[] {
  return effects.filter(({ pattern }) => pattern.test(command)).map(({ effect }) => effect);
}

/** Whether a command runs Python or a script of the project, and with it what is proposed. */
export function runsProject(command: string): boolean {
  return programsOf(command).some((name) =>
    /^(?:python[\d.]*|pytest|alembic|uvicorn|make|tox|nox|bash|sh|\..*)$/.test(name),
  );
}

const never: ReadonlySet<string> = new Set(
  `sudo su doas pkexec runuser setpriv mount umount chroot unshare nsenter docker podman buildah systemctl service
   crontab at batch shutdown reboot insmod modprobe mkfs dd kexec`.split(/\s+/),
);

/** Names in the places where a shell looks for programs, without their folders. */
function programsOf(command: string): readonly string[] {
  const names = [...command.matchAll(commandPosition)].map(([, name]) => name ?? "");
  return names.map((name) => name.replace(/["'\\]/g, "").replace(/^.*\//, ""));
}

/** At the start, after an operator or an opening bracket, behind assignments and words such as `exec`. */
const commandPosition =
  /(?:^|[;&|(`\n{!])\s*(?:[A-Za-z_]\w*=\S*\s+|(?:exec|command|nohup|env|time|nice|then|do|else|xargs|timeout\s+\S+)\s+(?:-\S+\s+)*)*([^\s;&|()`<>{}]+)/g;

const effects: readonly { readonly pattern: RegExp; readonly effect: string }[] = [
  { pattern: /\bgit\s+(?:\S+\s+)*push\b|\bgh\s/, effect: "It changes a remote repository." },
  {
    pattern: /\bgit\s+(?:\S+\s+)*(?:reset|clean|checkout|restore|stash|rebase|filter-branch|worktree)\b/,
    effect: "It can throw away work in the repository.",
  },
  { pattern: /\bnpm\s+publish\b|\btwine\b|\buv\s+publish\b|\bpoetry\s+publish\b/, effect: "It publishes a package." },
  {
    pattern: /\b(?:pip3?|uv|poetry|pdm|npm|npx|pipx)\s+(?:\S+\s+)*(?:install|add|sync|update|upgrade|run)\b/,
    effect: "It installs packages, which run code of others.",
  },
  {
    pattern: /\balembic\s+(?:\S+\s+)*downgrade\b|\bdropdb\b|\bdrop\s+(?:table|database|schema)\b/i,
    effect: "It removes data from a database.",
  },
  { pattern: /\b(?:psql|createdb|pg_restore|alembic\s+upgrade)\b/, effect: "It changes a database." },
  { pattern: /\b(?:curl|wget|ssh|scp|rsync|nc|ncat|ftp|telnet)\b/, effect: "It talks to the network." },
  { pattern: /\brm\s|\bfind\b.*-delete\b|\bshred\b/, effect: "It deletes files." },
  {
    pattern: /\b(?:eval|source)\b|\|\s*(?:ba|z|da)?sh\b|\b(?:ba|z|da)?sh\s+-c\b|\$\(|`/,
    effect: "It builds commands while it runs.",
  },
];
