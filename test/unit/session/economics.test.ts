/** What was promised of the cost of a run, on the sample design with scripted answers; `npm run bench` prints the table. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { compile } from "../../../src/compiler/compile.ts";
import { readAgentFolder } from "../../../src/node/agentFolder.ts";
import { readAgent } from "../../../src/session/agentFiles.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { cacheShare, type Economics, economicsOf } from "../../support/economics.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "test/fixtures/orders/docs");

let all: readonly Economics[];

before(async () => {
  const documents = readdirSync(folder)
    .sort()
    .map((name) => ({ path: `docs/${name}`, text: readFileSync(join(folder, name), "utf8") }));
  const { spec } = await readSpec(documents);
  const { agent } = readAgent(await readAgentFolder(join(root, "agents")));
  all = await economicsOf({ documents, spec, files: compile(spec).files, agent }, ["cached", "scaffold first"]);
});

function named(name: string): Economics {
  return all.find((strategy) => strategy.name === name) ?? assert.fail(name);
}

test("the scripts do what they say: no tool refuses a call", () => {
  assert.deepEqual(
    all.map(({ name, failed }) => [name, failed]),
    [
      ["cached", 0],
      ["scaffold first", 0],
    ],
  );
});

test("scaffold first costs and writes a fifth of what a cached run without it does, at the most", () => {
  const [cached, scaffolded] = [named("cached"), named("scaffold first")];
  assert.ok(scaffolded.dollars <= cached.dollars / 5, `${scaffolded.dollars} of ${cached.dollars} dollars`);
  assert.ok(scaffolded.total.output <= cached.total.output / 5, `${scaffolded.total.output} tokens`);
});

test("from the third turn on 85 % of what goes in is read from the cache", () => {
  for (const name of ["cached", "scaffold first"]) {
    const share = cacheShare(named(name).turns.slice(2));
    assert.ok(share >= 0.85, `${name}: ${share}`);
  }
});
