import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import type { DesignAssumption } from "./assumptions.ts";

/** What a new file says about itself. */
const header = `# How the design documents are read: which names belong together, and what was assumed and decided.
# Backend Implementer adds an entry when you confirm or correct an assumption. Edit it freely, commit it.
#
# entities:     entity of the domain model -> table that stores it, or none
# resources:    segment of a path -> table or entity it stands for, or none
# rules:        business rule -> function that keeps it, as path/of/file.py::Class.method
# endpoints, tables:  "GET /orders" or orders -> function that makes it where nobody can see it
# assumptions:  by id; "confirmed" repeats what was assumed, so that a change of it is noticed,
#               "corrected" replaces it ("assumed" beside it repeats what it replaces)
version: 1
`;

/**
 * The text of `.backend/design.yaml` with one more decision; comments and order stay. Without
 * `corrected` the assumption is confirmed as it is. Undefined when the text is no valid YAML map, which
 * only the user can mend.
 */
export function withDecision(
  text: string | undefined,
  assumption: Pick<DesignAssumption, "id" | "kind" | "value" | "assumed">,
  corrected?: string,
): string | undefined {
  const { id, kind, value } = assumption;
  const assumed = assumption.assumed ?? value;
  if (kind === "name") return edited(text, ["entities", id.slice("name:".length)], corrected ?? value);
  if (kind === "resource") return edited(text, ["resources", id.slice("resource:".length)], corrected ?? value);
  return edited(text, ["assumptions", id], corrected === undefined ? { confirmed: assumed } : { assumed, corrected });
}

/** The text without the decision about this assumption. */
export function withoutDecision(text: string, { id, kind }: Pick<DesignAssumption, "id" | "kind">): string | undefined {
  const key = id.slice(id.indexOf(":") + 1);
  if (kind === "name") return edited(text, ["entities", key], undefined);
  if (kind === "resource") return edited(text, ["resources", key], undefined);
  return edited(text, ["assumptions", id], undefined);
}

/** The text with this element linked to a function, or to none when `target` is undefined. */
export function withLink(
  text: string | undefined,
  { id, kind }: Linkable,
  target: string | undefined,
): string | undefined {
  return edited(text, [`${kind}s`, id.slice(id.indexOf(":") + 1)], target);
}

/** What a person can link to a function. */
export interface Linkable {
  readonly id: string;
  readonly kind: "rule" | "endpoint" | "table";
}

function edited(
  text: string | undefined,
  path: readonly [section: string, key: string],
  value: unknown,
): string | undefined {
  const document = parseDocument(text === undefined || text.trim() === "" ? header : text, { logLevel: "silent" });
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents))) return undefined;
  if (value === undefined) document.deleteIn(path);
  else insert(document, path, value);
  return document.toString({ lineWidth: 0 });
}

/** Entries are ordered by their keys, so that two people who decide at once rarely meet in one line. */
function insert(document: Document, [section, key]: readonly [string, string], value: unknown): void {
  const entries = document.get(section);
  if (!isMap(entries)) document.set(section, document.createNode({ [key]: value }));
  else if (entries.has(key)) entries.set(key, document.createNode(value));
  else insertSorted(entries, document.createPair(key, value));
}

function insertSorted(entries: YAMLMap, pair: ReturnType<Document["createPair"]>): void {
  const key = keyOf(pair.key);
  const index = entries.items.findIndex((item) => keyOf(item.key) > key);
  entries.items.splice(index === -1 ? entries.items.length : index, 0, pair);
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}
