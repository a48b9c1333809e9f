import assert from "node:assert/strict";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { parse } from "yaml";
import { contractDifferences } from "./contract/differences.ts";
import { contractFixtures } from "./contract/fixtures.ts";
import { type Node, nodeAt } from "./contract/schemas.ts";
import { askSchemathesis } from "./contract/schemathesis.ts";
import { request, tokenFor } from "./support/client.ts";
import { root } from "./support/paths.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

const leastRequests = 1000;

/** A longer run asks `CONTRACT_FACTOR` times as much. */
const factor = Number(process.env["CONTRACT_FACTOR"] ?? "1");

/** Every check that schemathesis has. */
const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
  "negative_data_rejection",
  "positive_data_acceptance",
  "missing_required_header",
  "unsupported_method",
  "allow_header_conformance",
  "use_after_free",
  "ensure_resource_availability",
  "ignored_auth",
  "object_level_authorization",
];

/** Most of their rows cannot be found at random, or rules refuse them; `paths`, `repairs` and `sentences.test.ts` ask by hand. */
const askedByHand = ["mailbox", "repairs", "mailorder"].map((name) => `test/fixtures/${name}/docs/openapi.yaml`);

test("every design of ours with an OpenAPI contract is asked", () => {
  const designed = globSync("test/fixtures/*/docs/*.{yaml,json}", { cwd: root }).sort();
  const asked = contractFixtures.flatMap(({ name, document }) =>
    document === undefined ? [] : [`test/fixtures/${name}/docs/${document}`],
  );
  assert.deepEqual([...asked, ...askedByHand].sort(), designed);
});

for (const { name, document, asksApplication, basePath, cases, hardly = [], prepare, ...callers } of contractFixtures) {
  suite(`the contract of ${name}`, { timeout: 900_000 }, () => {
    let backend: RunningBackend;
    let application: Node;
    const designed = join(root, "test/fixtures", name, "docs", document ?? "");

    before(async () => {
      backend = await startBackend(name);
      application = nodeAt({ body: (await request(backend.server.url, "GET", "/openapi.json")).body }, "body");
    });

    after(() => backend?.stop());

    test("the application documents every operation as the contract does", { skip: document === undefined }, () => {
      assert.deepEqual(contractDifferences(readContract(designed), application, isCompiled), []);
    });

    test("schemathesis finds no server error and no broken promise", async (context) => {
      const own = join(backend.project.folder, "openapi.json");
      writeFileSync(own, JSON.stringify(withoutDefaults(application)));
      const contract = asksApplication ? own : designed;
      const owner = tokenFor(callers.owner);
      const found = await askSchemathesis({
        contract,
        url: `${backend.server.url}${basePath}`,
        owner,
        stranger: tokenFor(callers.stranger),
        examples: cases * factor,
        rules: join(import.meta.dirname, "contract", `${name}.toml`),
        known: (await prepare?.(backend, owner)) ?? {},
      });
      const { requests, answers, output } = found;
      const serverErrors = [...answers.values()].flat().filter((status) => status >= 500);
      context.diagnostic(`${requests} requests, ${serverErrors.length} server errors`);
      assert.equal(found.code, 0, `${output}\n${backend.server.log().slice(-4000)}`);
      assert.deepEqual(serverErrors, []);
      assert.deepEqual([...found.checks.keys()].sort(), checks.toSorted());
      const unseen = operationsOf(readContract(contract))
        .filter(({ method, path }) => isCompiled(method, `${basePath}${path}`))
        .map(({ method, path }) => [`${method} ${path}`, answers.get(`${method} ${path}`) ?? []] as const)
        .filter(
          ([operation, statuses]) =>
            !hardly.includes(operation) && !statuses.some((status) => status >= 200 && status < 300),
        );
      assert.deepEqual(unseen, [], "operations whose successful answer was never seen");
      assert.ok(requests >= leastRequests, `only ${requests} requests`);
    });

    function isCompiled(method: string, path: string): boolean {
      return !backend.project.compilation.needsDetail.some(({ element }) => element === `endpoint:${method} ${path}`);
    }
  });
}

function readContract(file: string): Node {
  return nodeAt({ contract: parse(readFileSync(file, "utf8")) }, "contract");
}

/** Held to the statuses that are named one by one. */
function withoutDefaults(application: Node): unknown {
  return JSON.parse(JSON.stringify(application), (key, value) => {
    if (key !== "responses" || !("default" in value)) return value;
    const { default: _, ...named } = value;
    return named;
  });
}

function operationsOf(contract: Node): readonly { readonly method: string; readonly path: string }[] {
  const methods = ["get", "post", "put", "patch", "delete"];
  return Object.keys(nodeAt(contract, "paths")).flatMap((path) =>
    methods
      .filter((method) => method in nodeAt(contract, "paths", path))
      .map((method) => ({ method: method.toUpperCase(), path })),
  );
}
