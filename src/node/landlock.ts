/**
 * Confines itself and becomes the command: writing is possible in the given folders only, TCP not at
 * all, and nothing can raise its rights again. For systems that have Landlock but no user namespaces, as
 * in many containers. Ends with 97 where the kernel has no Landlock. See landlock(7); the numbers are
 * those of linux/landlock.h, and the system calls have the same numbers on every architecture.
 */
const program = `
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *args):
    result = libc.syscall(ctypes.c_long(number), *args)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
try:
    abi = call(444, None, ctypes.c_size_t(0), ctypes.c_uint(1))
except OSError as error:
    sys.stderr.write("Landlock: %s\\n" % error)
    sys.exit(97)
write_file, truncate, refer = 1 << 1, 1 << 14, 1 << 13
writing = write_file | sum(1 << bit for bit in range(4, 13))
writing |= (refer if abi >= 2 else 0) | (truncate if abi >= 3 else 0)
rules = struct.pack("QQQ", writing, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
length = 24 if abi >= 6 else 16 if abi >= 4 else 8
ruleset = call(444, ctypes.c_char_p(rules), ctypes.c_size_t(length), ctypes.c_uint(0))
def allow(path, access):
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    call(445, ctypes.c_int(ruleset), ctypes.c_int(1), ctypes.c_char_p(struct.pack("=Qi", access, folder)), ctypes.c_uint(0))
    os.close(folder)
end = sys.argv.index("--")
for path in sys.argv[1:end]:
    allow(path, writing)
for device in ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"):
    allow(device, write_file | (truncate if abi >= 3 else 0))
if libc.prctl(38, 1, 0, 0, 0) != 0:
    sys.exit(97)
call(446, ctypes.c_int(ruleset), ctypes.c_uint(0))
try:
    os.execvp(sys.argv[end + 1], sys.argv[end + 1:])
except OSError as error:
    sys.stderr.write("%s: %s\\n" % (sys.argv[end + 1], error.strerror))
    sys.exit(127)
`;

/** What is put in front of a command so that it can write in `folders` only. `python` is an absolute path. */
export function landlockPrefix(python: string, folders: readonly string[]): readonly string[] {
  return [python, "-I", "-c", program, ...folders, "--"];
}
