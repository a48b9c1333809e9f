import { oncePerFile } from "../facts/oncePerFile.ts";
import type { Finding } from "../model.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

const longestFile = 800;
const longestFunction = 50;

/**
 * Files of at most 800 lines and functions of at most 50, counted from `def` to the last line with
 * docstring and comments. Decorators and tests do not count.
 */
export const size: Check = {
  id: "size",
  title: "Files under 800 lines, functions under 50",
  run: ({ project }) => {
    if (project.code.length === 0) return notApplicable;
    return passUnless(project.code.flatMap(findingsIn));
  },
};

const findingsIn = oncePerFile(({ path, lineCount, functions }): readonly Finding[] => {
  const long = functions
    .map((fact) => ({ ...fact, lines: fact.endLine - fact.line + 1 }))
    .filter(({ lines }) => lines > longestFunction)
    .map(({ line, name, lines }) => ({
      path,
      line,
      message: `${name} has ${lines} lines, ${longestFunction} are allowed; extract a step that has a name of its own.`,
    }));
  if (lineCount <= longestFile) return long;
  const message = `The file has ${lineCount} lines, ${longestFile} are allowed; move one of its topics to a module of its own.`;
  return [{ path, line: longestFile + 1, message }, ...long];
});
