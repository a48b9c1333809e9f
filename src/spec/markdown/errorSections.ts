import { readEnvelope } from "../envelope.ts";
import { codesIn, codesInText, isErrorCode } from "../errorCodes.ts";
import type { ViolationCode } from "../errorParts.ts";
import { isObject } from "../json.ts";
import type { ErrorCode } from "../model.ts";
import { readCodeEnum } from "./codeEnums.ts";
import type { Block, Fence, ListBlock, Paragraph, Section, TableBlock } from "./document.ts";
import { readEnvelopeSentence } from "./envelopeSentence.ts";
import { codesInCell, errorCode, readErrorTable, statusIn, statusInHeadings, yesOrNo } from "./errorTables.ts";
import { readHeaders } from "./headers.ts";
import { jsonExamples } from "./jsonShape.ts";
import { type MarkdownReading, spanNaming, spanOf, topicOf } from "./reading.ts";
import { cellAt, plainText } from "./text.ts";

/** Reads error codes and the error envelope wherever they stand; API documents hold them too. */
export function readErrorSections(reading: MarkdownReading): void {
  for (const section of reading.document.sections) {
    readCodeHeading(reading, section);
    let label = "";
    for (const block of section.blocks) {
      readNamedCodes(reading, section, block);
      if (block.type === "paragraph") {
        readCodeSentence(reading, section, block);
        readEnvelopeSentence(reading, section, block);
        label = plainText(block.raw.split("\n").at(-1) ?? "");
      } else if (!reading.used.has(block) && readErrorBlock(reading, section, block, label)) reading.used.add(block);
    }
  }
}

function readErrorBlock(reading: MarkdownReading, section: Section, block: Block, label: string): boolean {
  const isErrors = topicOf(reading, section) === "errors";
  if (block.type === "table") {
    if (readViolationTable(reading, block)) return true;
    const codes = readErrorTable(reading, section, block);
    reading.prose.errorCodes.push(...(codes ?? []));
    return (codes?.length ?? 0) > 0 || (isErrors && isEnvelopeTable(block));
  }
  if (block.type === "list") {
    const isCodes = /error[ _-]?codes?\W*$|エラーコード\W*$|错误码\W*$|коды ошибок\W*$|códigos? de erro/i.test(label);
    return (isErrors || isCodes) && readCodeList(reading, section, block, isCodes);
  }
  return block.type === "fence" && readErrorFence(reading, section, block, label);
}

/** `ORDER_GONE 404, ORDER_LOCKED (409), …`: codes with their statuses in one sentence. */
function readCodeSentence(reading: MarkdownReading, section: Section, { raw, line }: Paragraph): void {
  if (topicOf(reading, section) !== "errors") return;
  const found = [...plainText(raw).matchAll(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)(?:\s*[=:]\s*|\s+\(?)([45]\d\d)\b/g)];
  const codes = found.filter(([, code]) => isErrorCode(code));
  if (codes.length < 3) return;
  for (const [, code = "", status] of codes) {
    const source = spanNaming(reading, { line, endLine: line + raw.split("\n").length - 1 }, code);
    reading.prose.errorCodes.push(errorCode(code, source, { status: Number(status) }));
  }
}

function readErrorFence(reading: MarkdownReading, section: Section, fence: Fence, label: string): boolean {
  const isErrors = topicOf(reading, section) === "errors";
  const codes = isErrors ? readCodeEnum(reading, section, fence) : [];
  reading.prose.errorCodes.push(...codes);
  if (codes.length > 0) return true;
  return (
    (isErrors || /error|エラー|erro\b|ошиб|fehler/i.test(label)) && readErrorExample(reading, fence, section, label)
  );
}

/** `Constraint | Violated by | Code`: which error a violated constraint of the database means. */
function readViolationTable(reading: MarkdownReading, table: TableBlock): boolean {
  const headers = readHeaders(table.header);
  const constraint = headers.find("constraints");
  const code = headers.find("code");
  const by = table.header.findIndex((title) => /violated by|operation|when|on\b/i.test(title));
  if (constraint === undefined || code === undefined || headers.has("status") || headers.has("type")) return false;
  const violations = table.rows.flatMap((row): ViolationCode[] => {
    const name = plainText(cellAt(row.cells, constraint));
    const [answer] = codesInCell(cellAt(row.cells, code));
    if (!/^[A-Za-z_]\w*$/.test(name) || answer === undefined) return [];
    const operations = by === -1 ? "" : plainText(cellAt(row.cells, by));
    const isWrite = !/delet/i.test(operations) || /insert|update|write/i.test(operations);
    return [
      ...(isWrite ? [{ constraint: name, code: answer, violatedBy: "write" as const }] : []),
      ...(/delet/i.test(operations) ? [{ constraint: name, code: answer, violatedBy: "delete" as const }] : []),
    ];
  });
  reading.prose.violations.push(...violations);
  return violations.length > 0;
}

/** `Field | Type | Description` of the error body; the JSON example beside it says the same with its order. */
function isEnvelopeTable(table: TableBlock): boolean {
  const headers = readHeaders(table.header);
  const field = headers.find("field", "code");
  const names = table.rows.map((row) => plainText(cellAt(row.cells, field)).toLowerCase());
  const known = names.filter((name) =>
    /(?:^|\.)(?:code|message|status|details?|timestamp|path|error|errors|(?:correlation|request|trace)_?id|type|title|instance)$/.test(
      name,
    ),
  );
  return (
    known.length >= 2 ||
    (headers.has("status") &&
      table.rows.every((row) => /^\d{3}|^\dxx/i.test(plainText(cellAt(row.cells, headers.find("status"))))))
  );
}

const listedCode = /^[*_`]*(?:([1-5]\d\d)[*_`]*\s*[:—–-]?\s*[*_`]*)?([A-Za-z][\w.-]{2,})[*_`]*\s*(?:[([:`—–-]|→|=|$)/;

/** `` - `ORDER_NOT_FOUND` (404): … ``, `- 404 ORDER_NOT_FOUND — …`. */
function readCodeList(reading: MarkdownReading, section: Section, list: ListBlock, isCodes: boolean): boolean {
  const inherited = statusInHeadings(section);
  const codes = list.items.flatMap((item): ErrorCode[] => {
    const match = listedCode.exec(item.raw);
    const code = match?.[2] ?? "";
    const status = match?.[1] === undefined ? (statusBehind(item.raw, code) ?? inherited) : Number(match[1]);
    if (!isListedCode(code, status, item.raw)) return [];
    if (status === undefined && !isCodes && !/code/i.test(section.title)) return [];
    const message = plainText(item.raw)
      .slice(plainText(item.raw).indexOf(code) + code.length)
      .replace(/^[\s:—–\-→]*(?:\((?:HTTP )?\d{3}[^)]*\)|(?:HTTP )?\d{3}\b)?[\s:—–\-→]*/, "");
    return [
      errorCode(code, spanOf(reading, item), {
        ...(status !== undefined && { status }),
        ...(message !== "" && { message }),
      }),
    ];
  });
  reading.prose.errorCodes.push(...codes);
  return codes.length > 0;
}

/** A word in small letters may be a field or a file; written as code beside a status it is a code. */
function isListedCode(code: string, status: number | undefined, text: string): boolean {
  if (!isErrorCode(code) || !/[_.-]|^[A-Z]{5,}$/.test(code)) return false;
  return /^[A-Z]/.test(code) || (status !== undefined && text.includes(`\`${code}\``));
}

/** A status near the code is the code's; one further on tells a story: "the downstream returned 404". */
function statusBehind(text: string, code: string): number | undefined {
  const rest = plainText(text.slice(text.indexOf(code) + code.length)).slice(0, 160);
  const marked = /\((?:HTTP )?[45]\d\d\b[^)]*\)|\bHTTP\W{1,3}[45]\d\d|→\s*[45]\d\d|[45]\d\d\W*$/.exec(rest)?.[0];
  return statusIn(rest.slice(0, 16)) ?? statusIn(marked ?? "");
}

const statusWithCode = /\b([45]\d\d)\b[^.;\n]{0,40}?\bcode\W{1,4}([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)/g;

/** "return 409 with code `EMAIL_EXISTS`", and in an error design `Error codes: A_ONE (validation), B_TWO`. */
function readNamedCodes(reading: MarkdownReading, section: Section, block: Block): void {
  const lines = linesOf(block);
  for (const { text, line } of lines) {
    const source = spanOf(reading, { line });
    for (const [, status, code = ""] of text.matchAll(statusWithCode))
      reading.prose.errorCodes.push(errorCode(code, source, { status: Number(status) }));
    if (!/^\W*error codes?\W*[:：]/i.test(text) || topicOf(reading, section) !== "errors") continue;
    for (const code of codesInText(text)) reading.outline.errorCodes.push(errorCode(code, source, {}));
  }
}

function linesOf(block: Block): { readonly text: string; readonly line: number }[] {
  if (block.type === "paragraph")
    return block.raw.split("\n").map((text, index) => ({ text: plainText(text), line: block.line + index }));
  return block.type === "list" ? block.items.map((item) => ({ text: plainText(item.raw), line: item.line })) : [];
}

/** `### ORDER_NOT_FOUND (404)` or `### 404 — ORDER_NOT_FOUND`, with label lines below it. */
function readCodeHeading(reading: MarkdownReading, section: Section): void {
  if (section.depth < 2 || topicOf(reading, section) !== "errors") return;
  const code = section.title.split(/[\s:()（）—–/,]+/).find((word) => /^[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(word));
  if (code === undefined || section.title.length > 90) return;
  const lines = section.blocks.flatMap((block) =>
    block.type === "paragraph"
      ? block.raw.split("\n")
      : block.type === "list"
        ? block.items.map((item) => item.raw)
        : [],
  );
  const value = (words: RegExp): string | undefined =>
    lines
      .map(plainText)
      .find((line) => words.test(line))
      ?.replace(/^[^:：]*[:：]\s*/, "");
  const status =
    statusIn(section.title) ?? statusIn(value(/^(?:http|status)[^:：]*[:：]/i) ?? "") ?? statusInHeadings(section);
  const message = value(/^(?:user )?message[^:：]*[:：]/i)?.replace(/^["“]|["”]$/g, "");
  const retryable = yesOrNo(value(/^retr(?:y|iable|yable)[^:：]*[:：]/i) ?? "");
  const details = {
    ...(status !== undefined && { status }),
    ...(message !== undefined && message !== "" && { message }),
    ...(retryable !== undefined && { retryable }),
  };
  reading.prose.errorCodes.push(errorCode(code, spanOf(reading, section), details));
}

const exampleLanguages = ["", "json", "jsonc", "json5", "http", "typescript", "ts", "javascript", "js", "problem+json"];

function readErrorExample(reading: MarkdownReading, fence: Fence, section: Section, label: string): boolean {
  if (!exampleLanguages.includes(fence.language)) return false;
  const text = fence.excerpt.text;
  const start = /^(?:HTTP\/|GET |POST )/.test(text) ? text.search(/\n\s*\{/) : 0;
  const examples = start === -1 ? [] : jsonExamples(text.slice(start));
  const contentType = /application\/problem\+json/i.test(`${text} ${label} ${section.title}`)
    ? "application/problem+json"
    : undefined;
  let found = false;
  for (const example of examples) {
    const envelope = readEnvelope(example, spanOf(reading, fence), contentType);
    if (!envelope) continue;
    found = true;
    reading.prose.envelopes.push(envelope);
    const status = statusOf(example) ?? statusIn(label) ?? statusInHeadings(section);
    for (const code of codesIn(example))
      reading.prose.codeUses.push({
        code,
        ...(status !== undefined && { status }),
        source: spanNaming(reading, fence, code),
        isShown: true,
      });
  }
  return found || examples.length > 0;
}

function statusOf(example: unknown): number | undefined {
  const status = isObject(example) ? Number(example["status"]) : 0;
  return status >= 400 && status < 600 ? status : undefined;
}
