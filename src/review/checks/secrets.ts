import type { PythonFile } from "../facts/pythonFile.ts";
import { couldBeSecret, hasLeaked, knownShape, looksRandom } from "../facts/secretShapes.ts";
import {
  argumentsOf,
  descendants,
  dottedName,
  fieldOf,
  keywordArgument,
  lastName,
  positionalArguments,
} from "../facts/syntax.ts";
import { isEnum } from "../facts/types.ts";
import type { Finding, SourceText } from "../model.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * No secret stands in the code: ruff's S105–S107 without their usual false alarms, and the shapes that
 * ruff does not know (defaults of environment variables and settings, dictionary entries, keys handed to
 * jwt and hmac, connection strings with a password, private keys, tokens of well-known services, random text).
 *
 * Settings files beside the code are searched for connection strings and tokens, `.env` for named secrets too; examples
 * (`.env.example`) for tokens only. Tests are left out. A memorable secret behind a harmless name is not seen.
 */
export const secrets: Check = {
  id: "secrets",
  title: "No hardcoded secrets",
  run: ({ project }) => {
    if (project.code.length === 0) return notApplicable;
    const findings = [
      ...project.code.flatMap((file) => project.conclusions.aboutFile(codeFindings, project, file)),
      ...project.others.flatMap(settingFindings),
    ];
    return passUnless(onceALine(findings));
  },
};

const remedy = "read it from the environment (a required SecretStr field of the settings).";

/**
 * What a secret is called, at the end of a name: `db_password` is one, `password_length` is about one. Numbers and the
 * surroundings that it is for may follow.
 */
const secretName =
  /(password|passwd|passphrase|pwd|secret|token|credentials?|(api|private|signing|encryption|access|jwt|hmac|master|session|cookie|fernet|service|secret)_?key)\d*(_?(dev|development|local|test|staging|prod|production|default|fallback))?$/i;

/** Of a key of translations, `password_reset.subject`, the last part tells. What has leaked is listed to be refused. */
function isSecretName(dotted: string): boolean {
  const name = lastName(dotted);
  return /^[\w-]+$/.test(name) && secretName.test(name) && !hasLeaked.test(name);
}

/** Documentation of a schema or a response shows what a value looks like, and so does a form. */
function isExample(node: PythonNode): boolean {
  for (let at: PythonNode | undefined = node; at; at = at.parent) {
    const key = at.type === "keyword_argument" ? fieldOf(at, "name")?.text : plainText(fieldOf(at, "key"));
    if (/^(examples?|json_schema_extra|openapi_extra|responses|placeholder|help_text)$/.test(key ?? "")) return true;
  }
  return false;
}

/** `PUBLIC_API_KEY = "AIza…"`: what every browser is given. */
function isPublic(node: PythonNode): boolean {
  const { parent } = node;
  const name =
    parent && fieldOf(parent, parent.type === "assignment" ? "left" : parent.type === "pair" ? "key" : "name");
  return node.type === "string" && /(^|_)public_/i.test(name?.text ?? "") && !/PRIVATE KEY/.test(node.text);
}

function codeFindings(project: Project, file: PythonFile): readonly Finding[] {
  return [...lintFindings(project, file), ...valueFindings(file)];
}

function lintFindings(project: Project, file: PythonFile): Finding[] {
  const lints = project.style.get(file.path)?.lints.filter((lint) => /^S10[567]$/.test(lint.code)) ?? [];
  if (lints.length === 0) return [];
  const enumLines = new Set(file.classes.filter(isEnum).flatMap((fact) => fact.fields.map((field) => field.line)));
  return lints.flatMap(({ line, column, message }) => {
    const value = stringAt(file, line, column);
    const name = message.match(/"([\w.]+)"/)?.[1] ?? "";
    const isFalseAlarm =
      enumLines.has(line) || !isSecretName(name) || (value !== undefined && !couldBeSecret(value, name));
    return isFalseAlarm ? [] : [finding(file.path, line, `A secret stands in the code (${name || "string"})`)];
  });
}

function stringAt(file: PythonFile, line: number, column: number): string | undefined {
  const start =
    file.text
      .split("\n")
      .slice(0, line - 1)
      .reduce((sum, text) => sum + text.length + 1, 0) +
    column -
    1;
  const at = descendants(file.root).find((node) => node.start >= start && node.type === "string");
  return at && plainText(at);
}

/** The text of a literal; undefined when anything is put in at run time. */
function plainText(node: PythonNode | undefined): string | undefined {
  if (node?.type !== "string" || node.children.some((part) => part.type === "interpolation")) return undefined;
  return node.children.map((part) => (part.type === "string_content" ? part.text : "")).join("");
}

/** The literal parts of a string, with `{}` for what is put in. */
function templateText(node: PythonNode): string {
  return node.children
    .map((part) => (part.type === "string_content" ? part.text : part.type === "interpolation" ? "{}" : ""))
    .join("");
}

function joinedText(node: PythonNode): string {
  return node.children.map(templateText).join("");
}

function valueFindings(file: PythonFile): Finding[] {
  return descendants(file.root).flatMap((node) => {
    const what = visitors[node.type]?.(node);
    return what === undefined || isExample(node) || isPublic(node) ? [] : [finding(file.path, node.line, what)];
  });
}

const visitors: Readonly<Record<string, (node: PythonNode) => string | undefined>> = {
  string: (node) => knownShape(node.text, isDocstring(node) ? "" : templateText(node)),
  concatenated_string: (node) => knownShape(joinedText(node), isDocstring(node) ? "" : joinedText(node)),
  pair: (node) => (isDigest(node) ? undefined : named(plainText(fieldOf(node, "key")) ?? "", fieldOf(node, "value"))),
  assignment: (node) => assigned(node),
  keyword_argument: (node) => named(fieldOf(node, "name")?.text ?? "", fieldOf(node, "value")),
  call: (node) => passed(node),
};

/** `{"linux-amd64": "870cb18f…"}`: SHA-256 of something that the key names. */
function isDigest(pair: PythonNode): boolean {
  const name = plainText(fieldOf(pair, "key")) ?? "";
  return !isSecretName(name) && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(plainText(fieldOf(pair, "value")) ?? "");
}

/** Documentation shows connection strings as examples. */
function isDocstring(node: PythonNode): boolean {
  return node.parent?.type === "expression_statement";
}

function assigned(node: PythonNode): string | undefined {
  const name = lastName(dottedName(fieldOf(node, "left")) ?? "");
  const right = fieldOf(node, "right");
  if (right?.type !== "call") return isInEnum(node) ? undefined : named(name, right);
  const value = keywordArgument(right, "default") ?? positionalArguments(right)[0];
  return /^(Field|SecretStr)$/.test(lastName(dottedName(fieldOf(right, "function")) ?? ""))
    ? named(name, value)
    : undefined;
}

function isInEnum(assignment: PythonNode): boolean {
  const owner = assignment.parent?.parent?.parent;
  return owner?.type === "class_definition" && /\bEnum\b|\b\w+Enum\b/.test(fieldOf(owner, "superclasses")?.text ?? "");
}

function named(name: string, value: PythonNode | undefined): string | undefined {
  const pair = value?.type === "tuple" && /^(auth|basic_auth)$/.test(name) ? value.children[1] : value;
  const text = plainText(pair);
  if (text === undefined || name === "") return undefined;
  if (looksRandom(name, text)) return `${name} has random text as its value, as a key would`;
  const isSecret = (isSecretName(name) || pair !== value) && couldBeSecret(text, name);
  return isSecret ? `${name} has a secret as its value` : undefined;
}

/** `os.getenv("JWT_SECRET", "dev")`, `SecretStr("…")`, `jwt.encode(claims, "key")`. */
function passed(node: PythonNode): string | undefined {
  const callee = dottedName(fieldOf(node, "function")) ?? "";
  const [first, second] = argumentsOf(node);
  if (/(^|\.)(getenv|environ\.get|environ\.setdefault)$/.test(callee)) {
    const name = plainText(first) ?? "";
    const fallback = second?.type === "keyword_argument" ? fieldOf(second, "value") : second;
    const value = plainText(fallback) ?? "";
    return isSecretName(name) && couldBeSecret(value, name) ? `${name} has a secret as its default` : undefined;
  }
  if (lastName(callee) === "SecretStr" && isLiteralSecret(plainText(first) ?? "")) return "SecretStr wraps a literal";
  return literalKey(callee, plainText(first) ?? "", plainText(second) ?? "");
}

function isLiteralSecret(value: string): boolean {
  return value.length > 3 && !/REPLACE_ME/.test(value);
}

function literalKey(callee: string, first: string, second: string): string | undefined {
  if (/\bjwt\.(encode|decode)$/.test(callee) && second !== "") return "jwt is given a literal key";
  const isKeyed = /(^|\.)(hmac\.new|Fernet)$/.test(callee) && first !== "";
  return isKeyed ? `${lastName(callee)} is given a literal key` : undefined;
}

function settingFindings({ path, text }: SourceText): Finding[] {
  if (!/(\.(ini|toml|ya?ml|cfg|json)|(^|\/)\.env[\w.-]*)$/.test(path)) return [];
  const isExample = /example|sample|template|docker-compose|compose\.ya?ml/.test(path);
  const isEnvironment = /(^|\/)\.env[\w.-]*$/.test(path);
  return text.split("\n").flatMap((line, index) => {
    // The comments that come with a tool show how a connection is written.
    const what =
      knownShape(line, isExample || /^\s*[#;]/.test(line) ? "" : line) ??
      (isExample ? undefined : environmentSecret(path, line));
    return what === undefined ? [] : [finding(path, index + 1, what, isEnvironment ? ignoreIt : remedy)];
  });
}

const ignoreIt = "version control does not ignore this file: add it to .gitignore, and give the secret a new value.";

/** `APP_SECRET=…` in a `.env` that version control does not ignore. */
function environmentSecret(path: string, line: string): string | undefined {
  const [, name = "", value = ""] = line.match(/^\s*(?:export\s+)?(\w+)\s*=\s*["']?([^"'#]*?)["']?\s*$/) ?? [];
  if (!/(^|\/)\.env[\w.-]*$/.test(path) || !isSecretName(name) || !couldBeSecret(value, name)) return undefined;
  return /^(change|replace|your|todo|x{3,})/i.test(value) ? undefined : `${name} has a secret as its value`;
}

function finding(path: string, line: number, what: string, why = remedy): Finding {
  return { path, line, message: `${what}; ${why}` };
}

function onceALine(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((item) => [`${item.path}:${item.line}`, item])).values()];
}
