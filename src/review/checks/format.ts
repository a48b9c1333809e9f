import type { PythonFile } from "../facts/pythonFile.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * Every file, tests too, is as ruff's black-compatible formatter writes it, with imports in the order of isort's black
 * profile, at the project's own line length. Black itself writes a few expressions differently; it
 * cannot run here. A file that does not parse fails.
 */
export const format: Check = {
  id: "format",
  title: "Formatted (black, isort, ruff)",
  run: ({ project }) => {
    if (project.files.length === 0) return notApplicable;
    return passUnless(project.files.flatMap((file) => project.conclusions.aboutFile(findingsIn, project, file)));
  },
};

function findingsIn(project: Project, file: PythonFile): readonly Finding[] {
  const { path } = file;
  const obstacle = obstacleIn(file);
  if (obstacle) return [{ path, ...obstacle }];
  const style = project.style.get(path);
  const lints = style?.lints ?? [];
  const syntax = lints.find((lint) => lint.code === "invalid-syntax");
  if (syntax)
    return [{ path, line: syntax.line, message: `${syntax.message}; the file is not valid Python, correct it.` }];
  const imports = lints
    .filter((lint) => lint.code === "I001")
    .map(({ line }) => ({
      path,
      line,
      message: "Imports are not sorted; run `ruff check --select I --fix` or isort.",
    }));
  const formatted = style?.formatted;
  if (formatted === undefined || formatted === file.text) return imports;
  const line = firstDifference(file.text, formatted);
  return [...imports, { path, line, message: "Not formatted from this line on; run `ruff format` or black." }];
}

/** Why ruff is not asked, or could say nothing that helps. */
function obstacleIn({ root, text }: PythonFile): Pick<Finding, "line" | "message"> | undefined {
  if (root.cutLine !== undefined) {
    return { line: root.cutLine, message: "The code is nested too deep here to be read any further; split it." };
  }
  const nul = text.indexOf("\0");
  if (nul < 0) return undefined;
  const message = "The file has NUL bytes, as text in UTF-16 does, and Python does not read it; save it as UTF-8.";
  return { line: text.slice(0, nul).split("\n").length, message };
}

function firstDifference(left: string, right: string): number {
  const lines = left.split("\n");
  const others = right.split("\n");
  const index = lines.findIndex((line, at) => line !== others[at]);
  return index < 0 ? lines.length : index + 1;
}
