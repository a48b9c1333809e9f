import type { ErrorCode, SourceSpan } from "../../spec/model.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { spanOf } from "./columns.ts";
import type { ClassFact, FieldFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import { moduleScope } from "./scopes.ts";
import { evaluateString, type Scope } from "./staticValue.ts";
import { statusNumber } from "./statusNumber.ts";
import {
  argumentsOf,
  calledMethod,
  descendants,
  dottedName,
  fieldOf,
  isCode,
  keywordArgument,
  lastName,
  positionalArguments,
  returnedBy,
} from "./syntax.ts";
import { ancestorsOf, descendsFrom, isEnum } from "./types.ts";

/** A place where an error code stands in the code. */
export interface ErrorCodeSite {
  readonly code: string;
  /** The HTTP status that this place gives the code, where it does. */
  readonly status: number | undefined;
  /** The place defines the code: a member of an enumeration of codes, or an exception class. */
  readonly declares: boolean;
  /** The class of the exception that has the code, where it is one. */
  readonly exception?: string;
  readonly span: SourceSpan;
}

/**
 * Error codes of the code: members of enumerations, `code` attributes of exception classes, exceptions that the design
 * names, calls and dictionaries that put a code and a status side by side, and any string that is a designed code.
 */
export function readErrorCodes(project: Project): readonly ErrorCodeSite[] {
  const { conclusions } = project;
  const files = project.code.filter((file) => file.layer !== "migration");
  const handled = files.flatMap((file) => conclusions.aboutFile(handledIn, project, file));
  const sites = files.flatMap((file) => conclusions.aboutFile(sitesIn, project, file));
  return handled.length === 0 ? sites : sites.map((site) => withHandledStatus(site, handled));
}

/** Where a code stands; places that give it a status come first, then those that define it. */
export function sitesOfCode(sites: readonly ErrorCodeSite[], code: string): readonly ErrorCodeSite[] {
  const weight = (site: ErrorCodeSite) => (site.status === undefined ? 2 : 0) + (site.declares ? 0 : 1);
  return sites.filter((site) => site.code === code).sort((a, b) => weight(a) - weight(b));
}

/** The first place that gives a code another status than the design does. */
export function codeDifference(code: ErrorCode, sites: readonly ErrorCodeSite[]): ErrorCodeSite | undefined {
  if (code.status === undefined) return undefined;
  return sites.find((site) => site.status !== undefined && site.status !== code.status);
}

function sitesIn(project: Project, file: PythonFile): readonly ErrorCodeSite[] {
  const designed = new Set(project.spec.errors.codes.map((code) => code.name));
  const context: SiteContext = { project, file, scope: moduleScope(project, file), designed };
  return [
    ...file.classes.flatMap((fact) => (isEnum(fact) ? enumSites(context, fact) : classSites(context, fact))),
    ...file.classes.flatMap((fact) => namedSites(context, fact)),
    ...file.calls.flatMap((call) => pairedSites(context, call.node, argumentsOf(call.node).map(argumentValue))),
    ...descendants(file.root).flatMap((node) => nodeSites(context, node)),
  ];
}

interface SiteContext {
  readonly project: Project;
  readonly file: PythonFile;
  readonly scope: Scope;
  readonly designed: ReadonlySet<string>;
}

function enumSites({ file, scope, designed }: SiteContext, fact: ClassFact): ErrorCodeSite[] {
  const values = fact.fields.map((field) => ({ field, ...memberOf(field.value, scope) }));
  const isCatalogue = /code/i.test(fact.name) || values.some(({ code }) => code !== undefined && designed.has(code));
  if (!isCatalogue || !/error|code|problem/i.test(fact.name)) return [];
  return values.flatMap(({ field, code, status }) =>
    code === undefined ? [] : [{ code, status, declares: true, span: spanOf(file, field) }],
  );
}

/** `"ORDER_LOST"`, or `("ORDER_LOST", 404)` with its status. */
function memberOf(
  value: PythonNode | undefined,
  scope: Scope,
): { code: string | undefined; status: number | undefined } {
  const parts = value?.type === "tuple" || value?.type === "expression_list" ? value.children.filter(isCode) : [];
  if (parts.length === 0) return { code: evaluateString(value, scope), status: undefined };
  const [code] = parts.flatMap((part) => evaluateString(part, scope) ?? []);
  return { code, status: parts.map(errorStatus).find(isPresent) };
}

const codeFields = /^(code|error_code|default_code|biz_code|type)$/;
const statusFields = /^(status_code|status|http_status|http_status_code|default_status)$/;

function classSites(context: SiteContext, fact: ClassFact): ErrorCodeSite[] {
  const { project, file, scope } = context;
  const field = membersOf(fact).find((candidate) => codeFields.test(candidate.name));
  const code = evaluateString(field?.value, scope);
  if (!field || code === undefined) return [];
  const declares = fact.bases.length > 0 && isException(project, fact);
  if (!declares && !context.designed.has(code)) return [];
  return [{ code, status: inheritedStatus(project, fact), declares, exception: fact.name, span: spanOf(file, fact) }];
}

/** The attributes of a class, and what its properties return. */
function membersOf({ fields, methods }: ClassFact): readonly Pick<FieldFact, "name" | "value">[] {
  const properties = methods.filter(({ decorators }) => decorators.some(({ text }) => text === "property"));
  return [...fields, ...properties.map(({ name, body }) => ({ name, value: returnedBy(body) }))];
}

/** A design may know an error by the name of its exception. */
function namedSites({ project, file, designed }: SiteContext, fact: ClassFact): ErrorCodeSite[] {
  if (!designed.has(fact.name) || !isException(project, fact)) return [];
  const status = inheritedStatus(project, fact) ?? statusGivenOn(fact);
  return [{ code: fact.name, status, declares: true, exception: fact.name, span: spanOf(file, fact) }];
}

/** `super().__init__("There is no such order", status_code=404)` */
function statusGivenOn({ methods }: ClassFact): number | undefined {
  const calls = methods.find(({ name }) => name === "__init__")?.calls.filter(({ method }) => method === "__init__");
  const given = calls?.flatMap(({ node }) => argumentsOf(node).map(argumentValue)) ?? [];
  return given.map(errorStatus).find(isPresent);
}

/** An exception that a handler is for, and a status with which the handler answers. */
interface HandledStatus {
  readonly exception: string;
  readonly status: number;
}

/** The only status that the handler of its exception answers with, where the place itself has none. */
function withHandledStatus(site: ErrorCodeSite, handled: readonly HandledStatus[]): ErrorCodeSite {
  if (site.status !== undefined || site.exception === undefined) return site;
  const answers = handled.filter(({ exception }) => exception === site.exception);
  const [status, ...others] = new Set(answers.map((answer) => answer.status));
  return status === undefined || others.length > 0 ? site : { ...site, status };
}

/** `@app.exception_handler(OrderLost)` and `app.add_exception_handler(OrderLost, order_lost)`. */
function handledIn(project: Project, file: PythonFile): readonly HandledStatus[] {
  const decorated = file.functions.flatMap((handler) =>
    handler.decorators
      .filter((call) => calledMethod(call) === "exception_handler")
      .flatMap((call) => statusesOf(handler, positionalArguments(call)[0])),
  );
  const added = file.calls.flatMap(({ method, node }) => {
    if (method !== "add_exception_handler") return [];
    const [about, handler] = positionalArguments(node);
    const definition = project.resolve(file, dottedName(handler) ?? "");
    return definition?.kind === "function" ? statusesOf(definition.function, about) : [];
  });
  return [...decorated, ...added];
}

function statusesOf(handler: FunctionFact, about: PythonNode | undefined): HandledStatus[] {
  const exception = lastName(dottedName(about) ?? "");
  return handler.calls.flatMap(({ node }) => {
    const given = keywordArgument(node, "status_code");
    const status = given && statusNumber(given);
    return status === undefined ? [] : [{ exception, status }];
  });
}

/** Whether a class can be raised: it descends from a built-in exception or from one named like it. */
export function isException(project: Project, fact: ClassFact): boolean {
  const named = /(Exception|Error)$/;
  return fact.bases.some((base) => named.test(base)) || descendsFrom(project, fact.name, named);
}

function inheritedStatus(project: Project, fact: ClassFact): number | undefined {
  for (const owner of [fact, ...ancestorsOf(project, fact)]) {
    const value = membersOf(owner).find((candidate) => statusFields.test(candidate.name))?.value;
    if (value) return statusNumber(value);
  }
  return undefined;
}

function argumentValue(node: PythonNode): PythonNode {
  return (node.type === "keyword_argument" ? fieldOf(node, "value") : undefined) ?? node;
}

/** A designed code beside a status among the arguments of one call, or as key and value. */
function pairedSites(context: SiteContext, at: PythonNode, values: readonly PythonNode[]): ErrorCodeSite[] {
  const status = values.map(errorStatus).find((number) => number !== undefined);
  const code = status === undefined ? undefined : values.map((node) => codeWithin(context, node)).find(isPresent);
  return code === undefined ? [] : [{ code, status, declares: false, span: spanOf(context.file, { line: at.line }) }];
}

/** The code itself, or the only one of a body: `content={"error": {"code": "ORDER_EMPTY"}}`. */
function codeWithin(context: SiteContext, node: PythonNode): string | undefined {
  if (node.type !== "dictionary") return codeIn(context, node);
  const codes = new Set(descendants(node).flatMap((inner) => codeIn(context, inner) ?? []));
  return codes.size === 1 ? [...codes][0] : undefined;
}

function errorStatus(node: PythonNode): number | undefined {
  if (node.type !== "integer" && !/\bHTTP_\d{3}|\bHTTPStatus\./.test(node.text)) return undefined;
  const status = statusNumber(node);
  return status !== undefined && status >= 400 && status < 600 ? status : undefined;
}

function codeIn({ scope, designed }: SiteContext, node: PythonNode): string | undefined {
  const name = lastName(dottedName(node) ?? "");
  // An exception by its name, as in `{OrderLost: 404}`.
  if (/[a-z]/.test(name) && /^[A-Z]/.test(name) && designed.has(name)) return name;
  const looksConstant = node.type === "string" || /(^|\.)[A-Z][A-Z0-9_]*(\.value)?$/.test(dottedName(node) ?? "");
  const text = looksConstant ? evaluateString(node, scope) : undefined;
  return text !== undefined && designed.has(text) ? text : undefined;
}

function nodeSites(context: SiteContext, node: PythonNode): ErrorCodeSite[] {
  if (node.type === "pair") return pairedSites(context, node, node.children);
  if (node.type !== "string") return [];
  const code = codeIn(context, node);
  return code === undefined ? [] : [{ code, status: undefined, declares: false, span: spanOf(context.file, node) }];
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
