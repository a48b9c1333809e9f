import type { Constraint, DesignElement, DesignSpec, ElementKind, Table } from "../../spec/model.ts";
import { counted } from "../../support/words.ts";
import { place } from "../design.ts";
import { list } from "../markdown.ts";
import { kindNames } from "../report.ts";
import type { Part } from "./questionWords.ts";
import type { Question } from "./readQuestion.ts";

type Without = Extract<Question, { readonly about: "without" }>;

/** Which elements of the design lack something, as a list with their places. */
export function lacking({ kind, part }: Without, spec: DesignSpec): string {
  const { all, without } = census(kind, part, spec);
  const [singular, plural] = kind === "foreignKey" ? (["foreign key", "foreign keys"] as const) : kindNames[kind];
  if (all === 0) return `The design has no ${plural}.`;
  const remark = part === "index" ? `\n\n${indexRemark[kind === "foreignKey" ? "foreignKey" : "table"]}` : "";
  if (without.length === 0) return `Every ${singular} has ${partNames[part]}.${remark}`;
  const title = `### ${counted(without.length, singular, plural)} of ${all} without ${partNames[part]}`;
  return `${list(
    title,
    without.map(({ name, source }) => `\`${name}\`${place(source)}`),
  )}${remark}`;
}

const partNames: Readonly<Record<Part, string>> = {
  index: "an index",
  policy: "a row policy",
  primaryKey: "a primary key",
  endpoint: "an endpoint",
  auth: "authentication",
  errorCode: "an error code",
  entity: "an entity",
  status: "a status",
  field: "a field",
};

const indexRemark = {
  table: "The indexes that primary keys and unique constraints bring along are not counted.",
  foreignKey:
    "An index counts when it begins with the columns of the key; those of keys and unique constraints do, too.",
} as const;

/** How many elements of the sort there are, and which of them lack the part. */
interface Census {
  readonly all: number;
  readonly without: readonly Pick<DesignElement, "name" | "source">[];
}

function census(kind: ElementKind | "foreignKey", part: Part, spec: DesignSpec): Census {
  const { api, database, domain, errors } = spec;
  switch (kind) {
    case "table":
      return censusOf(database.tables, (table) => tableHas(table, part, spec));
    case "foreignKey":
      return censusOf(foreignKeys(spec), (key) => isIndexed(key, spec));
    case "endpoint":
      return censusOf(api.endpoints, ({ security, errorCodes }) =>
        part === "auth" ? security === undefined || security.length > 0 : errorCodes.length > 0,
      );
    case "entity":
      return censusOf(domain.entities, ({ name, fields }) =>
        part === "field" ? fields.length > 0 : hasEndpoint(spec, { entity: name }),
      );
    case "errorCode":
      return censusOf(errors.codes, ({ name, status }) =>
        part === "status" ? status !== undefined : api.endpoints.some(({ errorCodes }) => errorCodes.includes(name)),
      );
    default:
      return { all: 0, without: [] };
  }
}

function censusOf<Element extends Pick<DesignElement, "name" | "source">>(
  elements: readonly Element[],
  has: (element: Element) => boolean,
): Census {
  return { all: elements.length, without: elements.filter((element) => !has(element)) };
}

function tableHas({ name, constraints }: Table, part: Part, spec: DesignSpec): boolean {
  const { database, domain } = spec;
  switch (part) {
    case "index":
      return database.indexes.some(({ table }) => table === name);
    case "policy":
      return database.policies.some(({ table }) => table === name);
    case "primaryKey":
      return constraints.some(({ type }) => type === "primaryKey");
    case "entity":
      return domain.entities.some(({ table }) => table === name);
    default:
      return hasEndpoint(spec, { table: name });
  }
}

function hasEndpoint({ api }: DesignSpec, about: { readonly table?: string; readonly entity?: string }): boolean {
  return api.endpoints.some(({ resource }) =>
    resource?.steps.some(({ table, entity }) =>
      about.table === undefined ? entity === about.entity : table === about.table,
    ),
  );
}

/** A foreign key is known by its columns. */
function foreignKeys({ database }: DesignSpec): readonly Constraint[] {
  return database.tables.flatMap(({ constraints }) =>
    constraints
      .filter(({ type }) => type === "foreignKey")
      .map((key) => ({ ...key, name: `${key.table}(${key.columns.join(", ")})` })),
  );
}

/** The database looks a row up by the first columns of an index, in any order of them. */
function isIndexed({ table, columns }: Constraint, { database }: DesignSpec): boolean {
  const keys = database.tables
    .filter(({ name }) => name === table)
    .flatMap(({ constraints }) => constraints.filter(({ type }) => type === "primaryKey" || type === "unique"));
  const indexes = database.indexes.filter((index) => index.table === table && index.where === undefined);
  const leading = [...keys.map((key) => key.columns), ...indexes.map(({ parts }) => parts.map(({ column }) => column))];
  return leading.some((parts) => columns.every((column) => parts.slice(0, columns.length).includes(column)));
}
