/**
 * Coverage against a truth that our parsers had no part in: `node test/bench/coverageTruth.ts [--seed 1] [--show] folder …`.
 *
 * Each folder is one code base: `code/` is its source, `facts.json` what the running application and its metadata say
 * (`truth/oracle.py`), `migrations.json` what a database says after all migrations, `errors.json` its error codes by hand.
 * From these a design is written in the forms that users write, some of its elements changed, made up or left out, and
 * what coverage says of each element is compared with what was done to it. Nothing is fetched.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import type { CoverageElement, SourceText } from "../../src/review/model.ts";
import type { Table } from "../../src/spec/model.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { seededRandom } from "../support/seededRandom.ts";
import { review } from "../unit/review/reviewing.ts";
import { alterDesign, type Expectation } from "./truth/alteredDesign.ts";
import type { ErrorFact, ProjectFacts } from "./truth/facts.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string", default: "1" }, show: { type: "boolean", default: false } },
});

for (const folder of positionals) await judge(folder);

async function judge(folder: string): Promise<void> {
  const facts = read<ProjectFacts>(folder, "facts.json") ?? { endpoints: [], tables: [] };
  const migrations = read<ProjectFacts>(folder, "migrations.json");
  const errors = read<readonly ErrorFact[]>(folder, "errors.json") ?? [];
  const { documents, expectations: all } = alterDesign(
    { facts, migrations, errors },
    seededRandom(Number(values.seed)),
  );
  const { spec, problems } = await readSpec([...documents]);
  const inferred = new Set(spec.database.tables.flatMap(inferredConstraints));
  const expectations = all.filter((expectation) => !inferred.has(expectation.or ?? ""));
  const files = sourcesOf(join(folder, "code"));
  const { coverage } = await review(spec, files);
  const wrong = compare(expectations, coverage.elements, files);
  console.log(
    `${basename(folder)}: ${files.length} files, ${expectations.length} elements, ${problems.length} problems of reading`,
  );
  for (const kind of new Set(expectations.map((expectation) => expectation.kind))) {
    const total = expectations.filter((expectation) => expectation.kind === kind).length;
    const bad = wrong.filter((one) => one.kind === kind).length;
    console.log(`  ${kind}: ${total - bad} of ${total} (${(((total - bad) / total) * 100).toFixed(1)} %)`);
  }
  console.log(
    `  all: ${expectations.length - wrong.length} of ${expectations.length} (${(((expectations.length - wrong.length) / expectations.length) * 100).toFixed(1)} %)`,
  );
  console.log(`  ${missingText(expectations, coverage.elements)}`);
  if (values.show) for (const { text } of wrong) console.log(`    ${text}`);
  const places = new Set(coverage.elements.flatMap(({ unseenAt, difference }) => (unseenAt ? [difference] : [])));
  if (values.show) for (const text of places) console.log(`    ${text}`);
}

/** What is said to be missing, what of it the code has, and how much coverage says that it cannot see. */
function missingText(expectations: readonly Expectation[], elements: readonly CoverageElement[]): string {
  const missing = elements.filter(({ status }) => status === "missing");
  const unseen = missing.filter(({ unseenAt }) => unseenAt);
  const isThere = (element: CoverageElement): boolean =>
    expectations.some((expectation) => expectation.status !== "missing" && isAt(element, expectation));
  const [wrong, wrongUnseen] = [missing.filter(isThere), unseen.filter(isThere)];
  return `missing: ${missing.length}, of them ${unseen.length} cannot be seen; the code has ${wrong.length} of them, ${wrongUnseen.length} of what cannot be seen`;
}

/** What the design leaves out and its reader fills in is no longer beyond the design. */
function inferredConstraints({ name, schema, constraints }: Table): string[] {
  const key = schema === undefined ? name : `${schema}.${name}`;
  return constraints
    .filter(({ confidence }) => confidence === "inferred")
    .map(({ type, columns }) => `constraint:${key}.${type} (${columns.join(", ")})`);
}

interface Wrong {
  readonly kind: string;
  readonly text: string;
}

function compare(
  expectations: readonly Expectation[],
  elements: readonly CoverageElement[],
  files: readonly SourceText[],
): Wrong[] {
  const wrong: Wrong[] = [];
  const seen = new Set<CoverageElement>();
  for (const expectation of expectations) {
    const element = elements.find((candidate) => !seen.has(candidate) && isAt(candidate, expectation));
    if (element) seen.add(element);
    const fault = faultOf(expectation, element, files);
    if (fault !== undefined)
      wrong.push({
        kind: expectation.kind,
        text: `${expectation.kind} ${element?.name ?? expectation.at}: ${fault} [${expectation.why}]`,
      });
  }
  for (const element of elements) {
    if (!seen.has(element) && element.status === "extra")
      wrong.push({
        kind: element.kind,
        text: `${element.id}: nothing of the kind is in the code (${element.code?.path}:${element.code?.line})`,
      });
  }
  return wrong;
}

function isAt({ kind, status, id, design }: CoverageElement, expectation: Expectation): boolean {
  if (kind !== expectation.kind) return false;
  if (expectation.status === "extra")
    return status === "extra" && [expectation.at, expectation.or ?? ""].map(plain).includes(plain(id));
  return design !== undefined && `${design.path}:${design.line}` === expectation.at;
}

function plain(id: string): string {
  return id.replace(/\{[^}]*\}/g, "{}").replace(/(?<=.)\/+$/, "");
}

function faultOf(
  expectation: Expectation,
  element: CoverageElement | undefined,
  files: readonly SourceText[],
): string | undefined {
  if (!element) return expectation.status === "extra" ? "is not seen in the code" : "was not read";
  if (element.status !== expectation.status)
    return `is ${expectation.status}, coverage says ${element.status}${element.difference ? `: ${element.difference}` : ""}`;
  const { code } = element;
  if (!code) return expectation.status === "missing" ? undefined : "has no place";
  if (expectation.file && code.path !== expectation.file)
    return `stands in ${expectation.file}, coverage says ${code.path}`;
  const lines =
    files
      .find(({ path }) => path === code.path)
      ?.text.split("\n")
      .slice(code.line - 1, code.endLine)
      .join("\n") ?? "";
  const absent = expectation.shows.find((text) => !lines.includes(text));
  return absent === undefined ? undefined : `${code.path}:${code.line} does not show ${absent}`;
}

function read<T>(folder: string, name: string): T | undefined {
  const path = join(folder, name);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
}

function sourcesOf(folder: string): SourceText[] {
  return globSync("**/*.{py,toml,ini,sql}", { cwd: folder })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
}
