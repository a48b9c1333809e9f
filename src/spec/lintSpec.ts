import { documentNames } from "./documentNames.ts";
import { keyOfTable } from "./merge/tableShapes.ts";
import type { ApiDesign, Constraint, DatabaseDesign, DesignSpec, DocumentKind, SourceSpan, Table } from "./model.ts";
import { nearestName } from "./nearestName.ts";
import type { Fix, Problem } from "./reading.ts";

/** Faults that only show when the documents are seen together. */
export function lintSpec(spec: DesignSpec, kinds: ReadonlySet<DocumentKind>, firstPath: string): Problem[] {
  return [
    ...spec.database.tables.flatMap((table) => lintTable(table, spec.database)),
    ...lintIndexes(spec.database),
    ...lintPolicies(spec.database),
    ...lintErrorCodes(spec),
    ...lintSecurity(spec.api),
    ...missingKinds(kinds, firstPath),
  ];
}

function warning(code: string, source: SourceSpan, message: string, fix?: Fix): Problem {
  return { path: source.path, line: source.line, severity: "warning", code, message, ...(fix && { fix }) };
}

/** A correction of a name that is not there to the only one that is nearly the same. */
function renaming(name: string, names: readonly string[], { line, endLine }: SourceSpan): Fix | undefined {
  const near = nearestName(name, names);
  return near === undefined
    ? undefined
    : { title: `Change ${name} to ${near}`, line, endLine, replaces: name, text: near };
}

function findTable(database: DatabaseDesign, key: string): Table | undefined {
  return database.tables.find((table) => keyOfTable(table) === key);
}

function tableNames({ tables }: DatabaseDesign): string[] {
  return tables.map(keyOfTable);
}

/** Tables that hosted PostgreSQL brings along. */
const foreignSchemas = /^(?:auth|storage|realtime|vault|extensions|pg_catalog|information_schema)\./;

function lintTable(table: Table, database: DatabaseDesign): Problem[] {
  const key = keyOfTable(table);
  const hasKey = table.constraints.some((constraint) => constraint.type === "primaryKey");
  const noKey = `Table ${key} has no primary key, so single rows cannot be addressed; add one.`;
  return [
    ...(hasKey || table.storage?.partitionOf !== undefined ? [] : [warning("SPEC-NO-KEY", table.source, noKey)]),
    ...table.constraints.flatMap((constraint) => lintForeignKey(constraint, key, database)),
  ];
}

function lintForeignKey(constraint: Constraint, key: string, database: DatabaseDesign): Problem[] {
  const { references, name, source, columns } = constraint;
  if (!references || foreignSchemas.test(references.table)) return [];
  const target = findTable(database, references.table);
  const missing = target && references.columns.find((other) => !target.columns.some((column) => column.name === other));
  if (target && missing === undefined) {
    if (references.columns.length === columns.length) return [];
    const counts = `${columns.length} of its columns and ${references.columns.length} of ${references.table}`;
    const message = `Foreign key ${name} of ${key} pairs ${counts}, which cannot work; name as many on both sides.`;
    return [warning("SPEC-FK", source, message)];
  }
  const what = missing === undefined ? `table ${references.table}` : `column ${references.table}.${missing}`;
  const message = `Foreign key ${name} of ${key} points at ${what}, which no document defines; add it or correct the name.`;
  const fix = missing === undefined ? renaming(references.table, tableNames(database), source) : undefined;
  return [warning("SPEC-FK", source, message, fix)];
}

function lintIndexes(database: DatabaseDesign): Problem[] {
  return database.indexes.flatMap((index) => {
    const table = findTable(database, index.table);
    const isView = database.statements.some((statement) => statement.kind === "view" && statement.name === index.table);
    const names = [...index.parts.flatMap((part) => part.column ?? []), ...index.include];
    const missing = table && names.find((name) => !table.columns.some((column) => column.name === name));
    if (isView || (table && missing === undefined)) return [];
    const what = missing === undefined ? `table ${index.table}` : `column ${index.table}.${missing}`;
    return [
      warning(
        "SPEC-INDEX",
        index.source,
        `Index ${index.name} is on ${what}, which no document defines; add it or correct the name.`,
        missing === undefined
          ? renaming(index.table, tableNames(database), index.source)
          : renaming(missing, table?.columns.map(({ name }) => name) ?? [], index.source),
      ),
    ];
  });
}

function lintPolicies(database: DatabaseDesign): Problem[] {
  return database.policies.flatMap((policy) => {
    const table = findTable(database, policy.table);
    if (table && table.rowSecurity !== "off") return [];
    if (!table && foreignSchemas.test(policy.table)) return [];
    const reason = table
      ? `row level security of ${policy.table} is not enabled, so it has no effect; add ALTER TABLE ${policy.table} ENABLE ROW LEVEL SECURITY`
      : `table ${policy.table} is defined in no document; add it or correct the name`;
    const statement = `ALTER TABLE ${policy.table} ENABLE ROW LEVEL SECURITY`;
    const fix =
      table && policy.sql !== undefined
        ? { title: `Add ${statement}`, line: policy.source.line, text: `${statement};` }
        : renaming(policy.table, tableNames(database), policy.source);
    return [warning("SPEC-POLICY", policy.source, `Policy ${policy.name} cannot work, ${reason}.`, fix)];
  });
}

function lintErrorCodes(spec: DesignSpec): Problem[] {
  const known = new Set(spec.errors.codes.filter((code) => code.confidence === "declared").map((code) => code.name));
  const problems = spec.errors.codes
    .filter((code) => code.status === undefined)
    .map((code) =>
      warning(
        "SPEC-NO-STATUS",
        code.source,
        `Error code ${code.name} has no HTTP status, 500 would be assumed; add its status.`,
      ),
    );
  if (known.size === 0) return problems;
  for (const endpoint of spec.api.endpoints) {
    const unknown = endpoint.errorCodes.filter((code) => !known.has(code));
    if (unknown.length === 0) continue;
    problems.push(
      warning(
        "SPEC-ERROR-CODE",
        endpoint.source,
        `${endpoint.name} answers with ${unknown.join(", ")}, which the error design does not have; add it there or correct the contract.`,
        unknown[0] === undefined || unknown.length > 1 ? undefined : renaming(unknown[0], [...known], endpoint.source),
      ),
    );
  }
  return problems;
}

function lintSecurity(api: ApiDesign): Problem[] {
  const schemes = new Set(api.securitySchemes.map((scheme) => scheme.name));
  return api.endpoints.flatMap((endpoint) => {
    const unknown = endpoint.security?.find((requirement) => !schemes.has(requirement.scheme));
    return unknown
      ? [
          warning(
            "SPEC-SECURITY",
            endpoint.source,
            `${endpoint.name} requires ${unknown.scheme}, which is no security scheme of the contract; declare it.`,
          ),
        ]
      : [];
  });
}

const contents: Readonly<Record<DocumentKind, string>> = {
  domain: "entities, value objects, business rules",
  api: "endpoints with requests and responses",
  database: "tables, indexes, policies",
  errors: "codes, statuses, response format",
};

function missingKinds(kinds: ReadonlySet<DocumentKind>, path: string): Problem[] {
  return (["domain", "api", "database", "errors"] as const)
    .filter((kind) => !kinds.has(kind))
    .map((kind) => ({
      path,
      line: 1,
      severity: "info" as const,
      code: "SPEC-MISSING-KIND",
      message: `No document holds the ${documentNames[kind]} (${contents[kind]}), so that part is inferred or left out; open or attach it.`,
    }));
}
