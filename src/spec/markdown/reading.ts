import { fileName } from "../../support/fileName.ts";
import { lineNaming } from "../excerpt.ts";
import { createFragment, type Fragment, ranks } from "../fragment.ts";
import type { DocumentKind, SourceSpan } from "../model.ts";
import type { Recall } from "../recall.ts";
import { createNameRegistry, type NameRegistry } from "../sql/names.ts";
import { type Block, headingPath, type MarkdownDocument, type Section } from "./document.ts";

/** One document while its readers go over it. What a reader takes it adds to `used`. */
export interface MarkdownReading {
  readonly path: string;
  readonly document: MarkdownDocument;
  /** What the title or, failing that, the file name announces. */
  readonly announced: DocumentKind | undefined;
  readonly formal: Fragment;
  readonly sql: Fragment;
  readonly prose: Fragment;
  readonly outline: Fragment;
  readonly diagram: Fragment;
  readonly names: NameRegistry;
  readonly used: Set<Block>;
  readonly recall: Recall;
}

export function startReading(document: MarkdownDocument, recall: Recall): MarkdownReading {
  const { path } = document.excerpt;
  const title = document.sections.find((section) => section.depth === 1)?.title ?? "";
  const words = fileName(path).replace(/[-_.]/g, " ");
  return {
    path,
    document,
    announced:
      announcedBy(title) ?? topicIn(words) ?? (/\bschemas?\b/i.test(`${title} ${words}`) ? "database" : undefined),
    formal: createFragment(path, ranks.formal),
    sql: createFragment(path, ranks.sqlFence),
    prose: createFragment(path, ranks.prose),
    outline: createFragment(path, ranks.outline),
    diagram: createFragment(path, ranks.diagram),
    names: createNameRegistry(),
    used: new Set(),
    recall,
  };
}

export function fragmentsOf(reading: MarkdownReading): Fragment[] {
  return [reading.formal, reading.sql, reading.prose, reading.outline, reading.diagram];
}

/** The subject of a section: of its own heading, else of the nearest one above, else of the document. */
export function topicOf(reading: MarkdownReading, section: Section): DocumentKind | undefined {
  for (const heading of headingPath(section).toReversed()) {
    const topic = heading.depth === 1 ? undefined : topicIn(heading.title);
    if (topic) return topic;
  }
  return reading.announced;
}

/** A README that announces no design shows how something is used: the types and rules in it are a package's own. */
export function isUsage(reading: MarkdownReading, section: Section): boolean {
  return /(?:^|\/)readme[^/]*$/i.test(reading.path) && topicOf(reading, section) === undefined;
}

/** "Entities API" is about the API, whatever else the title names. */
function announcedBy(title: string): DocumentKind | undefined {
  const topic = topicIn(title);
  return topic === "domain" && /\bAPIs?\b|\bendpoints?\b/i.test(title) ? "api" : topic;
}

const topics: readonly (readonly [DocumentKind, RegExp])[] = [
  [
    "errors",
    /\b(?:errors?|exceptions?|failures?|error[- ]handling|problem details)\b|エラー|例外|错误|异常|ошиб|오류|에러|errores|erros|erreurs|errori|fehler/i,
  ],
  [
    "domain",
    /\b(?:domain|entity(?![- ]relation)|entities|aggregates?|value objects?|business rules?|invariants?|state machines?|state transitions?|lifecycles?|bounded contexts?)\b|ドメイン|エンティティ|集約|値オブジェクト|不変条件|领域|实体|聚合|值对象|домен|сущност|агрегат|инвариант|도메인|엔티티|dominio|domínio|entidad(?!.relaci)|entité|entität|domäne|geschäftsregel/i,
  ],
  [
    "database",
    /\b(?:database|db|(?:table|sql|data|relational) schemas?|schema (?:design|definitions?)|tables?|ddl|indexes|indices|rls|row[- ]level|sql|persistence|storage|erd|er diagram|entity[- ]relation(?:ship)?s?)\b|entidad.relaci|データベース|テーブル|インデックス|数据库|数据表|索引|база данных|таблиц|데이터베이스|테이블|base de datos|banco de dados|base de données|datenbank|tabellen/i,
  ],
  [
    "api",
    /\b(?:api|apis|endpoints?|rest|routes|openapi|http)\b|エンドポイント|接口|эндпоинт|엔드포인트|schnittstelle|endpunkt/i,
  ],
];

function topicIn(title: string): DocumentKind | undefined {
  return topics.find(([, words]) => words.test(title))?.[0];
}

/** The line of a passage that names the text, so that a click opens it; else where the passage begins. */
export function spanNaming(
  reading: MarkdownReading,
  passage: { readonly line: number; readonly endLine: number },
  text: string,
): SourceSpan {
  return spanOf(reading, { line: lineNaming(reading.document.excerpt, passage, text) ?? passage.line });
}

export function spanOf(
  reading: MarkdownReading,
  block: { readonly line: number; readonly endLine?: number },
): SourceSpan {
  return { path: reading.path, line: block.line, endLine: block.endLine ?? block.line };
}
