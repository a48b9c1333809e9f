import { singular, snakeCase } from "../../support/words.ts";
import { createNameRegistry } from "../sql/names.ts";
import { readOutlinedTable } from "./columnTables.ts";
import { addDrawnEnum, addDrawnModel, type DiagramBlock } from "./diagramBlocks.ts";
import type { Fence, Section } from "./document.ts";
import type { FieldRow } from "./fieldTables.ts";
import { type MarkdownReading, topicOf } from "./reading.ts";

/** Reads mermaid ER and class diagrams; false for other diagrams, which are illustrations. */
export function readMermaid(reading: MarkdownReading, section: Section, fence: Fence): boolean {
  const { text } = fence.excerpt;
  const type = /^\s*(?:%%[^\n]*\n\s*)*(erDiagram|classDiagram)/.exec(text)?.[1];
  if (type === undefined) return false;
  const blocks = diagramBlocks(fence);
  const isDatabase = type === "erDiagram" && topicOf(reading, section) !== "domain";
  const described = isDatabase ? withReferences(withNullability(blocks), text) : blocks;
  for (const block of described) if (block.rows.length > 0) addBlock(reading, block, isDatabase);
  if (type === "erDiagram") for (const block of relatedNames(fence, blocks)) addDrawnModel(reading, block, false);
  return true;
}

function addBlock(reading: MarkdownReading, block: DrawnClass, isDatabase: boolean): void {
  if (block.rows.every((row) => row.name === row.type)) addDrawnEnum(reading, block, reading.diagram);
  else if (isDatabase) {
    // Diagrams shout: an entity ORDER_ITEMS stands for the table order_items.
    const name = /[a-z]/.test(block.name) ? block.name : block.name.toLowerCase();
    readOutlinedTable(
      { path: reading.path, names: createNameRegistry() },
      { name, line: block.line, rows: block.rows, constraints: [] },
      reading.diagram,
    );
  } else addDrawnModel(reading, block, /value[ -]?object/i.test(block.stereotype));
}

/** Where a diagram says of some attributes that they may be empty, the others may not; marks of yes and no are left open. */
function withNullability(blocks: readonly DrawnClass[]): readonly DrawnClass[] {
  const said = blocks.flatMap(({ rows }) => rows).map(({ constraints }) => constraints);
  const isSaid =
    said.some((text) => /\b(?:nullable|optional|null)\b/i.test(text)) && !said.some((text) => /not null/i.test(text));
  if (!isSaid) return blocks;
  return blocks.map((block) => ({
    ...block,
    rows: block.rows.map((row) =>
      /^bool/i.test(row.type) ? row : { ...row, required: !/\b(?:nullable|optional|null)\b/i.test(row.constraints) },
    ),
  }));
}

/** `uuid member_id FK` points at the table that a relation joins with this one and that has the name. */
function withReferences(blocks: readonly DrawnClass[], text: string): readonly DrawnClass[] {
  const related = text.split("\n").flatMap((line) => {
    const [, left, right] = relation.exec(line) ?? [];
    return left === undefined || right === undefined ? [] : [[left, right] as const];
  });
  return blocks.map((block) => {
    const others = related.flatMap(([left, right]) =>
      left === block.name ? [right] : right === block.name ? [left] : [],
    );
    const rows = block.rows.map((row) => {
      const target = /\bFK\b/.test(row.constraints) ? others.find((other) => isKeyOf(row.name, other)) : undefined;
      if (target === undefined) return row;
      const table = /[a-z]/.test(target) ? target : target.toLowerCase();
      return { ...row, constraints: row.constraints.replace("FK", `FK → ${table}`) };
    });
    return { ...block, rows };
  });
}

function isKeyOf(column: string, table: string): boolean {
  return column.toLowerCase() === `${singular(snakeCase(table))}_id`;
}

const relation = /^\s*"?([A-Za-z_][\w-]*)"?\s+[|}o]{1,2}(?:--|\.\.)[|{o]{1,2}\s+"?([A-Za-z_][\w-]*)"?\s*(?::|$)/;

/** Entities that the relations name and no block describes. */
function relatedNames(fence: Fence, blocks: readonly DiagramBlock[]): DiagramBlock[] {
  const known = new Set(blocks.map((block) => block.name));
  const found: DiagramBlock[] = [];
  for (const [index, text] of fence.excerpt.text.split("\n").entries()) {
    const isEnum = /:\s*"?enum\b/i.test(text);
    for (const name of relation.exec(text)?.slice(1) ?? []) {
      if (known.has(name) || isEnum) continue;
      known.add(name);
      found.push({ name, line: fence.excerpt.line + index, rows: [] });
    }
  }
  return found;
}

const blockStart =
  /^\s*(?:class\s+)?"?([A-Za-z_][\w-]*)"?(?:\s*\[[^\]]*\]|~[^~]*~)?(?:\s*<<[^>]*>>)?\s*\{\s*(?:%%.*)?$/;
const attribute = /^\s*([\w()[\],.-]+)\s+"?([A-Za-z_]\w*)"?\s*((?:(?:PK|FK|UK)\s*,?\s*)*)(?:"([^"]*)")?\s*(?:%%.*)?$/;
/** `<<value object>>` within a class, `<<enumeration>> Status` beside it, `class Status <<enumeration>>`. */
const stereotypeLine = /^\s*(?:class\s+)?(?:([A-Za-z_][\w-]*)\s+)?<<\s*([\w -]+?)\s*>>\s*([A-Za-z_][\w-]*)?\s*\{?\s*$/;
const enumValue = /^\s*[+\-#~]?\s*([A-Za-z_]\w*)\s*$/;
const member =
  /^\s*[+\-#~]?\s*(?:([A-Za-z_][\w<>~[\],?]*)\s+([A-Za-z_]\w*)|([A-Za-z_]\w*)\s*:\s*([\w<>~[\],? |]+))\s*$/;

function diagramBlocks(fence: Fence): DrawnClass[] {
  const stereotypes = stereotypesIn(fence);
  const blocks: DrawnClass[] = [];
  let current: DrawnClass | undefined;
  for (const [index, text] of fence.excerpt.text.split("\n").entries()) {
    const line = fence.excerpt.line + index;
    const start = blockStart.exec(text)?.[1];
    if (start !== undefined && !/^(?:namespace|state|erDiagram|classDiagram)$/.test(start)) {
      current = { name: start, line, rows: [], stereotype: stereotypes.get(start) ?? "" };
      blocks.push(current);
    } else if (/^\s*\}/.test(text)) current = undefined;
    else if (current) current.rows.push(...(isEnum(current) ? valueRow(text, line) : rowOf(text, line)));
  }
  return blocks.filter(({ stereotype }) => !/service|repository|factory|event|controller|interface/i.test(stereotype));
}

interface DrawnClass extends DiagramBlock {
  readonly stereotype: string;
}

function isEnum({ stereotype }: DrawnClass): boolean {
  return /^enum/i.test(stereotype);
}

function stereotypesIn(fence: Fence): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let inside = "";
  for (const text of fence.excerpt.text.split("\n")) {
    const [, before, said = "", behind] = stereotypeLine.exec(text) ?? [];
    const name = before ?? behind ?? inside;
    if (said !== "" && name !== "") found.set(name, said);
    if (/\{\s*$/.test(text)) inside = blockStart.exec(text)?.[1] ?? before ?? "";
    else if (/^\s*\}/.test(text)) inside = "";
  }
  return found;
}

function valueRow(text: string, line: number): FieldRow[] {
  const [, name] = enumValue.exec(text) ?? [];
  const blank = { required: undefined, default: "", location: "", constraints: "", description: "" };
  return name === undefined ? [] : [{ ...blank, name, type: name, line }];
}

function rowOf(text: string, line: number): FieldRow[] {
  const row = { required: undefined, default: "", location: "", line };
  const match = attribute.exec(text);
  if (match?.[1] !== undefined && match[2] !== undefined) {
    const keys = (match[3] ?? "").replace("UK", "UNIQUE");
    return [
      { ...row, type: match[1], name: match[2], constraints: `${keys} ${match[4] ?? ""}`, description: match[4] ?? "" },
    ];
  }
  const other = member.exec(text);
  const name = other?.[2] ?? other?.[3];
  const type = other?.[1] ?? other?.[4];
  return name === undefined || type === undefined || type === ""
    ? []
    : [{ ...row, type: type.replaceAll("~", ""), name, constraints: "", description: "" }];
}
