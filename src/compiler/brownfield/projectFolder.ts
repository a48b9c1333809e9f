import type { Compilation } from "../compilation.ts";
import type { DesignRecord } from "../delta/designRecord.ts";
import { recordPath } from "../delta/recordPath.ts";
import type { ExistingProject } from "../existingProject.ts";

/**
 * Where in the workspace the project lies, with a slash at its end, when a whole repository is open: the folder
 * nearest to the application that lists packages or configures Alembic. Empty for the workspace itself.
 */
export function projectFolder(existing: ExistingProject, application: string, record?: DesignRecord): string {
  // What was added from the workspace's own folder goes on from there.
  if (record?.shape && existing[record.shape.application.path] !== undefined) return "";
  const parts = application.split("/").slice(0, -1);
  const folders = parts.map((_, at) => `${parts.slice(0, parts.length - at).join("/")}/`);
  return folders.find((folder) => manifests.some((name) => existing[`${folder}${name}`] !== undefined)) ?? "";
}

const manifests = ["pyproject.toml", "requirements.txt", "alembic.ini"];

/** The files below the folder by their paths in it; the record stays the workspace's. */
export function within(folder: string, existing: ExistingProject): ExistingProject {
  if (folder === "") return existing;
  const below = Object.entries(existing).filter(([path]) => path.startsWith(folder));
  const record = existing[recordPath];
  return {
    ...Object.fromEntries(below.map(([path, text]) => [path.slice(folder.length), text])),
    ...(record === undefined ? {} : { [recordPath]: record }),
  };
}

/** What was compiled {@link within} the folder, by the paths of the workspace. */
export function outOf(folder: string, compilation: Compilation): Compilation {
  if (folder === "") return compilation;
  const { files, last, decisions, ...rest } = compilation;
  const outer = (path: string): string => (path === recordPath ? path : `${folder}${path}`);
  return {
    ...rest,
    files: files.map((file) => ({ ...file, path: outer(file.path) })),
    ...(last ? { last: Object.fromEntries(Object.entries(last).map(([path, text]) => [outer(path), text])) } : {}),
    ...(decisions
      ? {
          decisions: decisions.map(({ text, path }) =>
            path === undefined ? { text } : { text: text.replace(path, outer(path)), path: outer(path) },
          ),
        }
      : {}),
  };
}
