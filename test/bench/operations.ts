/**
 * How many operations of real designs the engine carries out, and why not the others:
 * `node test/bench/operations.ts`. `CORPUS_SET=petstore` picks sets, `BENCH_DETAILS=1` names every operation.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NeedsDetail } from "../../src/compiler/compilation.ts";
import { planBackend } from "../../src/compiler/compile.ts";
import type { DesignSpec } from "../../src/spec/model.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { root } from "../harness/paths.ts";
import { designs } from "./generators/designs.ts";

interface DesignSet {
  readonly name: string;
  readonly folder: string;
  readonly paths: readonly string[];
}

interface Outcome {
  readonly name: string;
  readonly tables: number;
  readonly operations: number;
  readonly needsDetail: readonly NeedsDetail[];
}

const reasonsShown = 12;
const corpus = join(root, "../shared/corpus");
const chosen = process.env["CORPUS_SET"];
const details = process.env["BENCH_DETAILS"] !== undefined;

const outcomes: Outcome[] = [];
for (const set of sets()) {
  const outcome = outcomeOf(set.name, await read(set));
  if (outcome.operations === 0) continue;
  outcomes.push(outcome);
  if (details) for (const { element, reason } of outcome.needsDetail) console.log(`${set.name}\t${element}\t${reason}`);
}
const stored = outcomes.filter(({ tables }) => tables > 0);
print("operations of designs with tables", stored);
print(
  "operations of designs without any table",
  outcomes.filter(({ tables }) => tables === 0),
);
const reasons = countedReasons(stored.flatMap(({ needsDetail }) => needsDetail));
console.log(`\nwhy, in designs with tables\n${reasons.slice(0, details ? undefined : reasonsShown).join("\n")}`);

function sets(): readonly DesignSet[] {
  const [petStore] = designs;
  const own = petStore ? [{ name: `own ${petStore.name}`, folder: petStore.folder, paths: petStore.documents }] : [];
  return [...own, ...corpusSets()].filter(({ name }) => chosen === undefined || name.includes(chosen));
}

function corpusSets(): readonly DesignSet[] {
  const manifest = join(corpus, "MANIFEST.tsv");
  if (!existsSync(manifest)) return [];
  const found = new Map<string, string[]>();
  for (const row of readFileSync(manifest, "utf8").trim().split("\n").slice(1)) {
    const [repository = "", , path = ""] = row.split("\t");
    found.set(repository, [...(found.get(repository) ?? []), path]);
  }
  return [...found].map(([name, paths]) => ({ name, folder: join(corpus, name.replace("/", "__")), paths }));
}

async function read({ folder, paths }: DesignSet): Promise<DesignSpec> {
  const documents = paths.map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
  return (await readSpec(documents)).spec;
}

function outcomeOf(name: string, spec: DesignSpec): Outcome {
  const { operations } = planBackend(spec);
  return {
    name,
    tables: spec.database.tables.length,
    operations: spec.api.endpoints.length,
    needsDetail: operations.needsDetail,
  };
}

function print(title: string, rows: readonly Outcome[]): void {
  const counted = rows.map(({ name, tables, operations, needsDetail }) => ({
    name,
    tables,
    operations,
    gaps: needsDetail.length,
  }));
  const sum = (pick: (row: (typeof counted)[number]) => number) => counted.reduce((all, row) => all + pick(row), 0);
  const total = {
    name: "all",
    tables: sum(({ tables }) => tables),
    operations: sum(({ operations }) => operations),
    gaps: sum(({ gaps }) => gaps),
  };
  console.log(`\n${title.padEnd(52)} tables  operations  compiled  needs detail`);
  for (const { name, tables, operations, gaps } of [...counted, total]) {
    const share = `${gaps} (${((100 * gaps) / Math.max(1, operations)).toFixed(0)} %)`;
    const cells = [String(tables).padStart(7), String(operations).padStart(12), String(operations - gaps).padStart(10)];
    console.log(`${name.padEnd(52)}${cells.join("")}  ${share.padStart(12)}`);
  }
}

/** Every reason once for each operation that has it; what is quoted or named differs from design to design. */
function countedReasons(needsDetail: readonly NeedsDetail[]): readonly string[] {
  const kinds = needsDetail.flatMap(({ reason }) => [
    ...new Set(
      reason
        .replace(/\. Say so in the design documents.*$/s, "")
        .split("; ")
        .map(kindOf),
    ),
  ]);
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .sort(([left, one], [right, other]) => other - one || left.localeCompare(right))
    .map(([kind, count]) => `${String(count).padStart(6)}  ${kind}`);
}

function kindOf(reason: string): string {
  return reason
    .replace(/"[^"]*"(?: \/ "[^"]*")*/g, "…")
    .replace(/\b(?:[a-z]\w*\.\w+(?:, )?)+/gi, "… ")
    .replace(/\b(of|stores|property|parameter|behind|rows of|one of) [\w.]*[A-Z_{][\w.{}]*/g, "$1 …")
    .toLowerCase();
}
