import type { Workspace } from "./ports.ts";

/** The functions and methods of a project's Python files as a rule's link names them; tests are left out. */
export async function projectFunctions(workspace: Workspace): Promise<readonly string[]> {
  const paths = (await workspace.list()).filter((path) => path.endsWith(".py") && !testPath.test(path));
  const found = await Promise.all(
    paths.map(async (path) => functionNames((await workspace.readText(path)) ?? "").map((name) => `${path}::${name}`)),
  );
  return found.flat();
}

const testPath = /(^|\/)tests?\/|(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/;

/** `cancel`, `OrderService.cancel`: of functions within functions nobody else can speak. */
export function functionNames(text: string): readonly string[] {
  const open: { readonly indentation: number; readonly name: string; readonly isClass: boolean }[] = [];
  return text.split("\n").flatMap((line) => {
    const [, spaces = "", what, name = ""] = /^([ \t]*)(?:async\s+)?(def|class)\s+(\w+)/.exec(line) ?? [];
    if (what === undefined) return [];
    const indentation = spaces.length;
    while ((open.at(-1)?.indentation ?? -1) >= indentation) open.pop();
    const owner = open.at(-1);
    const isNested = open.some(({ isClass }) => !isClass) || open.length > 1;
    open.push({ indentation, name, isClass: what === "class" });
    return what === "class" || isNested ? [] : [owner ? `${owner.name}.${name}` : name];
  });
}
