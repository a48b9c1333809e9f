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
