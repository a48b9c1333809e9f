import { createNameRegistry } from "../sql/names.ts";
import { readOutlinedTable } from "./columnTables.ts";
import { addDrawnEnum, addDrawnModel, type DiagramBlock } from "./diagramBlocks.ts";
import type { Fence, Section } from "./document.ts";
import type { FieldRow } from "./fieldTables.ts";
import { type MarkdownReading, topicOf } from "./reading.ts";

/** Reads the entities, classes and enums that a PlantUML diagram draws; false when it draws none. */
export function readPlantUml(reading: MarkdownReading, section: Section, fence: Fence): boolean {
  const blocks = drawnBlocks(fence, { section, aliases: aliasesOf(reading) });
  const isDatabase = topicOf(reading, section) === "database";
  for (const block of blocks) {
    const isTable =
      (isDatabase || isCreated(reading, block.name)) &&
      block.rows.length > 0 &&
      block.rows.every((row) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(row.name));
    if (block.keyword === "enum") addDrawnEnum(reading, block, reading.diagram);
    else if (isTable)
      readOutlinedTable(
        { path: reading.path, names: createNameRegistry() },
        { ...block, constraints: [] },
        reading.diagram,
      );
    else if (block.keyword === "entity" || block.rows.length > 0 || /entity|aggregate/i.test(block.stereotypes))
      addDrawnModel(reading, block, /value ?object/i.test(block.stereotypes));
  }
  return blocks.length > 0;
}

interface DrawnBlock extends DiagramBlock {
  readonly keyword: string;
  readonly stereotypes: string;
}

const start =
  /^\s*(?:abstract\s+)?(entity|class|enum)\s+("[^"]+"|[\p{L}_][\p{L}\p{N}_.]*)(?:\s+as\s+("[^"]+"|[\p{L}_][\p{L}\p{N}_]*))?((?:\s*<<[^>]*>>)*)\s*\{?\s*\}?\s*$/u;

const service = /service|repository|factory|event|controller|command|interface/i;

interface DrawingContext {
  readonly section: Section;
  readonly aliases: ReadonlyMap<string, string>;
}

/** `entity "勘定科目" as Account` in one diagram names the class 勘定科目 of the others. */
function aliasesOf(reading: MarkdownReading): ReadonlyMap<string, string> {
  const declared = /\b(?:entity|class)\s+"([^"\n]+)"\s+as\s+([A-Za-z]\w*)/g;
  const found = [...reading.document.excerpt.text.matchAll(declared)].map(
    ([, name = "", alias = ""]) => [name, isCreated(reading, name) ? name : alias] as const,
  );
  return new Map(found.toReversed());
}

/** A table that the document defines in SQL keeps its name in the diagrams. */
function isCreated(reading: MarkdownReading, name: string): boolean {
  const { text } = reading.document.excerpt;
  const at = text.indexOf(`"${name}" (`);
  return at !== -1 && /CREATE TABLE[^\n]*$/i.test(text.slice(text.lastIndexOf("\n", at) + 1, at));
}

function drawnBlocks(fence: Fence, context: DrawingContext): DrawnBlock[] {
  const blocks: DrawnBlock[] = [];
  let current: DrawnBlock | undefined;
  for (const [index, text] of fence.excerpt.text.split("\n").entries()) {
    const line = fence.excerpt.line + index;
    const started = current ? undefined : startedBlock(text, line, context);
    if (started) blocks.push(started);
    if (/^\s*\}/.test(text)) current = undefined;
    else if (started) current = /\{\s*$/.test(text) ? started : undefined;
    else current?.rows.push(...rowsIn(current.keyword, text, line));
  }
  return blocks.filter((block) => !service.test(block.stereotypes));
}

function rowsIn(keyword: string, text: string, line: number): FieldRow[] {
  return keyword === "enum" ? valueRow(text, line) : fieldRow(text, line);
}

function startedBlock(text: string, line: number, context: DrawingContext): DrawnBlock | undefined {
  const [, keyword = "", name = "", alias, stereotypes = ""] = start.exec(text) ?? [];
  if (keyword === "") return undefined;
  const own = context.aliases.get(name.replaceAll('"', "")) ?? nameOf(name, alias, context.section);
  const isDrawn = text.includes(own) || !context.section.title.includes(own);
  return { keyword, name: own, line: isDrawn ? line : context.section.line, rows: [], stereotypes };
}

/** An identifier where the diagram or the heading `金額（Money）` gives one. */
function nameOf(name: string, alias: string | undefined, section: Section): string {
  const names = [name, alias ?? ""].map((text) => text.replaceAll('"', ""));
  const [inHeading] = section.title.includes(names[0] ?? "")
    ? (/[(（](\w+)[)）]/.exec(section.title)?.slice(1) ?? [])
    : [];
  return [...names, inHeading ?? ""].find((text) => /^[A-Za-z_]\w*$/.test(text)) ?? names[0] ?? name;
}

const member = /^\s*([*o+\-#~]\s*)?\**([\p{L}_][\p{L}\p{N}_]*)\**\s*:\s*([^<]+?)\s*((?:<<[^>]*>>\s*)*)$/u;

/** `* id : UUID <<PK>>` is mandatory by its star; `- amount: BigDecimal` says nothing of it. */
function fieldRow(text: string, line: number): FieldRow[] {
  const [, mark = "", name = "", type = "", marks = ""] = member.exec(text) ?? [];
  if (name === "" || type === "") return [];
  const constraints = marks
    .replace(/[<>,]+/g, " ")
    .replace(/\bUK\b/, "UNIQUE")
    .replace(/\bFK\b/, "");
  const required = mark.trim() === "*" ? true : mark.trim() === "o" ? false : undefined;
  return [{ name, type, required, constraints, description: "", default: "", location: "", line }];
}

function valueRow(text: string, line: number): FieldRow[] {
  const name = /^\s*([A-Za-z_]\w*)\s*(?:\([^)]*\))?\s*[,;]?\s*$/.exec(text)?.[1];
  const empty = { required: undefined, constraints: "", description: "", default: "", location: "", line };
  return name === undefined ? [] : [{ ...empty, name, type: name }];
}
