import { composeExcerpt } from "../excerpt.ts";
import type { Fragment } from "../fragment.ts";
import type { Recall } from "../recall.ts";
import type { NameRegistry } from "../sql/names.ts";
import { isStatement, readSql } from "../sql/readSql.ts";

/** The document that composed SQL stands for, with the names already given in it. */
export interface SqlOrigin {
  readonly path: string;
  readonly names: NameRegistry;
  readonly recall?: Recall;
}

/** A line of SQL that stands for a line of the document. */
export interface SqlLine {
  readonly text: string;
  readonly line: number;
}

/**
 * Reads SQL that was composed from a table or list of the document, so that names, types and
 * defaults come out exactly as from a script. False, and nothing read, when PostgreSQL refuses it.
 */
export function readComposed(origin: SqlOrigin, lines: readonly SqlLine[], into: Fragment): boolean {
  if (!isValid(lines, origin.recall)) return false;
  readSql({
    excerpt: composeExcerpt(origin.path, lines),
    names: origin.names,
    into,
    composed: true,
    keepsData: false,
    ...(origin.recall && { recall: origin.recall }),
  });
  return true;
}

export function isValid(lines: readonly SqlLine[], recall?: Recall): boolean {
  return isStatement(lines.map((line) => line.text).join("\n"), recall);
}

const plainName = /^[a-z_][a-z0-9_]*$/;

/** Words that PostgreSQL does not take as a column or table name without quotes. */
const reserved = new Set(
  "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user some symmetric table then to trailing true union unique user using variadic when where window with".split(
    " ",
  ),
);

/** A name as SQL; `billing.invoices` keeps its two parts. */
export function sqlName(name: string): string {
  return name
    .split(".")
    .map((part) => (plainName.test(part) && !reserved.has(part) ? part : `"${part.replaceAll('"', '""')}"`))
    .join(".");
}
