import { snakeCase } from "../support/words.ts";
import { keyOfTable } from "./merge/tableShapes.ts";
import type { Column, DesignSpec, Endpoint, Entity, Field, SqlType, Table } from "./model.ts";
import { nearestName } from "./nearestName.ts";
import type { Problem } from "./reading.ts";

/** Faults that only show once it is known which table stores an entity and what a path is about. */
export function lintJoined(spec: DesignSpec): Problem[] {
  return [...misspeltEntities(spec), ...typeConflicts(spec), ...endpointsWithoutResource(spec)];
}

/** An entity without a table, where a table without an entity has nearly its name. */
function misspeltEntities({ database, domain }: DesignSpec): Problem[] {
  const stored = new Set(domain.entities.map(({ table }) => table));
  const free = database.tables.filter((table) => !stored.has(keyOfTable(table))).map(({ name }) => name);
  return domain.entities.flatMap((entity): Problem[] => {
    const near = entity.table === undefined ? nearestName(snakeCase(entity.name), free) : undefined;
    if (near === undefined) return [];
    const message = `No table is called like ${entity.name}, but ${near} differs by a letter or two; give both one name.`;
    return [{ ...placeOf(entity), severity: "warning", code: "SPEC-NAMES", message }];
  });
}

function placeOf({ source: { path, line } }: Entity | Field | Endpoint): Pick<Problem, "path" | "line"> {
  return { path, line };
}

function typeConflicts({ database, domain }: DesignSpec): Problem[] {
  const tables = new Map(database.tables.map((table) => [keyOfTable(table), table]));
  return domain.entities.flatMap((entity) => {
    const table = tables.get(entity.table ?? "");
    return table ? entity.fields.flatMap((field) => conflictOf(field, table)) : [];
  });
}

function conflictOf(field: Field, table: Table): Problem[] {
  const column = table.columns.find(({ name }) => name === snakeCase(field.name));
  if (column?.confidence !== "declared" || isSame(field.source, column.source)) return [];
  const difference = differenceOf(field.type, column.type);
  if (difference === undefined) return [];
  const at = `${column.source.path}:${column.source.line}`;
  const message = `${field.owner}.${field.name} is ${difference.domain} here and ${difference.database} in the database design (${at}); make the two agree.`;
  return [{ ...placeOf(field), severity: "warning", code: "SPEC-TYPE-CONFLICT", message }];
}

/** One passage may be read as the entity and as its table. */
function isSame(left: Field["source"], right: Column["source"]): boolean {
  return left.path === right.path && Math.abs(left.line - right.line) < 2;
}

type Family = "text" | "integer" | "decimal" | "boolean" | "uuid" | "time";

/** Pairs that no one means to be the same; a domain model says `string` for many things. */
const conflicting: ReadonlySet<string> = new Set(
  "text-integer text-boolean integer-text integer-uuid integer-boolean integer-time decimal-text decimal-boolean decimal-uuid decimal-time boolean-text boolean-decimal boolean-uuid boolean-time uuid-integer uuid-decimal uuid-boolean uuid-time time-integer time-boolean time-uuid time-decimal".split(
    " ",
  ),
);

function differenceOf(written: string, type: SqlType): { domain: string; database: string } | undefined {
  const domain = /[[\]<>|{]/.test(written) ? undefined : familyOf(written);
  const database = type.array ? undefined : columnFamilies.get(type.name);
  if (!domain || !database) return undefined;
  if (conflicting.has(`${domain}-${database}`)) return { domain: written, database: type.name };
  const own = /^\w+\s*\(\s*(\d+)\s*\)$/.exec(written.trim())?.[1];
  const [size] = type.arguments;
  const differs = domain === "text" && own !== undefined && size !== undefined && Number(own) !== size;
  return differs ? { domain: `${own} characters long`, database: `${size}` } : undefined;
}

const families: readonly (readonly [Family, RegExp])[] = [
  ["uuid", /^(?:uuid|guid)$/i],
  ["boolean", /^bool(?:ean)?$/i],
  ["integer", /^(?:u?int(?:eger|4|8|32|64)?|bigint|smallint|long)$/i],
  ["decimal", /^(?:decimal|numeric)(?:\s*\([\d\s,]+\))?$/i],
  ["time", /^(?:date-?time|timestamp(?:tz)?|instant|zoneddatetime)$/i],
  ["text", /^(?:string|text|varchar|str)(?:\s*\(\s*\d+\s*\))?$/i],
];

function familyOf(written: string): Family | undefined {
  return families.find(([, words]) => words.test(written.trim()))?.[0];
}

const columnFamilies: ReadonlyMap<string, Family> = new Map([
  ...(["int2", "int4", "int8", "serial", "bigserial"] as const).map((name) => [name, "integer"] as const),
  ...(["text", "varchar", "citext"] as const).map((name) => [name, "text"] as const),
  ...(["timestamp", "timestamptz"] as const).map((name) => [name, "time"] as const),
  ["numeric", "decimal"],
  ["bool", "boolean"],
  ["uuid", "uuid"],
]);

/** One remark for each document: such endpoints are left to be detailed. */
function endpointsWithoutResource({ api, database, domain }: DesignSpec): Problem[] {
  if (database.tables.length + domain.entities.length === 0) return [];
  const open = api.endpoints.filter(isOpen);
  return [...new Set(open.map(({ source }) => source.path))].flatMap((path): Problem[] => {
    const own = open.filter(({ source }) => source.path === path);
    const [first] = own;
    if (!first) return [];
    const names = own.slice(0, 5).map(({ name }) => name);
    const list = `${names.join(", ")}${own.length > names.length ? " and others" : ""}`;
    const message = `What these endpoints take and give is left open, they are about no table or entity (${list}); describe their requests and answers.`;
    return [{ ...placeOf(first), severity: "info", code: "SPEC-NO-RESOURCE", message }];
  });
}

/** An answer without a body, a redirection and the probes of a platform need no more words. */
function isOpen({ resource, request, responses, path }: Endpoint): boolean {
  const isSaid = responses.some(
    ({ schema, status }) => schema !== undefined || status === 204 || Math.floor(status / 100) === 3,
  );
  return !resource && !request && !isSaid && !/\/(?:health\w*|metrics|ping|ready|live\w*|version)$/.test(path);
}
