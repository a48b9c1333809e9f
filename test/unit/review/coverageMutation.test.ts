import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { compile } from "../../../src/compiler/compile.ts";
import { analyze } from "../../../src/review/analysis.ts";
import { coverageOf } from "../../../src/review/coverage/coverage.ts";
import { loadSqlGrammar } from "../../../src/review/facts/rawSql.ts";
import { createFileReader, type FileReader } from "../../../src/review/fileReader.ts";
import type { CoverageElement } from "../../../src/review/model.ts";
import { readProject } from "../../../src/review/project.ts";
import { elementsOf } from "../../../src/spec/elements.ts";
import { seededRandom } from "../../support/seededRandom.ts";
import { accessOperators } from "./coverageOperators/access.ts";
import { bodyOperators } from "./coverageOperators/bodies.ts";
import { columnOperators } from "./coverageOperators/columns.ts";
import { domainOperators } from "./coverageOperators/domain.ts";
import { endpointOperators } from "./coverageOperators/endpoints.ts";
import { keyOperators } from "./coverageOperators/keys.ts";
import { type Backend, type Expected, type Mutated, type Operator, textOf } from "./coverageOperators/operator.ts";
import { tableOperators } from "./coverageOperators/tables.ts";
import { fixtures, readDesign, startParser } from "./reviewing.ts";

/** Small ones first: a backend is treated only with what those before it left over. */
const designs = ["rules", "todo", "catalog", "documents", "helpdesk", "orders"];
/** `COVERAGE_ROUNDS=12` applies every operator to every backend, each time to another element. */
const rounds = Number(process.env["COVERAGE_ROUNDS"] ?? 1);

const operators = [
  ...endpointOperators,
  ...accessOperators,
  ...bodyOperators,
  ...tableOperators,
  ...columnOperators,
  ...keyOperators,
  ...domainOperators,
];
const parser = await startParser();
await loadSqlGrammar();
after(() => parser.dispose());
const reader: FileReader = { ...createFileReader(parser), styles: async () => new Map() };
/** How often each operator was applied; two backends are enough where nobody asks for more. */
const used = new Map<string, number>();
const enough = rounds > 1 ? Number.POSITIVE_INFINITY : 2;

for (const design of designs) {
  test(`departures of the backend of ${design} are noticed where they are`, async (t) => {
    const spec = await readDesign(join(fixtures, "..", design, "docs"));
    const backend = { spec, files: compile(spec).files.map(({ path, text }) => ({ path, text })) };
    const sound = new Map((await elementsFor(backend)).map((element) => [element.id, element]));
    const lost: string[] = [];
    let tried = 0;
    for (let round = 0; round < rounds; round++) {
      for (const { operator, mutated } of draw(backend, sound, round)) {
        used.set(operator.what, (used.get(operator.what) ?? 0) + 1);
        tried++;
        const found = await elementsFor({ spec, files: mutated.files });
        lost.push(
          ...mutated.expected
            .flatMap((expected) => faultOf(expected, found, mutated, sound) ?? [])
            .map((fault) => `${operator.what}: ${fault}`),
        );
      }
    }
    t.diagnostic(`${tried} mutations`);
    assert.deepEqual(lost, []);
  });
}

test("every operator found something to change", () => {
  assert.deepEqual(
    operators.map(({ what }) => what).filter((what) => !used.has(what)),
    [],
  );
  assert.ok(operators.length >= 25);
});

async function elementsFor({ spec, files }: Backend): Promise<readonly CoverageElement[]> {
  return coverageOf(analyze(await readProject({ spec, files }, reader))).elements;
}

interface Drawn {
  readonly operator: Operator;
  readonly mutated: Mutated;
}

/** Each operator on one element that it can treat and that is implemented; which one, the round decides. */
function* draw(backend: Backend, sound: ReadonlyMap<string, CoverageElement>, round: number): Generator<Drawn> {
  const random = seededRandom(round * 1000 + 20_261_123);
  const all = elementsOf(backend.spec).filter(({ id }) => sound.get(id)?.status === "implemented");
  for (const operator of operators.filter(({ what }) => (used.get(what) ?? 0) < enough)) {
    const candidates = all.filter(({ kind }) => kind === operator.kind);
    const start = random(Math.max(1, candidates.length));
    for (const { id } of [...candidates.slice(start), ...candidates.slice(0, start)]) {
      const mutated = operator.apply(backend, id);
      if (!mutated) continue;
      yield { operator, mutated };
      break;
    }
  }
}

function faultOf(
  expected: Expected,
  elements: readonly CoverageElement[],
  { files }: Mutated,
  sound: ReadonlyMap<string, CoverageElement>,
): string | undefined {
  const element = elements.find((candidate) => isOf(candidate, expected));
  if (!element) return `${expected.id} in ${expected.path} is not there`;
  if (element.status !== expected.status) return `${expected.id} is ${element.status}`;
  const { code, design, difference = "" } = element;
  if (!difference.includes(expected.difference ?? "")) return `${expected.id} says ${difference}`;
  if (expected.status !== "extra" && !isSamePlace(design, sound.get(expected.id)?.design))
    return `${expected.id} lost its line of the design`;
  if (expected.path !== undefined && code?.path !== expected.path)
    return `${expected.id} stands in ${code?.path}, not in ${expected.path}`;
  const lines =
    code &&
    textOf(files, code.path)
      .split("\n")
      .slice(code.line - 1, code.endLine)
      .join("\n");
  if (expected.shows !== undefined && !lines?.includes(expected.shows)) return `${expected.id} points at ${lines}`;
  return undefined;
}

/** `extra PUT leftover` is whatever is extra with this method and this end of its path. */
function isOf({ id, status }: CoverageElement, expected: Expected): boolean {
  const [extra, method, end] = expected.id.split(" ");
  if (extra !== "extra") return id === expected.id;
  return status === "extra" && id.startsWith(`endpoint:${method} `) && id.endsWith(`/${end}`);
}

function isSamePlace(left: CoverageElement["design"], right: CoverageElement["design"]): boolean {
  return left !== undefined && left.path === right?.path && left.line === right.line;
}
