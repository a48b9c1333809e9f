import { buildableDesign } from "./buildableDesign.ts";
import type { GeneratedFile } from "./compilation.ts";
import { domainFiles } from "./domainFiles.ts";
import { numberFiles } from "./generatedNumbers.ts";
import { migrationFiles } from "./migrationFiles.ts";
import { modelFiles } from "./modelFiles.ts";
import type { BackendPlan } from "./plan.ts";
import { portFiles } from "./portFiles.ts";
import { projectFiles } from "./projectFiles.ts";
import { repositoryFiles } from "./repositoryFiles.ts";
import { unitOfWorkFiles } from "./unitOfWorkFiles.ts";

/** Steps 1 to 3 and the project's own files; Python text is not formatted yet, and will be at `width` columns. */
export function emitPersistence(designed: BackendPlan, width: number): GeneratedFile[] {
  const plan = { ...designed, spec: buildableDesign(designed.spec).spec };
  return [
    ...projectFiles(plan, width),
    ...domainFiles(plan),
    ...modelFiles(plan),
    ...numberFiles(plan.aggregates),
    ...migrationFiles(plan),
    ...portFiles(plan),
    ...repositoryFiles(plan),
    ...unitOfWorkFiles(plan),
  ];
}
