import type { Analysis } from "../analysis.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { ClassFact, FunctionFact, ParameterFact, PythonFile, RaiseFact } from "./pythonFile.ts";
import { argumentsOf, descendants, keywordArgument, lastName } from "./syntax.ts";
import { ancestorsOf } from "./types.ts";

/** The classes of `fastapi.security` that look for credentials in a request. */
const schemeClass =
  /^(HTTPBearer|HTTPBasic|HTTPDigest|OAuth2|OAuth2PasswordBearer|OAuth2AuthorizationCodeBearer|APIKey(Header|Query|Cookie)|OpenIdConnect)$/;

export function isScheme(project: Project, name: string, fact?: ClassFact): boolean {
  return schemeClass.test(name) || (fact !== undefined && schemeClassOf(project, fact));
}

function schemeClassOf(project: Project, fact: ClassFact): boolean {
  return [fact, ...ancestorsOf(project, fact)].some(({ bases }) => bases.some((base) => schemeClass.test(base)));
}

/** With `auto_error=False` a request without credentials comes through. */
export function letsThrough(made: PythonNode, fact: ClassFact | undefined): boolean {
  const given = keywordArgument(made, "auto_error")?.text;
  return given === undefined ? /auto_error(: bool)? ?= ?False/.test(fact?.body.text ?? "") : given !== "True";
}

/** A dependency of a library whose name says that it is about something else than the caller. */
export function isHarmless(name: string): boolean {
  return /limit|cache|pagin|params|query|filter|session|settings|config|log|engine|connection|OAuth2PasswordRequestForm|BackgroundTasks|Response/i.test(
    lastName(name),
  );
}

const credentialWords = /auth|token|api_?key|credential|secret|signature|cookie|jwt/i;

/** The function looks for credentials itself: in the request, or in a header or cookie that it declares. */
export function readsCredentials({ parameters, body }: FunctionFact): boolean {
  return parameters.some((parameter) => {
    if (isRequest(parameter)) return isReadForCredentials(parameter.name, body.text);
    const whole = `${parameter.annotation} ${parameter.value?.text ?? ""}`;
    return (
      /\b(Header|Cookie)\(/.test(whole) && credentialWords.test(`${parameter.name} ${whole.match(/"[^"]*"/)?.[0]}`)
    );
  });
}

function isRequest({ annotation }: ParameterFact): boolean {
  return /\b(Request|HTTPConnection|WebSocket)\b/.test(annotation);
}

/** Its headers, cookies, session or state are read, or the whole is given to somebody who may. */
function isReadForCredentials(name: string, body: string): boolean {
  const reads = new RegExp(`\\b${name}\\.(headers|cookies|session|user|auth|scope|state)\\b`).test(body);
  return reads || new RegExp(`[(,=]\\s*${name}\\s*[,)]`).test(body);
}

type Known = Pick<Analysis, "project" | "receivers">;

const refusesStrangers =
  /\b401\b|UNAUTHORI[SZ]ED|Unauthori[sz]ed|Unauthenticated|NotAuthenticated|credentials?_exc|InvalidToken|InvalidCredentials/;

const refusesCallers =
  /\b403\b|FORBIDDEN|Forbidden|Permission|Denied|NotAllowed|Insufficient|NotEnough|Privilege|Scope|Role|Superuser|superuser|is_admin/;

/** Whether a function, or one that it calls, refuses those who are not known. */
export function refusesUnknown({ project, receivers }: Known, fact: FunctionFact): boolean {
  return raisesIn({ project, receivers }, fact).some((raise) => says(project, raise, refusesStrangers));
}

/** Whether a function, or one that it calls, refuses some of those who are known. */
export function refusesKnown({ project, receivers }: Known, fact: FunctionFact): boolean {
  return raisesIn({ project, receivers }, fact).some((raise) => says(project, raise, refusesCallers));
}

const farthest = 3;

/** The function and what it calls of the project; what speaks to the database keeps rows from callers, not operations. */
function reachedFrom({ project, receivers }: Known, start: FunctionFact): ReadonlySet<FunctionFact> {
  const reached = new Set([start]);
  let level: readonly FunctionFact[] = [start];
  for (let step = 0; step < farthest; step++) {
    level = level.flatMap(({ calls }) => calls.flatMap((call) => receivers.targetsOf(call)));
    level = level.filter((fact) => !reached.has(fact) && project.fileOf(fact).layer !== "persistence");
    for (const fact of level) reached.add(fact);
  }
  return reached;
}

function raisesIn(known: Known, start: FunctionFact): RaiseFact[] {
  return [...reachedFrom(known, start)].flatMap(({ raises }) => raises);
}

/** By its own words, by those of what it is a name for, or by those of the class that is raised. */
function says(project: Project, { node, exception, within }: RaiseFact, words: RegExp): boolean {
  if (words.test(node.text)) return true;
  const made = new RegExp(`\\b${exception}\\s*=\\s*([\\s\\S]{0,200})`).exec(
    exception === "" ? "" : (within?.body.text ?? ""),
  );
  if (made?.[1] !== undefined && words.test(made[1])) return true;
  return (project.classes.get(exception) ?? []).some(({ body }) => words.test(body.text));
}

const roleWords = /\b\w*(role|scope|permission|privilege|forbidden|superuser|is_staff|is_admin|authorize)\w*\b/i;

/** Behind the dependencies, who may do it can be asked as well. */
export function mentionsRoles(known: Known, handler: FunctionFact): boolean {
  return [...reachedFrom(known, handler)].some(({ body }) => roleWords.test(body.text));
}

const middlewareWords = /authorization|authenticat|\b401\b|jwt|current_user|api_key/i;

/** Whether a file gives the application a middleware that may ask who calls. */
export function addsAuthMiddleware(project: Project, file: PythonFile): boolean {
  const functions = file.functions.filter(({ decorators }) =>
    decorators.some(({ text }) => /\bmiddleware\b/.test(text)),
  );
  const added = file.calls.filter(({ method }) => method === "add_middleware" || method === "Middleware");
  return (
    functions.some(({ body }) => middlewareWords.test(codeOf(body))) ||
    added.some(({ node }) => {
      const given = argumentsOf(node)[0]?.text ?? "";
      const classes = project.classes.get(lastName(given)) ?? [];
      return (
        classes.some(({ body }) => middlewareWords.test(codeOf(body))) || (classes.length === 0 && /auth/i.test(given))
      );
    })
  );
}

/** What a body does, without what docstrings and comments tell of it. */
function codeOf(body: PythonNode): string {
  const isTold = ({ type, parent }: PythonNode) =>
    type === "comment" || (type === "string" && parent?.type === "expression_statement");
  const told = descendants(body).filter(isTold);
  return told.reduce((text, { text: part }) => text.replace(part, () => ""), body.text);
}
