/** What a table's definition says behind its columns. */
export interface TableStorage {
  /** `RANGE (occurred_at)`; the partitions themselves are statements of the design. */
  readonly partitionBy?: string;
  /** Tables whose columns it has, too. */
  readonly inherits?: readonly string[];
  readonly unlogged?: boolean;
  /** `fillfactor` → `70`. */
  readonly parameters?: Readonly<Record<string, string>>;
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
