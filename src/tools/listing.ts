import { isSecretPath } from "../support/pathClass.ts";
import { workspacePath } from "../support/workspacePath.ts";
import type { ToolPorts } from "./toolPorts.ts";

export interface ListedFile {
  readonly path: string;
  /** The path below the folder that was asked for. */
  readonly inFolder: string;
}

/** The files a model may look at, in a folder or, without one, everywhere. A file counts as its own folder. */
export async function listFiles(ports: ToolPorts, folder: string | undefined): Promise<readonly ListedFile[]> {
  const isRoot = folder === undefined || /^(\.?\/?|\.\/+)$/.test(folder) || folder === ports.root;
  const prefix = isRoot ? "" : `${workspacePath(folder, ports.root)}/`;
  const paths = await ports.overlay.list();
  return paths
    .filter((path) => !isSecretPath(path) && (path.startsWith(prefix) || `${path}/` === prefix))
    .map((path) => ({ path, inFolder: path.startsWith(prefix) ? path.slice(prefix.length) : path }));
}
