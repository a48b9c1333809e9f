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

function firstDifference(left: string, right: string): number {
  const lines = left.split("\n");
  const others = right.split("\n");
  const index = lines.findIndex((line, at) => line !== others[at]);
  return index < 0 ? lines.length : index + 1;
}
