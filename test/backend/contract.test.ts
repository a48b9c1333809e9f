import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { parse } from "yaml";
import { contractDifferences } from "./contract/differences.ts";
import { nodeAt } from "./contract/schemas.ts";
import { askSchemathesis } from "./contract/schemathesis.ts";
import { request, tokenFor } from "./support/client.ts";
import { root } from "./support/paths.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

interface Fixture {
  readonly name: string;
  readonly basePath: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Cases for an operation and phase, so that there are enough requests in all. */
  readonly cases: number;
  readonly exclude?: readonly string[];
}

const fixtures: readonly Fixture[] = [
  { name: "orders", basePath: "/api/v1", claims: { sub: randomUUID(), role: "staff" }, cases: 8 },
  {
    name: "variants",
    basePath: "/v2",
    claims: { sub: "ed", scope: "articles:write articles:admin" },
    cases: 32,
    exclude: ["/labels"],
  },
  { name: "catalog", basePath: "/api/v3", claims: { sub: "ed", role: "editor" }, cases: 56 },
  {
    name: "payments",
    basePath: "/v1",
    claims: { sub: "ed", role: "manager", tenant_id: randomUUID() },
    cases: 64,
  },
  { name: "documents", basePath: "/v1", claims: { sub: "ed" }, cases: 90 },
];

const leastRequests = 1000;

/** A longer run asks `CONTRACT_FACTOR` times as much. */
const factor = Number(process.env["CONTRACT_FACTOR"] ?? "1");

for (const { name, basePath, claims, cases, exclude = [] } of fixtures) {
  suite(`the contract of ${name}`, { timeout: 600_000 }, () => {
    const contract = join(root, "test/fixtures", name, "docs/openapi.yaml");
    const rules = join(import.meta.dirname, "contract", `${name}.toml`);
    let backend: RunningBackend;

    before(async () => {
      backend = await startBackend(name);
    });

    after(() => backend?.stop());

    test("the application documents every operation as the contract does", async () => {
      const application = nodeAt({ body: (await request(backend.server.url, "GET", "/openapi.json")).body }, "body");
      const detail = new Set(backend.project.compilation.needsDetail.map(({ element }) => element));
      const isCompiled = (method: string, path: string) => !detail.has(`endpoint:${method} ${path}`);
      const differences = contractDifferences(parse(readFileSync(contract, "utf8")), application, isCompiled);
      assert.deepEqual(differences, []);
    });

    test("schemathesis finds no server error and no broken promise", async (context) => {
      const examples = cases * factor;
      const url = `${backend.server.url}${basePath}`;
      const { code, requests, output } = await askSchemathesis({
        contract,
        url,
        token: tokenFor(claims),
        examples,
        exclude,
        rules,
      });
      context.diagnostic(`${requests} requests`);
      assert.equal(code, 0, `${output}\n${backend.server.log().slice(-4000)}`);
      assert.ok(requests >= leastRequests, `only ${requests} requests`);
    });
  });
}
