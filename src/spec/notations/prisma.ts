import { type Excerpt, spanAt } from "../excerpt.ts";
import type { Fragment } from "../fragment.ts";
import { readOutlinedTable } from "../markdown/columnTables.ts";
import { snakeCase } from "../markdown/columnText.ts";
import type { FieldRow } from "../markdown/fieldTables.ts";
import { readComposed, type SqlLine, type SqlOrigin, sqlName } from "../markdown/generatedSql.ts";
import { type NotationBlock, notationBlocks, openBlockProblems, settingsIn } from "./notationBlocks.ts";

/**
 * Reads the models and enums of a Prisma schema, which a document may spread over several fences, as
 * the tables that Prisma makes of them: `@map` and `@@map` name columns and tables, relations are keys.
 */
export function readPrisma(origin: SqlOrigin, excerpts: readonly Excerpt[], into: Fragment): void {
  const blocks = excerpts.flatMap((excerpt) =>
    notationBlocks(excerpt, /^(?:model|enum)\s+\w+/).map((block) => ({ excerpt, block })),
  );
  for (const { excerpt, block } of blocks) into.problems.push(...openBlockProblems(excerpt.path, [block]));
  const enums = new Map<string, string>();
  for (const { excerpt, block } of blocks) {
    if (!block.head.startsWith("enum")) continue;
    const values = block.lines.flatMap(({ text }) => /^\s*([A-Za-z]\w*)/.exec(text)?.[1] ?? []);
    const name = nameOf(block);
    enums.set(name, snakeCase(mappedName(block) ?? name));
    if (values.length > 0)
      into.enums.push({
        name: enums.get(name) ?? name,
        values,
        source: spanAt(excerpt, block.start, block.end),
      });
  }
  const models = new Map(
    blocks.flatMap(({ block }) => (block.head.startsWith("model") ? [[nameOf(block), modelOf(block)] as const] : [])),
  );
  const schema: PrismaSchema = { models, enums };
  const later = [...models.values()].flatMap((model) => readModel(origin, schema, model, into));
  for (const statement of later) readComposed(origin, [statement], into);
}

interface PrismaSchema {
  readonly models: ReadonlyMap<string, PrismaModel>;
  /** SQL name by name in the schema. */
  readonly enums: ReadonlyMap<string, string>;
}

interface PrismaModel {
  readonly table: string;
  readonly line: number;
  readonly fields: readonly PrismaField[];
  /** `@@index`, `@@unique` and `@@id` lines. */
  readonly notes: readonly SqlLine[];
}

interface PrismaField {
  readonly name: string;
  readonly column: string;
  readonly type: string;
  /** `?` or `[]`. */
  readonly mark: string;
  readonly attributes: string;
  readonly line: number;
}

function nameOf(block: NotationBlock): string {
  return /^\w+\s+(\w+)/.exec(block.head)?.[1] ?? "";
}

function mappedName(block: NotationBlock): string | undefined {
  return block.lines.map(({ text }) => /^\s*@@map\("([^"]+)"\)/.exec(text)?.[1]).find((name) => name !== undefined);
}

function modelOf(block: NotationBlock): PrismaModel {
  return {
    table: mappedName(block) ?? nameOf(block),
    line: block.line,
    fields: block.lines.flatMap(({ text, line }) => {
      const match = /^\s*([A-Za-z]\w*)\s+([A-Za-z]\w*)(\?|\[\])?(.*)$/.exec(text);
      const [, name = "", type = "", mark = "", attributes = ""] = match ?? [];
      const column = /@map\("([^"]+)"\)/.exec(attributes)?.[1] ?? name;
      return match ? [{ name, column, type, mark, attributes, line }] : [];
    }),
    notes: block.lines.filter(({ text }) => /^\s*@@(?:index|unique|id)\b/.test(text)),
  };
}

/** Adds the table; its indexes and foreign keys come back, to stand behind all tables. */
function readModel(origin: SqlOrigin, schema: PrismaSchema, model: PrismaModel, into: Fragment): SqlLine[] {
  const rows = model.fields.flatMap((field) => columnRow(schema, field));
  const keys = model.notes.flatMap((note) => keyConstraint(model, note));
  if (!readOutlinedTable(origin, { name: model.table, line: model.line, rows, constraints: keys }, into)) return [];
  return [
    ...model.notes.flatMap((note) => indexStatement(model, note)),
    ...model.fields.flatMap((field) => foreignKey(schema, model, field)),
  ];
}

const scalars: Readonly<Record<string, string>> = {
  String: "text",
  Int: "integer",
  BigInt: "bigint",
  Float: "double precision",
  Decimal: "numeric(65,30)",
  Boolean: "boolean",
  DateTime: "timestamptz",
  Json: "jsonb",
  Bytes: "bytea",
};

function columnRow(schema: PrismaSchema, field: PrismaField): FieldRow[] {
  const native = /@db\.(\w+)(\([\d, ]+\))?/.exec(field.attributes);
  const type =
    native?.[1] === undefined
      ? (scalars[field.type] ?? schema.enums.get(field.type))
      : `${nativeTypes[native[1]] ?? native[1].toLowerCase()}${native[2] ?? ""}`;
  if (type === undefined) return [];
  const isKey = /@id\b/.test(field.attributes);
  const constraints = [
    isKey ? "PK" : "",
    /@unique\b/.test(field.attributes) ? "UNIQUE" : "",
    /autoincrement\(\)/.test(field.attributes) ? "AUTO_INCREMENT" : "",
  ];
  return [
    {
      name: field.column,
      type: `${type}${field.mark === "[]" ? "[]" : ""}`,
      required: !isKey && field.mark !== "?",
      constraints: constraints.join(" "),
      description: "",
      default: defaultOf(field.attributes),
      location: "",
      line: field.line,
    },
  ];
}

const nativeTypes: Readonly<Record<string, string>> = {
  Uuid: "uuid",
  VarChar: "varchar",
  Char: "char",
  Text: "text",
  Timestamptz: "timestamptz",
  DoublePrecision: "double precision",
  SmallInt: "smallint",
  Integer: "integer",
  BigInt: "bigint",
  JsonB: "jsonb",
};

/** SQL of `@default(…)`; ids that Prisma's client makes up are left to the application. */
function defaultOf(attributes: string): string {
  const value = /@default\(((?:[^()]|\([^()]*\))*)\)/.exec(attributes)?.[1]?.trim() ?? "";
  if (value === "now()") return "now()";
  if (value.startsWith("uuid(")) return "gen_random_uuid()";
  const generated = /^dbgenerated\("(.*)"\)$/.exec(value)?.[1];
  if (generated !== undefined) return generated;
  if (/^"(.*)"$/.test(value)) return `'${value.slice(1, -1).replaceAll("'", "''")}'`;
  return /^[\w.-]+$/.test(value) ? value : "";
}

function columnsIn(model: PrismaModel, list: string): string {
  return settingsIn(list)
    .map((name) => name.replace(/\(.*$/, ""))
    .map((name) => sqlName(model.fields.find((field) => field.name === name)?.column ?? name))
    .join(", ");
}

function keyConstraint(model: PrismaModel, { text, line }: SqlLine): SqlLine[] {
  const match = /@@(id|unique)\((?:fields:\s*)?\[([^\]]+)\]/.exec(text);
  if (!match) return [];
  return [{ text: `${match[1] === "id" ? "PRIMARY KEY" : "UNIQUE"} (${columnsIn(model, match[2] ?? "")})`, line }];
}

function indexStatement(model: PrismaModel, { text, line }: SqlLine): SqlLine[] {
  const columns = /@@index\((?:fields:\s*)?\[([^\]]+)\]/.exec(text)?.[1];
  if (columns === undefined) return [];
  const name = /\bmap:\s*"([^"]+)"/.exec(text)?.[1];
  const method = /\btype:\s*(\w+)/.exec(text)?.[1];
  const start = `CREATE INDEX${name === undefined ? "" : ` ${sqlName(name)}`} ON ${sqlName(model.table)}`;
  return [{ text: `${start}${method ? ` USING ${method}` : ""} (${columnsIn(model, columns)})`, line }];
}

const actions: Readonly<Record<string, string>> = {
  Cascade: "CASCADE",
  Restrict: "RESTRICT",
  SetNull: "SET NULL",
  SetDefault: "SET DEFAULT",
  NoAction: "NO ACTION",
};

function foreignKey(schema: PrismaSchema, model: PrismaModel, field: PrismaField): SqlLine[] {
  const own = /\bfields:\s*\[([^\]]+)\]/.exec(field.attributes)?.[1];
  const other = /\breferences:\s*\[([^\]]+)\]/.exec(field.attributes)?.[1];
  const target = schema.models.get(field.type);
  if (own === undefined || other === undefined || !target) return [];
  const said = (["Delete", "Update"] as const).map((event) => {
    const action = actions[new RegExp(`\\bon${event}:\\s*(\\w+)`).exec(field.attributes)?.[1] ?? ""];
    return action === undefined ? "" : ` ON ${event.toUpperCase()} ${action}`;
  });
  const columns = `(${columnsIn(model, own)}) REFERENCES ${sqlName(target.table)} (${columnsIn(target, other)})`;
  return [{ text: `ALTER TABLE ${sqlName(model.table)} ADD FOREIGN KEY ${columns}${said.join("")}`, line: field.line }];
}
