import type { Section, TableBlock } from "./document.ts";
import { codeSpans, plainText, withoutNumber } from "./text.ts";

/** Headings that name a part of what the heading above is about. */
const partHeading =
  /^(?:key |important |main |核心|主要)?(?:attributes?|fields?|properties|columns?|schema|structure|definition|table definition|data|details?|indexes|indices|constraints?|keys|relationships?|relations|validation(?: rules)?|business rules?|rules|invariants?|state (?:transitions?|machine)|states?|status(?:es)?|lifecycle|transitions?|purpose|description|notes?|policies|rls(?: policies)?|row[- ]level security|enums?|typescript interface|python|sql|ddl|model|属性|フィールド|カラム|制約|インデックス|関連|不変条件|ルール|状態遷移|字段|关系|约束|索引|状态|поля|атрибуты|связи|индексы|правила|инварианты|campos|atributos|reglas|regras)\s*[:：]?(?:\s*[(（].*)?$/i;

/** The section whose heading names what this one describes. */
export function subjectSection(section: Section): Section {
  let current = section;
  while (isPart(current) && current.parent && current.parent.depth > 0) current = current.parent;
  return current;
}

export function isPartHeading(title: string): boolean {
  return partHeading.test(withoutNumber(title));
}

/** `` `notes` ``, `Transition (entity)` and `Note` under `Models` are things, though notes and transitions are parts elsewhere. */
function isPart(section: Section): boolean {
  const isThing =
    /^`[^`]+`$/.test(withoutNumber(section.raw)) ||
    declaredThing.test(section.title) ||
    (oneOfMany.test(withoutNumber(section.title)) && collection.test(withoutNumber(section.parent?.title ?? ""))) ||
    (manyOfMany.test(withoutNumber(section.title)) &&
      isOfTables(section.parent) &&
      section.blocks.some((block) => block.type === "table" && isOfColumns(block)));
  return !isThing && isPartHeading(section.title);
}

/** Words that name a part in the plural, and in the singular a thing. */
const oneOfMany = /^(?:note|rule|key|state|transition|policy|enum|index)$/i;
const collection =
  /^(?:(?:domain|data|database|core) )?(?:models|entities|aggregates|tables|value objects|resources)$/i;

/** Parts by their names, and tables when they have columns of their own in a chapter of tables. */
const manyOfMany = /^(?:policies|rules|notes|keys|states|statuses|transitions)$/i;
const ofTables = /^(?:(?:domain|data|database|core|db) )?(?:tables|schema|model|design)$|^schema$|^database$/i;

/** A chapter of tables, or the document that has them right below its title. */
function isOfTables(parent: Section | undefined): boolean {
  const title = withoutNumber(parent?.title ?? "");
  return ofTables.test(title) || (parent?.depth === 1 && /\b(?:database|db|schema|tables)\b/i.test(title));
}

function isOfColumns({ header }: TableBlock): boolean {
  return (
    header.some((title) => /^columns?$/i.test(title)) && header.some((title) => /^(?:data |sql )?type$/i.test(title))
  );
}

const declaredThing = /[(（][^)）]*\b(?:entity|value object|aggregate)\b/i;

/** Headings over what holds for many tables, or over the indexes of many. */
const groupHeading =
  /\b(?:conventions?|optimi[sz]ations?|strategy|principles|guidelines|overview|naming|common|standard|shared|summary)\b/i;

/** A chapter that is headed like an identifier; `account_summary` may be a table. */
const groupName = /^\w+_(?:conventions?|optimi[sz]ations?|strategy|principles|guidelines|considerations)$/i;

const chapterHeading =
  /^(?:decision|context|consequences|design|solution|proposal|background|entities|aggregates|value objects|domain model|tables|overview)$/i;

/** Headings that say which part of a document follows, and never what it is about. */
export function isChapter(section: Section): boolean {
  return chapterHeading.test(withoutNumber(section.title));
}

/** The table a heading names: `` ### 3.2 `orders` ``, `Table: orders`, `Order Items`, `users（ユーザー）`. */
export function tableNameIn(section: Section): string | undefined {
  const span = codeSpans(section.raw).find((text) => /^[A-Za-z_][\w.]*$/.test(text));
  if (span !== undefined) return span;
  if (groupHeading.test(section.title) || groupName.test(section.title)) return undefined;
  const title = bareTitle(section.title)
    .replace(/^(?:tables?|entity|tabelle|entität|テーブル|表)\s*[:：]?\s+/i, "")
    .replace(/\s*(?:tables?|テーブル|表|таблица)$/i, "");
  if (/^[A-Za-z_][\w.]*$/.test(title)) return title;
  const translated = translatedName(section.title);
  if (translated !== undefined) return translated;
  return /^[A-Z][a-z]+(?: [A-Z]?[a-z]+){1,3}$/.test(title) ? title.toLowerCase().replaceAll(" ", "_") : undefined;
}

const decoration =
  /\b(?:aggregate root|root entity|aggregates?|entity|entities|value objects?|model|class|domain|object|collection)\b|エンティティ|集約ルート|集約|値オブジェクト|实体|聚合根?|值对象|сущность|агрегат/giu;

/** The entity a heading names: `### Employee（社員）`, `#### Family (aggregate root)`, `Order Item`. */
export function entityNameIn(section: Section): string | undefined {
  const span = codeSpans(section.raw).find((text) => /^[A-Za-z_]\w*$/.test(text));
  if (span !== undefined) return span;
  const [, label, plain = ""] = /^([^:：]{0,20}[:：]\s*)?(.*)$/s.exec(bareTitle(section.title)) ?? [];
  const undecorated = plain.replace(decoration, " ").trim();
  // "Entity: Entity" is about a thing that is really called so.
  const title = undecorated === "" && label !== undefined ? plain : undecorated;
  if (/^[A-Za-z_]\w*$/.test(title)) return title;
  const translated = /^([A-Z]\w*)\s+[^\x20-\x7E][^A-Za-z]*$/.exec(title)?.[1] ?? translatedName(section.title);
  if (translated !== undefined) return translated;
  if (!/^[A-Z][A-Za-z0-9]*(?:[ -][A-Z][A-Za-z0-9]*){1,3}$/.test(title)) return undefined;
  return title.split(/[ -]/).join("");
}

/** `予約（reservations）`: the identifier stands behind the word for it. */
function translatedName(title: string): string | undefined {
  return /^(?:\d[\d.]*[.)]?\s+)?[^\x20-\x7E]+\s*[(（]`?([A-Za-z_]\w*)`?[)）]$/.exec(title)?.[1];
}

function bareTitle(title: string): string {
  return withoutNumber(plainText(title))
    .replace(/\s*[(（[【].*$/, "")
    .replace(/\s+[—–-]\s+.*$/, "")
    .trim();
}
