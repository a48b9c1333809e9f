import { codesInText, isErrorCode } from "../errorCodes.ts";
import type { RetryTerms } from "../errorParts.ts";
import type { RetryPolicy } from "../model.ts";
import { type Block, type Fence, headingPath, type ListBlock, type Section, type TableBlock } from "./document.ts";
import { type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { retryTermsIn } from "./retryTerms.ts";
import { cellAt, isBlank, plainText } from "./text.ts";

const retryWords =
  /\bretr(?:y|ies|ied|ying)\b|\bback-?off\b|再試行|リトライ|重试|повтор|reintento|retentativa|réessa|재시도|wiederhol/i;

/** Reads retry strategies: sections, tables, lists and settings about them, and sentences of an error design. */
export function readRetryPolicies(reading: MarkdownReading): void {
  for (const section of reading.document.sections) {
    const isRetry = headingPath(section).some(({ title, depth }) => depth > 1 && retryWords.test(title));
    if (isRetry || topicOf(reading, section) === "errors") readSection(reading, section, isRetry);
  }
}

function readSection(reading: MarkdownReading, section: Section, isRetry: boolean): void {
  let label = "";
  for (const block of section.blocks) {
    if (reading.used.has(block)) continue;
    const isAbout = isRetry || (/[:：]$/.test(label) && retryWords.test(label));
    const found = policiesIn(reading, block, isAbout);
    reading.prose.retries.push(...found);
    if (block.type === "table" && isAbout && found.length > 0 && !namesCodes(found)) reading.used.add(block);
    label = block.type === "paragraph" ? plainText(block.raw.split("\n").at(-1) ?? "") : "";
  }
}

/** Such a table says more of its codes than how they are tried again. */
function namesCodes(found: readonly RetryPolicy[]): boolean {
  return found.some(({ appliesTo }) => appliesTo.some((subject) => codesInText(subject).length > 0));
}

function policiesIn(reading: MarkdownReading, block: Block, isRetry: boolean): RetryPolicy[] {
  switch (block.type) {
    case "paragraph":
      return policyOf(reading, { ...block, text: plainText(block.raw) }, isRetry);
    case "list":
      return listedPolicies(reading, block, isRetry);
    case "table":
      return tabledPolicies(reading, block, isRetry);
    case "fence":
      return isRetry ? settingsPolicy(reading, block) : [];
  }
}

/** `- Max attempts: 3`, `- Backoff: exponential` are one policy; items that each count their tries are several. */
function listedPolicies(reading: MarkdownReading, list: ListBlock, isRetry: boolean): RetryPolicy[] {
  const items = list.items.flatMap((item) => [item, ...item.children]);
  const passages = items.map((item) => ({ ...item, text: plainText(item.raw), subject: subjectLabel(item.raw) }));
  const own = passages.flatMap((passage) => policyOf(reading, passage, isRetry));
  const counting = own.filter(({ attempts }) => attempts !== undefined);
  if (!isRetry || counting.length > 1) return own;
  const parts = passages.filter(({ text }) => isPart(text));
  const headers = own.filter((policy) => !isQuantified(policy) && policy.jitter === undefined);
  const [first] = parts;
  if (!first) return headers;
  return [
    ...policyOf(reading, { ...list, line: first.line, text: parts.map(({ text }) => text).join("; ") }, true),
    ...headers,
  ];
}

/** An item that says how, or of what; others tell what is to be expected of trying again. */
function isPart(text: string): boolean {
  const terms = retryTermsIn(text);
  return isQuantified(terms) || terms.jitter !== undefined || terms.maxDelay !== undefined || subjectPart.test(text);
}

const subjectPart = /^\W*(?:retry (?:on|for|when)|appl(?:ies|y) to|retryable|statuses|codes|対象|适用)/i;

const parameter = /attempt|retr|tries|back-?off|delay|jitter|interval|wait|strategy|multiplier|max|timeout|policy/i;

/** `**Payment gateway**: 3 attempts` is about the payment gateway. */
function subjectLabel(raw: string): string | undefined {
  const label = /^\W*([\p{L}][\p{L}\p{N} _-]{2,40}?)\W*[:：—–]\s/u.exec(raw)?.[1];
  return label === undefined || parameter.test(label) ? undefined : label;
}

/** One row is one policy; where the rows are the parameters, the table is. */
function tabledPolicies(reading: MarkdownReading, table: TableBlock, isRetry: boolean): RetryPolicy[] {
  const isSettings = table.rows.filter((row) => parameter.test(plainText(cellAt(row.cells, 0)))).length >= 2;
  if (isSettings && isRetry) {
    const text = table.rows.map(({ cells }) => `${plainText(cellAt(cells, 0))}: ${plainText(cellAt(cells, 1))}`);
    return policyOf(reading, { ...table, text: text.join("; ") }, true);
  }
  const columns = table.header.flatMap((title, index) => (parameter.test(title) && index > 0 ? [index] : []));
  if (!isRetry && !table.header.some((title) => retryWords.test(title) || /attempts/i.test(title))) return [];
  return table.rows.flatMap((row) => {
    const said = columns.map((index) => labelled(table.header[index] ?? "", plainText(cellAt(row.cells, index))));
    const [subject = ""] = row.cells;
    const named = isBlank(subject) ? undefined : plainText(subject);
    return policyOf(reading, { line: row.line, text: said.join("; "), subject: named }, true);
  });
}

/** An empty cell says nothing, though its header says "retry". */
function labelled(header: string, cell: string): string {
  if (isBlank(cell) || /^(?:no|never)$/i.test(cell)) return "";
  if (/retry-after/i.test(header)) return /^\d+$/.test(cell) ? `Retry-After: ${cell}` : "Retry-After";
  return `${header}: ${cell}`;
}

function settingsPolicy(reading: MarkdownReading, fence: Fence): RetryPolicy[] {
  if (!["", "yaml", "yml", "json", "toml", "ini", "env", "text"].includes(fence.language)) return [];
  return policyOf(reading, { ...fence, text: fence.excerpt.text.replace(/\s*\n\s*/g, "; ") }, true);
}

const aboutRetry = new RegExp(`${retryWords.source}|\\b(?:attempts?|jitter|delays?)\\b`, "i");

interface Passage {
  readonly line: number;
  readonly endLine?: number;
  readonly text: string;
  /** What its label or first cell says that it is about. */
  readonly subject?: string | undefined;
}

/** A passage that counts tries, or names how the delays grow; what shall not be tried again is left out. */
function policyOf(reading: MarkdownReading, passage: Passage, isRetry: boolean): RetryPolicy[] {
  const { text, subject } = passage;
  const said = text
    .split(/(?<=[.!。;])\s+/)
    .filter((sentence) => isRetry || aboutRetry.test(sentence))
    .filter((sentence) => !/\b(?:not|never|don't|no)\b[^.]{0,24}\bretr|再試行しない|不重试/i.test(sentence))
    .join(" ");
  if (!isRetry && !retryWords.test(said)) return [];
  const terms = retryTermsIn(said);
  const all = [...new Set([...subjectsOf(subject), ...subjectsIn(said)])];
  if (!isQuantified(terms) && !(terms.retryAfter !== undefined && isRetry && all.length > 0)) return [];
  return [{ ...terms, appliesTo: all, source: spanOf(reading, passage), confidence: "declared" }];
}

function isQuantified({ attempts, backoff, baseDelay }: RetryTerms): boolean {
  return attempts !== undefined || backoff !== undefined || baseDelay !== undefined;
}

/** A cell or label of nothing but codes and statuses, else the name of what is called. */
function subjectsOf(subject: string | undefined): string[] {
  if (subject === undefined) return [];
  const words = subject.split(/[\s,;/()]+/).filter((word) => word !== "" && !/^(?:HTTP|and|or)$/i.test(word));
  if (words.every((word) => isErrorCode(word) || status.test(word)))
    return words.map((word) => (status.test(word) ? word.toLowerCase() : word));
  const named = subjectsIn(subject);
  return named.length > 0 ? named : [subject];
}

const status = /^[45](?:\d\d|xx)$/i;

/** Codes and statuses; `5xx` is one too. */
function subjectsIn(text: string): string[] {
  const statuses = [...text.matchAll(/(?<![\d.])([45](?:\d\d|xx))(?!\d|\s*(?:ms|s|sec|milli))/gi)];
  return [...codesInText(text), ...statuses.map((match) => (match[1] ?? "").toLowerCase())];
}
