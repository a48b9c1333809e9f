import { isMap, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from "yaml";
import { messageOf } from "../../support/errors.ts";
import type { DesignDocument, SourceSpan } from "../model.ts";
import type { Problem } from "../reading.ts";

/** What one entry under `assumptions` says. */
export interface Decision {
  readonly source: SourceSpan;
  /** The value that was assumed when it was decided; undefined when the file does not repeat it. */
  readonly assumed?: string;
  /** Undefined: what was assumed is right. */
  readonly corrected?: string;
}

/** The name map and the decided assumptions of a workspace, both by the ids of the assumptions they decide. */
export interface Decisions {
  readonly byId: ReadonlyMap<string, Decision>;
  /** The functions that rules, endpoints and tables are linked to, by the ids of the elements. */
  readonly links: ReadonlyMap<string, Decision>;
  readonly problems: readonly Problem[];
}

export const noDecisions: Decisions = { byId: new Map(), links: new Map(), problems: [] };

/** Reads the file leniently: what cannot be read is a problem with its line, the rest counts. */
export function readDecisions({ path, text }: DesignDocument): Decisions {
  const reading: Reading = { path, lines: new LineCounter(), problems: [] };
  try {
    const document = parseDocument(text, { lineCounter: reading.lines, prettyErrors: false, logLevel: "silent" });
    for (const error of document.errors.slice(0, 5)) {
      const line = reading.lines.linePos(error.pos[0]).line;
      report(reading, line, `is not valid YAML, ${error.message.split("\n")[0]}; correct the syntax`);
    }
    const root = document.contents;
    if (root !== null && !isMap(root))
      report(reading, 1, "is no map; it has the keys entities, resources, rules, endpoints, tables and assumptions");
    return isMap(root) ? fromRoot(root, reading) : { ...noDecisions, problems: reading.problems };
  } catch (thrown) {
    report(reading, 1, `cannot be read, ${messageOf(thrown)}; correct it or delete it`);
    return { ...noDecisions, problems: reading.problems };
  }
}

interface Reading {
  readonly path: string;
  readonly lines: LineCounter;
  readonly problems: Problem[];
}

const sections = ["version", "entities", "resources", "rules", "endpoints", "tables", "assumptions"];

function fromRoot(root: YAMLMap, reading: Reading): Decisions {
  for (const pair of root.items) {
    const key = keyOf(pair);
    if (!sections.includes(key)) {
      report(
        reading,
        lineOf(pair, reading),
        `has the key "${key}", which means nothing; use entities, resources, rules, endpoints, tables or assumptions`,
      );
    }
  }
  const byId = new Map([
    ...namesIn(root, { section: "entities", kind: "name" }, reading),
    ...namesIn(root, { section: "resources", kind: "resource" }, reading),
    ...decisionsIn(root, reading),
  ]);
  const links = new Map([
    ...linksIn(root, { section: "rules", kind: "rule" }, reading),
    ...linksIn(root, { section: "endpoints", kind: "endpoint" }, reading),
    ...linksIn(root, { section: "tables", kind: "table" }, reading),
  ]);
  return { byId, links, problems: reading.problems };
}

/** `Customer: clients` decides `name:Customer`. */
function namesIn(
  root: YAMLMap,
  { section, kind }: { readonly section: string; readonly kind: string },
  reading: Reading,
): readonly [string, Decision][] {
  return pairsIn(root, section, reading).flatMap((pair): [string, Decision][] => {
    const source = spanOf(pair, reading);
    const corrected = textOf(pair.value);
    if (corrected) return [[`${kind}:${keyOf(pair)}`, { source, corrected }]];
    report(reading, source.line, `gives ${keyOf(pair)} no name; write the table, or none`);
    return [];
  });
}

/** `BR-1: src/app/services/order.py::OrderService.cancel`, `GET /orders: src/app/routers.py::make_router`. */
function linksIn(
  root: YAMLMap,
  { section, kind }: { readonly section: string; readonly kind: "rule" | "endpoint" | "table" },
  reading: Reading,
): readonly [string, Decision][] {
  return pairsIn(root, section, reading).flatMap((pair): [string, Decision][] => {
    const source = spanOf(pair, reading);
    const corrected = textOf(pair.value) ?? "";
    if (/^[^:]+\.py::\w+(?:\.\w+)*$/.test(corrected)) return [[`${kind}:${keyOf(pair)}`, { source, corrected }]];
    const form = "write path/of/file.py::function, or path/of/file.py::Class.method";
    report(reading, source.line, `links the ${kind} ${keyOf(pair)} to no function; ${form}`);
    return [];
  });
}

function decisionsIn(root: YAMLMap, reading: Reading): readonly [string, Decision][] {
  return pairsIn(root, "assumptions", reading).flatMap((pair): [string, Decision][] => {
    const decision = decisionOf(pair, reading);
    return decision ? [[keyOf(pair), decision]] : [];
  });
}

function decisionOf(pair: Pair, reading: Reading): Decision | undefined {
  const source = spanOf(pair, reading);
  const id = keyOf(pair);
  if (!isMap(pair.value)) {
    report(reading, source.line, `does not say what is decided about ${id}; write confirmed or corrected under it`);
    return undefined;
  }
  const value = (key: string): string | undefined =>
    isMap(pair.value) ? textOf(pair.value.items.find((item) => keyOf(item) === key)?.value) : undefined;
  const confirmed = value("confirmed");
  const corrected = value("corrected");
  const assumed = value("assumed");
  if (confirmed !== undefined && corrected !== undefined) {
    report(reading, source.line, `both confirms and corrects ${id}; keep one of the two`);
    return undefined;
  }
  if (corrected !== undefined) return { source, corrected, ...(assumed !== undefined && { assumed }) };
  if (confirmed !== undefined) return { source, assumed: confirmed };
  report(reading, source.line, `does not say what is decided about ${id}; write confirmed or corrected under it`);
  return undefined;
}

function pairsIn(root: YAMLMap, section: string, reading: Reading): readonly Pair[] {
  const pair = root.items.find((item) => keyOf(item) === section);
  if (!pair || textOf(pair.value) === "") return [];
  if (isMap(pair.value)) return pair.value.items;
  if (pair.value !== null && !(isScalar(pair.value) && pair.value.value === null)) {
    report(reading, lineOf(pair, reading), `has no map under ${section}; write one entry a line`);
  }
  return [];
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : "";
}

function textOf(value: unknown): string | undefined {
  return isScalar(value) && value.value !== null && value.value !== undefined ? String(value.value).trim() : undefined;
}

function lineOf(pair: Pair, { lines }: Reading): number {
  return isScalar(pair.key) && pair.key.range ? lines.linePos(pair.key.range[0]).line : 1;
}

function spanOf(pair: Pair, reading: Reading): SourceSpan {
  const line = lineOf(pair, reading);
  return { path: reading.path, line, endLine: line };
}

function report({ path, problems }: Reading, line: number, what: string): void {
  const message = `The decisions file ${what}. What else it says counts.`;
  problems.push({ path, line, severity: "warning", code: "SPEC-DECISIONS", message });
}
