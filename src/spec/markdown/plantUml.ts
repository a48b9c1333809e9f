import { readOutlinedTable } from "./columnTables.ts";
import { addDrawnEnum, addDrawnModel, type DiagramBlock } from "./diagramBlocks.ts";
import type { Fence, Section } from "./document.ts";
import type { FieldRow } from "./fieldTables.ts";
import { type MarkdownReading, topicOf } from "./reading.ts";

/** Reads the entities, classes and enums that a PlantUML diagram draws; false when it draws none. */
export function readPlantUml(reading: MarkdownReading, section: Section, fence: Fence): boolean {
  const blocks = drawnBlocks(fence, section);
  const isDatabase = topicOf(reading, section) === "database";
  for (const block of blocks) {
    const isTable = isDatabase && block.rows.length > 0 && block.rows.every((row) => /^[A-Za-z_]\w*$/.test(row.name));
    if (block.keyword === "enum") addDrawnEnum(reading, block, reading.diagram);
    else if (isTable) readOutlinedTable(reading, { ...block, constraints: [] }, reading.diagram);
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

function drawnBlocks(fence: Fence, section: Section): DrawnBlock[] {
  const blocks: DrawnBlock[] = [];
  let current: DrawnBlock | undefined;
  for (const [index, text] of fence.excerpt.text.split("\n").entries()) {
    const line = fence.excerpt.line + index;
    const started = current ? undefined : startedBlock(text, line, section);
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

function startedBlock(text: string, line: number, section: Section): DrawnBlock | undefined {
  const [, keyword = "", name = "", alias, stereotypes = ""] = start.exec(text) ?? [];
  if (keyword === "") return undefined;
  const own = nameOf(name, alias, section);
  const isDrawn = text.includes(own);
  return { keyword, name: own, line: isDrawn ? line : section.line, rows: [], stereotypes };
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
