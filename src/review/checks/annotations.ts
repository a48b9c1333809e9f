import type { PythonFile } from "../facts/pythonFile.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * Every parameter and return value has a type annotation, tests excepted: ruff's ANN rules, without
 * ANN401 because `Any` is an annotation. It does not see whether an annotation is true; mypy does.
 */
export const annotations: Check = {
  id: "annotations",
  title: "All functions have type annotations",
  run: ({ project }) => {
    if (project.code.length === 0) return notApplicable;
    return passUnless(project.code.flatMap((file) => project.conclusions.aboutFile(findingsIn, project, file)));
  },
};

function findingsIn({ style }: Project, { path }: PythonFile): readonly Finding[] {
  const lints = style.get(path)?.lints.filter((lint) => lint.code.startsWith("ANN")) ?? [];
  return lints.map(({ code, line, message }) => ({
    path,
    line,
    message: `${message} (${code}); add the type to the signature.`,
  }));
}
