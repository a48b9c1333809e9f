import { isNode, nodeAt, resolved } from "../../backend/contract/schemas.ts";
import { answerFault, type Contract, type Operation, parsed } from "./contract.ts";
import { exampleValue } from "./exampleValues.ts";

export interface Target {
  /** Where the application serves the contract's paths. */
  readonly url: string;
  readonly token: string;
  /** Grows by whatever the database is asked; the same for every application. */
  readonly databaseLog: () => string;
}

export interface OperationResult {
  readonly operation: string;
  /** 0 when there was no answer. */
  readonly status: number;
  /** Undefined when status and body are as the contract has them. */
  readonly fault: string | undefined;
  /** Whether the application sent its database a statement before it answered. */
  readonly askedDatabase: boolean;
}

/**
 * Sends every operation one valid request: first what creates, then what reads and changes, at last what
 * deletes. Keys in paths and bodies are those that earlier answers gave; without such an answer they are
 * valid and made up.
 */
export async function driveOperations(contract: Contract, target: Target): Promise<readonly OperationResult[]> {
  const memory = createMemory();
  const results: OperationResult[] = [];
  for (const operation of contract.operations.toSorted((one, other) => rank(one) - rank(other))) {
    const path = pathOf(contract, operation, memory);
    const body = bodyOf(contract, operation, memory);
    const before = target.databaseLog().length;
    const answer = await send(`${target.url}${path}`, operation.method, target.token, body);
    await new Promise((resolve) => setTimeout(resolve, logDelay));
    const fault = answerFault(contract, operation, answer);
    if (answer.status >= 200 && answer.status < 300) memory.learn(operation.path, body?.value, answer.text);
    results.push({
      operation: `${operation.method} ${operation.path}`,
      status: answer.status,
      fault: fault && `${fault} ${answer.text.slice(0, 200)}`,
      askedDatabase: statement.test(target.databaseLog().slice(before)),
    });
  }
  return results;
}

/** The server writes its log beside its answers, not before them. */
const logDelay = 40;
/** What `log_statement = 'all'` writes; setting up a connection and a transaction asks for no data. */
const statement =
  /(?:execute [^:]+|statement): *(?:SELECT (?!pg_catalog\.|current_schema|1\b)|INSERT|UPDATE|DELETE|WITH)/i;

/** Creating on a short path comes before creating on a long one, deleting the other way round. */
function rank({ method, path }: Operation): number {
  const depth = path.split("/").length;
  const changes = ["POST", "GET", "PUT", "PATCH", "DELETE"].indexOf(method);
  if (method === "DELETE") return 10_000 - depth;
  if (method === "POST" && !path.includes("{")) return depth;
  return 1000 + changes * 100 + depth;
}

interface Memory {
  readonly recall: (collection: string, name: string) => unknown;
  readonly learn: (path: string, sent: unknown, answered: string) => void;
}

/** Objects by the path that made them, and their keys by the name that others call them by (`petId`). */
function createMemory(): Memory {
  const rows = new Map<string, Readonly<Record<string, unknown>>>();
  const keys = new Map<string, unknown>();
  return {
    recall: (collection, name) => {
      const row = rows.get(collection);
      const isKey = /^(?:id|.*[a-z]_?id)$/i.test(name);
      return row?.[name] ?? (isKey && row ? row["id"] : undefined) ?? keys.get(canonical(name));
    },
    learn: (path, sent, answered) => {
      if (path.includes("{")) return;
      const row = { ...(isNode(sent) ? sent : {}), ...rowOf(parsed(answered)) };
      if (!("id" in row) || rows.has(path)) return;
      rows.set(path, row);
      const noun = path.split("/").at(-1) ?? "";
      for (const name of [noun, noun.replace(/s$/, "")]) keys.set(canonical(`${name}Id`), row["id"]);
    },
  };
}

/** An object itself, or the one that stands in an envelope. */
function rowOf(answer: unknown): Readonly<Record<string, unknown>> {
  if (!isNode(answer)) return {};
  const hasKey = (value: unknown): value is Readonly<Record<string, unknown>> => isNode(value) && "id" in value;
  return [answer, ...Object.values(answer)].find(hasKey) ?? {};
}

function canonical(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function pathOf({ document }: Contract, { path, parameters }: Operation, memory: Memory): string {
  const value = (parameter: Readonly<Record<string, unknown>>, collection: string) =>
    memory.recall(collection, String(parameter["name"])) ??
    exampleValue(document, parameter["schema"], () => undefined);
  const filled = path.replace(/\{([^}]+)\}/g, (placeholder, name: string) => {
    const parameter = parameters.find((candidate) => candidate["name"] === name && candidate["in"] === "path");
    const collection = path.slice(0, path.indexOf(`/${placeholder}`));
    return encodeURIComponent(String(value(parameter ?? { name }, collection)));
  });
  const query = new URLSearchParams();
  for (const parameter of parameters.filter(({ in: place, required }) => place === "query" && required === true)) {
    for (const item of [value(parameter, "")].flat()) query.append(String(parameter["name"]), String(item));
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

interface Body {
  readonly type: string;
  readonly value: unknown;
}

function bodyOf({ document }: Contract, { definition, path, method }: Operation, memory: Memory): Body | undefined {
  const content = nodeAt(resolved(document, definition["requestBody"]), "content");
  const type = "application/json" in content ? "application/json" : Object.keys(content)[0];
  if (type === undefined) return undefined;
  const replaces = method === "PUT" && !path.includes("{");
  const known = (name: string) =>
    name === "id" ? memory.recall(path, name) : /id$/i.test(name) ? memory.recall("", name) : undefined;
  return { type, value: exampleValue(document, nodeAt(content, type)["schema"], known, replaces) };
}

async function send(
  url: string,
  method: string,
  token: string,
  body: Body | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { authorization: `Bearer ${token}`, ...(body && { "content-type": body.type }) };
  const content = body && { body: body.type === "application/json" ? JSON.stringify(body.value) : String(body.value) };
  try {
    const response = await fetch(url, { method, headers, ...content, signal: AbortSignal.timeout(10_000) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    return { status: 0, text: String(error) };
  }
}
