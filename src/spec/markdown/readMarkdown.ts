import type { Excerpt } from "../excerpt.ts";
import type { Fragment } from "../fragment.ts";
import { readSql } from "../sql/readSql.ts";
import { type Block, type Fence, parseMarkdown, type Section } from "./document.ts";
import { readEndpoints } from "./endpoints.ts";
import { readErrorTable } from "./errorTables.ts";
import { fragmentsOf, type MarkdownReading, startReading } from "./reading.ts";

/** Reads the forms in which designs are written in Markdown, all four kinds in one pass over one parse. */
export function readMarkdown(excerpt: Excerpt): Fragment[] {
  const reading = startReading(parseMarkdown(excerpt));
  readEndpoints(reading);
  for (const section of reading.document.sections) {
    for (const block of section.blocks) readBlock(reading, section, block);
  }
  return fragmentsOf(reading);
}

function readBlock(reading: MarkdownReading, section: Section, block: Block): void {
  if (block.type === "fence") readFence(reading, block);
  if (block.type === "table") {
    const codes = readErrorTable(reading, section, block);
    if (codes) reading.prose.errorCodes.push(...codes);
  }
}

function readFence(reading: MarkdownReading, fence: Fence): void {
  if (!["sql", "postgresql", "postgres", "pgsql"].includes(fence.language)) return;
  readSql({ excerpt: fence.excerpt, names: reading.names, into: reading.sql, keepsData: false });
}
