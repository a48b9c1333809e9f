import type { Analysis } from "../analysis.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { FunctionFact, ParameterFact, PythonFile } from "./pythonFile.ts";
import type { Route } from "./routes.ts";
import { type ObjectShape, type ShapeReader, shapeReader, type Typed } from "./shapes.ts";
import { statusNumber } from "./statusNumber.ts";
import { argumentsOf, fieldOf, keywordArgument, positionalArguments } from "./syntax.ts";
import { expandType } from "./types.ts";

/** What an operation takes and answers; undefined where the code does not tell. */
export interface Bodies {
  readonly request: Typed | undefined;
  readonly response: Typed | undefined;
  /** Values that are None or not set are left out of the answer. */
  readonly isSparse: boolean;
}

/** The bodies of every operation whose handler stands in the file. */
export function bodiesIn(analysis: Analysis, file: PythonFile): ReadonlyMap<Route, Bodies> {
  const { project } = analysis;
  const readers = {
    request: shapeReader(project, "request"),
    response: shapeReader(project, "response"),
    byName: shapeReader(project, "response", false),
  };
  return new Map(
    analysis.endpointsOf(file).map((route) => {
      const { declaration } = route;
      const isByName = keywordArgument(declaration, "response_model_by_alias")?.text === "False";
      return [
        route,
        {
          request: requestOf(project, readers.request, route),
          response: responseOf(project, isByName ? readers.byName : readers.response, route),
          isSparse: sparse.some((name) => keywordArgument(declaration, name) !== undefined),
        },
      ];
    }),
  );
}

const sparse = ["response_model_exclude_none", "response_model_exclude_unset", "response_model_exclude_defaults"];
const partial = ["response_model_include", "response_model_exclude"];

function responseOf(
  project: Project,
  reader: ShapeReader,
  { declaration, declaredIn, handler, status }: Route,
): Typed | undefined {
  const isHidden = argumentsOf(declaration).some(({ type }) => type === "dictionary_splat");
  const sends = keywordArgument(declaration, "response_class")?.text ?? "JSONResponse";
  if (isHidden || !/JSON/.test(sends) || partial.some((name) => keywordArgument(declaration, name))) return undefined;
  const model = keywordArgument(declaration, "response_model") ?? describedModel(declaration, status);
  if (model) return model.type === "none" ? undefined : reader.read(project.fileOf({ path: declaredIn }), model.text);
  return handler.returns === "" || handler.returns === "None"
    ? undefined
    : reader.read(project.fileOf(handler), handler.returns);
}

/** `OrderOut` of `responses={200: {"model": OrderOut}}`. */
function describedModel(declaration: PythonNode, status = 200): PythonNode | undefined {
  const described = keywordArgument(declaration, "responses")?.children.find((pair) => {
    const key = fieldOf(pair, "key");
    return key !== undefined && statusNumber(key) === status;
  });
  const answer = described && fieldOf(described, "value");
  const model = answer?.children.find((pair) => /^["']model["']$/.test(fieldOf(pair, "key")?.text ?? ""));
  return model && fieldOf(model, "value");
}

const injected =
  /\b(Depends|Security|Query|Path|Header|Cookie)\(|\b(Request|HTTPConnection|Response|BackgroundTasks|WebSocket|SecurityScopes)\b/;
const isForm = /\b(Form|File)\(|\bUploadFile\b/;

/** The model of the body, or an object of all parameters that are in it. */
function requestOf(project: Project, reader: ShapeReader, { handler, path }: Route): Typed | undefined {
  const file = project.fileOf(handler);
  const inPath = new Set([...path.matchAll(/\{(\w+)/g)].map(([, name]) => name));
  const given = handler.parameters
    .filter(({ name }) => !name.startsWith("*") && name !== "self" && name !== "cls" && !inPath.has(name))
    .map((parameter) => ({ parameter, whole: wholeOf(project, file, parameter) }));
  if (given.some(({ whole }) => isForm.test(whole))) return undefined;
  const candidates = given
    .filter(({ whole }) => !injected.test(whole))
    .map(({ parameter, whole }) => ({ parameter, whole, typed: reader.read(file, parameter.annotation) }));
  const bodies = candidates.filter(({ whole, typed }) => /\bBody\(/.test(whole) || isBody(typed));
  const [only, ...others] = bodies;
  if (!only || bodies.some(({ typed }) => typed.shape.kind === "unknown")) return undefined;
  return others.length === 0 && !/\bembed\s*=\s*True/.test(only.whole) ? only.typed : together(handler, bodies);
}

function wholeOf(project: Project, file: PythonFile, { annotation, value }: ParameterFact): string {
  const definition = value?.type === "identifier" ? project.resolve(file, value.text) : undefined;
  const given = definition?.kind === "assignment" ? definition.value.text : (value?.text ?? "");
  return `${expandType(project, file, annotation)} ${given}`;
}

function isBody({ shape }: Typed): boolean {
  return shape.kind === "unknown" || shape.kind === "object" || (shape.kind === "array" && isBody(shape.items));
}

interface BodyPart {
  readonly parameter: ParameterFact;
  /** Its annotation and default with what their names stand for. */
  readonly whole: string;
  readonly typed: Typed;
}

function together({ path, line }: FunctionFact, parts: readonly BodyPart[]): Typed {
  const fields: ObjectShape["fields"] = new Map(
    parts.map(({ parameter, whole, typed }) => [
      /\b(?:validation_)?alias\s*=\s*["']([^"']+)["']/.exec(whole)?.[1] ?? parameter.name,
      { path, line: parameter.line, typed, required: !hasDefault(parameter) },
    ]),
  );
  return { shape: { kind: "object", name: "", path, line, fields, isOpen: false }, nullable: false };
}

function hasDefault({ value }: ParameterFact): boolean {
  if (value?.type !== "call") return value !== undefined && value.text !== "...";
  const first = positionalArguments(value)[0] ?? keywordArgument(value, "default");
  return first !== undefined && first.text !== "...";
}
