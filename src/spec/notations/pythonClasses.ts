import { type Excerpt, lineAt } from "../excerpt.ts";
import type { SqlLine } from "../markdown/generatedSql.ts";
import { closingBracket, splitArguments, type TextPart } from "./typeScriptText.ts";

/** A class of a Python fence with what its body assigns. */
export interface PythonClass {
  readonly name: string;
  /** What stands in the brackets of its head. */
  readonly bases: string;
  readonly line: number;
  readonly attributes: readonly PythonAttribute[];
  /** Of the class `Meta` in its body. */
  readonly meta: readonly PythonAttribute[];
}

/** A model class as the parts of the SQL that its library makes of it. */
export interface PythonTable {
  readonly name: string;
  /** Where the document names it. */
  readonly line: number;
  readonly enums: readonly { readonly name: string; readonly values: readonly string[]; readonly line: number }[];
  readonly parts: readonly SqlLine[];
  readonly indexes: readonly SqlLine[];
}

export interface PythonAttribute {
  readonly name: string;
  /** Empty where there is none. */
  readonly annotation: string;
  /** Empty where only the type is said. */
  readonly value: string;
  readonly line: number;
}

const classHead = /^([ \t]*)class\s+(\w+)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*:/gm;

/** The classes that have bases; functions in them are passed over. */
export function pythonClasses(excerpt: Excerpt): PythonClass[] {
  const text = withoutComments(excerpt.text);
  return [...text.matchAll(classHead)].map((match): PythonClass => {
    const [whole, indent = "", name = "", bases = ""] = match;
    const open = match.index + whole.length;
    const end = endOfBody(text, open, indent.length);
    const body: Body = { excerpt, text, end };
    const inner = /\n([ \t]+)class Meta\b[^\n]*:/.exec(text.slice(open, end));
    const metaStart = inner ? open + inner.index + inner[0].length : end;
    const meta = inner ? attributesIn(body, metaStart, (inner[1] ?? "").length + 1) : [];
    return {
      name,
      bases,
      line: lineAt(excerpt, match.index + indent.length),
      attributes: attributesIn({ ...body, end: inner ? open + inner.index : end }, open, indent.length + 1),
      meta,
    };
  });
}

interface Body {
  readonly excerpt: Excerpt;
  readonly text: string;
  readonly end: number;
}

/** Comments blanked, so that offsets stay. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|#[^\n]*/g,
    (part, quoted) => quoted ?? " ".repeat(part.length),
  );
}

function endOfBody(text: string, open: number, indent: number): number {
  const following = new RegExp(`\\n[ \\t]{0,${indent}}[^\\s)\\]}]`, "g");
  following.lastIndex = open;
  return following.exec(text)?.index ?? text.length;
}

const attribute = /\n([ \t]+)(\w+)[ \t]*(?::[ \t]*([^=\n]+?))?[ \t]*(?:=[ \t]*(?=\S)|(?=\n|$))/y;

/** Assignments and annotations of the body's own level; a value goes on until its brackets are closed. */
function attributesIn({ excerpt, text, end }: Body, open: number, least: number): PythonAttribute[] {
  const found: PythonAttribute[] = [];
  let level: number | undefined;
  for (let at = text.indexOf("\n", open); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) {
    attribute.lastIndex = at;
    const match = attribute.exec(text);
    const [whole = "", indent = "", name = "", annotation = ""] = match ?? [];
    if (!match || indent.length < least) continue;
    level ??= indent.length;
    if (indent.length !== level || (annotation === "" && !whole.includes("="))) continue;
    const start = match.index + whole.length;
    const value = whole.includes("=") ? text.slice(start, endOfValue(text, start)).trim() : "";
    found.push({ name, annotation: annotation.trim(), value, line: lineAt(excerpt, match.index + 1 + indent.length) });
    at = start + value.length - 1;
  }
  return found;
}

function endOfValue(text: string, start: number): number {
  const line = text.indexOf("\n", start);
  const end = line === -1 ? text.length : line;
  const bracket = text.slice(start, end).search(/[([{]/);
  return bracket === -1 ? end : Math.max(Math.min(text.length, closingBracket(text, start + bracket) + 1), start);
}

/** A call as its name without modules, and its arguments. */
export interface PythonCall {
  readonly name: string;
  readonly positional: readonly string[];
  readonly named: ReadonlyMap<string, string>;
}

/** `sa.Column(String(80), nullable=False)`; undefined where the text is no call. */
export function pythonCall(text: string): PythonCall | undefined {
  const [head, name = ""] = /^(?:\w+\.)*(\w+)\s*\(/.exec(text) ?? [];
  if (head === undefined) return undefined;
  const parts = splitArguments(text, head.length, closingBracket(text, head.length - 1));
  const named = parts.flatMap(keyword);
  const positional = parts.filter((part) => keyword(part).length === 0).map((part) => part.text);
  return { name, positional, named: new Map(named) };
}

function keyword({ text }: TextPart): [string, string][] {
  const [, name, value = ""] = /^(\w+)\s*=(?!=)\s*([\s\S]*)$/.exec(text) ?? [];
  return name === undefined ? [] : [[name, value]];
}

/** The text of a literal: `"orders"` → `orders`. */
export function stringOf(text: string | undefined): string | undefined {
  return /^[rf]?["']([^"']*)["']$/.exec(text ?? "")?.[1];
}
