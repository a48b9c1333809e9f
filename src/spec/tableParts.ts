export type StatementKind =
  | "extension"
  | "function"
  | "trigger"
  | "view"
  | "type"
  | "role"
  | "grant"
  | "sequence"
  | "comment"
  | "other";

/** What a table's definition says behind its columns. */
export interface TableStorage {
  /** `RANGE (occurred_at)`; the partitions themselves are statements of the design. */
  readonly partitionBy?: string;
  /** The table that it is a partition of, attached by a statement of its own. */
  readonly partitionOf?: string;
  /** Tables whose columns it has, too. */
  readonly inherits?: readonly string[];
  /** `LIKE`; put in effect where documents are put together, so that no table of a specification has any. */
  readonly copies?: readonly TableCopy[];
  readonly unlogged?: boolean;
  /** `fillfactor` → `70`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What a table takes over from another one, in front of its own column number `at`. */
export interface TableCopy {
  readonly table: string;
  readonly at: number;
  /** Besides names, types and NOT NULL. */
  readonly including: readonly ("comments" | "constraints" | "defaults" | "generated" | "identity" | "indexes")[];
}

/** How an identity column counts, where the design says it. */
export interface IdentityOptions {
  readonly start?: number;
  readonly increment?: number;
  readonly minvalue?: number;
  readonly maxvalue?: number;
  readonly cache?: number;
  readonly cycle?: boolean;
}

export type ReferentialAction = "noAction" | "restrict" | "cascade" | "setNull" | "setDefault";

export interface ForeignKeyTarget {
  readonly table: string;
  readonly columns: readonly string[];
  readonly onDelete: ReferentialAction;
  /** The columns that `SET NULL` or `SET DEFAULT` changes; undefined for all of the key. */
  readonly onDeleteColumns?: readonly string[];
  readonly onUpdate: ReferentialAction;
}

/** Exactly one of `column` and `expression` is set. */
export interface IndexPart {
  readonly column?: string;
  readonly expression?: string;
  readonly descending: boolean;
  readonly nulls?: "first" | "last";
  readonly operatorClass?: string;
}
