import { type Block, headingPath, type Item, type ListBlock, type Section } from "./document.ts";
import { type FieldRow, fieldNames, isTypeText, readFieldItem, readFieldItems } from "./fieldTables.ts";
import { isPartHeading } from "./subjects.ts";
import { plainText } from "./text.ts";

export const valueObjectHeading = /value objects?|値オブジェクト|值对象|объект-значени|objetos? de val(?:or|eur)/i;

/** The fields that a list describes, one in each item or several; undefined where it is no list of fields. */
export function fieldsIn(section: Section, list: ListBlock): readonly FieldRow[] | undefined {
  const listed = listedFields(section, list);
  const keyed = keyedFields(list.items);
  return keyed && keyed.length > (listed?.length ?? 0) ? keyed : listed;
}

/** Typed lists; untyped ones only where a heading says that these are attributes. */
function listedFields(section: Section, list: ListBlock): FieldRow[] | undefined {
  const isMethod = (item: Item): boolean => /^`?[a-z]\w*\([^)]*\)`?\s*(?:[:：—–-]|$)/.test(item.raw);
  const items = list.items.filter((item) => !isMethod(item));
  const fields = items.flatMap((item) => readFieldItem(item) ?? []);
  const typed = fields.filter((row) => row.type !== "");
  const areAttributes = /attributes?|fields?|properties|属性|フィールド|字段|поля|атрибуты|campos|atributos/i.test(
    labelBefore(section, list),
  );
  if (areAttributes && typed.length === 0 && fields.length < items.length / 2) return bareFields(items);
  if (areAttributes && typed.length > 0 && typed.length >= items.length * 0.2) return fields;
  if (fields.length === 0) return undefined;
  const isValueObject = headingPath(section).some((heading) => valueObjectHeading.test(heading.title));
  const named = items.filter((item) => /^\*{0,2}`\w+`/.test(item.raw)).length;
  if (isValueObject && (named === items.length || (named >= 2 && named >= items.length * 0.6))) return fields;
  if (fields.length < items.length * 0.8) return undefined;
  if (typed.length >= 2 && typed.length >= fields.length / 2) return fields;
  const isOnlyField = typed.length === 1 && fields.length === 1;
  return areAttributes || isOnlyField ? fields : undefined;
}

/** `id, workspace_id, title (1-120)`: names without a type count where a key is among them. */
function keyedFields(items: readonly Item[]): readonly FieldRow[] | undefined {
  const read = items.map(readFieldItems);
  const fields = read.flat();
  const hasKey = fields.some(({ name }) => /^(?:id|\w+_id|[a-z]\w*Id)$/.test(name));
  const isWhole = read.every((rows) => rows.length > 0) && fields.length > 1;
  return hasKey && isWhole ? fields : undefined;
}

/** `- display_name`: names that a label above calls fields. */
function bareFields(items: readonly Item[]): FieldRow[] | undefined {
  const names = items.map((item) => fieldNames(readFieldItem(item)?.name ?? item.raw));
  const unread = names.filter((found) => found.length === 0).length;
  if (items.length === 0 || unread > items.length * 0.5) return undefined;
  const empty = { type: "", required: undefined, constraints: "", description: "", default: "", location: "" };
  return names.flatMap((found, index) => found.map((name) => ({ ...empty, name, line: items[index]?.line ?? 1 })));
}

function labelBefore(section: Section, block: Block): string {
  const index = section.blocks.indexOf(block);
  const before = section.blocks[index - 1];
  const label = before?.type === "paragraph" ? plainText(before.raw.split("\n").at(-1) ?? "") : "";
  return `${label} ${isPartHeading(section.title) ? section.title : ""}`;
}

/**
 * The parts of a value object that a phrase enumerates, in backticks or without: `amount (decimal(12,2), >= 0), currency`.
 * Empty where the phrase says anything else; a single word may be a description, so there are two at least.
 */
export function listedParts(phrase: string, line: number): readonly FieldRow[] {
  const parts = piecesOf(phrase.trim().replace(/\.$/, "")).flatMap((part) =>
    part.split(/\s+and\s+(?=`?\w+`?(?:\s*\(|$))/),
  );
  const rows = parts.flatMap((part): FieldRow[] => {
    const [, name, optional, said = ""] = partForm.exec(part.trim()) ?? [];
    return name === undefined
      ? []
      : [{ ...partSaid(plainText(said)), name, ...(optional && { required: false }), line }];
  });
  return rows.length === parts.length && rows.length > 1 ? rows : [];
}

const partForm = /^`?([a-z][A-Za-z0-9_]*)`?(\?)?(?:\s*\((.*)\))?$/s;

/** The type that the brackets open with, and what else they say; `g, kg` are the values. */
function partSaid(said: string): Omit<FieldRow, "name" | "line"> {
  const [first = "", ...others] = piecesOf(said);
  const rest = { constraints: "", default: "", location: "", required: undefined };
  if (isTypeText(first)) return { ...rest, type: first, description: others.join("; ") };
  const isClosed = others.length > 0 && [first, ...others].every((value) => /^["']?[A-Za-z][\w-]*["']?$/.test(value));
  if (isClosed) return { ...rest, type: `enum(${[first, ...others].join(", ")})`, description: "" };
  return { ...rest, type: "", description: [first, ...others].join("; ") };
}

/** At the commas outside of brackets; `<` and `>` compare here. */
function piecesOf(text: string): readonly string[] {
  const pieces = text.match(/(?:[^,()]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== "");
}
