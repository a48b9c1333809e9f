/** A new row takes the `column` of the row of `table` that its own column `by` refers to. */
export interface CopiedValue {
  readonly by: string;
  readonly table: string;
  readonly column: string;
  /** The other way round: `by` is the column of the rows inside of the new one, all of which have the same value. */
  readonly ofParts?: true;
}
