import { type Project, resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { type AliasStyle, aliased, aliasStyle } from "./aliasStyle.ts";
import type { ClassFact, FieldFact, PythonFile } from "./pythonFile.ts";
import { calledMethod, fieldOf, isCode, lastName } from "./syntax.ts";
import { bind, type Direction, type TypePlace } from "./typePlace.ts";
import { parseType, type TypeExpression } from "./typeText.ts";

/** A field of a model with where the names of its type stand. */
export interface ModelField {
  readonly name: string;
  /** In JSON; undefined where that is computed. */
  readonly wireName: string | undefined;
  readonly annotation: string;
  readonly place: TypePlace;
  readonly path: string;
  readonly line: number;
  readonly required: boolean | undefined;
  /** A serializer of its own decides what it is in JSON. */
  readonly isSerialized: boolean;
  /** The database fills it in. */
  readonly isKey: boolean;
  /** The code is seen to be for Pydantic 2, where a type that allows None is no default. */
  readonly isModern: boolean;
}

export interface Model {
  readonly fields: readonly ModelField[];
  readonly isOpen: boolean;
  /** What it inherits from or does to itself is not seen. */
  readonly isOpaque: boolean;
  /** What a `RootModel` stands for. */
  readonly root: { readonly expression: TypeExpression; readonly place: TypePlace } | undefined;
}

export interface ModelUse {
  readonly file: PythonFile;
  readonly fact: ClassFact;
  readonly use: { readonly place: TypePlace; readonly given: readonly TypeExpression[] };
}

/** The fields of a Pydantic model or dataclass as one direction has them: inherited, renamed and computed. */
export function modelOf(project: Project, { file, fact, use }: ModelUse, direction: Direction): Model {
  const members: Members = { layers: [], root: undefined, isOpaque: false };
  collect(project, members, { file, fact, bindings: bind(parametersOf(fact), use.given, use.place) }, 0);
  const { layers, root } = members;
  const methods = layers.flatMap((layer) => layer.fact.methods);
  const reading: Reading = {
    direction,
    style: styleOf(layers, direction),
    isModern: layers.some((layer) => modern.test(layer.file.text)),
    serialized: new Set(methods.flatMap(serializedBy)),
  };
  const fields = new Map<string, ModelField>();
  for (const layer of layers) addLayer(reading, layer, fields);
  const isChanged = methods.some(({ decorators }) => decorators.some(({ text }) => wholeChanged[direction].test(text)));
  const isOpen = settingOf(layers, "extra") === '"allow"';
  return { fields: [...fields.values()], isOpen, isOpaque: members.isOpaque || isChanged, root };
}

interface Reading {
  readonly direction: Direction;
  readonly style: AliasStyle;
  readonly isModern: boolean;
  /** Fields that a method serializes; `*` for all. */
  readonly serialized: ReadonlySet<string>;
}

function addLayer(reading: Reading, layer: Layer, fields: Map<string, ModelField>): void {
  const { direction } = reading;
  for (const field of layer.fact.fields.filter(isField)) {
    const isLeftOut = direction === "response" && /\bexclude\s*=\s*True/.test(optionsOf(field));
    if (isLeftOut) fields.delete(field.name);
    else fields.set(field.name, modelField(reading, layer, field));
  }
  if (direction === "response") for (const field of computedFields(reading, layer)) fields.set(field.name, field);
}

function modelField({ direction, style, isModern, serialized }: Reading, layer: Layer, field: FieldFact): ModelField {
  const { name, annotation, line } = field;
  return {
    name,
    wireName: aliasOf(field, direction) ?? (hasHiddenAlias(field) ? undefined : aliased(name, style)),
    annotation,
    place: layer,
    path: layer.fact.path,
    line,
    required: isRequired(field),
    isSerialized: serialized.has(name) || serialized.has("*"),
    isKey: /\bprimary_key\s*=\s*True/.test(optionsOf(field)),
    isModern,
  };
}

const modern =
  /\b(ConfigDict|model_config|field_validator|model_validator|field_serializer|computed_field|model_validate|model_dump|alias_generators)\b/;

const wholeChanged: Readonly<Record<Direction, RegExp>> = {
  request: /\bmodel_validator\([^)]*"(before|wrap)"|\broot_validator\([^)]*pre\s*=\s*True/,
  response: /\bmodel_serializer\b/,
};

interface Layer extends TypePlace {
  readonly fact: ClassFact;
}

interface Members {
  /** From the furthest ancestor to the class itself. */
  readonly layers: Layer[];
  root: Model["root"];
  isOpaque: boolean;
}

const deepest = 12;
const known = /^(BaseModel|SQLModel|GenericModel|Generic|ABC|Protocol|object|BaseSettings)$/;

function collect(project: Project, members: Members, layer: Layer, depth: number): void {
  for (const base of basesOf(layer.fact).toReversed()) {
    const expression = parseType(base.text);
    const definition = depth > deepest ? undefined : resolvePath(project, layer.file, expression.name);
    if (lastName(expression.name) === "RootModel" && expression.arguments[0])
      members.root = { expression: expression.arguments[0], place: layer };
    else if (definition?.kind === "class") {
      const { file, class: fact } = definition;
      collect(
        project,
        members,
        { file, fact, bindings: bind(parametersOf(fact), expression.arguments, layer) },
        depth + 1,
      );
    } else if (!known.test(lastName(expression.name))) members.isOpaque = true;
  }
  if (!members.layers.some(({ fact }) => fact === layer.fact)) members.layers.push(layer);
}

function basesOf({ body }: ClassFact): readonly PythonNode[] {
  const superclasses = body.parent && fieldOf(body.parent, "superclasses");
  return (superclasses?.children ?? []).filter((node) => isCode(node) && node.type !== "keyword_argument");
}

/** `T` of `class Page(BaseModel, Generic[T])` and of `class Page[T](BaseModel)`. */
function parametersOf(fact: ClassFact): string[] {
  const own = fact.body.parent && fieldOf(fact.body.parent, "type_parameters");
  const generic = basesOf(fact)
    .map(({ text }) => parseType(text))
    .find(({ name }) => /^(.*\.)?(Generic|GenericModel|Protocol)$/.test(name));
  if (own)
    return own.text
      .replace(/[[\]\s]/g, "")
      .split(",")
      .map((name) => name.replace(/:.*/, ""));
  return generic?.arguments.map(({ name }) => name) ?? [];
}

function isField({ name, annotation, value }: FieldFact): boolean {
  if (annotation === "" || name.startsWith("_") || name === "model_config") return false;
  return !/\b(ClassVar|InitVar)\b/.test(annotation) && !/^(Relationship|PrivateAttr)$/.test(calledMethod(value) ?? "");
}

/** What `Field(…)` says, as a value or within the annotation. */
function optionsOf({ annotation, value }: FieldFact): string {
  const isCall = value?.type === "call" && /Field|Body|Form|Query/.test(calledMethod(value) ?? "");
  return `${isCall ? value.text : ""} ${/\bField\(/.test(annotation) ? annotation : ""}`;
}

function aliasOf(field: FieldFact, direction: Direction): string | undefined {
  const options = optionsOf(field);
  const own = direction === "request" ? "validation_alias" : "serialization_alias";
  for (const keyword of [own, "alias"]) {
    const text = new RegExp(`(?<!\\w)${keyword}\\s*=\\s*["']([^"']+)["']`).exec(options)?.[1];
    if (text !== undefined) return text;
  }
  return undefined;
}

function hasHiddenAlias(field: FieldFact): boolean {
  return /(?<!\w)(?:validation_|serialization_)?alias\s*=\s*(?!["']|None)/.test(optionsOf(field));
}

function isRequired({ annotation, value }: FieldFact): boolean {
  const inType = /\bField\(([\s\S]*)\)/.exec(annotation)?.[1] ?? "";
  if (value === undefined) return !/\bdefault(_factory)?\s*=/.test(inType);
  if (value.type !== "call" || !/^(Field|Body|Form|Query|field)$/.test(calledMethod(value) ?? ""))
    return value.text === "...";
  const [first] = fieldOf(value, "arguments")?.children.filter(isCode) ?? [];
  if (first && first.type !== "keyword_argument") return first.text === "...";
  return !/(?<!\w)default\s*=\s*(?!\.\.\.)|\bdefault_factory\s*=/.test(value.text);
}

function serializedBy({ decorators }: { readonly decorators: readonly PythonNode[] }): string[] {
  return decorators.flatMap(({ text }) =>
    /\b(field_serializer|serializer)\(/.test(text)
      ? [...text.matchAll(/["']([\w*]+)["']/g)].map(([, name]) => name ?? "")
      : [],
  );
}

function computedFields({ style, isModern }: Reading, { fact, file, bindings }: Layer): ModelField[] {
  return fact.methods.flatMap(({ name, decorators, returns, line, path }) => {
    const computed = decorators.find(({ text }) => /\bcomputed_field\b/.test(text))?.text;
    if (computed === undefined) return [];
    const alias = /\balias\s*=\s*["']([^"']+)["']/.exec(computed)?.[1];
    const wireName = alias ?? aliased(name, style);
    const place = { file, bindings };
    const rest = { required: true, isSerialized: returns === "", isKey: false, isModern };
    return [{ name, wireName, annotation: returns, place, path, line, ...rest }];
  });
}

function styleOf(layers: readonly Layer[], direction: Direction): AliasStyle {
  const given = settingOf(layers, "alias_generator");
  return given === undefined ? "none" : aliasStyle(given, direction);
}

/** A setting of `model_config`, `class Config` or the class itself; the nearest to the model counts. */
function settingOf(layers: readonly Layer[], name: string): string | undefined {
  return layers
    .toReversed()
    .map((layer) => ownSetting(layer, name))
    .find((text) => text !== undefined);
}

function ownSetting({ fact, file }: Layer, name: string): string | undefined {
  const config = fact.fields.find((field) => field.name === "model_config")?.value?.text;
  const nested = file.classes.find(
    (inner) => inner.name === "Config" && inner.line > fact.line && inner.endLine <= fact.endLine,
  );
  const inClass = new RegExp(`(?:^|,)${name}=([^,]+)`).exec(fact.keywords)?.[1];
  const inConfig = new RegExp(`(?<!\\w)["']?${name}["']?\\s*[=:]\\s*((?:[\\w.]+\\([^)]*\\))|[^,)}\\s]+)`).exec(
    config ?? "",
  )?.[1];
  return (
    inClass ??
    inConfig?.replaceAll("'", '"') ??
    nested?.fields.find((field) => field.name === name)?.value?.text.replaceAll("'", '"')
  );
}
