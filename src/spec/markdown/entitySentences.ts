import { addDrawnEnum } from "./diagramBlocks.ts";
import type { Block, Section } from "./document.ts";
import { addModel } from "./entities.ts";
import type { FieldRow } from "./fieldTables.ts";
import { inlineFields } from "./inlineFields.ts";
import { isUsage, type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { codeSpans, plainText } from "./text.ts";

/** ``**Comment** – belongs to a ticket; `body` (1–5000), `author_id`.``: an entity in one paragraph, or each item of a list one. */
export function readEntitySentences(reading: MarkdownReading): void {
  for (const section of reading.document.sections) {
    if (topicOf(reading, section) !== "domain" || isUsage(reading, section)) continue;
    for (const block of section.blocks) {
      if (!reading.used.has(block) && readBlock(reading, section, block)) reading.used.add(block);
    }
  }
}

function readBlock(reading: MarkdownReading, section: Section, block: Block): boolean {
  if (block.type === "paragraph") return readSentence(reading, section, block);
  if (block.type !== "list" || !block.items.every(({ raw }) => sentence.test(raw))) return false;
  return block.items.filter((item) => readSentence(reading, section, item)).length > 0;
}

const sentence = /^\*\*([A-Z][a-z]+(?: ?[A-Z][a-z]+)*)\*\*\s*(\([^()]*\))?\s*(?:[–—-]|[:：])\s+(.+)$/s;

/** Only a paragraph that has fields is an entity; `**Note** – …` stands in many documents. */
function readSentence(
  reading: MarkdownReading,
  section: Section,
  { raw, line, endLine }: { readonly raw: string; readonly line: number; readonly endLine: number },
): boolean {
  const [, title = "", what = "", said = ""] = sentence.exec(raw) ?? [];
  const clauses = said
    .replaceAll("\n", " ")
    .replace(/\.$/, "")
    .split(/;\s+|\.\s+|,\s+(?=(?:and\s+)?[a-z][\w ]*:\s)/);
  const rows = clauses.flatMap((clause) => fieldsOf(clause, line));
  if (rows.length < 2) return false;
  const name = title.replaceAll(" ", "");
  if (rows.every((row) => isValue(row))) {
    addDrawnEnum(reading, { name, line, rows: [...rows] }, reading.diagram);
    return true;
  }
  const about: Section = { ...section, title: `${title} ${what}`, raw: `${title} ${what}`, blocks: [] };
  const description = plainText(clauses.filter((clause) => fieldsOf(clause, line).length === 0).join("; "));
  addModel(
    reading.prose,
    { name, section: about, source: spanOf(reading, { line, endLine }), description },
    rows,
    reading,
  );
  return true;
}

/** `` **Category**: `TRAVEL`, `MEALS` `` enumerates what a field may hold. */
function isValue({ name, type }: FieldRow): boolean {
  return type === "" && /^[A-Z][A-Z0-9_]*$/.test(name);
}

/** `` `body` (1–5000), `internal` ``, or one field with its values: ``role: `agent`, `admin` ``. */
function fieldsOf(clause: string, line: number): readonly FieldRow[] {
  const [, name, listed = ""] = /^(?:and )?`?([a-z]\w*)`?:\s*((?:`[\w-]+`[\s,|/]*(?:or\s+)?)+)$/.exec(clause) ?? [];
  if (name === undefined) return inlineFields(clause, line) ?? [];
  const values = codeSpans(listed).join(", ");
  return [
    {
      name,
      type: `enum(${values})`,
      required: undefined,
      constraints: "",
      description: "",
      default: "",
      location: "",
      line,
    },
  ];
}
