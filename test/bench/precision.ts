/**
 * The checklist on code that nobody here wrote: `node test/bench/precision.ts [--lines 6] [--checks a,b] [--draw 50] [--seed s] folder …`
 * prints a draw of the findings of each check and, beside it, what `test/fixtures/review/precision.md` says of them. Each
 * folder is one code base and its last part the name in that table. Nothing is fetched.
 *
 * Within a check the code bases take turns. The order within one comes from a digest of the place and not from a
 * random number, so a finding that a change of a rule adds or takes away leaves the rest of the draw as it was.
 */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { checklistIds, type Finding } from "../../src/review/model.ts";
import { emptySpec, review } from "../unit/review/reviewing.ts";

interface Drawn extends Finding {
  readonly codeBase: string;
  readonly folder: string;
}

/** Exact by construction: the tool that decides is the rule. */
const exact = new Set<string>(["annotations", "immutable", "size", "format"]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    checks: { type: "string", default: checklistIds.filter((id) => !exact.has(id)).join(",") },
    draw: { type: "string", default: "50" },
    lines: { type: "string", default: "0" },
    seed: { type: "string", default: "2026-11" },
  },
});
console.log(`seed ${values.seed}\n`);
const table = readFileSync(join(import.meta.dirname, "../fixtures/review/precision.md"), "utf8");
const verdicts = new Map(
  [...table.matchAll(/^\| (\w+) \| `(\S+) (\S+)` \| (\w+) \|/gm)].map(([, check, codeBase, place, verdict]) => [
    `${check} ${codeBase} ${place}`,
    verdict,
  ]),
);

const findings = new Map<string, Drawn[][]>();
for (const folder of positionals) {
  const { checklist } = await review(emptySpec, filesOf(folder));
  for (const { id, findings: all } of checklist) {
    const ordered = all.map((finding) => ({ ...finding, codeBase: basename(folder), folder })).sort(byDigest);
    findings.set(id, [...(findings.get(id) ?? []), ordered]);
  }
}
for (const check of checklistIds.filter((id) => values.checks.split(",").includes(id))) {
  const ofBases = findings.get(check) ?? [];
  const drawn = inTurns(ofBases).slice(0, Number(values.draw));
  for (const finding of drawn) print(check, finding);
  const judged = drawn.map((finding) => verdictOf(check, finding)).filter((verdict) => verdict !== undefined);
  const right = judged.filter((verdict) => verdict === "true").length;
  const total = ofBases.flat().length;
  console.log(`= ${check}: ${total} findings, ${drawn.length} drawn, ${judged.length} judged, ${right} true\n`);
}

function filesOf(folder: string): { path: string; text: string }[] {
  return globSync("**/*.{py,toml,ini,cfg,yml,yaml,env}", { cwd: folder })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
}

function digestOf({ codeBase, path, line }: Drawn): string {
  return createHash("sha256").update(`${values.seed} ${codeBase} ${path}:${line}`).digest("hex");
}

function byDigest(a: Drawn, b: Drawn): number {
  return digestOf(a) < digestOf(b) ? -1 : 1;
}

function inTurns(lists: readonly Drawn[][]): Drawn[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}

function verdictOf(check: string, { codeBase, path, line }: Drawn): string | undefined {
  return verdicts.get(`${check} ${codeBase} ${path}:${line}`);
}

function print(check: string, finding: Drawn): void {
  const { codeBase, folder, path, line, message } = finding;
  console.log(`${check} ${codeBase} ${path}:${line} ${verdictOf(check, finding) ?? "?"} ${message}`);
  const around = Number(values.lines);
  if (around === 0) return;
  const text = readFileSync(join(folder, path), "utf8").split("\n");
  const from = Math.max(0, line - 1 - around);
  for (const [at, content] of text.slice(from, line + around).entries()) {
    console.log(`${from + at + 1 === line ? ">" : " "} ${from + at + 1}: ${content}`);
  }
}
