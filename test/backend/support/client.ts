import { createHmac } from "node:crypto";
import { jwtSecret } from "./backend.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined when the answer has no body. */
  readonly body: unknown;
}

export interface Call {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Refusal {
  readonly url: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

/** Every refusal that this process has been answered with, for {@link unreachedErrors}. */
const refusals: Refusal[] = [];

/** By `METHOD /path/{parameter}`. */
export type DocumentedErrors = Readonly<Record<string, readonly { readonly code: string; readonly status: number }[]>>;

/** The errors that no request to the server has met with their status, as `METHOD /path/{parameter} 404 CODE`. */
export function unreachedErrors(url: string, documented: DocumentedErrors): string[] {
  return Object.entries(documented).flatMap(([endpoint, errors]) => {
    const pattern = new RegExp(`^${endpoint.replaceAll("/", "\\/").replace(/\{\w+\}/g, "[^/]+")}$`);
    const met = refusals.filter(
      (refusal) => refusal.url === url && pattern.test(`${refusal.method} ${refusal.path.replace(/\?.*$/, "")}`),
    );
    return errors
      .filter(({ code, status }) => !met.some((one) => one.status === status && one.text.includes(`"${code}"`)))
      .map(({ code, status }) => `${endpoint} ${status} ${code}`);
  });
}

/** One caller's view of a server. */
export async function request(url: string, method: string, path: string, call: Call = {}): Promise<Answer> {
  const { token, body, headers } = call;
  const isForm = body instanceof FormData;
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && !isForm && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" || isForm ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status >= 400) refusals.push({ url, method, path, status: response.status, text });
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

/** A token as the identity provider would sign it. */
export function tokenFor(claims: Readonly<Record<string, unknown>>, secret = jwtSecret): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const content = `${part({ alg: "HS256", typ: "JWT" })}.${part({ exp: Math.floor(Date.now() / 1000) + 3600, ...claims })}`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}

/** The value at a path of property names and indexes, for assertions on parsed JSON. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (current, key) => (typeof current === "object" && current !== null ? Reflect.get(current, key) : undefined),
    value,
  );
}

export function text(value: unknown, ...path: readonly (string | number)[]): string {
  return String(at(value, ...path));
}
