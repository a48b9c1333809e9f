import * as promises from "node:fs/promises";

/**
 * What writing to a disk takes, operation by operation, so that a test can fail any of them. Every failure
 * is an `Error` with the system's `code`.
 */
export interface FileSystem {
  open(path: string, flags: string | number, mode?: number): Promise<OpenFile>;
  lstat(path: string): Promise<FileFacts>;
  mkdir(path: string): Promise<unknown>;
  readdir(path: string): Promise<string[]>;
  realpath(path: string): Promise<string>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
}

export interface OpenFile {
  readonly fd: number;
  stat(): Promise<FileFacts>;
  readFile(): Promise<Buffer>;
  writeFile(text: string): Promise<void>;
  chmod(mode: number): Promise<void>;
  chown(uid: number, gid: number): Promise<void>;
  /** Of a folder too: what was renamed in it is safe only then. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileFacts {
  readonly mode: number;
  readonly size: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** The disk, where what another program only holds up for a moment is tried again. */
export const nodeFileSystem: FileSystem = withRetries(promises);

/** Tries an operation again, three times after 100 ms, where the failure says that it may pass. */
export function withRetries(files: FileSystem, pauseMs = 100): FileSystem {
  const again = async <T>(operation: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await operation();
      } catch (thrown) {
        if (attempt > 3 || !passing.has(codeOf(thrown) ?? "")) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  };
  return {
    open: (path, flags, mode) => again(() => files.open(path, flags, mode)),
    lstat: (path) => again(() => files.lstat(path)),
    mkdir: (path) => again(() => files.mkdir(path)),
    readdir: (path) => again(() => files.readdir(path)),
    realpath: (path) => again(() => files.realpath(path)),
    rename: (from, to) => again(() => files.rename(from, to)),
    unlink: (path) => again(() => files.unlink(path)),
    rmdir: (path) => again(() => files.rmdir(path)),
  };
}

/** Interrupted; too many files are open; locked by another program, which Windows calls EBUSY or EPERM. */
const passing: ReadonlySet<string> = new Set(["EINTR", "EAGAIN", "EMFILE", "ENFILE", "EBUSY", "EPERM"]);

/** The system's word for a failure, `ENOENT` say; undefined for any other. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}

/** To be given to `catch`: undefined where there is no such file, any other failure goes on. */
export function ifMissing(thrown: unknown): undefined {
  if (codeOf(thrown) !== "ENOENT") throw thrown;
}
