import { type Node, parseSync, SqlError } from "libpg-query";
import { messageOf } from "../../support/errors.ts";
import { ddlStatement } from "../ddl/statement.ts";
import { type Excerpt, lineAt, spanAt } from "../excerpt.ts";
import type { Fragment } from "../fragment.ts";
import type { Recall } from "../recall.ts";
import { type OpenedBlock, openDoBlock } from "./doBlocks.ts";
import { readIndex } from "./indexes.ts";
import type { NameRegistry } from "./names.ts";
import { keyOfPath, stringsOf } from "./nodes.ts";
import { readOther } from "./otherStatements.ts";
import { readPolicy } from "./policies.ts";
import { readRename } from "./renames.ts";
import { type NameScope, scopesOf, searchPathOf, withSchemas } from "./searchPath.ts";
import { byteToUnit, type StatementSource } from "./statementSource.ts";
import { type StatementText, splitStatements, withoutClientLines } from "./statements.ts";
import { readAlterTable, readCreateTable } from "./tables.ts";

export interface SqlContext {
  readonly excerpt: Excerpt;
  readonly names: NameRegistry;
  readonly into: Fragment;
  /** The text was composed by us from another form, so it is nobody's statement to execute. */
  readonly composed?: true;
  /** Data statements of a script are part of the design; in prose they are examples. */
  readonly keepsData: boolean;
  /** Of the document that is read again and again while it is edited. */
  readonly recall?: Recall;
}

/**
 * Reads PostgreSQL definitions, statement by statement, with PostgreSQL's own grammar.
 *
 * The grammar must be loaded (`loadModule`). A statement that it refuses becomes a problem with the
 * line of the fault, and reading goes on at the next statement.
 */
export function readSql(context: SqlContext): void {
  const script = withoutClientLines(context.excerpt.text);
  const ignored: number[] = [];
  const statements = splitStatements(script).flatMap((statement) => {
    if (!isExample(context, script, statement)) return parseStatement(context, script, statement);
    ignored.push(lineAt(context.excerpt, statement.start));
    return [];
  });
  const scopes = scopesOf(statements.map(({ tree }) => tree));
  for (const [index, parsed] of statements.entries()) {
    const scope = scopes[index] ?? usualScope;
    if (!readStatement(context, script, parsed, scope)) ignored.push(parsed.source.span.line);
    keepDdl(context, parsed.source, parsed.tree, scope.searchPath);
  }
  reportIgnored(
    context,
    ignored.sort((left, right) => left - right),
  );
}

const usualScope: NameScope = { searchPath: "", schemas: [], defined: new Set() };

/** False when it defines nothing and says nothing of what others define. */
function readStatement(context: SqlContext, script: string, parsed: ParsedStatement, scope: NameScope): boolean {
  const { source, tree } = parsed;
  const opened = "DoStmt" in tree ? openDoBlock(script, source.statement) : undefined;
  if (!opened) return mapStatement(context, inScope(context, parsed, scope)) || searchPathOf(tree) !== undefined;
  readDoBlock(context, source, opened, scope);
  return true;
}

const query = /^(?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|EXPLAIN)\b/i;

/** A query of prose that the grammar refuses has `:parameters` or `…` in it; it would define nothing anyway. */
function isExample(context: SqlContext, script: string, statement: StatementText): boolean {
  if (context.keepsData || !query.test(statement.sql) || piecesOf(script, statement).length > 0) return false;
  return !("tree" in parsedAs(statement, context.recall));
}

function inScope(context: SqlContext, parsed: ParsedStatement, scope: NameScope): ParsedStatement {
  const source = withSchemas(parsed.source, parsed.tree, scope);
  const result = source && parsedAs(source.statement, context.recall);
  return source && result && "tree" in result ? { source, tree: result.tree } : parsed;
}

/** What a DO block defines once its conditions hold, as if it stood in the script itself. */
function readDoBlock(context: SqlContext, block: StatementSource, opened: OpenedBlock, scope: NameScope): void {
  const definitions = opened.definitions.flatMap((statement) => parseStatement(context, opened.script, statement));
  for (const parsed of definitions) mapStatement(context, inScope(context, parsed, scope));
  if (!/\bIF\b(?!\s+(?:NOT\s+)?EXISTS\s+[^(\s])|\bLOOP\b/i.test(block.statement.sql)) return;
  context.into.problems.push({
    path: block.span.path,
    line: block.span.line,
    severity: "info",
    code: "SPEC-SQL-BLOCK",
    message:
      "This DO block defines things under a condition, and they are taken without it; write them outside the block if they always hold.",
  });
}

/** Whether PostgreSQL's grammar accepts the text as one statement. */
export function isStatement(sql: string, recall?: Recall): boolean {
  const [statement, ...others] = splitStatements(sql);
  return statement !== undefined && others.length === 0 && "tree" in parsedAs(statement, recall);
}

function keepDdl({ into, composed }: SqlContext, source: StatementSource, tree: Node, searchPath: string): void {
  const statement = composed ? undefined : ddlStatement(source, tree);
  if (statement) into.ddl.push({ ...statement, ...(searchPath !== "" && { searchPath }) });
}

interface ParsedStatement {
  readonly source: StatementSource;
  readonly tree: Node;
}

function parseStatement(context: SqlContext, script: string, statement: StatementText): ParsedStatement[] {
  const parsed = parsedAs(statement, context.recall);
  if ("tree" in parsed) return [{ source: sourceOf(context, statement), tree: parsed.tree }];
  const results = piecesOf(script, statement).map((piece) => ({
    piece,
    result: parsedAs(piece, context.recall),
  }));
  const [first, second] = results;
  if (!first) report(context, statement.start + parsed.offset, parsed.message);
  if (second && "tree" in (first?.result ?? {}))
    report(context, second.piece.start, "the semicolon before it is missing");
  return results.flatMap(({ piece, result }) => {
    if ("tree" in result) return [{ source: sourceOf(context, piece), tree: result.tree }];
    report(context, piece.start + result.offset, result.message);
    return [];
  });
}

type Parsed = { readonly tree: Node } | { readonly message: string; readonly offset: number };

/** Deeper brackets than any design has would exhaust the stack of the WebAssembly grammar. */
const maxDepth = 200;

function parsedAs(statement: StatementText, recall: Recall | undefined): Parsed {
  return recall ? recall.of("sql", statement.sql, () => parse(statement)) : parse(statement);
}

function parse(statement: StatementText): Parsed {
  if (bracketDepth(statement) > maxDepth) return { message: "it is nested too deeply", offset: 0 };
  try {
    const tree = parseSync(statement.sql).stmts?.[0]?.stmt;
    return tree ? { tree } : { message: "it is empty", offset: 0 };
  } catch (thrown) {
    const codePoints = thrown instanceof SqlError ? (thrown.sqlDetails?.cursorPosition ?? 0) : 0;
    return { message: messageOf(thrown), offset: unitsOf(statement.sql, codePoints) };
  }
}

/** A code point has two UTF-16 units at the most, so the rest of a long script is not taken apart. */
function unitsOf(text: string, codePoints: number): number {
  return [...text.slice(0, 2 * codePoints)].slice(0, codePoints).join("").length;
}

function report(context: SqlContext, offset: number, reason: string): void {
  context.into.problems.push({
    path: context.excerpt.path,
    line: lineAt(context.excerpt, Math.min(offset, Math.max(0, context.excerpt.text.length - 1))),
    severity: "error",
    code: "SPEC-SQL",
    message: `This SQL statement cannot be read, ${reason}; correct it to what PostgreSQL accepts.`,
  });
}

const definition = /(?<=\n)[ \t]*(?:CREATE|ALTER|COMMENT|GRANT|DROP|INSERT)\b/gi;

/**
 * A statement that does not parse, cut where a line begins a definition: a lost quote or semicolon
 * hides the statements behind it.
 */
function piecesOf(script: string, statement: StatementText): StatementText[] {
  const cuts = [statement.start];
  for (const match of statement.sql.matchAll(definition)) {
    const at = statement.start + match.index;
    if (match.index > 0 && !isInBody(script, statement, at)) cuts.push(at);
  }
  if (cuts.length === 1) return [];
  return cuts.flatMap((cut, index) => splitStatements(script, cut, cuts[index + 1] ?? statement.end));
}

function isInBody(script: string, statement: StatementText, offset: number): boolean {
  return statement.tokens.some((token) => token.start < offset && offset < token.end && script[token.start] === "$");
}

function bracketDepth(statement: StatementText): number {
  let depth = 0;
  let deepest = 0;
  for (const token of statement.tokens) {
    const character = token.kind === "symbol" ? statement.sql[token.start - statement.start] : "";
    if (character === "(" || character === "[") deepest = Math.max(deepest, ++depth);
    if (character === ")" || character === "]") depth--;
  }
  return deepest;
}

function sourceOf(context: SqlContext, statement: StatementText): StatementSource {
  const toUnit = byteToUnit(statement.sql);
  return {
    statement,
    offsetOf: (bytes) => statement.start + toUnit(bytes),
    spanOf: (start, end) => spanAt(context.excerpt, start, end),
    span: spanAt(context.excerpt, statement.start, statement.end),
  };
}

/** False when the statement defines nothing. */
function mapStatement(context: SqlContext, { source, tree }: ParsedStatement): boolean {
  const { into, names } = context;
  if ("CreateStmt" in tree && tree.CreateStmt.relation?.relpersistence === "t") return false;
  if ("CreateStmt" in tree && !tree.CreateStmt.partbound) readCreateTable(source, tree.CreateStmt, names, into);
  else if ("IndexStmt" in tree) into.indexes.push(readIndex(source, tree.IndexStmt, names));
  else if ("CreatePolicyStmt" in tree) into.policies.push(readPolicy(source, tree.CreatePolicyStmt));
  else if ("CreateEnumStmt" in tree) {
    const { typeName, vals } = tree.CreateEnumStmt;
    into.enums.push({ name: keyOfPath(stringsOf(typeName)), values: stringsOf(vals), source: source.span });
  } else if (!readChange(context, source, tree)) return readOther(source, tree, into, context.keepsData);
  return true;
}

/** False when it is no change of a definition, or one that stays a statement. */
function readChange({ into, names }: SqlContext, source: StatementSource, tree: Node): boolean {
  if ("AlterTableStmt" in tree) return readAlterTable(source, tree.AlterTableStmt, names, into);
  return readRename(source, tree, into);
}

function reportIgnored(context: SqlContext, lines: readonly number[]): void {
  const [line] = lines;
  if (line === undefined) return;
  context.into.problems.push({
    path: context.excerpt.path,
    line,
    severity: "info",
    code: "SPEC-SQL-IGNORED",
    message: `${lines.length} SQL statements from here on query or change data and define nothing, so they are left out; nothing needs to be done.`,
  });
}
