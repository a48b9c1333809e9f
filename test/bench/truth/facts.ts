/** What a project has, as the running application and its database say it; `oracle.py` writes it. */
export interface ProjectFacts {
  /** What the bodies of endpoints refer to, in the form of OpenAPI. */
  readonly schemas?: Readonly<Record<string, SchemaFact>>;
  readonly endpoints: readonly EndpointFact[];
  readonly tables: readonly TableFact[];
}

export interface EndpointFact extends BodyFacts {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly inSchema: boolean;
  /** Where the handler stands, its first decorator's line; null where the oracle cannot tell. */
  readonly file: string | null;
  readonly line: number | null;
}

/** Absent in facts of an older oracle. */
export interface BodyFacts {
  /** Whether a request without credentials is refused; null where a scheme lets it through. */
  readonly secured?: boolean | null;
  readonly request?: SchemaFact | null;
  readonly response?: SchemaFact | null;
}

/** A schema of OpenAPI. */
export interface SchemaFact {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaFact>>;
  readonly required?: readonly string[];
}

export interface TableFact {
  readonly name: string;
  readonly schema: string | null;
  readonly columns: readonly ColumnFact[];
  readonly constraints: readonly ConstraintFact[];
  readonly indexes: readonly IndexFact[];
}

export interface ColumnFact {
  readonly name: string;
  /** As PostgreSQL's dialect spells it; null for what it cannot spell. */
  readonly type: string | null;
  readonly nullable: boolean;
  readonly pk: boolean;
  readonly enum: { readonly name: string | null; readonly values: readonly string[]; readonly native: boolean } | null;
}

export interface ConstraintFact {
  readonly name: string | null;
  readonly type: "primaryKey" | "foreignKey" | "unique" | "check";
  readonly columns: readonly string[];
  readonly table?: string;
  readonly refs?: readonly string[];
  readonly expression?: string;
}

export interface IndexFact {
  readonly name: string | null;
  readonly unique: boolean;
  readonly sql: string | null;
  readonly columns: readonly string[];
}

/** An error code by hand: `status` is null where the code leaves it to each place. */
export interface ErrorFact {
  readonly code: string;
  readonly status: number | null;
  /** Stays out of the design. */
  readonly beyond?: boolean;
}

export function keyOf({ schema, name }: Pick<TableFact, "schema" | "name">): string {
  return schema === null || schema === "public" ? name : `${schema}.${name}`;
}

/** `VARCHAR` and `TEXT` are one type to PostgreSQL's users; every other pair of names is two. */
export function canonicalType(type: string | null): string {
  const plain = (type ?? "?")
    .toUpperCase()
    .replace(/\s+/g, " ")
    .replace(/ WITHOUT TIME ZONE$| COLLATE .*$/g, "");
  const same: Readonly<Record<string, string>> = { VARCHAR: "TEXT", FLOAT: "DOUBLE PRECISION", DECIMAL: "NUMERIC" };
  return same[plain] ?? plain;
}
