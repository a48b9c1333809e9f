import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf } from "../../src/spec/elements.ts";
import type { Constraint, DesignDocument, DesignElement, Endpoint, Rule, TableIndex } from "../../src/spec/model.ts";
import type { SpecReading } from "../../src/spec/reading.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { documentsIn } from "../unit/spec/fixtures.ts";
import { corpusReadings, skip } from "./corpus.ts";

const fixtures = ["test/fixtures/spec", "test/fixtures/orders/docs", "test/fixtures/todo/docs"];

for (const folder of fixtures) {
  test(`every element of ${folder} stands on its line`, async () => {
    for (const document of documentsIn(folder)) {
      const reading = await readSpec([document]);
      assert.deepEqual(misplaced(document, reading), []);
    }
  });
}

test("every element of the real designs stands on its line", { skip }, async () => {
  const readings = await corpusReadings();
  const found = readings.flatMap(({ document, reading }) => misplaced(document, reading));
  console.log(`  ${readings.flatMap(({ reading }) => elementsOf(reading.spec)).length} elements looked at`);
  assert.deepEqual(found, []);
});

function misplaced(document: DesignDocument, { spec }: SpecReading): string[] {
  const lines = document.text.split(/\r\n|\n|\r/);
  return elementsOf(spec).flatMap((element) => {
    const line = lines[element.source.line - 1] ?? "";
    return isNamed(element, line, document.text)
      ? []
      : [`${document.path}:${element.source.line} ${element.id}: ${line.slice(0, 80)}`];
  });
}

/** Whether the line has the element's name, or what the element is called after. */
function isNamed(element: DesignElement, line: string, text: string): boolean {
  return has(line, element.name) || isDeclared(element, line) || isAlias(element, line, text);
}

/** Names of two or three letters are in many words. */
function has(line: string, name: string): boolean {
  const letters = (value: string): string => value.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  if (name.length > 3) return letters(line).includes(letters(name));
  return line
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .includes(name.toLowerCase());
}

/** What has no name of its own stands where its parts are named. */
function isDeclared(element: DesignElement, line: string): boolean {
  switch (element.kind) {
    case "endpoint":
      return isOperation(element as Endpoint, line);
    case "constraint": {
      const { type, columns } = element as Constraint;
      if (columns.length > 0 && columns.every((column) => has(line, column))) return true;
      return (
        (type === "primaryKey" && /\b(?:primary key|pk)\b/i.test(line)) || (type === "check" && /\bcheck\b/i.test(line))
      );
    }
    case "index":
      return (element as TableIndex).parts.every(({ column, expression }) => has(line, column ?? expression ?? ""));
    case "rule":
      return has(line, (element as Rule).text.slice(0, 12));
    case "policy":
      return (
        element.name.split("_").every((part) => has(line, part)) || has(line, element.name.split("_").at(-1) ?? "")
      );
    default:
      return false;
  }
}

/** The key of an operation in OpenAPI, or method and end of the path. */
function isOperation({ method, path }: Endpoint, line: string): boolean {
  const last = path.split("/").findLast((part) => part !== "" && !part.startsWith("{")) ?? "";
  const isKey = new RegExp(`^\\s*["']?${method}["']?\\s*:`, "i").test(line);
  const isSketched = new RegExp(`^\\s*${method} /`).test(line);
  return isKey || isSketched || (last !== "" && has(line, last));
}

/** Prisma maps a model to its table in a line below, and a diagram may call a class otherwise. */
function isAlias(element: DesignElement, line: string, text: string): boolean {
  if (element.kind === "table" && /^\s*model \w+ \{/.test(line)) return text.includes(`@@map("${element.name}")`);
  const drawn = /^\s*class\s+(\S+)/.exec(line)?.[1];
  return drawn !== undefined && text.includes(`"${drawn}" as ${element.name}`);
}
