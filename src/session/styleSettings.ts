import { isortFiles } from "../review/isortFiles.ts";
import type { SourceText } from "../review/model.ts";
import type { Workspace } from "./ports.ts";

const names = ["pyproject.toml", ...isortFiles];

/** The files that say how a file of Python is to look: those of its folder and of all above it, the outermost first. */
export async function styleSettings(
  path: string,
  workspace: Pick<Workspace, "readText">,
): Promise<readonly SourceText[]> {
  const folders = path.split("/").slice(0, -1);
  const homes = ["", ...folders.map((_, at) => `${folders.slice(0, at + 1).join("/")}/`)];
  const paths = homes.flatMap((home) => names.map((name) => home + name));
  const texts = await Promise.all(paths.map((one) => workspace.readText(one)));
  return paths.flatMap((one, at) => {
    const text = texts[at];
    return text === undefined ? [] : [{ path: one, text }];
  });
}
