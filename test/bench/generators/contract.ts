import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { fromJSONSchema } from "zod";
import { isNode, listAt, type Node, nodeAt, resolved } from "../../backend/contract/schemas.ts";

/** One operation of an OpenAPI document, its parameters together with those of its path. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly definition: Node;
  readonly parameters: readonly Node[];
}

export interface Contract {
  readonly document: Node;
  /** Path of the first server; empty when it has none. */
  readonly basePath: string;
  readonly operations: readonly Operation[];
}

const methods = ["get", "post", "put", "patch", "delete"];

export function readContract(file: string): Contract {
  const document = nodeAt({ document: parse(readFileSync(file, "utf8")) }, "document");
  const [server] = listAt(document, "servers");
  const url = isNode(server) ? String(server["url"]) : "";
  const operations = Object.entries(nodeAt(document, "paths")).flatMap(([path, item]) =>
    methods
      .filter((method) => isNode(item) && method in item)
      .map((method) => ({
        method: method.toUpperCase(),
        path,
        definition: nodeAt(item, method),
        parameters: [
          ...listAt(nodeAt({ item }, "item"), "parameters"),
          ...listAt(nodeAt(item, method), "parameters"),
        ].map((parameter) => resolved(document, parameter)),
      })),
  );
  return { document, basePath: url.replace(/^https?:\/\/[^/]+/, "").replace(/\/$/, ""), operations };
}

/** What is wrong with an answer to a valid request; undefined when the contract has it so. */
export function answerFault(
  { document }: Contract,
  { definition }: Operation,
  answer: { readonly status: number; readonly text: string },
): string | undefined {
  const response = nodeAt(definition, "responses")[String(answer.status)];
  if (answer.status < 200 || answer.status > 299) return `status ${answer.status}`;
  if (response === undefined) return `status ${answer.status} is not documented`;
  const content = nodeAt(resolved(document, response), "content");
  const schema = nodeAt(content, "application/json")["schema"];
  if (schema === undefined) return undefined;
  const { error } = fromJSONSchema(standalone(document, schema)).safeParse(parsed(answer.text));
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
}

/** Undefined when the text is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The schema as JSON Schema 2020-12 with everything in it that it refers to. */
function standalone(document: Node, schema: unknown): Node {
  const definitions = nodeAt(document, "components", "schemas");
  return nodeAt({ schema: translated({ allOf: [schema], $defs: definitions }) }, "schema");
}

function translated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(translated);
  if (!isNode(value)) return value;
  const { nullable, example: _, discriminator: __, ...rest } = value;
  const entries = Object.entries(rest).map(([key, inner]) => [
    key,
    key === "$ref" ? String(inner).replace("#/components/schemas/", "#/$defs/") : translated(inner),
  ]);
  const own: unknown = Object.fromEntries(entries);
  return nullable === true ? { anyOf: [own, { type: "null" }] } : own;
}
