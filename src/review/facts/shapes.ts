import { type Project, resolvePath } from "../project.ts";
import { type ModelField, modelOf } from "./models.ts";
import type { ClassFact, PythonFile } from "./pythonFile.ts";
import { lastName } from "./syntax.ts";
import { bind, boundText, type Direction, type TypePlace } from "./typePlace.ts";
import { isDataclass, isEnum, isPydanticModel } from "./types.ts";
import { parseType, type TypeExpression } from "./typeText.ts";

/** What JSON a type of the code stands for. */
export type Shape =
  | ObjectShape
  | { readonly kind: "array"; readonly items: Typed }
  | { readonly kind: "value"; readonly types: readonly ValueType[]; readonly format?: string }
  | { readonly kind: "unknown" };

const valueTypes = ["string", "integer", "number", "boolean"] as const;

export type ValueType = (typeof valueTypes)[number];

export interface ObjectShape {
  readonly kind: "object";
  readonly name: string;
  readonly path: string;
  readonly line: number;
  /** By their names in JSON. A model may have itself among the types of its fields. */
  readonly fields: Map<string, ShapeField>;
  /** It may have fields that are not seen. */
  isOpen: boolean;
}

export interface ShapeField {
  readonly line: number;
  readonly path: string;
  readonly typed: Typed;
  /** Undefined where that depends on the version of Pydantic, or on code. */
  readonly required: boolean | undefined;
}

export interface Typed {
  readonly shape: Shape;
  /** Undefined where the value may be none although it is said to be. */
  readonly nullable: boolean | undefined;
}

export interface ShapeReader {
  read(file: PythonFile, annotation: string): Typed;
}

/** Shapes for one direction: what requests may hold and what answers do differ in names and in what is there. */
export function shapeReader(project: Project, direction: Direction, byAlias = true): ShapeReader {
  const context: Context = { project, direction, byAlias, known: new Map() };
  return { read: (file, annotation) => shapeOf(context, { file, bindings: new Map() }, parseType(annotation), 0) };
}

interface Context {
  readonly project: Project;
  readonly direction: Direction;
  readonly byAlias: boolean;
  readonly known: Map<string, Shape>;
}

const unknown: Typed = { shape: { kind: "unknown" }, nullable: undefined };
const deepest = 24;

function value(types: readonly ValueType[], format?: string): Typed {
  return { shape: { kind: "value", types, ...(format !== undefined && { format }) }, nullable: false };
}

const text = value(["string"]);

/** Python's own types and Pydantic's. An exact number is text in Pydantic 2 and a number before. */
const values: Readonly<Record<string, Typed>> = {
  str: text,
  EmailStr: text,
  SecretStr: text,
  AnyUrl: text,
  AnyHttpUrl: text,
  HttpUrl: text,
  bytes: text,
  UUID: value(["string"], "uuid"),
  UUID4: value(["string"], "uuid"),
  datetime: value(["string"], "date-time"),
  AwareDatetime: value(["string"], "date-time"),
  NaiveDatetime: value(["string"], "date-time"),
  date: value(["string"], "date"),
  time: value(["string"], "time"),
  int: value(["integer"]),
  PositiveInt: value(["integer"]),
  NonNegativeInt: value(["integer"]),
  float: value(["number"]),
  PositiveFloat: value(["number"]),
  NonNegativeFloat: value(["number"]),
  Decimal: value(["string", "number"]),
  bool: value(["boolean"]),
  StrictStr: text,
  StrictInt: value(["integer"]),
  StrictFloat: value(["number"]),
  StrictBool: value(["boolean"]),
};

const lists = /^(list|List|set|Set|frozenset|FrozenSet|Sequence|Iterable|Collection|conlist|UniqueList)$/;

function shapeOf(context: Context, place: TypePlace, expression: TypeExpression, depth: number): Typed {
  if (depth > deepest) return unknown;
  const inner = (next: TypeExpression, at = place) => shapeOf(context, at, next, depth + 1);
  const { name, arguments: given } = expression;
  const [first] = given;
  const bound = place.bindings.get(name);
  if (bound) return inner(bound.expression, bound.place);
  if (name === '"') return inner(parseType(expression.text));
  if (name === "|" || lastName(name) === "Union")
    return unionOf(given.map((part) => (isNone(part) ? undefined : inner(part))));
  if (lastName(name) === "Optional" && first) return unionOf([inner(first), undefined]);
  if (lastName(name) === "Annotated" && first) return annotated(inner(first), given.slice(1));
  if (lastName(name) === "Literal") return literal(given);
  return named(context, place, expression, depth);
}

function isNone({ name }: TypeExpression): boolean {
  return name === "None";
}

/** Several types are one where they are the same value in JSON. */
function unionOf(parts: readonly (Typed | undefined)[]): Typed {
  const shapes = parts.flatMap((part) => part?.shape ?? []);
  const [first, ...others] = shapes;
  const nullable = parts.some((part) => part === undefined || part.nullable);
  if (first && others.length === 0) return { shape: first, nullable };
  const types = shapes.flatMap((shape) => (shape.kind === "value" ? shape.types : []));
  const areValues = shapes.every(({ kind }) => kind === "value");
  return areValues ? { shape: { kind: "value", types: [...new Set(types)] }, nullable } : unknown;
}

/** What Pydantic and FastAPI know and what changes no type. */
const harmless =
  /^(?:[\w.]+\.)?(Field|Body|Query|Path|Form|Depends|BeforeValidator|AfterValidator|StringConstraints|Len|MinLen|MaxLen|Ge|Gt|Le|Lt|MultipleOf|Doc|Strict|AllowInfNan|Tag|Meta)\b|^["'?]/;

/** Markers of the project's own may do anything to a value, also let null pass or refuse it. */
function annotated(typed: Typed, markers: readonly TypeExpression[]): Typed {
  const described = markers.map(({ text: marker }) => /WithJsonSchema\(\{\s*"type": "(\w+)"/.exec(marker)?.[1]);
  const type = valueTypes.find((candidate) => described.includes(candidate));
  if (type !== undefined) return { ...value([type]), nullable: typed.nullable };
  const isSerialized = markers.some((marker) => /Serializer\(|WithJsonSchema\(|PlainValidator\(/.test(marker.text));
  if (isSerialized) return { ...unknown, nullable: typed.nullable };
  const isCertain = markers.every(({ name, text: marker }) => name === '"' || harmless.test(marker));
  return isCertain ? typed : { ...typed, nullable: undefined };
}

function literal(given: readonly TypeExpression[]): Typed {
  const nullable = given.some(isNone);
  const others = given.filter((one) => !isNone(one));
  const areTexts = others.every(({ name }) => name === '"');
  const areNumbers = others.every(({ text }) => /^-?\d+$/.test(text));
  if (areTexts) return { ...text, nullable };
  return areNumbers ? { ...value(["integer"]), nullable } : unknown;
}

function named(context: Context, place: TypePlace, expression: TypeExpression, depth: number): Typed {
  const { name, arguments: given } = expression;
  const definition = resolvePath(context.project, place.file, name);
  if (definition?.kind === "class")
    return classShape(context, { file: definition.file, fact: definition.class }, { place, given });
  if (definition?.kind === "assignment") return aliasShape(context, definition, { place, given }, depth);
  if (definition) return unknown;
  const last = lastName(name);
  const [first] = given;
  if (lists.test(last) || (last === "tuple" && given[1]?.text === "..."))
    return first
      ? { shape: { kind: "array", items: shapeOf(context, place, first, depth + 1) }, nullable: false }
      : unknown;
  return given.length === 0 ? (values[last] ?? unknown) : unknown;
}

interface Use {
  readonly place: TypePlace;
  readonly given: readonly TypeExpression[];
}

/** `Name = Annotated[…]`, `Id = NewType("Id", UUID)`; type variables of an alias are bound in their order. */
function aliasShape(
  context: Context,
  {
    file,
    value: node,
  }: { readonly file: PythonFile; readonly value: { readonly type: string; readonly text: string } },
  { place, given }: Use,
  depth: number,
): Typed {
  const made = /^(?:[\w.]+\.)?NewType\(\s*["']\w+["']\s*,\s*([\s\S]+?)\s*,?\s*\)$/.exec(node.text)?.[1];
  if (node.type === "call" && made === undefined) return unknown;
  const aliased = made ?? node.text;
  const variables = given.length === 0 ? [] : freeVariables(context.project, file, aliased);
  const bindings = bind(variables, given, place);
  return shapeOf(context, { file, bindings }, parseType(aliased), depth + 1);
}

function freeVariables(project: Project, file: PythonFile, aliased: string): string[] {
  const names = new Set(aliased.match(/[A-Za-z_]\w*/g) ?? []);
  return [...names].filter((name) => {
    const definition = project.resolve(file, name);
    return definition?.kind === "assignment" && /\bTypeVar\(/.test(definition.value.text);
  });
}

interface ClassPlace {
  readonly file: PythonFile;
  readonly fact: ClassFact;
}

function classShape(context: Context, { file, fact }: ClassPlace, { place, given }: Use): Typed {
  const { project, known, direction, byAlias } = context;
  if (isEnum(fact)) return enumShape(fact);
  if (!isPydanticModel(project, fact.name) && !isDataclass(fact)) return unknown;
  const model = modelOf(project, { file, fact, use: { place, given } }, direction);
  if (model.root) return shapeOf(context, model.root.place, model.root.expression, 1);
  if (model.isOpaque) return unknown;
  const bindings = given.map((one) => boundText(place, one)).join();
  const key = `${fact.path}:${fact.name}:${fact.line}[${bindings}]`;
  const before = known.get(key);
  if (before) return { shape: before, nullable: false };
  const fields = new Map<string, ShapeField>();
  const shape: ObjectShape = {
    kind: "object",
    name: fact.name,
    path: fact.path,
    line: fact.line,
    fields,
    isOpen: model.isOpen,
  };
  known.set(key, shape);
  for (const field of model.fields) addField(context, shape, field, byAlias);
  return { shape, nullable: false };
}

function addField(context: Context, shape: ObjectShape, field: ModelField, byAlias: boolean): void {
  const name = byAlias ? field.wireName : field.name;
  if (name === undefined) shape.isOpen = true;
  else {
    const typed = field.isSerialized ? unknown : shapeOf(context, field.place, parseType(field.annotation), 1);
    const nullable = field.isKey && typed.nullable ? undefined : typed.nullable;
    const isVague = field.required === true && typed.nullable === true && !field.isModern;
    const required = isVague ? undefined : field.required;
    shape.fields.set(name, { path: field.path, line: field.line, typed: { ...typed, nullable }, required });
  }
}

function enumShape({ bases, fields }: ClassFact): Typed {
  if (bases.some((base) => /^(int|IntEnum)$/.test(base))) return value(["integer"]);
  const members = fields.flatMap(({ value: member }) => member ?? []);
  const areNumbers = members.length > 0 && members.every(({ type }) => type === "integer");
  if (areNumbers) return value(["integer"]);
  const areTexts = bases.some((base) => /^(str|StrEnum)$/.test(base)) || members.every(({ type }) => type === "string");
  return areTexts ? text : unknown;
}
