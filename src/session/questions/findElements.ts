import type { DesignElement, DesignSpec, ElementKind } from "../../spec/model.ts";
import { nearestName } from "../../spec/nearestName.ts";
import { designElements } from "../jsonOutput.ts";

/** What somebody's words for an element mean. */
export interface Found {
  /** In the order of the design; several where the words name several, as `orders` a table and an entity. */
  readonly elements: readonly DesignElement[];
  /** The element that was perhaps meant, when there is none. */
  readonly nearest?: string;
}

/** The elements that are called so: by id, by name, by name with its owner's, an endpoint also by a path of its kind. */
export function findElements(words: string, spec: DesignSpec): Found {
  const all = designElements(spec);
  const { kinds, name } = splitKind(words.trim().replace(/^[`'"]+|[`'"]+$/g, ""));
  const ofKind = all.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  for (const isMeant of [isExactly(name), isPath(name), isCalled(name)]) {
    const elements = ofKind.filter(isMeant);
    if (elements.length > 0) return { elements: heads(elements) };
  }
  const nearest = nearestName(
    name,
    ofKind.map((element) => element.name),
  );
  return { elements: [], ...(nearest !== undefined && { nearest }) };
}

/** `table orders`, `the orders table`, `error code ORDER_NOT_FOUND`. */
function splitKind(words: string): { readonly kinds: readonly ElementKind[]; readonly name: string } {
  for (const { pattern, kinds } of kindWords) {
    const before = new RegExp(`^(?:${pattern})\\s+[\`'"]?(.+?)[\`'"]?$`, "i").exec(words)?.[1];
    if (before !== undefined) return { kinds, name: before };
    const after = new RegExp(`^[\`'"]?(.+?)[\`'"]?\\s+(?:${pattern})$`, "i").exec(words)?.[1];
    if (after !== undefined) return { kinds, name: after };
  }
  return { kinds: [], name: words };
}

const kindWords: readonly { readonly pattern: string; readonly kinds: readonly ElementKind[] }[] = [
  { pattern: "end-?point|route|operation", kinds: ["endpoint"] },
  { pattern: "table", kinds: ["table"] },
  { pattern: "column", kinds: ["column"] },
  { pattern: "index", kinds: ["index"] },
  { pattern: "constraint", kinds: ["constraint"] },
  { pattern: "policy", kinds: ["policy"] },
  { pattern: "entity|aggregate", kinds: ["entity"] },
  { pattern: "value object", kinds: ["valueObject"] },
  { pattern: "(?:domain )?event", kinds: ["event"] },
  { pattern: "(?:business )?rule", kinds: ["rule"] },
  { pattern: "error(?: code)?|code", kinds: ["errorCode"] },
  { pattern: "field", kinds: ["field"] },
];

type Test = (element: DesignElement) => boolean;

function isExactly(name: string): Test {
  return (element) => element.id === name || element.name === name || keyOf(element) === name;
}

/** Letters, separators and number do not matter to people. */
function isCalled(name: string): Test {
  const wanted = plain(name);
  return (element) => wanted !== "" && (plain(element.name) === wanted || plain(keyOf(element)) === wanted);
}

/** `POST /orders` is `POST /api/v1/orders`; parameters are called as one likes, and may be an example's value. */
function isPath(name: string): Test {
  const [, method, path] = /^(?:(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+)?(\/\S*)$/i.exec(name) ?? [];
  if (path === undefined) return () => false;
  const wanted = segmentsOf(path);
  return ({ kind, name: endpoint }) => {
    if (kind !== "endpoint") return false;
    const [ownMethod = "", ownPath = ""] = endpoint.split(" ");
    return (method === undefined || method.toUpperCase() === ownMethod) && endsWith(segmentsOf(ownPath), wanted);
  };
}

function segmentsOf(path: string): readonly string[] {
  return path
    .replace(/[?#].*$/, "")
    .split("/")
    .filter((segment) => segment !== "");
}

/** Only the base path may stand in front: `api`, a version. */
function endsWith(own: readonly string[], wanted: readonly string[]): boolean {
  const before = own.slice(0, Math.max(0, own.length - wanted.length));
  return (
    wanted.length <= own.length &&
    before.every((segment) => /^(?:api|v\d+)$/i.test(segment)) &&
    wanted.every((segment, index) => isSegment(own[before.length + index] ?? "", segment))
  );
}

function isSegment(own: string, wanted: string): boolean {
  if (own.startsWith("{")) return /^[{:<]|^\d+$|^[0-9a-f-]{36}$/i.test(wanted);
  return own.toLowerCase() === wanted.toLowerCase();
}

/** `orders.status` of `column:orders.status`. */
function keyOf({ id }: DesignElement): string {
  return id.slice(id.indexOf(":") + 1);
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}./{}]/gu, "")
    .replace(/ies$/, "y")
    .replace(/s$/, "");
}

/** Where a word names something with parts and parts of others, the former is meant. */
function heads(elements: readonly DesignElement[]): readonly DesignElement[] {
  const isPart = ({ kind }: DesignElement) => kind === "column" || kind === "field" || kind === "constraint";
  return elements.every(isPart) ? elements : elements.filter((element) => !isPart(element));
}
