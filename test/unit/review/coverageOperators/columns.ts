import type { SourceText } from "../../../../src/review/model.ts";
import { type Backend, callsOf, escaped, type Mutated, type Operator, replaced, textOf } from "./operator.ts";
import { placeOfTable } from "./tables.ts";

interface ColumnPlace {
  readonly table: string;
  readonly name: string;
  readonly model: string | undefined;
  /** `    name: Mapped[…] = mapped_column(…)`, as far as the next attribute. */
  readonly attribute: string;
  readonly migration: string | undefined;
  /** The whole call of `op.create_table` and the column's part of it. */
  readonly created: string;
  readonly column: string;
}

function placeOf(backend: Backend, id: string): ColumnPlace {
  const [table = "", name = ""] = id.slice("column:".length).split(".");
  const { model, migration, created } = placeOfTable(backend, table);
  const attribute = new RegExp(
    `^ {4}${escaped(name)}: Mapped\\[[\\s\\S]*?(?=\\n {4}\\w+: |\\n\\n|$(?![\\s\\S]))`,
    "m",
  ).exec(textOf(backend.files, model))?.[0];
  const column = callsOf(created, "sa.Column").find((call) =>
    new RegExp(`^sa\\.Column\\(\\s*"${escaped(name)}"`).test(call),
  );
  return { table, name, model, attribute: attribute ?? "", migration, created, column: column ?? "" };
}

function inModel(
  backend: Backend,
  { model, attribute }: ColumnPlace,
  change: (text: string) => string,
): readonly SourceText[] | undefined {
  const changed = change(attribute);
  return changed === attribute ? undefined : replaced(backend.files, model, attribute, changed);
}

function inMigration(
  backend: Backend,
  { migration, created, column }: ColumnPlace,
  change: (text: string) => string,
): readonly SourceText[] | undefined {
  const changed = change(column);
  if (changed === column || column === "") return undefined;
  return replaced(
    backend.files,
    migration,
    created,
    created.replace(column, () => changed),
  );
}

function renamedInModel({ name }: ColumnPlace): (text: string) => string {
  return (text) => (/mapped_column\(\s*"/.test(text) ? text : text.replace(`    ${name}:`, `    ${name}_other:`));
}

function renamedInMigration({ name }: ColumnPlace): (text: string) => string {
  return (text) => text.replace(`"${name}"`, `"${name}_other"`);
}

function extraOf({ table, name, model }: ColumnPlace, path: string | undefined = model): Mutated["expected"][number] {
  return { id: `column:${table}.${name}_other`, status: "extra", path: path ?? "", shows: `${name}_other` };
}

function renamedInBoth(backend: Backend, id: string): Mutated | undefined {
  const place = placeOf(backend, id);
  const modelled = inModel(backend, place, renamedInModel(place));
  const files = modelled && inMigration({ ...backend, files: modelled }, place, renamedInMigration(place));
  return files && { files, expected: [{ id, status: "missing" }, extraOf(place)] };
}

function renamedInOne(side: "model" | "migration"): Operator["apply"] {
  return (backend, id) => {
    const place = placeOf(backend, id);
    const isModel = side === "model";
    const files = isModel
      ? inModel(backend, place, renamedInModel(place))
      : inMigration(backend, place, renamedInMigration(place));
    if (!files) return undefined;
    const difference = isModel ? "The model does not have it" : "No migration adds it";
    const path = (isModel ? place.model : place.migration) ?? "";
    return { files, expected: [{ id, status: "mismatched", difference, path }, extraOf(place, path)] };
  };
}

function dropped(backend: Backend, id: string): Mutated | undefined {
  const place = placeOf(backend, id);
  const modelled = inModel(backend, place, () => "    # gone");
  const files = modelled && inMigration({ ...backend, files: modelled }, place, () => "");
  return files && { files: tidied(files, place), expected: [{ id, status: "missing" }] };
}

/** `create_table("t", , …)` is no Python. */
function tidied(files: readonly SourceText[], { migration }: ColumnPlace): readonly SourceText[] {
  return files.map((file) => (file.path === migration ? { ...file, text: file.text.replace(/,\s*,/g, ",") } : file));
}

function differing(
  side: "model" | "migration",
  difference: string,
  change: (text: string) => string,
): Operator["apply"] {
  return (backend, id) => {
    const place = placeOf(backend, id);
    const files = (side === "model" ? inModel : inMigration)(backend, place, change);
    const path = (side === "model" ? place.model : place.migration) ?? "";
    return files && { files, expected: [{ id, status: "mismatched", difference, path, shows: place.name }] };
  };
}

/** A column of the primary key is never null, whatever is said of it. */
function exceptKeys(apply: Operator["apply"]): Operator["apply"] {
  return (backend, id) => {
    const { created, name } = placeOf(backend, id);
    const key = callsOf(created, "sa.PrimaryKeyConstraint").join();
    return key.includes(`"${name}"`) ? undefined : apply(backend, id);
  };
}

function added(backend: Backend, id: string): Mutated | undefined {
  const place = placeOf(backend, id);
  const files = inModel(backend, place, (text) => `    ${place.name}_other: Mapped[str]\n${text}`);
  return files && { files, expected: [extraOf(place)] };
}

const anyType =
  /sa\.(?:Uuid|Text|String|Integer|SmallInteger|BigInteger|Boolean|Numeric|DateTime|Date)\([^()]*\)|TIMESTAMPTZ/;

const operators: readonly (readonly [what: string, apply: Operator["apply"]])[] = [
  ["a column of another name", renamedInBoth],
  ["a column of another name in the model", renamedInOne("model")],
  ["a column of another name in the migration", renamedInOne("migration")],
  ["a column that is gone", dropped],
  ["a column beyond the design", added],
  [
    "a column of another type in the migration",
    differing("migration", "Type is", (text) => text.replace(anyType, "sa.LargeBinary()")),
  ],
  [
    "a column of another length in the migration",
    differing("migration", "Type is", (text) => text.replace(/sa\.String\(\d+\)/, "sa.String(7)")),
  ],
  [
    "a wider number in the migration",
    differing("migration", "Type is int8", (text) => text.replace("sa.Integer()", "sa.BigInteger()")),
  ],
  [
    "a time without its zone in the migration",
    differing("migration", "without time zone", (text) => text.replace("TIMESTAMPTZ", "sa.DateTime()")),
  ],
  [
    "a column of another type in the model",
    differing("model", "Type is", (text) => text.replace(anyType, "sa.LargeBinary()")),
  ],
  [
    "another type in the annotation",
    differing("model", "Type is", (text) =>
      text.replace(/^(\s+\w+: Mapped\[)(?:UUID|date|str)( \| None)?\]$/, "$1int$2]"),
    ),
  ],
  [
    "a column that may be null in the migration",
    exceptKeys(differing("migration", "Is nullable", (text) => text.replace(/,\s*nullable=False/, ""))),
  ],
  [
    "a column that may not be null in the migration",
    differing("migration", "Is NOT NULL", (text) =>
      text.includes("nullable=") ? text : text.replace(/,?\s*\)$/, ", nullable=False)"),
    ),
  ],
  [
    "a column that may be null in the model",
    differing("model", "Is nullable", (text) =>
      /\| None|primary_key/.test(text) ? text : text.replace(/Mapped\[([^\]]+)\]/, "Mapped[$1 | None]"),
    ),
  ],
  [
    "a column that may not be null in the model",
    differing("model", "Is NOT NULL", (text) => text.replace(" | None]", "]")),
  ],
];

export const columnOperators: readonly Operator[] = operators.map(([what, apply]) => ({ what, kind: "column", apply }));
