import type { Block, Item } from "./document.ts";
import { labelKind } from "./endpointDraft.ts";
import { type FieldRow, propertiesOf } from "./fieldTables.ts";
import { inlineFields } from "./inlineFields.ts";
import { type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { nestProperties } from "./typeText.ts";

/**
 * Shapes that a line of the API describes by name, ``**OrderInput**: `customerId`, `note`? (max 200)``. A paragraph or list
 * counts only where each of its lines is one.
 */
export function readNamedShapes(reading: MarkdownReading): void {
  for (const section of reading.document.sections) {
    if (topicOf(reading, section) !== "api") continue;
    for (const block of section.blocks) {
      const lines = reading.used.has(block) ? [] : linesOf(block);
      const shapes = lines.flatMap((line) => shapeIn(line) ?? []);
      if (shapes.length === 0 || shapes.length < lines.length) continue;
      reading.used.add(block);
      for (const { name, rows, line } of shapes) {
        const schema = { type: "object" as const, properties: nestProperties(propertiesOf(rows)) };
        reading.prose.schemas.push({ name, schema, source: spanOf(reading, { line, endLine: line }) });
      }
    }
  }
}

type Line = Pick<Item, "raw" | "line">;

interface Shape {
  readonly name: string;
  readonly rows: readonly FieldRow[];
  readonly line: number;
}

function linesOf(block: Block): readonly Line[] {
  if (block.type === "list") return block.items.some(({ children }) => children.length > 0) ? [] : block.items;
  if (block.type !== "paragraph") return [];
  return block.raw.split("\n").map((raw, index) => ({ raw: raw.replace(/\s*\\?$/, ""), line: block.line + index }));
}

const shapeLine =
  /^(?:\*\*`?([A-Z][a-z]\w*)`?\*\*|`([A-Z][a-z]\w*)`|([A-Z][a-z]\w*))\s*(?::|：|=|—|–|-)\s*\{?\s*(?=`)(.*?)\s*\}?$/;

function shapeIn({ raw, line }: Line): Shape | undefined {
  const [, bold, code, plain, said = ""] = shapeLine.exec(raw.trim()) ?? [];
  const name = bold ?? code ?? plain;
  const rows = inlineFields(said.replace(/^\{\s*|\s*\}$/g, ""), line);
  // `Errors: …` and `Body: …` say something of an endpoint.
  if (name === undefined || labelKind(name) !== undefined) return undefined;
  return rows === undefined || rows.length < 2 ? undefined : { name, rows, line };
}
