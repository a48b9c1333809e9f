import { foreignSql, foreignStore } from "../dialect.ts";
import { dbmlTable } from "../documentForm.ts";
import type { Excerpt } from "../excerpt.ts";
import type { Fragment } from "../fragment.ts";
import { readDbml } from "../notations/dbml.ts";
import { drizzleTable, readDrizzle } from "../notations/drizzle.ts";
import { readPrisma } from "../notations/prisma.ts";
import { pythonTable, readPythonTables } from "../notations/pythonTables.ts";
import { readOpenApi } from "../openapi/readOpenApi.ts";
import { parseYaml, type YamlLibrary } from "../openapi/yamlSource.ts";
import type { Problem } from "../reading.ts";
import type { Recall } from "../recall.ts";
import { readSql } from "../sql/readSql.ts";
import { readDatabaseSections } from "./databaseSections.ts";
import { type Fence, type Obstacle, parseMarkdown, type Section } from "./document.ts";
import { readDomainEvents } from "./domainEvents.ts";
import { readEndpoints } from "./endpoints.ts";
import { readEntities } from "./entities.ts";
import { readEntitySentences } from "./entitySentences.ts";
import { readErrorSections } from "./errorSections.ts";
import { isExternalTable } from "./externalTables.ts";
import { readMermaid } from "./mermaid.ts";
import { readNamedShapes } from "./namedShapes.ts";
import { readNameLists } from "./nameLists.ts";
import { notUnderstood } from "./notUnderstood.ts";
import { readPlantUml } from "./plantUml.ts";
import { readRateLimitTables } from "./rateLimitTables.ts";
import { fragmentsOf, type MarkdownReading, startReading } from "./reading.ts";
import { readRetryPolicies } from "./retryPolicies.ts";
import { readRules } from "./rules.ts";
import { readStateMachines } from "./stateMachines.ts";
import { rowProblems } from "./tableRows.ts";
import { isSketch, readTableSketch } from "./tableSketches.ts";

/**
 * Reads the forms in which designs are written in Markdown, all four kinds over one parse. Every
 * reader leaves alone what an earlier one took, so the most specific forms come first.
 */
export function readMarkdown(excerpt: Excerpt, library: YamlLibrary, recall: Recall): Fragment[] {
  const reading = startReading(parseMarkdown(excerpt, recall), recall);
  for (const section of reading.document.sections) {
    for (const block of section.blocks) {
      if (block.type === "fence" && readFence(reading, library, section, block)) reading.used.add(block);
    }
  }
  readPrismaFences(reading);
  readDrizzleFences(reading);
  readRateLimitTables(reading);
  readDomainEvents(reading);
  readNamedShapes(reading);
  readEndpoints(reading);
  readStateMachines(reading);
  readRetryPolicies(reading);
  readErrorSections(reading);
  const store = foreignStore(excerpt.path, excerpt.text);
  if (store && reading.announced === "database") reading.prose.problems.push(store);
  else readDatabaseSections(reading);
  readPythonFences(reading);
  readRules(reading);
  readEntities(reading);
  readEntitySentences(reading);
  readNameLists(reading);
  reading.prose.notUnderstood.push(...notUnderstood(reading));
  reading.prose.problems.push(...rowProblems(reading));
  reading.prose.problems.push(...reading.document.obstacles.map((obstacle) => obstacleProblem(reading.path, obstacle)));
  return fragmentsOf(reading);
}

const obstacleMessages: Readonly<Record<Obstacle["what"], string>> = {
  "long line":
    "This line has more than 10000 characters or 100 levels, which no design has, so it was passed over; break it, or move embedded data into a file of its own.",
  "open fence": "The fence that opens here is never closed and hides the rest of the document; close it.",
  "open comment": "The comment that opens here is never closed and hides the rest of the document; close it.",
};

function obstacleProblem(path: string, { line, what }: Obstacle): Problem {
  const code = what === "long line" ? "SPEC-LONG-LINE" : "SPEC-OPEN-END";
  return { path, line, severity: "warning", code, message: obstacleMessages[what] };
}

/** One schema, though every model may have a fence and a heading of its own. */
function readPrismaFences(reading: MarkdownReading): void {
  const blocks = reading.document.sections.flatMap((section) => section.blocks);
  const fences = blocks.filter((block) => block.type === "fence" && block.language === "prisma");
  const excerpts = fences.flatMap((block) => (block.type === "fence" ? block.excerpt : []));
  if (excerpts.length > 0) readPrisma(reading, excerpts, reading.prose);
  for (const fence of fences) reading.used.add(fence);
}

/** As with Prisma, a fence refers to the tables of the others. */
function readDrizzleFences(reading: MarkdownReading): void {
  const fences = reading.document.sections
    .flatMap((section) => section.blocks)
    .flatMap((block) => (block.type === "fence" && /\bpg(?:Table|Enum)\(/.test(block.excerpt.text) ? [block] : []));
  const excerpts = fences.map((fence) => fence.excerpt);
  if (excerpts.some((excerpt) => drizzleTable.test(excerpt.text))) readDrizzle(reading, excerpts, reading.prose);
  for (const fence of fences) reading.used.add(fence);
}

/** The models of a library for tables; what the document says in another form, too, is read from that one. */
function readPythonFences(reading: MarkdownReading): void {
  const fences = reading.document.sections
    .flatMap((section) => section.blocks)
    .flatMap((block) => (block.type === "fence" && ["python", "py"].includes(block.language) ? [block] : []));
  const excerpts = fences.map(({ excerpt }) => excerpt);
  if (!excerpts.some(({ text }) => pythonTable.test(text))) return;
  const known = new Set([...reading.prose.tables, ...reading.sql.tables].map(({ name }) => name));
  const lines = readPythonTables(reading, excerpts, { into: reading.prose, known });
  for (const fence of fences) {
    if (lines.some((line) => fence.line <= line && line <= fence.endLine)) reading.used.add(fence);
  }
}

const sqlLanguages = ["sql", "postgresql", "postgres", "pgsql", "plpgsql", "psql", "ddl"];

/** Fences that are a formal notation of their own. */
function readFence(reading: MarkdownReading, library: YamlLibrary, section: Section, fence: Fence): boolean {
  const { language, excerpt } = fence;
  const isOpen = language === "";
  if (sqlLanguages.includes(language) || (isOpen && /^\s*CREATE\s+(?:TABLE|TYPE|INDEX|UNIQUE)\b/i.test(excerpt.text)))
    return readSqlFence(reading, section, fence);
  if (language === "mermaid") return readMermaid(reading, section, fence);
  if (["plantuml", "puml", "uml"].includes(language)) return readPlantUml(reading, section, fence);
  if (language === "dbml" || (isOpen && dbmlTable.test(excerpt.text))) {
    readDbml(reading, excerpt, reading.sql);
    return true;
  }
  return ["yaml", "yml", "json", "openapi", ""].includes(language) && readOpenApiFence(reading, library, fence);
}

function readSqlFence(reading: MarkdownReading, section: Section, fence: Fence): boolean {
  const { text, path, line } = fence.excerpt;
  const foreign = foreignSql(path, text, line);
  if (foreign) {
    const { problems } = reading.sql;
    if (!problems.some((problem) => problem.code === foreign.code)) problems.push(foreign);
    return true;
  }
  if (isSketch(text)) return readTableSketch(reading, fence);
  const { tables } = reading.sql;
  const before = tables.length;
  readSql({
    excerpt: fence.excerpt,
    names: reading.names,
    into: reading.sql,
    keepsData: false,
    recall: reading.recall,
  });
  if (isExternalTable(section, section, fence))
    tables.push(...tables.splice(before).map((table) => ({ ...table, external: true as const })));
  return true;
}

function readOpenApiFence(reading: MarkdownReading, library: YamlLibrary, fence: Fence): boolean {
  if (!/^\s*["{]?\s*["']?(?:openapi|swagger|paths)["']?\s*:/.test(fence.excerpt.text)) return false;
  const source = parseYaml(fence.excerpt, reading.recall);
  reading.formal.problems.push(...source.problems);
  readOpenApi({ source, library, into: reading.formal, broken: new Set() });
  return true;
}
