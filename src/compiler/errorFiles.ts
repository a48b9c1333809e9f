import type { EnvelopeField, JsonValue, Schema } from "../spec/model.ts";
import { pascalCase, uniqueName, words } from "../support/words.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { type EnvelopePlan, handlersText } from "./errorHandlerText.ts";
import { resolveSchema } from "./modelBuilding.ts";
import { enumMemberName, pythonName } from "./names.ts";
import type { BackendPlan, ErrorClassPlan } from "./plan.ts";
import { docstring, importsFrom, longString, pythonModule, stringLiteral } from "./python.ts";

/** The catalogue, the handlers that answer with the designed envelope, and the envelope's model. */
export function errorFiles(plan: BackendPlan, errors: ErrorCatalogue, uses: ErrorUses): readonly GeneratedFile[] {
  const envelope = envelopeOf(plan);
  return [
    ...catalogueFiles(errors, uses),
    { path: "src/app/core/error_handlers.py", text: handlersText(errors, envelope, uses.saysWhen), step: 7 },
    { path: "src/app/api/schemas/errors.py", text: modelText(envelope, uses), step: 1 },
  ];
}

/** What of the answers is more than the envelope. */
export interface ErrorUses {
  /** Whether successful answers have headers, and some that are more than text. */
  readonly headers: "none" | "text" | "typed";
  /** Some failure says when to try again. */
  readonly saysWhen: boolean;
}

/** Header that carries the id of a request, in the words of the envelope. */
export function correlationHeader({ spec }: BackendPlan): string {
  const named = spec.api.endpoints
    .flatMap(({ parameters }) => parameters)
    .find((parameter) => parameter.in === "header" && /^x-(?:correlation|request|trace)-id$/i.test(parameter.name));
  if (named) return named.name;
  const field = spec.errors.envelope?.fields.find(({ role }) => role === "correlationId")?.path.at(-1) ?? "";
  const [first] = words(field);
  return first === "request" || first === "trace" ? `X-${pascalCase(first)}-Id` : "X-Correlation-Id";
}

/** FastAPI's own shape, with what clients need to branch on, when no document gives one. */
const defaultFields: readonly EnvelopeField[] = [
  { path: ["error", "code"], role: "code" },
  { path: ["error", "message"], role: "message" },
  { path: ["error", "correlationId"], role: "correlationId" },
  { path: ["error", "details"], role: "details" },
];

/** The designed envelope, else the default one. */
export function envelopeOf(plan: BackendPlan): EnvelopePlan {
  const designed = plan.spec.errors.envelope;
  const fields = designed && designed.fields.length > 0 ? designed.fields : defaultFields;
  const schema = detailsSchema(plan, fields);
  const example = fields.find(({ role }) => role === "details")?.value;
  const isObject = typeof example === "object" && example !== null && !Array.isArray(example);
  const isList = schema === undefined ? !isObject : schema.type === "array";
  const item = isList ? schema?.items && resolveSchema(plan.spec, schema.items) : undefined;
  const entry: unknown = Array.isArray(example) ? example[0] : example;
  const shown = typeof entry === "object" && entry !== null ? Object.keys(entry) : [];
  const names = item?.properties?.map(({ name }) => name) ?? shown;
  const pick = (pattern: RegExp, fallback: string) => names.find((name) => pattern.test(name)) ?? fallback;
  return {
    contentType: designed?.contentType ?? "application/json",
    fields,
    details: {
      isList,
      field: pick(/field|path|property|param|location|loc|pointer|name/i, "field"),
      reason: pick(/reason|message|issue|problem|msg|description|detail|error/i, "reason"),
    },
  };
}

/** What the contract says of the details; the envelope in prose only says where they are. */
function detailsSchema({ spec }: BackendPlan, fields: readonly EnvelopeField[]): Schema | undefined {
  const path = fields.find(({ role }) => role === "details")?.path ?? [];
  const [first, ...rest] = path;
  for (const { schema } of spec.api.schemas) {
    let current = (schema.properties ?? []).find(({ name }) => name === first)?.schema;
    for (const name of rest) {
      const resolved = current && resolveSchema(spec, current);
      current = resolved?.properties?.find((property) => property.name === name)?.schema;
    }
    const found = current && resolveSchema(spec, current);
    if (found?.type === "array" || found?.type === "object") return found;
  }
  return undefined;
}

/** The codes move to a module of their own when the catalogue would grow beyond what one reads at once. */
function catalogueFiles({ classes }: ErrorCatalogue, { saysWhen }: ErrorUses): readonly GeneratedFile[] {
  const members = memberNames(classes);
  const codes = enumBlock(classes, members);
  const waits = classes.some(({ retryAfter }) => saysWhen || retryAfter !== undefined);
  const blocks = [waits ? waitingBaseText : baseText, ...classes.map((plan) => classBlock(plan, members))];
  const large = classes.length > 40;
  const imports = [
    ...importsFrom("collections.abc", "Mapping", "Sequence"),
    ...importsFrom("typing", "Any", "ClassVar"),
    ...importsFrom("enum", "StrEnum"),
    ...(large ? importsFrom("app.core.error_codes", "ErrorCode") : []),
  ];
  const summary = "Error catalogue: one class for each code of the error handling design.";
  const catalogue = pythonModule({ docstring: summary, imports, body: large ? blocks : [codes, ...blocks] });
  const main: GeneratedFile = { path: "src/app/core/errors.py", text: catalogue, step: 7 };
  if (!large) return [main];
  const text = pythonModule({
    docstring: "Codes of the error handling design.",
    imports: importsFrom("enum", "StrEnum"),
    body: [codes],
  });
  return [{ path: "src/app/core/error_codes.py", text, step: 7 }, main];
}

function memberNames(classes: readonly ErrorClassPlan[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    classes.map(({ code }) => {
      const name = uniqueName(enumMemberName(code), taken);
      taken.add(name);
      return [code, name];
    }),
  );
}

/** Names in which the security linters suspect a password; a code is none. */
const looksSecret = /PASS|PWD|TOKEN|SECRET/;

function enumBlock(classes: readonly ErrorClassPlan[], members: ReadonlyMap<string, string>): string {
  const rows = classes.map(({ code }) => {
    const name = members.get(code) ?? "";
    return `    ${name} = ${stringLiteral(code)}${looksSecret.test(name) ? "  # noqa: S105  # nosec B105" : ""}`;
  });
  return ["class ErrorCode(StrEnum):", '    """Stable codes that clients branch on."""', "", ...rows].join("\n");
}

const baseText = `class AppError(Exception):
    """A failure of the catalogue; the central handlers turn it into the envelope."""

    code: ClassVar[ErrorCode]
    status_code: ClassVar[int]
    retryable: ClassVar[bool] = False
    default_message: ClassVar[str]

    def __init__(
        self, message: str | None = None, details: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        self.message = message or self.default_message
        self.details = tuple(details)
        super().__init__(self.message)`;

const waitingBaseText = baseText.replace(
  "    default_message: ClassVar[str]\n",
  '    retry_after: int | None = None\n    """Seconds after which a client may try again."""\n\n    default_message: ClassVar[str]\n',
);

function classBlock(plan: ErrorClassPlan, members: ReadonlyMap<string, string>): string {
  return [
    `class ${plan.className}(AppError):`,
    docstring(plan.message, 1),
    "",
    `    code = ErrorCode.${members.get(plan.code)}`,
    `    status_code = ${plan.status}`,
    ...(plan.retryable ? ["    retryable = True"] : []),
    ...(plan.retryAfter === undefined ? [] : [`    retry_after = ${plan.retryAfter}`]),
    `    default_message = ${longString(plan.message)}`,
  ].join("\n");
}

interface Node {
  readonly name: string;
  readonly field?: EnvelopeField;
  readonly children: readonly Node[];
}

function tree(fields: readonly EnvelopeField[], depth = 0): readonly Node[] {
  const names = [...new Set(fields.flatMap(({ path }) => path[depth] ?? []))];
  return names.map((name) => {
    const own = fields.filter(({ path }) => path[depth] === name);
    const leaf = own.find(({ path }) => path.length === depth + 1);
    return { name, ...(leaf && { field: leaf }), children: leaf ? [] : tree(own, depth + 1) };
  });
}

function modelText({ fields, details }: EnvelopePlan, { headers, saysWhen }: ErrorUses): string {
  const classes: string[] = [];
  const build = (name: string, nodes: readonly Node[], summary: string): void => {
    const lines = nodes.map((node) => {
      if (!node.field) {
        const inner = `Error${pascalCase(node.name === "error" ? "body" : node.name)}`;
        build(inner, node.children, "Part of the error envelope");
        return modelLine(node.name, inner);
      }
      return modelLine(node.name, annotationOf(node.field, details.isList));
    });
    classes.push([`class ${name}(BaseModel):`, docstring(summary, 1), "", ...lines].join("\n"));
  };
  build("ErrorResponse", tree(fields), "The answer to every request that fails");
  const imports = [
    ...importsFrom("collections.abc", "Mapping"),
    ...importsFrom("datetime", "datetime"),
    ...importsFrom("typing", "Any"),
    ...importsFrom("pydantic", "BaseModel", "Field"),
    ...importsFrom("starlette.status", "HTTP_429_TOO_MANY_REQUESTS"),
    ...importsFrom("app.core.errors", "AppError"),
  ];
  return pythonModule({
    docstring: "The error envelope, for the documentation of the API.",
    imports,
    body: [
      ...classes,
      saysWhen ? documentedWithRetry : documentedText,
      ...(headers === "none" ? [] : [headers === "typed" ? typedHeadersText : headersText]),
    ],
  });
}

const headersText = `def answer_headers(status_code: int, *names: str) -> dict[int | str, dict[str, Any]]:
    """Document the headers of a successful answer."""
    headers = {name: {"schema": {"type": "string"}} for name in names}
    return {status_code: {"headers": headers}}`;

const typedHeadersText = `def answer_headers(
    status_code: int,
    *names: str,
    typed: Mapping[str, dict[str, Any]] | None = None,
) -> dict[int | str, dict[str, Any]]:
    """Document the headers of a successful answer, text unless their type is named."""
    types = typed or {}
    headers = {name: {"schema": types.get(name, {"type": "string"})} for name in names}
    return {status_code: {"headers": headers}}`;

const documentedText = `def error_responses(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """Document the errors of a route by status, and the form of any other."""
    codes: dict[int, list[str]] = {}
    for error in errors:
        codes.setdefault(error.status_code, []).append(error.code.value)
    by_status: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorResponse, "description": ", ".join(names)}
        for status, names in codes.items()
    }
    return {**by_status, "default": {"model": ErrorResponse, "description": "Any other error"}}`;

const documentedWithRetry = documentedText
  .replace(
    "    by_status:",
    `    retry: dict[str, Any] = {"headers": {"Retry-After": {"schema": {"type": "integer"}}}}
    by_status:`,
  )
  .replace(
    `{"model": ErrorResponse, "description": ", ".join(names)}`,
    `{
            "model": ErrorResponse,
            "description": ", ".join(names),
            **(retry if status == HTTP_429_TOO_MANY_REQUESTS else {}),
        }`,
  );

function modelLine(wire: string, annotation: string): string {
  const name = pythonName(wire);
  return name === wire
    ? `    ${name}: ${annotation}`
    : `    ${name}: ${annotation} = Field(alias=${stringLiteral(wire)})`;
}

function annotationOf(field: EnvelopeField, isList: boolean): string {
  switch (field.role) {
    case "status":
      return "int";
    case "retryable":
      return "bool";
    case "timestamp":
      return "datetime";
    case "details":
      return isList ? "list[dict[str, Any]]" : "dict[str, Any]";
    case "constant":
      return constantType(field.value ?? null);
    default:
      return "str";
  }
}

function constantType(value: JsonValue): string {
  const types: Readonly<Record<string, string>> = { boolean: "bool", string: "str", number: "float" };
  return value === null ? "None" : (types[typeof value] ?? "Any");
}
