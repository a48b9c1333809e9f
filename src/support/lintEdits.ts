/** An edit as ruff states it: rows and columns count from 1, in UTF-16 units. */
export interface LintEdit {
  readonly content: string | null;
  readonly location: LintPlace;
  readonly end_location: LintPlace;
}

interface LintPlace {
  readonly row: number;
  readonly column: number;
}

/** Applies the edits that do not overlap an earlier one; the rest comes back in the next round of linting. */
export function applyLintEdits(text: string, edits: readonly LintEdit[]): string {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = ({ row, column }: LintPlace) => (lineStarts[row - 1] ?? text.length) + column - 1;
  const ranges = edits
    .map((edit) => ({ from: offset(edit.location), to: offset(edit.end_location), content: edit.content ?? "" }))
    .sort((left, right) => left.from - right.from);
  let result = "";
  let position = 0;
  for (const { from, to, content } of ranges) {
    if (from < position) continue;
    result += text.slice(position, from) + content;
    position = to;
  }
  return result + text.slice(position);
}
