import { createExcerpt, lineAt } from "./excerpt.ts";
import type { Problem } from "./reading.ts";

interface Dialect {
  readonly name: string;
  readonly marks: RegExp;
  readonly advice: string;
}

const sqlDialects: readonly Dialect[] = [
  {
    name: "MySQL",
    marks:
      /\bAUTO_INCREMENT\b|\bENGINE\s*=\s*\w+|\b(?:INT|INTEGER|BIGINT|SMALLINT|TINYINT)(?:\(\d+\))?\s+UNSIGNED\b|\bON\s+UPDATE\s+CURRENT_TIMESTAMP\b|\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?`|^\s*\w+\s+ENUM\s*\(\s*'/im,
    advice: "rewrite the tables in PostgreSQL's SQL",
  },
  { name: "SQLite", marks: /\bAUTOINCREMENT\b/i, advice: "rewrite the tables in PostgreSQL's SQL" },
  {
    name: "SQL Server",
    marks: /\bNVARCHAR\s*\(|\bUNIQUEIDENTIFIER\b|\bIDENTITY\s*\(\s*\d|\bDATETIME2\b|\[dbo\]/i,
    advice: "rewrite the tables in PostgreSQL's SQL",
  },
  { name: "Oracle", marks: /\bVARCHAR2\s*\(|\bNUMBER\s*\(\d/i, advice: "rewrite the tables in PostgreSQL's SQL" },
];

/** Names the database a script is written for when it is not PostgreSQL; its statements would only be garbage. */
export function foreignSql(path: string, text: string, line = 1): Problem | undefined {
  const bare = text.replace(/--[^\n]*/g, (comment) => " ".repeat(comment.length));
  for (const dialect of sqlDialects) {
    const match = dialect.marks.exec(bare);
    if (match) return dialectProblem(dialect, path, lineAt(createExcerpt(path, text, line), match.index));
  }
  return undefined;
}

const storeAdvice = "design the tables for PostgreSQL, this engine writes no other persistence";

const stores: readonly Dialect[] = [
  { name: "DynamoDB", marks: /\bDynamoDB\b|\bpartition key\b/gi, advice: storeAdvice },
  { name: "MongoDB", marks: /\bMongoDB\b|\bmongoose\b|\bdb\.createCollection\b/gi, advice: storeAdvice },
  { name: "Firestore", marks: /\bFirestore\b/gi, advice: storeAdvice },
  { name: "Cassandra", marks: /\bCassandra\b/gi, advice: storeAdvice },
];

/** Names the store a database design in prose is made for; a passing mention is not enough. */
export function foreignStore(path: string, text: string): Problem | undefined {
  if (/postgres/i.test(text)) return undefined;
  for (const store of stores) {
    const mentions = [...text.matchAll(store.marks)];
    const first = mentions[0];
    if (first && mentions.length >= 3)
      return dialectProblem(store, path, lineAt(createExcerpt(path, text), first.index));
  }
  return undefined;
}

const interfaceAdvice = "describe the endpoints as OpenAPI or as Markdown with method and path";

const interfaces: readonly Dialect[] = [
  {
    name: "GraphQL",
    marks: /^```\s*(?:graphql|gql)\b|^\s*(?:extend\s+)?type\s+(?:Query|Mutation)\s*\{/im,
    advice: interfaceAdvice,
  },
  {
    name: "tRPC",
    marks: /\bcreateTRPCRouter\b|\bpublicProcedure\b|\bprotectedProcedure\b|\binitTRPC\b/,
    advice: interfaceAdvice,
  },
  { name: "gRPC", marks: /^\s*service\s+\w+\s*\{\s*\n\s*(?:\/\/[^\n]*\n\s*)*rpc\s/m, advice: interfaceAdvice },
  {
    name: "Swagger 1",
    marks: /^\s*\{?\s*["']?swagger(?:Version)?["']?\s*:\s*["']?1/,
    advice: "convert the document to OpenAPI 3",
  },
  { name: "AsyncAPI", marks: /^\s*\{?\s*["']?asyncapi["']?\s*:/, advice: interfaceAdvice },
];

/** Names the kind of interface a contract describes when it is not a REST API. */
export function foreignInterface(path: string, text: string): Problem | undefined {
  for (const candidate of interfaces) {
    const match = candidate.marks.exec(text);
    if (match) return dialectProblem(candidate, path, lineAt(createExcerpt(path, text), match.index));
  }
  return undefined;
}

const notations: readonly Dialect[] = [
  {
    name: "Drizzle",
    marks: /\bpgTable\s*\(/,
    advice: "give the tables as PostgreSQL SQL, for example from its first migration",
  },
];

/** Names a notation that holds a design but is not read, for a document in which nothing else was found. */
export function unreadNotation(path: string, text: string): Problem | undefined {
  for (const notation of notations) {
    const match = notation.marks.exec(text);
    if (match) return dialectProblem(notation, path, lineAt(createExcerpt(path, text), match.index));
  }
  return undefined;
}

function dialectProblem(dialect: Dialect, path: string, line: number): Problem {
  return {
    path,
    line,
    severity: "error",
    code: "SPEC-DIALECT",
    message: `This part is a ${dialect.name} design, which is not implemented; ${dialect.advice}.`,
  };
}
