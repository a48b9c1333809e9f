import type { Constraint, EnumType, Policy, SourceSpan, Table, TableIndex } from "../../spec/model.ts";
import type { ForeignKeyTarget, ReferentialAction } from "../../spec/tableParts.ts";

/** The tables that one side of the code, models or migrations, builds. Keys are `orders` or `billing.orders`. */
export interface CodeSchema {
  readonly tables: Map<string, CodeTable>;
  /** Views, or whatever else is no table of ours, that have an index. */
  readonly views: Map<string, CodeTable>;
  /** Enumerations that SQL creates before the tables that use them. */
  readonly enums: Map<string, EnumType>;
}

/** A column, index or constraint says only what is visible in the code; what is not is undefined. */
export interface CodeTable {
  readonly name: string;
  /** Whether all of it is visible. What an open table lacks in the code, it may still have in the database. */
  isOpen: boolean;
  /** Whether constraints or indexes are put together when it runs. */
  hidesParts: boolean;
  readonly span: SourceSpan;
  readonly columns: Map<string, CodeColumn>;
  readonly constraints: CodeConstraint[];
  readonly indexes: CodeIndex[];
  readonly policies: CodePolicy[];
  /** Forcing alone switches nothing on. */
  rowSecurity: Table["rowSecurity"];
  isForced: boolean;
  /** The last statement that switched it. */
  securitySpan: SourceSpan | undefined;
}

export interface CodeColumn {
  readonly name: string;
  readonly span: SourceSpan;
  readonly type: CodeType | undefined;
  readonly nullable: boolean | undefined;
}

/** PostgreSQL types that hold the same values share a family: `varchar` and `text` are both `text`. */
export interface CodeType {
  readonly family: string;
  /** PostgreSQL's own name of the type, where the code says it to the letter and not by an annotation; a `varchar` without a length is `text`. */
  readonly exact?: string;
  /** Length, or precision and scale; empty when none is given. */
  readonly arguments: readonly number[];
  readonly array: boolean;
  /** For timestamps, when the code tells. */
  readonly timezone?: boolean;
}

export interface CodeConstraint {
  readonly name: string | undefined;
  readonly type: Constraint["type"];
  readonly columns: readonly string[];
  readonly references?: CodeTarget;
  readonly expression?: string | undefined;
  readonly span: SourceSpan;
}

export interface CodeTarget extends Pick<ForeignKeyTarget, "table" | "columns"> {
  /** What happens to the rows that point at one that is deleted. */
  readonly onDelete?: ReferentialAction | undefined;
}

export interface CodeIndex {
  readonly name: string | undefined;
  readonly unique: boolean;
  readonly method: string | undefined;
  /** Undefined where the code does not show the part. */
  readonly parts: readonly (CodeIndexPart | undefined)[];
  readonly where: string | undefined;
  /** It covers some of the rows, and the code does not show which. */
  readonly hidesWhere?: boolean;
  readonly span: SourceSpan;
}

export type CodeIndexPart = Pick<TableIndex["parts"][number], "column" | "expression" | "descending">;

export type CodePolicy = Pick<Policy, "name" | "command" | "permissive" | "roles" | "using" | "withCheck"> & {
  readonly span: SourceSpan;
};

export function createTable(name: string, span: SourceSpan): CodeTable {
  return {
    name,
    isOpen: false,
    hidesParts: false,
    span,
    columns: new Map(),
    constraints: [],
    indexes: [],
    policies: [],
    rowSecurity: "off",
    isForced: false,
    securitySpan: undefined,
  };
}
