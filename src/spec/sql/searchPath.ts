import type { Node } from "libpg-query";
import { definedPath } from "./definedName.ts";
import { qualified, stringsOf } from "./nodes.ts";
import { afterKeyword, byteToUnit, type StatementSource } from "./statementSource.ts";
import { tokenize } from "./tokens.ts";

/** What names without a schema mean where a script has `SET search_path`. */
export interface NameScope {
  /** As SQL has it after `SET search_path TO`; empty where the script leaves the path alone. */
  readonly searchPath: string;
  /** Schemas that a name is looked up in; a new object goes into the first. */
  readonly schemas: readonly string[];
  /** Keys of what the script itself defines, in whatever place. */
  readonly defined: ReadonlySet<string>;
}

/** The scope of every statement of a script, by its index. */
export function scopesOf(script: readonly Node[]): readonly NameScope[] {
  const defined = new Set<string>();
  let parts: readonly string[] = [];
  return script.map((tree) => {
    parts = searchPathOf(tree) ?? parts;
    const schemas = parts.filter((part) => !/^(?:|\$user|pg_catalog|pg_temp)$/.test(part));
    const path = definedPath(tree);
    const name = path.at(-1);
    if (name !== undefined && !globalNames.test(Object.keys(tree)[0] ?? ""))
      defined.add(qualified(path.at(-2) ?? schemas[0], name));
    return { searchPath: parts.map(quoted).join(", "), schemas, defined };
  });
}

/** Of what lies in no schema, or in that of its table. */
const globalNames = /^(?:CreateExtension|CreateTrig|CreateRole|CreateSchema|AlterTable)Stmt$/;

/** The schemas of `SET search_path`; none when it is reset, undefined when the statement is another. */
export function searchPathOf(tree: Node): readonly string[] | undefined {
  if (!("VariableSetStmt" in tree) || tree.VariableSetStmt.name !== "search_path") return undefined;
  return (tree.VariableSetStmt.args ?? []).flatMap((arg) =>
    "A_Const" in arg && arg.A_Const.sval ? [arg.A_Const.sval.sval ?? ""] : [],
  );
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function plain(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoted(name);
}

/**
 * The statement with the schema written before every name that the search path puts outside the default
 * one, so that it means the same wherever it is executed; undefined when there is none. Places still lead
 * to the document. The body of a function is only looked up when it is called, by whoever, so the function
 * keeps the path that it was written under.
 */
export function withSchemas(source: StatementSource, tree: Node, scope: NameScope): StatementSource | undefined {
  const [home] = scope.schemas;
  if (home === undefined || (scope.schemas.length === 1 && home === "public")) return undefined;
  const insertions = [...new Map([...insertionsIn(source, tree, scope), ...pathOf(source, tree, scope)])].sort(
    ([left], [right]) => left - right,
  );
  return insertions.length === 0 ? undefined : withInsertions(source, insertions);
}

/** Index into the statement's text, and what is put there. */
type Insertion = readonly [number, string];

function insertionsIn(source: StatementSource, tree: Node, scope: NameScope): Insertion[] {
  const toUnit = byteToUnit(source.statement.sql);
  const located = namesIn(tree, false).map((found) => ({ ...found, at: toUnit(found.at) }));
  return [...located, ...namesAfterKeywords(source)].flatMap(({ name, at, mayBeOther }): Insertion[] => {
    const known = scope.schemas.find((schema) => scope.defined.has(qualified(schema, name)));
    const schema = known ?? (mayBeOther ? undefined : scope.schemas[0]);
    if (schema === undefined || qualified(schema, name) === name) return [];
    return [[at, `${plain(schema)}.`]];
  });
}

/** `SET search_path` behind a function whose body is text. */
function pathOf(source: StatementSource, tree: Node, scope: NameScope): Insertion[] {
  if (!("CreateFunctionStmt" in tree) || tree.CreateFunctionStmt.sql_body) return [];
  const options = (tree.CreateFunctionStmt.options ?? []).flatMap((option) =>
    "DefElem" in option ? [option.DefElem] : [],
  );
  const hasOwn = options.some(
    ({ arg }) => arg && "VariableSetStmt" in arg && arg.VariableSetStmt.name === "search_path",
  );
  return hasOwn ? [] : [[source.statement.sql.length, ` SET search_path TO ${scope.schemas.map(plain).join(", ")}`]];
}

/** A name without a schema; one that `mayBeOther` is a type of the system, an extension's function, a CTE, unless the script defines it. */
interface BareName {
  readonly name: string;
  readonly at: number;
  readonly mayBeOther: boolean;
}

/** Relations, types, functions and sequences with the byte that the parser says they begin at. */
function namesIn(tree: unknown, isQuery: boolean): BareName[] {
  if (Array.isArray(tree)) return tree.flatMap((child) => namesIn(child, isQuery));
  if (typeof tree !== "object" || tree === null) return [];
  const inner = Object.entries(tree).flatMap(([key, child]) => namesIn(child, isQuery || key === "SelectStmt"));
  return [...bareName(tree, isQuery), ...inner];
}

type TreePart = Partial<Record<string, unknown>>;

function bareName(part: TreePart, isQuery: boolean): BareName[] {
  const { relname, schemaname, location } = part;
  if (typeof location !== "number") return [];
  if (typeof relname === "string")
    return schemaname === undefined ? [{ name: relname, at: location, mayBeOther: isQuery }] : [];
  const path = stringsOf((part["names"] ?? part["funcname"]) as Node[] | undefined);
  const [name] = path;
  const own = name === undefined || path.length > 1 ? [] : [{ name, at: location, mayBeOther: true }];
  return [...own, ...(/^(?:next|set|curr)val$/.test(path.at(-1) ?? "") ? sequenceIn(part["args"] as Node[]) : [])];
}

/** The name stands in a string, `nextval('orders_id_seq'::regclass)`. */
function sequenceIn(args: readonly Node[] = []): BareName[] {
  return args.flatMap((arg) => {
    const value = "TypeCast" in arg ? arg.TypeCast.arg : arg;
    const constant = value && "A_Const" in value ? value.A_Const : undefined;
    const name = constant?.sval?.sval;
    return name === undefined ? [] : [{ name, at: (constant?.location ?? 0) + 1, mayBeOther: true }];
  });
}

/** Before names that the parser gives no place for. The last name of a path of two is a column's. */
const keywords: readonly (readonly [opening: RegExp, words: readonly string[], isColumn?: true])[] = [
  [/^CREATE\b.*?\bFUNCTION/i, ["FUNCTION"]],
  [/^CREATE\b.*?\bPROCEDURE/i, ["PROCEDURE"]],
  [/^(?:CREATE|ALTER)\s+TYPE/i, ["TYPE"]],
  [/^(?:CREATE|ALTER)\s+DOMAIN/i, ["DOMAIN"]],
  [/^CREATE\b.*?\bTRIGGER/i, ["EXECUTE", "FUNCTION"]],
  [/^CREATE\b.*?\bTRIGGER/i, ["EXECUTE", "PROCEDURE"]],
  [/^(?:CREATE|ALTER)\s+SEQUENCE/i, ["OWNED", "BY"], true],
  [/^COMMENT\s+ON\s+COLUMN/i, ["COLUMN"], true],
  ...["TABLE", "VIEW", "TYPE", "DOMAIN", "FUNCTION", "SEQUENCE", "INDEX"].map(
    (kind) => [new RegExp(`^COMMENT\\s+ON\\s+${kind}`, "i"), [kind]] as const,
  ),
  [/^COMMENT\s+ON\s+(?:TRIGGER|POLICY|CONSTRAINT|RULE)/i, ["ON"]],
];

function namesAfterKeywords(source: StatementSource): BareName[] {
  const { sql, start, tokens } = source.statement;
  return keywords.flatMap(([opening, words, isColumn]) => {
    const at = opening.test(sql) ? afterLast(source, words) : undefined;
    const first = tokens.findIndex((token) => at !== undefined && token.start >= at);
    const token = tokens[first];
    if (!token || dotsAfter(source, first) !== (isColumn ? 1 : 0)) return [];
    const written = sql.slice(token.start - start, token.end - start);
    const name = token.kind === "quoted" ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
    return [{ name, at: token.start - start, mayBeOther: words[0] === "EXECUTE" }];
  });
}

/** `COMMENT ON TRIGGER stamp ON orders`: the table is behind the second one. */
function afterLast(source: StatementSource, words: readonly string[]): number | undefined {
  const at = afterKeyword(source, words);
  return words[0] === "ON" && at !== undefined ? afterKeyword(source, words, at) : at;
}

function dotsAfter(source: StatementSource, index: number): number {
  const { sql, start, tokens } = source.statement;
  const isDot = (at: number): boolean => sql[(tokens[at]?.start ?? sql.length + start) - start] === ".";
  let dots = 0;
  while (isDot(index + 1 + 2 * dots)) dots++;
  return dots;
}

function withInsertions(source: StatementSource, insertions: readonly Insertion[]): StatementSource {
  const { sql, start } = source.statement;
  const pieces = insertions.map(([at, text], index) => sql.slice(insertions[index - 1]?.[0] ?? 0, at) + text);
  const changed = pieces.join("") + sql.slice(insertions.at(-1)?.[0] ?? 0);
  const toDocument = (at: number): number => {
    let before = 0;
    for (const [place, text] of insertions) if (place + before < at) before += text.length;
    return start + at - before;
  };
  return {
    statement: { start: 0, end: changed.length, sql: changed, tokens: tokenize(changed) },
    offsetOf: byteToUnit(changed),
    spanOf: (from, to) => source.spanOf(toDocument(from), toDocument(to)),
    span: source.span,
  };
}
