import type { Schema } from "../model.ts";
import {
  addResponse,
  changesRow,
  type DetailContext,
  defaultStatus,
  type EndpointDraft,
  placeFields,
} from "./endpointDraft.ts";
import { participle } from "./eventText.ts";
import { type FieldRow, propertiesOf } from "./fieldTables.ts";
import { inlineFields } from "./inlineFields.ts";
import { codeSpans, plainText } from "./text.ts";
import { nestProperties } from "./typeText.ts";

/** ``Any of `name`, `price` `` of a body, ``Filter by `status`, `from` `` of a list, ``gives `token` `` of an answer. */
export function readFieldPhrase(context: DetailContext, statement: string): boolean {
  return (
    readNothingAsked(context, statement) ||
    readUpload(context, statement) ||
    readAnswered(context, statement) ||
    readAsked(context, statement) ||
    readMade(context, statement)
  );
}

const bodyless = /^(?:there is |takes |has )?no (?:request )?(?:body|payload)\.?$/i;

function readNothingAsked({ draft }: DetailContext, statement: string): boolean {
  if (!bodyless.test(plainText(statement))) return false;
  draft.request ??= { type: "object", properties: [] };
  return true;
}

const upload =
  /^(?:takes |accepts |body: )?(?:an? )?(?:multipart(?:\/form-data)?(?: form(?: data)?)?(?: upload)?|upload)\b(?: (?:of|with|for))?(?: (?:an?|one|the|its|single))*(?: files?\b)?[\s:,(]*(?:multipart(?:\/form-data)?)?[\s:,]*(?:(?:as )?(?:form )?(?:part|field)s?)?\s*((?:`[^`]+`(?:\s*\([^()]*\))?(?:\s*(?:,|and|\+))*\s*)*)\)?\.?$/i;

/** "Multipart upload of one file", ``multipart: `file`, `caption?` ``: the part without a type is the file. */
function readUpload({ draft }: DetailContext, statement: string): boolean {
  const [whole, listed = ""] = upload.exec(statement) ?? [];
  if (whole === undefined || !takesBody(draft) || draft.request !== undefined) return false;
  if (!/multipart|\bfiles?\b/i.test(whole)) return false;
  const rows = inlineFields(listed, draft.source.line) ?? [];
  const file = rows.find(({ name, type }) => fileName.test(name) || /^(?:file|binary)$/i.test(type));
  const properties = nestProperties(propertiesOf(rows)).map((property) =>
    property.name === file?.name ? { ...property, schema: binary } : property,
  );
  const named = file ? properties : [{ name: "file", required: true, schema: binary }, ...properties];
  draft.request = { type: "object", properties: named };
  draft.isForm = true;
  return true;
}

const fileName = /^(?:file|upload|attachment|image|photo|picture|avatar|document|logo|scan|data|content)$/i;
const binary: Schema = { type: "string", format: "binary" };

const asked =
  /^(any(?: subset)? of|accepts|takes|expects|(?:optional )?filters?|(?:filter(?:ed|able|s)?|search(?:able|es)?) by|paginated (?:by|with|via))\s+(?=`)/i;

function readAsked(context: DetailContext, statement: string): boolean {
  const words = asked.exec(statement)?.[1]?.toLowerCase();
  if (words === undefined) return false;
  const sendsBody = takesBody(context.draft);
  if (/filter|search|paginated/.test(words) && sendsBody) return false;
  const rows = inlineFields(statement.replace(asked, ""), context.draft.source.line);
  if (!rows) return false;
  const fields = words.startsWith("any") ? rows.map((row) => ({ ...row, required: false })) : rows;
  placeFields({ ...context, label: sendsBody ? "request" : "query" }, fields);
  return true;
}

const answered = /^(?:gives|returns|yields|(?:answers?|responds?) with)(?: (?:back|the|an?))?\s+(?=`[a-z])/i;

function readAnswered({ draft }: DetailContext, statement: string): boolean {
  const rows = answered.test(statement) ? fieldsIn(statement.replace(answered, ""), draft) : undefined;
  if (!rows) return false;
  const schema: Schema = { type: "object", properties: nestProperties(propertiesOf(rows)) };
  addResponse(draft, defaultStatus(draft), { schema });
  return true;
}

/** ``Sign in with `email`, `password` ``, ``Creates an order from `lines`, `note?` ``, ``Sets `assigneeId` ``: what is done and with which fields. */
const made =
  /^(?!.*\b(?:returns?|gives|answers?|responds?|shows?|includes?|embeds?|together|along)\b[^`]*`)(?:\p{L}[\p{L}'’-]*(?: [\p{L}'’-]+){0,7}? (?:with|by giving|using)|(?:creates?|registers?|makes?|adds?)(?: [\p{L}'’-]+){0,4}? from|(?:sets?|changes?|updates?|sends?|gives?|creates?|adds?))(?: (?:an?|the|new|its))*:?\s+(?=`)/iu;

function readMade(context: DetailContext, statement: string): boolean {
  const { draft } = context;
  if (!takesBody(draft) || draft.request !== undefined || !made.test(statement)) return false;
  return placeBody(context, statement.replace(made, ""));
}

/**
 * ``| `subject`, `tags?` |``: what is all that a row of a table says of an endpoint that is sent something, or the first
 * that it says, is what it is sent. Returns the rest.
 */
export function readBareFields(context: DetailContext, said: string): string {
  const { draft } = context;
  if (!takesBody(draft) || draft.request !== undefined) return said;
  const [first = "", ...others] = said.split(/(?:[;.]|\s[–—])\s+/);
  return placeBody(context, first) ? others.join("; ") : said;
}

function placeBody(context: DetailContext, phrase: string): boolean {
  const rows = fieldsIn(phrase, context.draft);
  if (!rows) return false;
  const isMarked = rows.some(({ required }) => required !== undefined);
  const isPart = changesRow(context.draft) && !isMarked;
  placeFields({ ...context, label: "request" }, isPart ? rows.map((row) => ({ ...row, required: false })) : rows);
  return true;
}

/** A single word that ends like a state is one, `` `cancelled` ``, and two side by side are a field and its value. */
function fieldsIn(phrase: string, { source }: EndpointDraft): readonly FieldRow[] | undefined {
  const rows = /`\s+`/.test(phrase) ? undefined : inlineFields(phrase, source.line);
  const [only, ...others] = rows ?? [];
  return others.length === 0 && participle.test(only?.name ?? "") ? undefined : rows;
}

const ordered =
  /^(?:can be )?(?:sort(?:ed|able|s)?|order(?:ed)?) by\s+((?:`-?\w+`(?:\s*\([^()]*\))?(?:\s*(?:,|\/|\bor\b|\band\b))*\s*)+)\.?$/i;

/** ``Sort by `createdAt` or `priority` `` of a list; how a request says so is left open, and what is usual is taken. */
export function readOrderPhrase({ draft }: DetailContext, statement: string): boolean {
  const [, listed = ""] = ordered.exec(statement) ?? [];
  // A list that comes in one order, "sorted by `name`", leaves no choice.
  const isChoice = /^(?:can be |sort(?:able|s)? )/i.test(statement) || /\bor\b/.test(listed);
  if (listed === "" || draft.method !== "GET" || !isChoice) return false;
  if (draft.parameters.some(({ name }) => /^(?:sort|order)/i.test(name))) return true;
  const values = codeSpans(listed).flatMap((name) => (name.startsWith("-") ? [name] : [name, `-${name}`]));
  draft.parameters.push({
    name: "sort",
    in: "query",
    required: false,
    schema: { type: "string", enum: [...new Set(values)] },
    confidence: "inferred",
  });
  return true;
}

function takesBody({ method }: EndpointDraft): boolean {
  return method === "POST" || method === "PUT" || method === "PATCH";
}
