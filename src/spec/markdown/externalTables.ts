import type { Block, Section } from "./document.ts";
import { plainText } from "./text.ts";

/**
 * Whether the document shows a table only for reference, because somebody else creates and changes it. Its
 * heading says so, or a paragraph between the heading and the columns.
 */
export function isExternalTable(subject: Section, section: Section, block: Block): boolean {
  const before = (blocks: readonly Block[]): readonly string[] =>
    blocks.flatMap((other) => (other.type === "paragraph" && other.line < block.line ? [plainText(other.raw)] : []));
  const sections = subject === section ? [section] : [subject, section];
  const texts = sections.flatMap(({ title, blocks }) => [title, ...before(blocks)]);
  return texts.some((text) => sayings.some((saying) => saying.test(text)));
}

const others = String.raw`(?:another|an? (?:external|separate|different|third[- ]party)|the (?:auth\w*|identity|external|other)) (?:\w+[ -]){0,2}(?:service|server|system|application|app|team|provider|database)`;

const sayings: readonly RegExp[] = [
  /\b(?:do|does|must|should) not (?:be )?migrate|\bdon['’]t migrate|\bnot (?:be )?migrated\b|\bno migrations? (?:here|for (?:this|it))\b/i,
  /\breference[- ]only\b|\bexternal table\b|\b(?:managed|created|maintained) externally\b/i,
  new RegExp(String.raw`\b(?:created|managed|maintained|migrated) by ${others}\b`, "i"),
];
