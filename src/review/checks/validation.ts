import type { Analysis } from "../analysis.ts";
import { givenNames, isMadeModel, isModelled } from "../facts/modelled.ts";
import type { ClassFact, FunctionFact, ParameterFact, PythonFile } from "../facts/pythonFile.ts";
import type { Receivers } from "../facts/receivers.ts";
import type { Route } from "../facts/routes.ts";
import {
  ancestor,
  argumentsOf,
  calledMethod,
  descendantsOfType,
  dottedName,
  fieldOf,
  lastName,
  shortText,
} from "../facts/syntax.ts";
import {
  ancestorsOf,
  descendsFrom,
  expandType,
  isDataclass,
  isEnum,
  isPydanticModel,
  namesIn,
} from "../facts/types.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * What a client sends is validated by Pydantic: body parameters of endpoints are models, and no
 * endpoint, dependency of one or function that it hands the request to reads the raw request.
 *
 * A raw body is accepted where the endpoint verifies a signature over it, keeps it as bytes or as a text, or validates it next, and in
 * what is called a webhook; a dictionary where a model takes it next. How strict a model is cannot be judged here.
 */
export const validation: Check = {
  id: "validation",
  title: "Pydantic validation at API boundaries",
  run: (analysis) => {
    if (analysis.routes.length === 0) return notApplicable;
    const { code, conclusions } = analysis.project;
    return passUnless(code.flatMap((file) => conclusions.aboutFile(findingsIn, analysis, file)));
  },
};

function findingsIn(analysis: Analysis, file: PythonFile): readonly Finding[] {
  return analysis
    .endpointsOf(file)
    .flatMap((route) => [
      ...bodyFindings(analysis, route),
      ...[route.handler, ...readersOf(analysis, route.handler)].flatMap((reader) =>
        rawFindings(analysis.project, reader),
      ),
    ]);
}

const injected =
  /\b(Depends|Security|Query|Path|Header|Cookie|Form|File)\(|\b(Request|Response|BackgroundTasks|WebSocket|UploadFile|SecurityScopes|HTTPConnection)\b/;

const injectedTypes = /^(Request|Response|BackgroundTasks|WebSocket|UploadFile|HTTPConnection)$/;

/** `user=CurrentUser` where `CurrentUser = Depends(...)`. */
function expandValue(project: Project, file: PythonFile, value: PythonNode): string {
  const definition = value.type === "identifier" ? project.resolve(file, value.text) : undefined;
  return definition?.kind === "assignment" ? definition.value.text : value.text;
}

function bodyFindings({ project, receivers }: Analysis, route: Route): Finding[] {
  const { handler, path, method } = route;
  const file = project.fileOf(handler);
  const pathParameters = new Set([...path.matchAll(/\{(\w+)/g)].map((match) => match[1]));
  return handler.parameters.flatMap((parameter) => {
    if (parameter.name.startsWith("*") || pathParameters.has(parameter.name) || parameter.name === "self") return [];
    const annotation = expandType(project, file, parameter.annotation);
    const given = parameter.value ? expandValue(project, file, parameter.value) : "";
    const whole = `${annotation} ${given}`;
    if (
      injected.test(whole) ||
      isContainerMarked(file, parameter.annotation) ||
      namesIn(annotation).some((name) => descendsFrom(project, name, injectedTypes))
    )
      return [];
    const isBody = /\bBody\(/.test(whole) || /^(POST|PUT|PATCH)$/.test(method);
    const fault =
      isBody && !isCheckedNext(receivers, handler, parameter.name) && !isTakenByModel(project, handler, parameter)
        ? faultOf(project, parameter, annotation)
        : undefined;
    return fault === undefined
      ? []
      : [{ path: handler.path, line: parameter.line, message: `${handler.name}: ${fault}` }];
  });
}

/**
 * A body of no fixed shape, which a schema or a model that exists only at run time validates: the handler, or a function that it is
 * handed to, gives it to something that validates and answers what that raises.
 */
function isCheckedNext(receivers: Receivers, handler: FunctionFact, name: string): boolean {
  const reached = handler.calls
    .filter(({ node }) => givenNames(node).includes(name))
    .flatMap((call) => receivers.targetsOf(call));
  return [handler, ...reached].some(answersInvalid);
}

/** `Order(**body)`: the same model could be the parameter, but what comes in is validated. */
function isTakenByModel(project: Project, handler: FunctionFact, { name }: ParameterFact): boolean {
  return isMadeModel(project, handler, { name, from: handler.body.start });
}

/** `except ValidationError` that ends in another error: the answer that Pydantic's own 422 would have been. */
function answersInvalid({ body }: FunctionFact): boolean {
  return descendantsOfType(body, "except_clause").some((clause) => {
    return /ValidationError\b/.test(fieldOf(clause, "value")?.text ?? "") && /\braise\b/.test(clause.text);
  });
}

/** `FromDishka[OrderService]`: a marker of a container for dependencies; FastAPI takes no such body. */
function isContainerMarked({ imports }: PythonFile, annotation: string): boolean {
  const marker = annotation.match(/^(\w+)\[/)?.[1];
  const origin = imports.find(({ bound }) => bound === marker)?.module ?? "";
  return /^(dishka|dependency_injector|fastapi_injector|wireup|that_depends|lagom)\b/.test(origin);
}

const untyped = new Set(["dict", "Dict", "Any", "object", "Mapping", "MutableMapping", "JSON"]);

function faultOf(project: Project, parameter: ParameterFact, annotation: string): string | undefined {
  if (annotation === "") return `body parameter ${parameter.name} has no type; declare a Pydantic model for it.`;
  const type = annotation.replace(/\b(Body|Field)\([\s\S]*\)/g, "");
  const names = namesIn(type);
  if (/^(list|List|tuple|Tuple|set|Set)$/.test(annotation)) {
    return `body ${parameter.name}: ${parameter.annotation} takes items of any kind; declare a Pydantic model for them.`;
  }
  if (names.some((name) => isPydanticModel(project, name))) return undefined;
  if (isUntyped(type)) {
    return `body ${parameter.name}: ${parameter.annotation} is not validated; declare a Pydantic model with the fields of the contract.`;
  }
  const plain = names.find((name) => isPlainClass(project, name));
  return plain && `body type ${plain} is no Pydantic model; derive it from BaseModel.`;
}

/** Of a bare `dict`, of `Any` and of loose texts nobody knows the fields; `dict[str, list[str]]` is a table that FastAPI validates. */
function isUntyped(type: string): boolean {
  const values = type.replace(
    /\b(dict|Dict|Mapping|MutableMapping)\s*\[\s*\w+\s*,\s*(?=(list|List|set|Set|tuple|Tuple)\[)/g,
    "",
  );
  return namesIn(values).some((name) => untyped.has(name));
}

/**
 * A class that holds data, or a row. FastAPI does not start with such a body, so a class that does something is one that the
 * application hands in by means of its own.
 */
function isPlainClass(project: Project, name: string): boolean {
  const classes = project.classes.get(name) ?? [];
  const validated = /^(TypedDict|NamedTuple|str|int|float|Decimal)$/;
  return (
    classes.length > 0 &&
    classes.every((fact) => {
      const lineage = [fact, ...ancestorsOf(project, fact)];
      const bases = lineage.flatMap((known) => known.bases);
      const isKnown = bases.every((base) => project.classes.has(base) || /^(object|Base|DeclarativeBase)$/.test(base));
      const holdsData = isRow(lineage) || fact.methods.every((method) => /^__\w+__$/.test(method.name));
      const isValidated = lineage.some((known) => isDataclass(known) || isEnum(known));
      return isKnown && holdsData && !isValidated && !bases.some((base) => validated.test(base));
    })
  );
}

function isRow(lineage: readonly ClassFact[]): boolean {
  return lineage.some(({ fields }) => fields.some(({ name }) => name === "__tablename__"));
}

/** Functions that an endpoint hands its request to, and its dependencies: what they read is as raw. */
function readersOf({ project, receivers }: Analysis, handler: FunctionFact): readonly FunctionFact[] {
  const file = project.fileOf(handler);
  const called = handler.calls
    .filter((call) => argumentsOf(call.node).some((node) => isRequest(dottedName(node) ?? "", requestsOf(handler))))
    .flatMap((call) => receivers.targetsOf(call));
  const needed = handler.parameters.flatMap((parameter) => {
    const whole = `${expandType(project, file, parameter.annotation)} ${parameter.value?.text ?? ""}`;
    return [...whole.matchAll(/\bDepends\(\s*([\w.]+)/g)].flatMap(([, name = ""]) => {
      const definition = project.resolve(file, name);
      return definition?.kind === "function" ? [definition.function] : [];
    });
  });
  return [...new Set([...called, ...needed])].filter((fact) => fact !== handler);
}

function requestsOf({ parameters }: FunctionFact): readonly string[] {
  return parameters.filter(({ annotation }) => /\bRequest\b/.test(annotation)).map(({ name }) => name);
}

function rawFindings(project: Project, reader: FunctionFact): Finding[] {
  const requests = requestsOf(reader);
  const verifies = reader.calls.some((call) =>
    /verify|signature|construct_event|compare_digest|^hmac/i.test(`${call.receiver ?? ""}.${call.method}`),
  );
  if (verifies || requests.length === 0 || /webhook/i.test(reader.name)) return [];
  const reads = reader.calls.filter(
    ({ receiver, method, node }) =>
      receiver !== undefined &&
      isRequest(receiver, requests) &&
      /^(json|body|form|stream)$/.test(method) &&
      !isDiscarded(node) &&
      !isKeptAsBytes(reader, node) &&
      !isModelled(project, reader, node) &&
      !isSentOn(project, reader, node),
  );
  const parameters = descendantsOfType(reader.body, "subscript").filter((node) =>
    requests.some((name) => new RegExp(`^${name}\\.(query|path)_params\\[`).test(node.text)),
  );
  return [
    ...reads.map(({ line, receiver, method }) => ({
      path: reader.path,
      line,
      message: `${reader.name} reads ${receiver}.${method}() unvalidated; take a Pydantic model as parameter instead.`,
    })),
    ...parameters.map((node) => ({
      path: reader.path,
      line: node.line,
      message: `${reader.name} reads ${shortText(node)} unvalidated; declare it as a typed parameter.`,
    })),
  ];
}

/** `await request.form()` alone only fills the request's cache for a library that reads it. */
function isDiscarded(read: PythonNode): boolean {
  return calledMethod(read) !== "json" && statementOf(read)?.type === "expression_statement";
}

/** Bytes, or a text, that are counted, stored or sent on have no fields that a model could describe. */
function isKeptAsBytes({ body }: FunctionFact, read: PythonNode): boolean {
  const assignment = ancestor(read, ["assignment"], ["block"]);
  const name = assignment && fieldOf(assignment, "left")?.text;
  if (calledMethod(read) === "stream") return !/\b(loads|parse_(raw|obj|json)\w*)\(/.test(body.text);
  if (calledMethod(read) !== "body") return false;
  if (name === undefined) return /^write(_bytes)?$/.test(calledMethod(ancestor(read, ["call"], ["block"])) ?? "");
  const texts = descendantsOfType(body, "assignment").filter((node) =>
    fieldOf(node, "right")?.text.startsWith(`${name}.decode(`),
  );
  return [name, ...texts.map((node) => fieldOf(node, "left")?.text ?? "")].every((held) => !isLookedInto(body, held));
}

/** Also `raw.decode().split("&")`; a document that is only decoded is kept as the text that it is. */
function isLookedInto({ text }: PythonNode, name: string): boolean {
  return new RegExp(
    `\\b(loads|parse\\w*)\\(\\s*${name}\\b|\\b${name}\\s*(\\[|\\.(split|partition|get|find|match)\\(|\\.decode\\([^)]*\\)[.[])`,
  ).test(text);
}

function statementOf({ parent }: PythonNode): PythonNode | undefined {
  return parent?.type === "await" ? parent.parent : parent;
}

/** `client.post(url, json=data)` beside a parameter that is the model of the body: the raw one is only handed through. */
function isSentOn(project: Project, { path, body, parameters }: FunctionFact, read: PythonNode): boolean {
  const assignment = ancestor(read, ["assignment"], ["block"]);
  const name = assignment && fieldOf(assignment, "left")?.text;
  const file = project.fileOf({ path });
  const isModelled = parameters.some((parameter) => isModel(project, file, parameter));
  if (!assignment || !isModelled) return false;
  const uses = descendantsOfType(body, "identifier").filter(
    ({ text, start }) => text === name && start > assignment.end,
  );
  return uses.length > 0 && uses.every(({ parent }) => /^(json|content|data)=/.test(parent?.text ?? ""));
}

/** A model, also one of a package that is not under review: what FastAPI does not inject comes from the body. */
function isModel(project: Project, { imports }: PythonFile, { annotation, value }: ParameterFact): boolean {
  const names = namesIn(annotation);
  if (names.some((type) => isPydanticModel(project, type))) return true;
  if (injected.test(`${annotation} ${value?.text ?? ""}`) || !names.some((type) => /^[A-Z]\w*[a-z]/.test(type)))
    return false;
  const origin = imports.find(({ bound }) => bound === annotation.split(".")[0])?.module;
  return origin !== undefined && !/^(typing|uuid|datetime|decimal|pathlib|enum|collections)\b/.test(origin);
}

function isRequest(receiver: string, requests: readonly string[]): boolean {
  return requests.includes(receiver) || lastName(receiver) === "request";
}
