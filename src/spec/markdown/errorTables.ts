import { isErrorCode } from "../errorCodes.ts";
import type { ErrorCode, SourceSpan } from "../model.ts";
import { headingPath, type Row, type Section, type TableBlock } from "./document.ts";
import { type Headers, readHeaders } from "./headers.ts";
import { type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { wholeRows } from "./tableRows.ts";
import { cellAt, isBlank, plainText } from "./text.ts";

/**
 * The codes of a table that lists errors, whatever its columns are called or in which order they
 * stand: the cells show which column holds codes and which statuses. Undefined for other tables.
 */
export function readErrorTable(reading: MarkdownReading, section: Section, table: TableBlock): ErrorCode[] | undefined {
  const headers = readHeaders(table.header);
  if (headers.has("path") || headers.has("column")) return undefined;
  const statusColumn = columnOf(table, headers, isStatusCell, ["status", "code"]);
  // A rule's code is told beside it; its status stands where the errors are listed.
  if (statusColumn === undefined && headers.has("rule") && headers.has("id")) return undefined;
  // An exception's class names the error only where no column has its code.
  const codeColumn =
    columnOf(table, headers, isNamedCodeCell, ["code", "status", "message"]) ??
    (statusColumn === undefined ? undefined : columnOf(table, headers, isWordCell, ["code"])) ??
    columnOf(table, headers, isCodeCell, ["code", "status", "message"]);
  if (codeColumn === undefined) return undefined;
  const inherited = statusInHeadings(section);
  if (statusColumn === undefined && inherited === undefined) {
    // `NAME | Purpose` lists environment variables as well.
    const says = /^(?:name|identifier)$/i.test(table.header[codeColumn] ?? "")
      ? topicOf(reading, section) === "errors"
      : headers.has("code");
    if (!says) return undefined;
  }
  const columns: ErrorColumns = { codeColumn, statusColumn, headers };
  return table.rows.flatMap((row) => readRow(spanOf(reading, row), row, columns, inherited));
}

interface ErrorColumns {
  readonly codeColumn: number;
  readonly statusColumn: number | undefined;
  readonly headers: Headers;
}

function columnOf(
  table: TableBlock,
  headers: Headers,
  fits: (cell: string) => boolean,
  roles: readonly ("code" | "status" | "message")[],
): number | undefined {
  const enough = (index: number): boolean => {
    const cells = wholeRows(table)
      .map((row) => cellAt(row.cells, index))
      .filter((cell) => !isBlank(cell));
    return cells.length > 0 && cells.filter(fits).length / cells.length >= 0.6;
  };
  return roles.flatMap((role) => headers.all(role)).find(enough);
}

/** `ORDER_NOT_FOUND`, `A` or `B`, `/problems/order-not-found`, `OrderNotFoundError`. */
export function codesInCell(cell: string): string[] {
  const text = plainText(cell);
  const uri = /^(?:https?:\/\/\S*|urn:\S*[:/]|\/\S*)[/:]([a-z0-9][a-z0-9_-]*)$/i.exec(text);
  if (uri?.[1] !== undefined) return [uri[1]];
  const words = text.split(/\s*(?:,|、|\/|\bor\b|\s)\s*/).filter((word) => word !== "");
  const codes = words.filter((word) => isErrorCode(word) && !/^[1-5]\d\d$/.test(word));
  // `NO_STOCK` in `meta.parts` is one code, and the place of it.
  if (codes.length > 0) return codes.filter((code) => startsLarge(code) === startsLarge(codes[0] ?? code));
  const className = /^([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+)(?:\s*\(\d{3}\))?$/.exec(text);
  return className?.[1] === undefined ? [] : [className[1]];
}

function startsLarge(code: string): boolean {
  return /^[A-Z]/.test(code);
}

function isCodeCell(cell: string): boolean {
  return codesInCell(cell).length > 0 && plainText(cell).length < 120;
}

/** `` `forbidden` `` is a code only in a column of codes beside one of statuses. */
function isWordCell(cell: string): boolean {
  return isNamedCodeCell(cell) || /^`[a-z]{3,}`$/.test(cell);
}

function isNamedCodeCell(cell: string): boolean {
  return isCodeCell(cell) && codesInCell(cell).every((code) => !/^[A-Z][a-z]/.test(code));
}

export function statusIn(text: string): number | undefined {
  const found = /(?<![\d.])([1-5]\d\d)(?![\d.]*\d)/.exec(plainText(text));
  return found ? Number(found[1]) : undefined;
}

function isStatusCell(cell: string): boolean {
  const status = statusIn(cell);
  return status !== undefined && /^(?:HTTP\s*)?[`(]*\d{3}/i.test(plainText(cell));
}

/** `### 404 Not Found` says the status of everything under it. */
export function statusInHeadings(section: Section): number | undefined {
  for (const heading of headingPath(section).toReversed()) {
    const found = /(?:^|[^\d.])([45]\d\d)(?!\d)/.exec(heading.title);
    if (found && heading.depth > 1) return Number(found[1]);
  }
  return undefined;
}

function readRow(source: SourceSpan, row: Row, columns: ErrorColumns, inherited: number | undefined): ErrorCode[] {
  const { headers } = columns;
  const cell = cellAt(row.cells, columns.codeColumn);
  const status =
    (columns.statusColumn === undefined ? undefined : statusIn(cellAt(row.cells, columns.statusColumn))) ??
    statusIn(cell) ??
    inherited;
  const messageColumn = [headers.find("message"), headers.find("description")].find(
    (index) => index !== undefined && index !== columns.codeColumn && index !== columns.statusColumn,
  );
  const retryable = headers.has("retryable") ? yesOrNo(cellAt(row.cells, headers.find("retryable"))) : undefined;
  const message = plainText(cellAt(row.cells, messageColumn)).replace(/^["“”「]|["“”」]$/g, "");
  const codes = codesInCell(cell);
  const word = /^`([a-z]{3,})`$/.exec(cell)?.[1];
  return (codes.length === 0 && word !== undefined && status !== undefined ? [word] : codes).map((code) =>
    errorCode(code, source, {
      ...(status !== undefined && { status }),
      ...(message !== "" && !isBlank(message) && { message }),
      ...(retryable !== undefined && { retryable }),
    }),
  );
}

export function errorCode(
  code: string,
  source: SourceSpan,
  details: { readonly status?: number; readonly message?: string; readonly retryable?: boolean },
): ErrorCode {
  return { id: `errorCode:${code}`, kind: "errorCode", name: code, source, confidence: "declared", ...details };
}

/** Undefined when the cell says neither. */
export function yesOrNo(cell: string): boolean | undefined {
  const text = plainText(cell).toLowerCase();
  if (/^(?:no|false|never|n|✗|✘|❌|×|✕|x|-|—|–|не|нет|否|不可|いいえ|아니오|não|non|nein)(?![\p{L}])/u.test(text))
    return false;
  if (/^(?:yes|true|y|✓|✔|✅|○|◯|always|да|是|可|はい|예|sí|si|sim|oui|ja|retry|after|with|once)/u.test(text))
    return true;
  return undefined;
}
