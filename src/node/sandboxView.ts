import type { Dirent } from "node:fs";
import { access, lstat, readdir, readFile, realpath } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { isSecretPath } from "../support/pathClass.ts";
import { quietEnvironment } from "./command.ts";

/** What a sandboxed command sees of the machine, as options of bubblewrap. */
export interface ViewOptions {
  /** Canonical path of the workspace folder. */
  readonly workspace: string;
  /** A file that stands for every file of secrets. */
  readonly placeholder: string;
  /** Folder of the database server's sockets, when the user lets the command reach it. */
  readonly databaseFolder?: string;
  /** Options that only newer versions of bubblewrap know, and this one does. */
  readonly known: ReadonlySet<string>;
}

/** Size of each scratch file system that a command can fill. */
export const scratchBytes = 1_000_000_000;

const home = "/tmp/home";

/**
 * The machine's programs and libraries read-only, the overlay at the workspace's own path, an empty
 * home, no network, no other processes. Later options cover earlier ones.
 */
export async function sandboxView(options: ViewOptions): Promise<readonly string[]> {
  const { workspace, placeholder, databaseFolder, known } = options;
  const hidden = await hiddenFolders(workspace);
  const size = known.has("--size") ? ["--size", String(scratchBytes)] : [];
  const [secrets, interpreters] = await Promise.all([
    findSecrets(workspace, hidden),
    findInterpreters(workspace, hidden),
  ]);
  const git = join(workspace, ".git");
  return [
    ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
    ...hidden.flatMap((folder) => [...size, "--tmpfs", folder]),
    ...interpreters.flatMap((folder) => ["--ro-bind", folder, folder]),
    ...["--bind", workspace, workspace, "--ro-bind-try", git, git],
    ...secrets.flatMap((file) => ["--ro-bind", placeholder, file]),
    ...(databaseFolder === undefined ? [] : ["--bind-try", databaseFolder, databaseFolder]),
    ...["--dir", home, "--chdir", workspace],
    ...["--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...["--uid", String(process.getuid?.() ?? 0), "--gid", String(process.getgid?.() ?? 0), "--cap-drop", "ALL"],
    ...(known.has("--disable-userns") ? ["--disable-userns"] : []),
    ...["--die-with-parent", "--new-session", "--clearenv"],
    ...Object.entries(await environment(workspace, hidden)).flatMap(([name, value]) => ["--setenv", name, value]),
  ];
}

/** Where people and services keep what is theirs. The workspace is put back over them. */
async function hiddenFolders(workspace: string): Promise<readonly string[]> {
  const usual = [
    "/tmp",
    "/run",
    "/home",
    "/root",
    "/mnt",
    "/media",
    "/srv",
    "/var/tmp",
    "/var/mail",
    homedir(),
    tmpdir(),
  ];
  const real = await Promise.all(usual.map((folder) => realpath(folder).catch(() => undefined)));
  const folders = [...new Set(real.flatMap((folder) => folder ?? []))].filter(
    (folder) => folder !== "/" && !isWithin(folder, workspace),
  );
  return folders.filter((folder) => !folders.some((other) => other !== folder && isWithin(folder, other)));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

const notSearched = new Set([".git", "node_modules", "site-packages", "__pycache__", ".mypy_cache", ".ruff_cache"]);

/** Files of secrets in the workspace, those that version control ignores above all. */
async function findSecrets(workspace: string, hidden: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    await Promise.all(
      entries.map(async (entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !notSearched.has(entry.name)) await visit(path);
        if (entry.isDirectory() || !isSecretPath(path.slice(workspace.length + 1))) return;
        found.push(...(entry.isFile() ? [path] : await linkedSecret(path, hidden, workspace)));
      }),
    );
  };
  await visit(workspace);
  return found.sort();
}

/** A link is covered where it leads, unless nothing is to be seen there anyway. */
async function linkedSecret(path: string, hidden: readonly string[], workspace: string): Promise<readonly string[]> {
  const target = await realpath(path).catch(() => undefined);
  if (target === undefined || !(await lstat(target)).isFile()) return [];
  const isHidden = hidden.some((folder) => isWithin(target, folder)) && !isWithin(target, workspace);
  return isHidden ? [] : [target];
}

/**
 * The installations of Python that the workspace's environments were made from, where those are hidden
 * with the home folder. The workspace names them, so only what is an installation of Python counts.
 */
async function findInterpreters(workspace: string, hidden: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const name of [".venv", "venv"]) {
    const settings = await readFile(join(workspace, name, "pyvenv.cfg"), "utf8").catch(() => "");
    const named = /^home\s*=\s*(\/.+?)\s*$/m.exec(settings)?.[1];
    const python = await realpath(join(workspace, name, "bin", "python")).catch(() => undefined);
    for (const folder of [named, python && dirname(python)]) {
      const prefix = folder && (await realpath(dirname(folder)).catch(() => undefined));
      if (!prefix || isWithin(prefix, workspace) || !hidden.some((each) => isWithin(prefix, each))) continue;
      if (await isPythonInstallation(prefix)) found.add(prefix);
    }
  }
  return [...found];
}

async function isPythonInstallation(prefix: string): Promise<boolean> {
  const libraries = await readdir(join(prefix, "lib")).catch(() => []);
  const hasPython = await access(join(prefix, "bin", "python3")).then(
    () => true,
    () => false,
  );
  return hasPython && libraries.some((name) => /^python3\.\d+$/.test(name)) && prefix !== homedir();
}

async function environment(workspace: string, hidden: readonly string[]): Promise<Record<string, string>> {
  const bins = [".venv", "venv"].map((name) => join(workspace, name, "bin"));
  const own: string[] = [];
  for (const bin of bins) if ((await lstat(bin).catch(() => undefined))?.isDirectory()) own.push(bin);
  const inherited = (process.env["PATH"] ?? "").split(":").filter((folder) => {
    return folder.startsWith("/") && ![workspace, ...hidden].some((each) => isWithin(folder, each));
  });
  const usual = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];
  const [bin] = own;
  return {
    ...quietEnvironment,
    PATH: [...new Set([...own, ...inherited, ...usual])].join(":"),
    HOME: home,
    TMPDIR: "/tmp",
    LANG: "C.UTF-8",
    ...(bin === undefined ? {} : { VIRTUAL_ENV: dirname(bin) }),
  };
}
