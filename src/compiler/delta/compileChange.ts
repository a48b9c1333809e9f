import type { DesignSpec } from "../../spec/model.ts";
import { buildableDesign } from "../buildableDesign.ts";
import type { Compilation, GeneratedFile, LastGeneration } from "../compilation.ts";
import { generate, type PlannedBackend, planBackend } from "../compile.ts";
import { type ExistingProject, fitToProject, projectLineWidth } from "../existingProject.ts";
import type { BackendPlan } from "../plan.ts";
import {
  type DesignRecord,
  type RecordReading,
  readRecord,
  sameDesign,
  textHash,
  writeRecord,
} from "./designRecord.ts";
import { recordPath } from "./recordPath.ts";
import { hasRevision, isRevision, revisionsFor } from "./revisions.ts";

/**
 * Compiles a design for a project that may have been implemented before.
 *
 * Where the project has a {@link DesignRecord}, migrations that stand are left alone and the
 * difference of the two designs becomes new ones, and every file comes with what was generated the
 * last time. Where it has none, what the team keeps by hand is completed. The new record is one of the files.
 */
export function compileChange(
  spec: DesignSpec,
  existing: ExistingProject = {},
  { record, problem }: RecordReading = readRecord(existing[recordPath]),
): Compilation {
  const lineWidth = projectLineWidth(existing);
  const planned = planBackend(spec);
  const generated = generate(planned, lineWidth);
  const before = record && planAgain(record.spec, planned);
  const standing = record && planAgain(migratedDesign(record, existing), before ?? planned);
  const migrations = revisionsFor({
    generated: generated.files.filter(isRevision),
    existing,
    lineWidth,
    after: buildable(planned.plan),
    ...(standing ? { before: buildable(standing.plan) } : {}),
    ...(record?.revision === undefined ? {} : { revision: record.revision }),
    ...(record?.retained ? { retained: record.retained } : {}),
  });
  const rest = generated.files.filter((file) => !isRevision(file));
  const files = record ? rest : rest.flatMap((file) => fitToProject(file, existing));
  const decisions = [...(problem === undefined ? [] : [{ text: problem }]), ...migrations.decisions];
  const text = writeRecord({
    spec,
    files: Object.fromEntries(rest.map((file) => [file.path, textHash(file.text)])),
    ...(migrations.revision === undefined ? {} : { revision: migrations.revision }),
    ...(migrations.retained ? { retained: migrations.retained } : {}),
  });
  return {
    ...generated,
    files: inSteps([...files, ...migrations.files, { path: recordPath, text, step: 7 }]),
    ...(record ? { last: lastGeneration(record, before ? lastFiles(record, before, rest, lineWidth) : []) } : {}),
    ...(decisions.length > 0 ? { decisions } : {}),
  };
}

export function buildable(plan: BackendPlan): BackendPlan {
  return { ...plan, spec: buildableDesign(plan.spec).spec };
}

/** The design whose database the migrations make: that of the record, and what nobody has agreed to drop. */
export function migratedDesign({ spec, retained }: DesignRecord, existing: ExistingProject): DesignSpec {
  return retained && !hasRevision(existing, retained.revision) ? { ...spec, database: retained.database } : spec;
}

/** Plans an accepted design anew; undefined when this version of the engine cannot read it. */
export function planAgain(spec: DesignSpec, planned?: PlannedBackend): PlannedBackend | undefined {
  if (planned && sameDesign(spec, planned.plan.spec)) return planned;
  try {
    return planBackend(spec);
  } catch {
    return undefined;
  }
}

function lastGeneration(record: DesignRecord, files: readonly GeneratedFile[]): LastGeneration {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return Object.fromEntries(
    Object.entries(record.files).map(([path, hash]) => {
      const text = texts.get(path);
      return [path, text === undefined ? { hash } : { hash, text }];
    }),
  );
}

/**
 * What the accepted design comes to, in the width that the project is formatted to now, so that another width is no
 * change of the design. Nothing is compiled twice when the files of the new design are those that were written.
 */
function lastFiles(
  record: DesignRecord,
  before: PlannedBackend,
  generated: readonly GeneratedFile[],
  lineWidth: number,
): readonly GeneratedFile[] {
  const same = generated.every(({ path, text }) => record.files[path] === textHash(text));
  return same && generated.length === Object.keys(record.files).length ? generated : generate(before, lineWidth).files;
}

function inSteps(files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  return files.toSorted((left, right) => left.step - right.step || (left.path < right.path ? -1 : 1));
}
