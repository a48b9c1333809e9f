/** A new row takes the `column` of the row of `table` that its own column `by` refers to. */
export interface CopiedValue {
  readonly by: string;
  readonly table: string;
  readonly column: string;
}
