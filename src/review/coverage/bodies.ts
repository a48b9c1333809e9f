import type { ApiDesign, Endpoint, Property, Schema } from "../../spec/model.ts";
import type { Bodies } from "../facts/bodies.ts";
import type { Route } from "../facts/routes.ts";
import type { ObjectShape, Shape, ShapeField, Typed, ValueType } from "../facts/shapes.ts";
import type { Direction } from "../facts/typePlace.ts";

/**
 * Fields of the designed bodies against those of the models that the code takes and answers, also of models in models:
 * missing, beyond the design, of another type, and whether they may be left out or null. Bodies that the design infers, that
 * are no JSON or have variants, and types that the code leaves open, are not compared.
 */
export function bodyDifferences(
  api: ApiDesign,
  endpoint: Endpoint,
  { status }: Pick<Route, "status">,
  bodies: Bodies,
): string[] {
  const { request, source } = endpoint;
  const texts: string[] = [];
  const rest = { api, texts, isExplicit: /\.(ya?ml|json)$/i.test(source.path) };
  if (request && bodies.request && request.confidence === undefined && isJson(request.contentType))
    compare({ ...rest, direction: "request", isSparse: false }, whole, request.schema, bodies.request);
  const answer = designedAnswer(endpoint, status);
  if (answer && bodies.response)
    compare({ ...rest, direction: "response", isSparse: bodies.isSparse }, whole, answer, bodies.response);
  const shown = texts.slice(0, mostTexts);
  return texts.length > shown.length ? [...shown, `${texts.length - shown.length} more of its fields differ`] : shown;
}

const mostTexts = 6;
const deepest = 4;

function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || /json/i.test(contentType);
}

function designedAnswer({ responses }: Endpoint, status: number | undefined): Schema | undefined {
  const described = responses.filter(
    (response) =>
      response.status >= 200 &&
      response.status < 300 &&
      response.schema &&
      response.confidence === undefined &&
      isJson(response.contentType),
  );
  const same = described.find((response) => response.status === status);
  return (same ?? (described.length === 1 ? described[0] : undefined))?.schema;
}

interface Comparison {
  readonly api: ApiDesign;
  readonly texts: string[];
  readonly direction: Direction;
  readonly isSparse: boolean;
  /** An example neither says that a value is never null nor that a number is never whole. */
  readonly isExplicit: boolean;
}

/** Where in the body: nowhere for the whole, `items[].price`. */
interface Position {
  readonly path: string;
  readonly depth: number;
}

const whole: Position = { path: "", depth: 0 };

function below({ path, depth }: Position, name: string): Position {
  if (name === "[]") return { path: `${path}[]`, depth };
  return { path: path === "" ? name : `${path}.${name}`, depth: depth + 1 };
}

function compare(comparison: Comparison, at: Position, designed: Schema, { shape }: Typed): void {
  const schema = resolved(comparison.api, designed);
  const wanted = kindOf(schema);
  if (shape.kind === "unknown" || wanted === undefined || at.depth > deepest) return;
  if (shape.kind === "object" && wanted === "object") compareFields(comparison, at, schema, shape);
  else if (shape.kind === "array" && wanted === "array") {
    if (schema.items) compare(comparison, below(at, "[]"), schema.items, shape.items);
  } else compareValues(comparison, at, schema, shape);
}

function compareValues(comparison: Comparison, { path }: Position, schema: Schema, shape: Shape): void {
  const { texts, direction, isExplicit } = comparison;
  const [found, format] = shape.kind === "value" ? [shape.types, shape.format] : [[shape.kind], undefined];
  const wanted = kindOf(schema) ?? "";
  const isSame = found.some((type) => type === wanted || (!isExplicit && wanted === "integer" && type === "number"));
  if (isSame && !isOtherFormat(schema.format, format)) return;
  const [coded, designed] = isSame ? [format, schema.format] : [found.join(" or "), wanted];
  texts.push(`${nameOf(direction, path)} is ${coded}, the design says ${designed}`);
}

function nameOf(direction: Direction, path: string): string {
  const name = direction === "request" ? "Body" : "Answer";
  return path === "" ? name : `${path} of the ${name.toLowerCase()}`;
}

/** Formats that exclude each other; a text without one may be of any. */
const formats: ReadonlySet<string> = new Set(["uuid", "date-time", "date", "time"]);

function isOtherFormat(designed: string | undefined, coded: string | undefined): boolean {
  if (designed === undefined || coded === undefined || designed === coded) return false;
  return formats.has(designed) && formats.has(coded);
}

function resolved(api: ApiDesign, schema: Schema, depth = 0): Schema {
  const { ref, nullable } = schema;
  const named = ref === undefined || depth > deepest ? undefined : api.schemas.find(({ name }) => name === ref);
  return named ? { ...resolved(api, named.schema, depth + 1), ...(nullable && { nullable }) } : schema;
}

/** Undefined where the design leaves it open. */
function kindOf({ type, properties, variants }: Schema): ValueType | "object" | "array" | undefined {
  if (variants || type === "union" || type === "ref" || type === "any") return undefined;
  return type === "object" && (properties ?? []).length === 0 ? undefined : type;
}

function compareFields(comparison: Comparison, at: Position, schema: Schema, shape: ObjectShape): void {
  const { api, texts, direction } = comparison;
  const hidden = direction === "request" ? "readOnly" : "writeOnly";
  const all = schema.properties ?? [];
  const designed = all.filter((property) => !resolved(api, property.schema)[hidden]);
  const names = new Set(all.map(({ name }) => name));
  const absent = designed.filter(({ name }) => !shape.fields.has(name)).map(({ name }) => name);
  const beyond = [...shape.fields.keys()].filter((name) => !names.has(name));
  const owner = `${nameOf(direction, at.path)} ${shape.name}`.trim();
  const place = `(${shape.path}:${shape.line})`;
  if (absent.length > 0 && !shape.isOpen) texts.push(`${owner} has no ${absent.join(", ")} ${place}`);
  if (beyond.length > 0 && !shape.isOpen && !schema.additional)
    texts.push(`${owner} has ${beyond.join(", ")} beyond the design ${place}`);
  for (const property of designed) {
    const field = shape.fields.get(property.name);
    if (!field) continue;
    comparePresence(comparison, below(at, property.name), property, field);
    compare(comparison, below(at, property.name), property.schema, field.typed);
  }
}

function comparePresence(comparison: Comparison, { path }: Position, designed: Property, field: ShapeField): void {
  const { direction, texts, isSparse, api, isExplicit } = comparison;
  const { required } = designed;
  const schema = resolved(api, designed.schema);
  const place = `(${field.path}:${field.line})`;
  if (direction === "request" && field.required !== undefined && field.required !== required) {
    const what = required ? "may be left out, the design requires it" : "is required, the design lets it be left out";
    texts.push(`${nameOf(direction, path)} ${what} ${place}`);
  }
  const isNever = isExplicit && required && !schema.nullable && kindOf(schema) !== undefined;
  if (isNever && !isSparse && field.typed.nullable === true)
    texts.push(`${nameOf(direction, path)} may be null, the design says it never is ${place}`);
}
