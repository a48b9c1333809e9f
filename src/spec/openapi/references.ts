import type { Fragment } from "../fragment.ts";
import { isObject, type JsonObject, stringAt } from "../json.ts";
import type { YamlLibrary, YamlSource } from "./yamlSource.ts";

/** One document being read, with the others that its references may point into. */
export interface OpenApiReader {
  readonly source: YamlSource;
  readonly library: YamlLibrary;
  readonly into: Fragment;
  /** References already reported as broken, so that each is named once. */
  readonly broken: Set<string>;
}

export interface Resolved {
  readonly reader: OpenApiReader;
  readonly value: JsonObject;
  /** Key path of the value in its document: `["components", "schemas", "Order"]`. */
  readonly keys: readonly string[];
}

/** Follows `$ref` until there is none; a broken or circular reference becomes a problem and `undefined`. */
export function dereference(reader: OpenApiReader, value: unknown): Resolved | undefined {
  let current: Resolved | undefined = isObject(value) ? { reader, value, keys: [] } : undefined;
  for (let hops = 0; current && hops < 20; hops++) {
    const reference: string | undefined = stringAt(current.value, "$ref");
    if (reference === undefined) return current;
    current = lookUp(current.reader, reference);
  }
  return undefined;
}

/** The value a reference points at, in this document or in another one of the set. */
export function lookUp(reader: OpenApiReader, reference: string): Resolved | undefined {
  const [file = "", pointer = ""] = reference.split("#", 2);
  const source = file === "" ? reader.source : otherSource(reader, file);
  const keys = pointer.split("/").slice(1).map(unescapeKey);
  let value: unknown = source?.root;
  for (const key of keys) value = childOf(value, key);
  if (source && isObject(value)) return { reader: { ...reader, source }, value, keys };
  reportBroken(reader, reference);
  return undefined;
}

function otherSource(reader: OpenApiReader, file: string): YamlSource | undefined {
  return reader.library.find(relativePath(reader.source.path, file));
}

function childOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function unescapeKey(key: string): string {
  const plain = key.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

function relativePath(from: string, file: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of file.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** A document whose parts are missing has hundreds of broken references; the first ones tell it. */
const reportedReferences = 20;

function reportBroken(reader: OpenApiReader, reference: string): void {
  const key = `${reader.source.path} ${reference}`;
  if (reader.broken.has(key) || reader.broken.size >= reportedReferences) return;
  reader.broken.add(key);
  const external = !reference.startsWith("#");
  reader.into.problems.push({
    path: reader.source.path,
    line: reader.source.spanNaming([], reference).line,
    severity: "warning",
    code: "SPEC-REF",
    message: external
      ? `The reference ${reference} leads to a document that is not among the design documents; open or attach it too.`
      : `The reference ${reference} leads nowhere; add the component or correct the reference.`,
  });
}
