import type { ElementKind } from "../../../../src/spec/model.ts";
import { type Backend, callsOf, escaped, type Mutated, type Operator, replaced, textOf } from "./operator.ts";

/** The calls that make an index or a constraint of a name: of the model, of the migration. */
interface Calls {
  readonly model: Call | undefined;
  readonly migration: Call | undefined;
}

interface Call {
  readonly path: string;
  readonly text: string;
}

const callees = ["sa.Index", "op.create_index", "sa.UniqueConstraint", "sa.CheckConstraint", "sa.ForeignKeyConstraint"];

function callsOfName({ files }: Backend, name: string): Calls {
  const isIt = new RegExp(`(?:^[\\w.]+\\(\\s*|name=)"${escaped(name)}"`);
  const inFolder = (folder: string): Call | undefined =>
    files
      .filter(({ path }) => path.includes(folder))
      .flatMap(({ path, text }) =>
        callees.flatMap((callee) => callsOf(text, callee)).map((call) => ({ path, text: call })),
      )
      .find(({ text }) => isIt.test(text));
  return { model: inFolder("persistence/models"), migration: inFolder("migrations/versions") };
}

function nameOf(id: string): string {
  return id.slice(Math.max(id.indexOf(":"), id.lastIndexOf(".")) + 1);
}

/** What stands for nothing, inside the arguments of a table or as a statement. */
const nothing = "sa.Comment()";

function dropped(backend: Backend, id: string): Mutated | undefined {
  const { model, migration } = callsOfName(backend, nameOf(id));
  if (!migration || isInline(backend, id)) return undefined;
  const modelled = model ? replaced(backend.files, model.path, model.text, nothing) : backend.files;
  const files = modelled && replaced(modelled, migration.path, migration.text, nothing);
  return files && { files, expected: [{ id, status: "missing" }] };
}

/** A model may say a constraint at its column, without its name. */
function isInline({ files, spec }: Backend, id: string): boolean {
  const constraint = spec.database.tables.flatMap(({ constraints }) => constraints).find((one) => one.id === id);
  if (!constraint) return false;
  const model = files.find(
    ({ path, text }) => path.includes("persistence/models") && text.includes(`__tablename__ = "${constraint.table}"`),
  );
  return /unique=True|index=True|sa\.ForeignKey\(/.test(model?.text ?? "");
}

function droppedInMigration(backend: Backend, id: string): Mutated | undefined {
  const { migration } = callsOfName(backend, nameOf(id));
  const inModel = textOf(backend.files, modelOf(backend, id));
  if (!migration || !inModel.includes(`"${nameOf(id)}"`)) return undefined;
  const files = replaced(backend.files, migration.path, migration.text, nothing);
  return (
    files && {
      files,
      expected: [{ id, status: "mismatched", difference: "No migration adds it", path: migration.path }],
    }
  );
}

function modelOf(backend: Backend, id: string): string | undefined {
  return callsOfName(backend, nameOf(id)).model?.path;
}

function differing(side: keyof Calls, difference: string, change: (text: string) => string): Operator["apply"] {
  return (backend, id) => {
    const call = callsOfName(backend, nameOf(id))[side];
    const changed = call && change(call.text);
    const files =
      call && changed !== call.text ? replaced(backend.files, call.path, call.text, changed ?? "") : undefined;
    return (
      files && {
        files,
        expected: [{ id, status: "mismatched", difference, path: call?.path ?? "", shows: nameOf(id) }],
      }
    );
  };
}

function beside(id: string, kind: ElementKind, change: (text: string, name: string) => string): Operator["apply"] {
  return (backend, target) => {
    const call = callsOfName(backend, nameOf(target)).migration;
    const changed = call && change(call.text, nameOf(target));
    const files =
      call && changed !== call.text ? replaced(backend.files, call.path, call.text, changed ?? "") : undefined;
    const table = target.slice(target.indexOf(":") + 1, target.lastIndexOf("."));
    const name = kind === "constraint" ? `${table}.${id}` : id;
    return (
      files && { files, expected: [{ id: `${kind}:${name}`, status: "extra", path: call?.path ?? "", shows: id }] }
    );
  };
}

const indexOperators: readonly (readonly [string, Operator["apply"]])[] = [
  ["an index that is gone", dropped],
  ["an index that no migration adds", droppedInMigration],
  [
    "an index that is unique in the migration",
    differing("migration", "Is unique", (text) =>
      text.includes("unique") ? text : text.replace(/,?\s*\)$/, ", unique=True)"),
    ),
  ],
  [
    "an index that is not unique in the migration",
    differing("migration", "Is not unique", (text) => text.replace("unique=True", "unique=False")),
  ],
  [
    "an index on other columns in the migration",
    differing("migration", "Is on", (text) => text.replace(/\[\s*"(\w+)"/, '["elsewhere"')),
  ],
  [
    "an index on more columns in the model",
    differing("model", "Is on", (text) => text.replace(/^(sa\.Index\(\s*"\w+",)/, '$1 "elsewhere",')),
  ],
  [
    "an index of some of the rows",
    differing("migration", "Covers", (text) =>
      text.includes("where") ? text : text.replace(/,?\s*\)$/, ', postgresql_where=sa.text("1 = 2"))'),
    ),
  ],
  [
    "an index of another kind",
    differing("migration", "Uses", (text) =>
      text.includes("_using") ? text : text.replace(/,?\s*\)$/, ', postgresql_using="hash")'),
    ),
  ],
  [
    "an index beyond the design",
    beside(
      "leftover_idx",
      "index",
      // One that differs by its name alone is the same index twice.
      (text, name) =>
        /\[\s*"/.test(text)
          ? `${text}\n    ${text.replace(name, "leftover_idx").replace(/\[\s*"(\w+)"/, '["elsewhere"')}`
          : text,
    ),
  ],
];

const constraintOperators: readonly (readonly [string, Operator["apply"]])[] = [
  ["a constraint that is gone", dropped],
  ["a constraint that no migration adds", droppedInMigration],
  ["a check that lets more pass in the migration", differing("migration", "Checks", (text) => weaker(text))],
  ["a check that lets more pass in the model", differing("model", "Checks", (text) => weaker(text))],
  ["a foreign key to another table in the migration", differing("migration", "Points at", (text) => elsewhere(text))],
  ["a foreign key to another table in the model", differing("model", "Points at", (text) => elsewhere(text))],
  ["a foreign key that deletes in another way in the migration", differing("migration", "On delete", otherDeletion)],
  [
    "a unique constraint on other columns",
    differing("migration", "Is on", (text) =>
      text.replace(/^sa\.UniqueConstraint\(\s*"\w+"/, 'sa.UniqueConstraint("elsewhere"'),
    ),
  ],
  [
    "a check beyond the design",
    beside("leftover_check", "constraint", (text) =>
      text.startsWith("sa.") ? `${text}, sa.CheckConstraint("1 = 1", name="leftover_check")` : text,
    ),
  ],
];

function weaker(text: string): string {
  return text.startsWith("sa.CheckConstraint")
    ? text.replace(/^sa\.CheckConstraint\(\s*"/, 'sa.CheckConstraint("1 = 1 OR ')
    : text;
}

function elsewhere(text: string): string {
  return text.startsWith("sa.ForeignKeyConstraint")
    ? text.replace(/(\],\s*\[[\s\S]*?\])/, (targets) => targets.replaceAll(/"\w+\./g, '"elsewhere.'))
    : text;
}

function otherDeletion(text: string): string {
  return text.replace(/ondelete="(?:CASCADE|RESTRICT)"/, 'ondelete="SET NULL"');
}

export const keyOperators: readonly Operator[] = [
  ...indexOperators.map(([what, apply]) => ({ what, kind: "index" as const, apply })),
  ...constraintOperators.map(([what, apply]) => ({ what, kind: "constraint" as const, apply })),
];
