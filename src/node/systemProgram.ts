import { access } from "node:fs/promises";
import { join } from "node:path";

const folders = ["/usr/bin", "/bin", "/usr/local/bin"];

/** A program of the system itself: a folder that a project can put on the PATH is not asked. */
export async function systemProgram(name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}
