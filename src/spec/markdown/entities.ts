import type { Fragment } from "../fragment.ts";
import type { DocumentKind, Entity, Field, SourceSpan, ValueObject } from "../model.ts";
import {
  type Block,
  type Fence,
  headingPath,
  type Item,
  type ListBlock,
  type Section,
  type TableBlock,
} from "./document.ts";
import { payloadIn } from "./eventText.ts";
import { type FieldRow, fieldNames, propertiesOf, readFieldItem, readFieldTable } from "./fieldTables.ts";
import { readHeaders } from "./headers.ts";
import { fieldsIn, listedParts, valueObjectHeading } from "./listedFields.ts";
import { isUsage, type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { entityNameIn, subjectSection } from "./subjects.ts";
import { cellAt, codeSpans, plainText, slug } from "./text.ts";
import { readTypeFence, schemaOfDeclaration, type TypeDeclaration } from "./typeFences.ts";
import { nestProperties } from "./typeText.ts";

/** Reads entities and value objects; in an API document the same forms are models of the contract. */
export function readEntities(reading: MarkdownReading): void {
  for (const section of reading.document.sections) {
    for (const block of section.blocks) {
      if (!reading.used.has(block) && readModelBlock(reading, section, block)) reading.used.add(block);
    }
  }
}

const aggregateHeading = /aggregate|集約|聚合|агрегат|agregado/i;
const otherHeading =
  /\b(?:events?|commands?|services?|repositor(?:y|ies)|enums?|enumerations?|dtos?|glossary|ubiquitous|use cases?|factories|policies|interfaces?|anti-corruption|adapters?)\b|イベント|サービス|リポジトリ|列挙|用語|枚举|事件|событи/i;

/** "Domain Events" and "Policies" are no entities; an "Event (Aggregate Root)" and the `Policy` of an insurance are. */
function isAboutOther(subject: Section): boolean {
  const isDeclared = /[(（][^)）]*\b(?:entity|aggregate(?: root)?|value object)\b/i.test(subject.title);
  const isOneOfThem = /^(?:entities|aggregates|aggregate roots|domain objects|value objects)$/i.test(
    subject.parent?.title ?? "",
  );
  const isSingular = /^[A-Z]?[a-z]+$/.test(entityNameIn(subject) ?? "") && !/s$/.test(entityNameIn(subject) ?? "");
  return otherHeading.test(subject.title) && !(isSingular && (isDeclared || isOneOfThem));
}

function readModelBlock(reading: MarkdownReading, section: Section, block: Block): boolean {
  const topic = topicOf(reading, section);
  if (topic === "errors" || topic === "database" || isUsage(reading, section)) return false;
  if (block.type === "fence")
    return (
      readDeclarations(reading, section, block, topic === "api") ||
      (topic === "domain" && readSketchedEntity(reading, section, block))
    );
  if (block.type !== "table" && block.type !== "list") return false;
  if (block.type === "table" && readEntityTable(reading, section, block)) return true;
  if (block.type === "list" && readEntityList(reading, section, block)) return true;
  return readDescribedModel(reading, section, block, topic);
}

/** The fields of the entity, value object or API model that the heading names. */
function readDescribedModel(
  reading: MarkdownReading,
  section: Section,
  block: TableBlock | ListBlock,
  topic: DocumentKind | undefined,
): boolean {
  const subject = subjectSection(section);
  const name = subject.depth > 0 ? entityNameIn(subject) : undefined;
  if (name === undefined || isAboutOther(subject) || definesTable(subject)) return false;
  const rows = block.type === "table" ? readFieldTable(block) : fieldsIn(section, block);
  if (!rows || rows.length === 0) return false;
  if (topic === "api") {
    const schema = { type: "object" as const, properties: nestProperties(propertiesOf(rows)) };
    reading.prose.schemas.push({ name, schema, source: spanOf(reading, subject) });
    return true;
  }
  addModel(
    reading.prose,
    {
      name,
      section: subject,
      source: spanOf(reading, { line: subject.line, endLine: block.endLine }),
      description: descriptionOf(subject),
    },
    rows,
    reading,
  );
  return true;
}

/** A section with its CREATE TABLE describes a table; the list of its columns makes no entity. */
function definesTable(section: Section): boolean {
  return section.blocks.some((block) => block.type === "fence" && /\bCREATE TABLE\b/i.test(block.excerpt.text));
}

/** What an entity or value object is besides its fields. */
export interface ModelHead {
  readonly name: string;
  readonly section: Section;
  readonly source: SourceSpan;
  readonly description: string;
}

export function addModel(into: Fragment, model: ModelHead, rows: readonly FieldRow[], reading: MarkdownReading): void {
  const seen = new Set<string>();
  const fields = rows.flatMap((row): Field[] => {
    if (seen.has(row.name)) return [];
    seen.add(row.name);
    const optional =
      row.required ??
      !/\b(?:optional|nullable)\b|任意|可选|\?(?:\s|$)|\bnull\b|\bNone\b/i.test(
        `${row.type} ${row.constraints} ${row.description}`,
      );
    return [fieldOf(model.name, row, spanOf(reading, row), optional)];
  });
  addEntity(into, model, fields);
}

function fieldOf(
  owner: string,
  row: Pick<FieldRow, "name" | "type" | "description">,
  source: SourceSpan,
  required: boolean,
): Field {
  return {
    id: `field:${owner}.${row.name}`,
    kind: "field",
    name: row.name,
    source,
    confidence: "declared",
    owner,
    type: row.type,
    required,
    ...(row.description !== "" && { description: row.description }),
  };
}

function addEntity(into: Fragment, model: ModelHead, fields: readonly Field[]): void {
  const headings = headingPath(model.section).map((heading) => heading.title);
  const base = {
    name: model.name,
    source: model.source,
    confidence: "declared" as const,
    fields,
    ...(model.description !== "" && { description: model.description }),
  };
  const own = headings.at(-1) ?? "";
  const isValueObject =
    valueObjectHeading.test(own) ||
    (headings.some((title) => valueObjectHeading.test(title)) && !aggregateHeading.test(own));
  if (isValueObject) {
    const valueObject: ValueObject = { ...base, id: `valueObject:${model.name}`, kind: "valueObject" };
    into.valueObjects.push(valueObject);
    return;
  }
  const notes = model.section.blocks.flatMap((block) => (block.type === "paragraph" ? block.raw : [])).join("\n");
  const aggregateRoot =
    /aggregate root|集約ルート|聚合根|корень агрегата/i.test(`${own} ${notes}`) ||
    (aggregateHeading.test(own) && !/^entities/i.test(own));
  const entity: Entity = { ...base, id: `entity:${model.name}`, kind: "entity", aggregateRoot };
  into.entities.push(entity);
}

function descriptionOf(section: Section): string {
  const paragraph = section.blocks.find((block) => block.type === "paragraph" && !/[:：]\*{0,2}$/.test(block.raw));
  const text = paragraph?.type === "paragraph" ? plainText(paragraph.raw.split("\n")[0] ?? "") : "";
  return text.replace(/^(?:purpose|description|目的|説明)\s*[:：]\s*/i, "");
}

/** `Entity | Description`, `Value object | Fields`: names, with fields where a cell lists them in backticks. */
function readEntityTable(reading: MarkdownReading, section: Section, table: TableBlock): boolean {
  const first = table.header[0] ?? "";
  const headers = readHeaders(table.header);
  const isNamed = headers.find("entity") === 0 || valueObjectHeading.test(first);
  const isPlain =
    headers.find("field") === 0 && headers.find("type") === undefined && valueObjectHeading.test(section.title);
  if (!isNamed && !isPlain) return false;
  const fieldsColumn = table.header.findIndex((title) => /fields?|attributes?|properties|属性|フィールド/i.test(title));
  const description = headers.find("description");
  for (const row of table.rows) {
    const name = plainText(cellAt(row.cells, 0)).replace(/\s*[(（].*$/, "");
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    const source = spanOf(reading, row);
    const fields = codeSpans(cellAt(row.cells, fieldsColumn === -1 ? undefined : fieldsColumn)).flatMap(
      (text): Field[] => {
        const [field = "", type = ""] = text.split(/\s*:\s*/);
        return /^[A-Za-z_]\w*$/.test(field)
          ? [fieldOf(name, { name: field, type, description: "" }, source, true)]
          : [];
      },
    );
    const pseudo: Section = { ...section, title: valueObjectHeading.test(first) ? "Value Object" : section.title };
    addEntity(
      fields.length > 0 ? reading.prose : reading.outline,
      { name, section: pseudo, source, description: plainText(cellAt(row.cells, description)) },
      fields,
    );
  }
  return true;
}

const entityListHeading =
  /\b(?:entities|aggregates|aggregate roots|domain objects|value objects)\b|エンティティ一覧|实体|聚合|сущности|entidades/i;
const listedEntity = /^(?:\*\*|`|__)+([A-Z][A-Za-z0-9]+)(?:\*\*|`|__)+\s*(?:\([^)]*\)\s*)?(?:[:：—–-]\s*(.*))?$/s;

/** ``- `Tenant`: who pays`` under a heading "Entities": names, for designs that stop there. */
function readEntityList(reading: MarkdownReading, section: Section, list: ListBlock): boolean {
  if (!entityListHeading.test(section.title) || entityNameIn(section) !== undefined) return false;
  if (readInlineModels(reading, section, list)) return true;
  const found = list.items.flatMap((item) => {
    const match = listedEntity.exec(item.raw);
    return match?.[1] === undefined ? [] : [{ item, name: match[1], said: match[2] ?? "" }];
  });
  if (found.length === 0 || found.length < list.items.length / 2) return false;
  for (const { item, name, said } of found) {
    const source = spanOf(reading, item);
    const parts = valueObjectHeading.test(section.title) ? listedParts(said, item.line) : [];
    if (parts.length > 0) {
      addModel(reading.prose, { name, section, source, description: "" }, parts, reading);
      continue;
    }
    const fields = item.children
      .flatMap((child) => fieldNames(child.raw).map((field) => ({ field, source: spanOf(reading, child) })))
      .map((child) => fieldOf(name, { name: child.field, type: "", description: "" }, child.source, true));
    addEntity(reading.outline, { name, section, source, description: plainText(said) }, uniqueFields(fields));
  }
  return true;
}

const inlineModel =
  /^(?:\*\*|`|__)*([A-Z]\w*)(?:\*\*|__)*(?:\s*[({](.*?)[)}]`?(?=\s|[:：.,]|$)|(?:\*\*|`|__)*\s*[:：]\s+(.*)$)/s;

/** `- Money { amount: decimal, currency: string }`, `` - `Email(value: string)` ``, `- **Address**: street: string, zip: string`. */
function readInlineModels(reading: MarkdownReading, section: Section, list: ListBlock): boolean {
  const found = list.items.flatMap((item) => {
    const [, name = "", bracketed, listed] = inlineModel.exec(item.raw) ?? [];
    const fields = payloadIn(bracketed ?? listed ?? "");
    return fields.some(({ type }) => type !== "") ? [{ item, name, fields }] : [];
  });
  if (found.length === 0 || found.length < list.items.length / 2) return false;
  for (const { item, name, fields } of found) {
    const source = spanOf(reading, item);
    const own = fields.map((field) => fieldOf(name, { ...field, description: "" }, source, field.required));
    addEntity(reading.prose, { name, section, source, description: "" }, uniqueFields(own));
  }
  return true;
}

const sketchLanguages = ["", "yaml", "yml", "text", "plaintext", "txt"];

/** A fence of `name: Type - note` lines under the entity's heading, with or without its name on top. */
function readSketchedEntity(reading: MarkdownReading, section: Section, fence: Fence): boolean {
  const subject = subjectSection(section);
  const name = subject.depth > 0 ? entityNameIn(subject) : undefined;
  if (name === undefined || !sketchLanguages.includes(fence.language) || otherHeading.test(subject.title)) return false;
  const { text, line } = fence.excerpt;
  const lines = text
    .split("\n")
    .map(
      (raw, index): Item => ({
        raw: raw.trim().replace(/^[-*]\s+/, ""),
        line: line + index,
        endLine: line + index,
        children: [],
      }),
    )
    .filter(({ raw }) => raw !== "" && !/^[{}]|^[#/]/.test(raw));
  const body = lines.filter(({ raw }, index) => index > 0 || !new RegExp(`^${name}\\b`).test(raw));
  const rows = body.flatMap((item) => readFieldItem(item) ?? []).filter((row) => row.type !== "");
  if (rows.length < 2 || rows.length < body.length * 0.8) return false;
  const source = spanOf(reading, { line: subject.line, endLine: fence.endLine });
  addModel(reading.prose, { name, section: subject, source, description: descriptionOf(subject) }, rows, reading);
  return true;
}

function readDeclarations(reading: MarkdownReading, section: Section, fence: Fence, isApi: boolean): boolean {
  const declarations = readTypeFence(fence);
  const about = headingPath(section)
    .map((heading) => heading.title)
    .slice(1)
    .join(" / ");
  if (declarations.length === 0) return false;
  for (const declaration of declarations) {
    if (isApi) {
      const { name, source } = declaration;
      reading.prose.schemas.push({ name, schema: schemaOfDeclaration(declaration), source });
    } else if (isModel(declaration, about)) addDeclared(reading, section, declaration);
  }
  return true;
}

const technicalName =
  /(?:Service|Repository|Controller|Handler|Factory|Event|Command|Query|Request|Response|Create|Update|Patch|Payload|Input|Output|Dto|DTO|Error|Exception|Props|Protocol|Port|Client|UseCase|Interface|Created|Updated|Deleted)$/;

function isModel(declaration: TypeDeclaration, about: string): boolean {
  if (declaration.kind === "enum" || declaration.fields.length === 0) return false;
  const isTechnical =
    technicalName.test(declaration.name) ||
    declaration.bases.some((base) => /Error|Exception|Event|Protocol|ABC/.test(base));
  const isScreen = /State$/.test(declaration.name) && !about.includes(declaration.name);
  return (
    !isTechnical &&
    !isScreen &&
    !(otherHeading.test(about) && !valueObjectHeading.test(about) && !/entit|aggregate/i.test(about))
  );
}

function addDeclared(reading: MarkdownReading, section: Section, declaration: TypeDeclaration): void {
  const path = reading.document.excerpt.path;
  const fields = declaration.fields.map((field) => {
    const source = { path, line: field.line, endLine: field.line };
    const required = !field.optional && !/\|\s*(?:null|undefined|None)\b|^Optional\[/.test(field.type);
    return fieldOf(
      declaration.name,
      { name: field.name, type: field.type, description: field.comment },
      source,
      required,
    );
  });
  const isValue = declaration.bases.some((base) => /ValueObject/.test(base)) || /shared kernel/i.test(section.title);
  const about: Section = isValue ? { ...section, title: "Value Object" } : section;
  addEntity(
    reading.prose,
    { name: declaration.name, section: about, source: declaration.source, description: "" },
    uniqueFields(fields),
  );
  for (const invariant of declaration.invariants) {
    const prefix = `${slug(declaration.name)}-invariants-`;
    const index = reading.prose.rules.filter((rule) => rule.name.startsWith(prefix)).length + 1;
    const name = `${prefix}${index}`;
    const source = { path, line: invariant.line, endLine: invariant.line };
    reading.prose.rules.push({
      id: `rule:${name}`,
      kind: "rule",
      name,
      source,
      confidence: "declared",
      text: invariant.text,
      entity: declaration.name,
    });
  }
}

function uniqueFields(fields: readonly Field[]): Field[] {
  return fields.filter((field, index) => fields.findIndex((other) => other.name === field.name) === index);
}
