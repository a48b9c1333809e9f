import type { DesignSpec, Table } from "../../spec/model.ts";
import { UserFacingError } from "../../support/errors.ts";
import type { Compilation, GeneratedFile } from "../compilation.ts";
import { buildable, migratedDesign, planAgain } from "../delta/compileChange.ts";
import { type DesignRecord, type RecordReading, textHash, writeRecord } from "../delta/designRecord.ts";
import { recordPath } from "../delta/recordPath.ts";
import type { ExistingProject } from "../existingProject.ts";
import { tableKey } from "../schemaText.ts";
import { stepOf } from "../steps.ts";
import { type Additions, type AdditionsInput, additions } from "./additions.ts";
import type { ProjectShape } from "./projectShape.ts";

/**
 * Adds to a project that the engine did not write what it has not of the design, and nothing else.
 *
 * What stands is never rewritten: new code lies in files of its own, on the project's base, tables
 * and engine, and three places take lines: where the application is made, Alembic's environment, and
 * the lists of dependencies.
 */
export function compileInto(spec: DesignSpec, existing: ExistingProject, shape: ProjectShape): Compilation {
  const implemented = new Set(shape.implemented);
  const isComplete = [...spec.api.endpoints, ...spec.errors.codes].every(({ id }) => implemented.has(id));
  const declared = new Map(shape.models.map((model) => [model.table, model.lacks]));
  const isWhole = (table: Table): boolean => {
    const lacks = declared.get(tableKey(table));
    return lacks !== undefined && lacks.model.length + lacks.database.length === 0;
  };
  if (isComplete && spec.database.tables.every(isWhole)) {
    return { files: [], assumptions: [], needsDetail: [] };
  }
  const added = additions({ spec, existing, shape });
  return { ...added.compilation, files: finishedFiles(added, { spec, existing, shape }) };
}

/**
 * The same for a project that the engine has added to before: its own files are merged with what was
 * made of them, as `compileChange` does. `current` is the project as it is by now; its places count.
 */
export function compileIntoAgain(
  spec: DesignSpec,
  existing: ExistingProject,
  record: DesignRecord & { readonly shape: ProjectShape },
  current: ProjectShape = record.shape,
): Compilation {
  const models = record.shape.models.map((model) => current.models.find(({ table }) => table === model.table) ?? model);
  const shape = { ...record.shape, application: current.application, models };
  const begun = Object.fromEntries(Object.entries(existing).filter(([path]) => record.files[path] === undefined));
  const accepted = planAgain(record.spec);
  const standing = planAgain(migratedDesign(record, existing));
  const before = accepted && additions({ spec: record.spec, existing: begun, shape });
  const now = additions({
    spec,
    existing: begun,
    shape,
    ...(standing ? { standing: buildable(standing.plan) } : {}),
    ...(record.revision === undefined ? {} : { revision: record.revision }),
    ...(record.retained ? { retained: record.retained } : {}),
  });
  const texts = new Map(before?.own.map(({ path, text }) => [path, text]));
  const last = Object.entries(record.files).map(([path, hash]) => {
    const text = texts.get(path);
    return [path, text === undefined ? { hash } : { hash, text }] as const;
  });
  const files = finishedFiles(now, { spec, existing, shape: record.shape });
  return { ...now.compilation, files, last: Object.fromEntries(last) };
}

/**
 * Whether the project was begun by somebody else: its record says so, or it has Python of its own and none of the
 * files that every project of the engine has.
 *
 * @throws {UserFacingError} `DESIGN_RECORD_UNREADABLE` where the engine has added to such a project and the record
 * of it is damaged: all that it added would be added a second time.
 */
export function isForeign(existing: ExistingProject, { record, problem }: RecordReading): boolean {
  if (record) return record.shape !== undefined;
  if (existing["src/app/persistence/unit_of_work.py"] !== undefined) return false;
  const hasCode = Object.keys(existing).some((path) => path.endsWith(".py"));
  if (hasCode && problem !== undefined) throw new UserFacingError("DESIGN_RECORD_UNREADABLE", problem);
  return hasCode;
}

/** All that is proposed, with the record that the next run starts from. */
function finishedFiles(
  { own, completed, revisions }: Additions,
  { spec, shape }: AdditionsInput,
): readonly GeneratedFile[] {
  const text = writeRecord({
    spec,
    shape: { ...shape, models: shape.models.map(({ table, module, name }) => ({ table, module, name })) },
    files: Object.fromEntries(own.map((file) => [file.path, textHash(file.text)])),
    ...(revisions.revision === undefined ? {} : { revision: revisions.revision }),
    ...(revisions.retained ? { retained: revisions.retained } : {}),
  });
  const standing = completed.map((file): GeneratedFile => ({ ...file, addsLines: true }));
  return [...own, ...standing, ...revisions.files, { path: recordPath, text, step: 7 as const }]
    .map((file) => ({ ...file, step: stepOf(file.path.replace(shape.folder, "src/app/")) }))
    .sort((left, right) => left.step - right.step || (left.path < right.path ? -1 : 1));
}
