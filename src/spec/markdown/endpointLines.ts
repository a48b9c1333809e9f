import type { HttpMethod, Parameter, Schema } from "../model.ts";
import { codeSpans, plainText } from "./text.ts";

/** A method and path found in a line, with the text behind it. */
export interface EndpointLine {
  readonly method: HttpMethod;
  /** Parameters in braces; without query string and base path. */
  readonly path: string;
  /** From a query string: `?status=:status&page=1`. */
  readonly query: readonly Parameter[];
  readonly rest: string;
}

const verb = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS";
const methodPath = new RegExp(
  `(?<![A-Za-z])((?:${verb})(?:\\s*[/,|&]\\s*(?:${verb}))*)(?![A-Za-z])[\\s:]+((?:https?://[^/\\s]+|…|\\.{3})?/[^\\s,;，。、]*)`,
);

/** The endpoints that a heading or line names: `POST /orders — create`, `GET/PUT /orders/:id`. */
export function endpointsIn(text: string, previous = ""): EndpointLine[] {
  const plain = plainText(text.replace(/`/g, " "));
  const match = methodPath.exec(plain);
  const path = continuedPath(previous, match?.[2] ?? "");
  if (!match || path === undefined) return [];
  const rest = plain.slice(match.index + match[0].length).trim();
  return (match[1] ?? "").split(/\s*[/,|&]\s*/).flatMap((method) => endpointOf(method, path, rest));
}

/** As {@link endpointsIn}, when the line begins with the endpoint or with a label before it: `**Endpoint**: POST /x`. */
export function endpointsAtStart(text: string, previous = ""): EndpointLine[] {
  const plain = plainText(text.replace(/`/g, " "));
  const match = methodPath.exec(plain);
  if (!match) return [];
  const before = plain.slice(0, match.index);
  const label = /^(?:[\d.)\s]*|[\p{L}\s]{1,24}[:：]\s*|(?:[\p{L}\p{N}'-]+\s+){1,5}(?:—|–|→|->|-)\s*)$/u;
  return label.test(before) && !/example|e\.g\.|beispiel|ejemplo|пример|例/i.test(before)
    ? endpointsIn(text, previous)
    : [];
}

/** As {@link endpointsAtStart}, with those enumerated behind: `` `GET/POST /x`, `DELETE …/:id` ``. */
export function endpointsListed(text: string, previous = ""): EndpointLine[] {
  const found = endpointsAtStart(text, previous);
  const enumerated = /`[^`]+`(?:(?:\s*(?:[,;、·&+]|and)){1,2}\s*`[^`]+`)+/.exec(text)?.[0];
  if (found.length === 0 || enumerated === undefined) return found;
  const lines: EndpointLine[] = [];
  for (const span of codeSpans(enumerated)) lines.push(...endpointsAtStart(span, lines.at(-1)?.path ?? previous));
  return lines.length > found.length ? lines : found;
}

/** `…/{id}/approve`: a path that goes on from the one before it. */
export function continuedPath(previous: string, raw: string): string | undefined {
  const suffix = /^(?:…|\.{3})(\/.*)$/.exec(raw)?.[1];
  if (suffix === undefined) return raw;
  const first = normalizePath(`/${suffix.split("/")[1] ?? ""}`);
  if (previous === "" || first === undefined) return undefined;
  const at = `${previous}/`.indexOf(`${first}/`);
  return `${at === -1 ? previous : previous.slice(0, at)}${suffix}`;
}

export function endpointOf(method: string, rawPath: string, rest: string): EndpointLine[] {
  const verbName = methods.find((candidate) => candidate === method.trim().toUpperCase());
  const path = normalizePath(rawPath);
  if (!verbName || path === undefined) return [];
  return [{ method: verbName, path, query: queryOf(rawPath), rest }];
}

const methods: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** `:id`, `<id>`, `[id]` and `{id?}` become `{id}`; undefined for what is no path. */
export function normalizePath(raw: string): string | undefined {
  const path = raw
    .trim()
    .replace(/^https?:\/\/[^/]+/, "")
    .replace(/[?#].*$/, "")
    .replace(/<(?:\w+:)?([\w-]+)>/g, "{$1}")
    .replace(/\[([\w-]+)\]/g, "{$1}")
    .replace(/:([A-Za-z_]\w*)/g, "{$1}")
    .replace(/\{([\w-]+)[?*]?\}/g, "{$1}")
    .replace(/[)\].,:*"']+$/, "")
    .replace(/(?<=.)\/$/, "");
  return /^\/(?:[\w\-.~%@$*]|\{[\w-]+\}|\/(?!\/))*$/.test(path) ? path : undefined;
}

function queryOf(rawPath: string): Parameter[] {
  const query = /\?([^#\s]*)/.exec(rawPath)?.[1] ?? "";
  return query
    .replace(/[[\]{}]/g, "")
    .split("&")
    .map((pair) => pair.split("="))
    .flatMap(([name = "", value = ""]): Parameter[] => {
      if (!/^[A-Za-z_][\w.-]*$/.test(name.trim())) return [];
      const schema: Schema = /^\d{1,9}$/.test(value) ? { type: "integer", default: Number(value) } : { type: "string" };
      return [{ name: name.trim(), in: "query", required: false, schema }];
    });
}

const declaration =
  /(?:base[ -]?(?:url|path|uri|route)|api[ -]?prefix|(?:^|\W)prefix|server url|ベース\s*(?:URL|パス)|基础\s*(?:路径|URL)|базовый\s*(?:url|путь)|url base|basis-pfad|caminho base|ruta base|베이스 (?:URL|경로))[^\w/]{0,12}((?:https?:\/\/[^\s`/*)]+)?(?:\/[\w\-./{}]*)?)/i;

/** `All endpoints are below `/api``, `every path starts with /v1`, `routes are prefixed with /api`. */
const sentence =
  /(?:prefixed (?:with|by)|\b(?:all|every|the)\s+(?:\w+\s+)?(?:endpoints?|routes?|paths?|urls?|resources?)\s+(?:is|are|lies?|starts?|begins?|lives?|stands?|sits?|(?:is|are) (?:served|mounted|exposed|available))\s+(?:below|under|beneath|at|with))\s*`?(\/[\w\-./]*)/i;

/** The path of `**Base URL**: https://api.example.com/api/v1`; undefined when the line declares none. */
export function basePathIn(text: string): string | undefined {
  const match = declaration.exec(text);
  if (!match?.[1]) return sentence.exec(text)?.[1]?.replace(/[/.]+$/, "");
  const path = match[1].replace(/^https?:\/\/[^/]+/, "").replace(/[/.]+$/, "");
  return /^(?:\/[\w\-.{}]+)*$/.test(path) ? path : undefined;
}

/** The path behind the base path, written once where the document repeats it. */
export function withBasePath(basePath: string, path: string): string {
  if (basePath === "" || path === basePath || path.startsWith(`${basePath}/`)) return path;
  const last = basePath.slice(basePath.lastIndexOf("/"));
  if (path === last || path.startsWith(`${last}/`)) return `${basePath.slice(0, -last.length)}${path}`;
  return path === "/" ? basePath : `${basePath}${path}`;
}
