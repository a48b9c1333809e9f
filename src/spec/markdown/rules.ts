import type { Rule } from "../model.ts";
import type { Block, Item, Section, TableBlock } from "./document.ts";
import { codesInCell } from "./errorTables.ts";
import { readHeaders } from "./headers.ts";
import { isUsage, type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { entityNameIn, isChapter, subjectSection } from "./subjects.ts";
import { cellAt, plainText, slug, withoutNumber } from "./text.ts";

const ruleHeading =
  /invariants?|business rules?|domain rules?|validation rules?|^rules:?$|constraints? and rules|policies and rules|不変条件|ビジネスルール|業務ルール|バリデーション(?:ルール)?|业务规则|不变量|校验规则|бизнес-правила|инвариант|правила|reglas de negocio|regras de neg[oó]cio|invariantes|불변|비즈니스 규칙|règles/i;

const ownId = /^[[(]?\*{0,2}`?([A-Z]{1,6}-?[A-Z]{0,6}-?\d+(?:\.\d+)?)`?\*{0,2}[\])]?\s*[:：.—–-]*\s*/;

/** Reads invariants and business rules: lists and tables under such a heading or label, or with rule ids. */
export function readRules(reading: MarkdownReading): void {
  for (const section of reading.document.sections) {
    let label = "";
    for (const block of section.blocks) {
      if (block.type === "paragraph") label = lastLabel(block.raw);
      else if (!reading.used.has(block) && readRuleBlock(reading, section, block, label)) reading.used.add(block);
    }
  }
}

function lastLabel(raw: string): string {
  const line = plainText(raw.split("\n").at(-1) ?? "");
  return /[:：]$/.test(line) && line.length < 80 ? line : "";
}

function readRuleBlock(reading: MarkdownReading, section: Section, block: Block, label: string): boolean {
  const topic = topicOf(reading, section);
  const title = label === "" ? section.title : label;
  const isElsewhere = topic === "errors" || topic === "api" || isUsage(reading, section);
  const isRuleSection = ruleHeading.test(title) && !isElsewhere;
  if (block.type === "table") return readRuleTable(reading, section, block, isRuleSection);
  if (block.type !== "list") return false;
  const rules = block.items.filter((item) => isRuleSection || isIdentified(item));
  for (const item of rules) addRule(reading, section, { raw: item.raw, line: item.line, endLine: item.endLine, label });
  return rules.length > 0;
}

/** `BR-1: …`, `INV-2 — …` are rules under any heading; user stories and requirements are not rules of the domain. */
function isIdentified(item: Item): boolean {
  const id = ownId.exec(item.raw)?.[1] ?? "";
  return /^(?:BR|INV|R|RULE|DR|VR|BL|POL)-?\w*\d/.test(id);
}

interface RuleText {
  readonly raw: string;
  readonly line: number;
  readonly endLine: number;
  readonly label: string;
  readonly id?: string;
  readonly entity?: string;
}

function addRule(reading: MarkdownReading, section: Section, rule: RuleText): void {
  const own = rule.id ?? ownId.exec(rule.raw)?.[1];
  const text = plainText(rule.raw.replace(ownId, "")).replace(/^\[[ x]\]\s*/i, "");
  if (text === "") return;
  const entity = rule.entity ?? entityOf(section);
  const name = own ?? madeName(reading, section, rule.label, entity);
  const read: Rule = {
    id: `rule:${name}`,
    kind: "rule",
    name,
    source: spanOf(reading, rule),
    confidence: "declared",
    text,
    ...(entity !== undefined && { entity }),
  };
  reading.prose.rules.push(read);
}

/** Heading and position, which stay when lines move. */
function madeName(reading: MarkdownReading, section: Section, label: string, entity: string | undefined): string {
  const part = slug(withoutNumber(label === "" ? section.title : label)).replace(/-+$/, "");
  const prefix = entity === undefined || part.includes(slug(entity)) ? part : `${slug(entity)}-${part}`;
  const taken = new Set(reading.prose.rules.map((rule) => rule.name));
  let ordinal = 1;
  while (taken.has(`${prefix}-${ordinal}`)) ordinal++;
  return `${prefix}-${ordinal}`;
}

/** The entity a rule section belongs to; a chapter "Business rules" belongs to none. */
function entityOf(section: Section): string | undefined {
  const subject = subjectSection(section);
  if (subject.depth <= 1 || ruleHeading.test(subject.title)) return undefined;
  return isChapter(subject) ? undefined : entityNameIn(subject);
}

function readRuleTable(reading: MarkdownReading, section: Section, table: TableBlock, isRuleSection: boolean): boolean {
  const headers = readHeaders(table.header);
  const ruleColumn = headers.find("rule", "description");
  const idColumn = headers.find("id");
  const isRuleTable =
    ruleColumn !== undefined &&
    (isRuleSection || (headers.has("rule") && idColumn !== undefined && idColumn !== ruleColumn));
  if (!isRuleTable || headers.has("path") || headers.has("type")) return false;
  const entityColumn = headers.find("entity");
  const codeColumn = headers.all("code").find((column) => column !== idColumn && column !== ruleColumn);
  let found = false;
  for (const row of table.rows) {
    const id = plainText(cellAt(row.cells, idColumn));
    const raw = cellAt(row.cells, ruleColumn);
    const entity = plainText(cellAt(row.cells, entityColumn));
    if (raw === "") continue;
    found = true;
    const [code] = codesInCell(cellAt(row.cells, codeColumn)).filter((word) => !raw.includes(word));
    addRule(reading, section, {
      raw: code === undefined ? raw : `${raw.replace(/\.\s*$/, "")} (${code})`,
      line: row.line,
      endLine: row.line,
      label: "",
      ...(/^[A-Z]+[\w.-]*\d/.test(id) && { id }),
      ...(/^[A-Za-z_]\w*$/.test(entity) && { entity }),
    });
  }
  return found;
}
