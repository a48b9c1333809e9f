import { codesInText } from "../errorCodes.ts";
import { isObject } from "../json.ts";
import type { Schema } from "../model.ts";
import { readAccess } from "./access.ts";
import {
  addErrorCode,
  addResponse,
  type DetailContext,
  defaultStatus,
  labelKind,
  place,
  placeFields,
  successStatus,
} from "./endpointDraft.ts";
import { codesInCell, statusIn } from "./errorTables.ts";
import { readFieldPhrase, readOrderPhrase } from "./fieldPhrases.ts";
import { inlineFields } from "./inlineFields.ts";
import { parseJsonExample, shapeOf } from "./jsonShape.ts";
import { codeSpans, plainText } from "./text.ts";
import { schemaOfType } from "./typeText.ts";

/** Takes from a line of prose what its statements say of the endpoint; those that say nothing of it are returned. */
export function readStatements(context: DetailContext, raw: string): string[] {
  return statementsIn(raw).filter((statement) => !readStatement(context, statement));
}

const code = "`[^`]*`";
const bracketed = `\\((?:[^()\`]|${code})*\\)|\\{[^{}]*\\}`;
const sentenceEnd = "(?<!\\b(?:e\\.g|i\\.e|etc|vs))\\.\\s+(?=[\\p{Lu}`*])|。";
const beforeLabel = "(?:[;·•|]|\\s[–—-])\\s+(?=(?:\\*\\*)?\\p{L}[\\p{L} ]{1,24}(?:\\*\\*)?:)";
const beforePhrase =
  "[;·•|]\\s+(?=(?:[Gg]ives|[Rr]eturns|[Aa]nswers|[Rr]esponds|[Ss]ort(?:ed|able|s)?|[Oo]rder(?:ed)?|[Ff]ilter(?:ed|able|s)?)\\b)";
const beforeStatus = "[;·•|]\\s+(?=`?[1-5]\\d\\d\\b)";
const pieces = new RegExp(
  `${code}|${bracketed}|(?<end>${sentenceEnd}|${beforeLabel}|${beforePhrase}|${beforeStatus})|[\\s\\S]`,
  "gu",
);

/**
 * The sentences of a line, and what stands between `·` or `;` when a label follows: one line may say `Roles: owner. Body: …;
 * Errors: …`. Points in code and in brackets end nothing.
 */
export function statementsIn(raw: string): string[] {
  const statements: string[] = [];
  let start = 0;
  for (const { index, groups, 0: piece } of raw.matchAll(pieces)) {
    if (groups?.["end"] === undefined) continue;
    statements.push(raw.slice(start, index + piece.length));
    start = index + piece.length;
  }
  return [...statements, raw.slice(start)]
    .map((statement) => statement.replace(/\s*(?:[;·•|]|\s[–—-])?\s*$/, ""))
    .filter((statement) => statement.trim() !== "");
}

function readStatement(context: DetailContext, raw: string): boolean {
  const [lead = "", method = context.draft.method] = ofMethod.exec(raw) ?? [];
  // It tells of another endpoint under the same heading.
  if (method !== context.draft.method) return true;
  const statement = raw.slice(lead.length);
  return (
    readLabelled(context, statement.replace(unlabelled, "$1: ")) ||
    readStatus(context, statement) ||
    readFieldPhrase(context, statement) ||
    readOrderPhrase(context, statement) ||
    readAccessPhrase(context, statement)
  );
}

/** `GET response 200: …` under `GET/POST /orders`. */
const ofMethod = /^(?:[-*]\s+)?`?(GET|POST|PUT|PATCH|DELETE)`?\s+(?=(?:request|response|body|returns)\b)/i;

const labelLine = /^(?:[-*]\s+)?(?:\*\*|__)?([\p{L}][\p{L}\s/()\d-]{1,40}?)(?:\*\*|__)?\s*[:：](?:\*\*|__)?\s*(.*)$/su;

/** `**Auth**: Bearer`, `Errors: 400 VALIDATION_ERROR, 404`, ``Response `201`: Order``, ``Request: `{ email, password }` ``. */
function readLabelled(context: DetailContext, raw: string): boolean {
  const match = labelLine.exec(withPlainStatus(raw));
  const label = match?.[1] ?? "";
  const text = (match?.[2] ?? "").replace(/(?<![.…])\.$/, "");
  const kind = labelKind(label);
  if (text.trim() === "") return false;
  if (kind === undefined) return listing.test(label) && readFields({ ...context, label: "query" }, text);
  if (kind === "access") return readAccessText(context, text);
  if (kind === "errors") return readErrorLine(context, text);
  if (kind === "response") return readAnswer(context, label, text);
  const labelled = { ...context, label };
  const inline = inlineShape(text);
  if (inline) place(labelled, inline);
  else readFields(labelled, text);
  return true;
}

function withPlainStatus(raw: string): string {
  return raw.replace(/`([1-5]\d\d)`/g, "$1");
}

/** What a list may be asked for is called by what it does, `Filters: …`, `Cursor pagination: …`. */
const listing = /\b(?:filter(?:s|ing)?|pagination|paging|search)\b/i;

function readFields(context: DetailContext, text: string): boolean {
  const rows = inlineFields(text, context.draft.source.line);
  if (rows) placeFields(context, rows);
  return rows !== undefined;
}

function readAccessText({ draft }: DetailContext, text: string): boolean {
  const access = readAccess(text);
  if (access) draft.security ??= access;
  return access !== undefined;
}

function readAnswer(context: DetailContext, label: string, text: string): boolean {
  const status = successStatus(`${label} ${text}`) ?? defaultStatus(context.draft);
  const said = text.replace(/^\s*2\d\d\b[\s:—–-]*/, "");
  const what = withoutKnownParts(context, said);
  const inline = inlineShape(what);
  addResponse(context.draft, status, inline ? { schema: inline } : {});
  if (!inline) readFields({ ...context, label: `response ${status}` }, what);
  return true;
}

/** Of `Claim with its items` the model is all, where the document describes it with its items. */
function withoutKnownParts({ reading }: DetailContext, text: string): string {
  const [, model = "", part = ""] =
    /^`?([A-Z]\w+)`?\s+with\s+(?:its\s+|the\s+|all\s+)?`?([a-z]\w*)`?[.;]?$/.exec(text.trim()) ?? [];
  const known = reading.prose.schemas.find(({ name }) => name === model);
  return known?.schema.properties?.some(({ name }) => name === part) ? model : text;
}

/** `Returns the created `OrderPublic` object.` */
const answeredModel =
  /^(?:\*\*)?(?:[Rr]eturns?|[Rr]esponds? with|[Aa]nswers? with)\s+(?=[^`]{0,30}`[A-Z][a-z]\w*(?:\[\])?`)/;

const answering = "(?:returns?|responds? with|responses?|answers?(?: with)?|status(?: code)?|HTTP)";
const answer = new RegExp(`^(?:\\*\\*)?(?:${answering}\\s+(?:with\\s+)?)(2\\d\\d)\\b(.*)$`, "isu");
const bareAnswer = /^(?:`(2\d\d)`|(2\d\d)(?=\s+(?:OK|Created|Accepted|No Content)\b))(.*)$/is;
const failure = new RegExp(`^(?:${answering}\\s+)?(?:with\\s+)?[45]\\d\\d\\b`, "i");

/** ``Response `200` ``, `Returns 201 with the order`, `` `204` ``, `409 ORDER_CLOSED when …`. */
function readStatus(context: DetailContext, statement: string): boolean {
  const [, bare, named, behind] = bareAnswer.exec(statement) ?? [];
  const [, status = bare ?? named, rest = behind ?? ""] =
    answer.exec(withPlainStatus(statement).replaceAll("**", "")) ?? [];
  if (status !== undefined) return readAnswer(context, "response", `${status} ${rest}`);
  if (answeredModel.test(statement)) return readAnswer(context, "response", statement.replace(answeredModel, ""));
  const plain = plainText(statement);
  const isFailure = failure.test(plain) && (codesInText(plain).length > 0 || !/^[45]/.test(plain));
  return isFailure && readErrorLine(context, statement);
}

/** ``with a body `a` ``, ``query `b` ``: a label without its colon. */
const unlabelled = /^(?:[Ww]ith )?(?:[Aa]n? )?([Bb]ody|[Qq]uery|[Pp]ayload)\s+(?=`|[A-Z][a-z]\w+(?:\[\])?\.?$)/;

const openWords =
  /^(?:public|any(?:one|body) (?:may|can) (?:call|use|read)(?: it| this)?|no auth(?:entication|orization)?(?: (?:is )?(?:required|needed))?|anonymous access)$/i;
const tokenWords =
  /^(?:(?:requires? )?auth(?:entication)?(?: (?:is )?required)?|requires? (?:a )?(?:bearer )?token|requires? (?:a )?login)$/i;
const roleWords =
  /^(?:requires?|needs) (?:the )?(?:roles? (?<after>[\w-]+)|(?<before>[\w-]+) role)$|^(?<only>admin|administrator|staff|manager|owner)s? only$/i;

/** `Public.`, `Admin only.`, ``Requires role `vet`.`` */
function readAccessPhrase(context: DetailContext, statement: string): boolean {
  const plain = plainText(statement).replace(/[.!]$/, "");
  const named = /^\(([a-z][\w, -]{2,40})\)$/.exec(plain)?.[1];
  if (named !== undefined && namesRoles(context, named)) return readAccessText(context, named);
  const { after, before, only } = roleWords.exec(plain)?.groups ?? {};
  const role = after ?? before ?? only?.toLowerCase();
  if (role !== undefined) return readAccessText(context, `role ${role}`);
  if (openWords.test(plain)) return readAccessText(context, "public");
  return tokenWords.test(plain) && plain.includes(" ") && readAccessText(context, "token");
}

/** `(librarian)`, where the document says in code what its roles are: ``the role claim is `librarian` or `member` ``. */
function namesRoles({ reading }: DetailContext, text: string): boolean {
  const lines = reading.document.excerpt.text.split("\n").filter((line) => /\broles?\b/i.test(line));
  const roles = new Set(["admin", ...lines.flatMap(codeSpans)]);
  return text.split(/\s*(?:,|\bor\b|\band\b)\s*/).every((name) => roles.has(name));
}

function readErrorLine(context: DetailContext, text: string): boolean {
  const parts = text.split(/[,;、]\s*/);
  let found = false;
  for (const part of parts) {
    const status = statusIn(part);
    const bare = part.replace(/\(.*\)|\b\d{3}\b/g, "").trim();
    const codes = [...new Set([...codesInText(plainText(part)), ...(/\s/.test(bare) ? [] : codesInCell(bare))])];
    for (const code of codes) addErrorCode(context, code, status);
    if (codes.length === 0 && status !== undefined) addResponse(context.draft, status, {});
    found ||= codes.length > 0 || status !== undefined;
  }
  return found;
}
const namedModel =
  /^(?:(?:the|an?|one|newly|new|created|updated|changed|unchanged|full|whole|same|resulting)\s+)*((?:[Aa]rray|[Ll]ist|[Pp]age) of )?([A-Z][A-Za-z0-9]+(?:\[\])?)\s*(?:object|model)?\s*(?:\([^()]*\))?\.?$/;

/** `{ email, password?, age: int }` and a named model in backticks. */
function inlineShape(text: string): Schema | undefined {
  const plain = text.replace(/`/g, "").trim();
  const example = inlineExample(text);
  if (example) return example;
  const body = /^(?:[^{]{0,20})\{([^{}]+)\}/.exec(plain)?.[1];
  if (body !== undefined) {
    const properties = body.split(",").flatMap((part) => {
      const match = /^\s*"?([A-Za-z_$][\w$]*)"?(\?)?\s*(?::\s*(.+))?$/.exec(part);
      if (!match?.[1]) return [];
      return [{ name: match[1], required: match[2] === undefined, schema: schemaOfType(match[3] ?? "") }];
    });
    return properties.length > 0 ? { type: "object", properties } : undefined;
  }
  const [, many, model] = namedModel.exec(plain) ?? [];
  if (model === undefined || /^(?:None|No|Empty|Array|List)(?:\[\])?$/.test(model)) return undefined;
  return schemaOfType(many === undefined ? model : `${model}[]`);
}

/** `{"data": {"id": "…"}}`; not `{ email, password }`, which only names its properties. */
function inlineExample(text: string): Schema | undefined {
  const span = [...codeSpans(text), text].find((code) => /^[[{].*[\]}]$/.test(code));
  if (span === undefined || /[{,]\s*[\w$]+\??\s*(?=[,}])/.test(span)) return undefined;
  const value = parseJsonExample(span);
  return isObject(value) || Array.isArray(value) ? shapeOf(value) : undefined;
}
