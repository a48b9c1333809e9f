import type { Problem } from "../reading.ts";
import type { Row, TableBlock } from "./document.ts";
import { type MarkdownReading, topicOf } from "./reading.ts";

/** The rows whose cells stand under the headers they belong to; all of them where no row fits. */
export function wholeRows({ header, rows }: TableBlock): readonly Row[] {
  const whole = rows.filter(({ cells }) => cells.length === header.length);
  return whole.length > 0 ? whole : rows;
}

/** A missing or an extra `|` moves cells under headers they do not belong to; what is read from such a row is doubtful. */
export function rowProblems(reading: MarkdownReading): Problem[] {
  return reading.document.sections.flatMap((section) => {
    const isDesign = topicOf(reading, section) !== undefined;
    return section.blocks.flatMap((block) =>
      block.type === "table" && (isDesign || reading.used.has(block)) ? problemsOf(reading.path, block) : [],
    );
  });
}

function problemsOf(path: string, { header, rows }: TableBlock): Problem[] {
  return rows
    .filter(({ cells }) => cells.length !== header.length)
    .map(({ cells, line }) => ({
      path,
      line,
      severity: "warning",
      code: "SPEC-ROW",
      message: `This row has ${counted(cells.length)} and its table ${header.length} columns, so a cell may stand in the wrong one; add or remove a cell, write \`\\|\` for a bar that belongs to the text, or put an empty line before what is no row.`,
    }));
}

function counted(cells: number): string {
  return `${cells} ${cells === 1 ? "cell" : "cells"}`;
}
