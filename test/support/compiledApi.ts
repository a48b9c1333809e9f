import { planAggregates } from "../../src/compiler/aggregates.ts";
import type { Compilation } from "../../src/compiler/compilation.ts";
import { compile } from "../../src/compiler/compile.ts";
import { planErrors } from "../../src/compiler/errorClasses.ts";
import type { OperationPlanning } from "../../src/compiler/operations.ts";
import { planOperations } from "../../src/compiler/operations.ts";
import { specOf } from "./compilerPlans.ts";

/** Documents of a small design: tables, the operations of a contract by `METHOD /path`, and more. */
export interface SmallDesign {
  readonly sql?: string;
  /** The body of each operation object, in YAML flow style: `{ responses: … }`. */
  readonly operations?: Readonly<Record<string, string>>;
  /** `components/schemas`, in YAML flow style. */
  readonly schemas?: Readonly<Record<string, string>>;
  readonly more?: Readonly<Record<string, string>>;
}

export function documentsOf({
  sql = "",
  operations = {},
  schemas = {},
  more = {},
}: SmallDesign): Record<string, string> {
  const paths = new Map<string, string[]>();
  for (const [key, body] of Object.entries(operations)) {
    const [method = "", path = ""] = key.split(" ");
    const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(
      (match) => `{ name: ${match[1]}, in: path, required: true, schema: { type: string } }`,
    );
    const line = `    ${method.toLowerCase()}: ${body}`;
    paths.set(path, [...(paths.get(path) ?? [`    parameters: [${parameters.join(", ")}]`]), line]);
  }
  const openapi = [
    "openapi: 3.1.0",
    "info: { title: Test, version: '1' }",
    paths.size > 0 ? "paths:" : "paths: {}",
    ...[...paths].flatMap(([path, lines]) => [`  ${path}:`, ...lines]),
    "components:",
    "  schemas:",
    "    Unused: { type: object }",
    ...Object.entries(schemas).map(([name, body]) => `    ${name}: ${body}`),
  ];
  return { "schema.sql": sql, "openapi.yaml": openapi.join("\n"), ...more };
}

/** An answer with a JSON body. */
export function answers(schema: string, status = 200): string {
  return `responses: { '${status}': { description: Yes., content: { application/json: { schema: ${schema} } } } }`;
}

export function takes(schema: string): string {
  return `requestBody: { required: true, content: { application/json: { schema: ${schema} } } }`;
}

export async function planApi(design: SmallDesign): Promise<OperationPlanning> {
  const spec = await specOf(documentsOf(design));
  const { aggregates, session } = planAggregates(spec);
  return planOperations({ spec, aggregates, session, errors: planErrors(spec).errors });
}

export async function compileDesign(design: SmallDesign): Promise<Compilation> {
  return compile(await specOf(documentsOf(design)));
}

/** Text of one generated file. */
export function fileOf(compilation: Compilation, path: string): string {
  return compilation.files.find((file) => file.path === path)?.text ?? "";
}
