import { UserFacingError } from "../support/errors.ts";

/**
 * Says that nothing can be kept in a folder of the editor's, when that is what a failure means; any other
 * failure comes back as it is. Reviewing and accepting go on without it (research/security.md I14).
 */
export function asUnusableStorage(folder: string, thrown: unknown): unknown {
  const why = thrown instanceof Error && "code" in thrown ? reasons[String(thrown.code)] : undefined;
  if (why === undefined) return thrown;
  const message = `VS Code's storage ${folder} cannot be written, because ${why}; proposals will not survive the closing of this window. Mend that and reload the window, or decide before you close it.`;
  return new UserFacingError(code, message);
}

export function isUnusableStorage(thrown: unknown): boolean {
  return thrown instanceof UserFacingError && thrown.code === code;
}

const code = "STORAGE_UNUSABLE";

const reasons: Readonly<Record<string, string>> = {
  EROFS: "its file system is read-only",
  EACCES: "permission is denied",
  EPERM: "the system does not permit it",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a file stands where a folder is needed",
};
