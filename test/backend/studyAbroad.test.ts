import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { writtenReport } from "../support/studyAbroad.ts";
import { alembic } from "./support/backend.ts";
import { at, request, tokenFor } from "./support/client.ts";
import { staticFindings } from "./support/databaseProof.ts";
import { root } from "./support/paths.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

/** A real design set that carries no licence, so it is not part of this repository. */
const documents = join(root, "../shared/corpus/vihang-hub__studyAbroad/docs");
const skip = existsSync(documents) ? false : `the design set is not there: ${documents}`;

suite("the backend of a real design set", { timeout: 240_000, skip }, () => {
  let backend: RunningBackend;
  const ada = { id: randomUUID(), subject: "user_2ada" };
  const bob = { id: randomUUID(), subject: "user_2bob" };
  const report = randomUUID();

  const call = (method: string, path: string, subject = ada.subject) =>
    request(backend.server.url, method, path, { token: tokenFor({ sub: subject }) });

  before(async () => {
    backend = await startBackend("study", { documents });
    for (const { id, subject } of [ada, bob]) {
      await backend.sql(
        `INSERT INTO users (user_id, clerk_user_id, auth_provider, email) VALUES ('${id}', '${subject}', 'email', '${subject}@example.com')`,
      );
    }
    await backend.sql(insertReport(report, ada.id));
  });

  after(() => backend?.stop());

  test("the analyzers find nothing", async () => {
    assert.deepEqual(await staticFindings(backend.project), []);
  });

  test("alembic finds no difference between models and migrations", async () => {
    const { code, output } = await alembic(backend.project, backend.database.migrationUrl, "check");
    assert.equal(code, 0, output);
  });

  test("what the design does not determine is named and left out", async () => {
    const named = backend.project.compilation.needsDetail.map(({ element }) => element);
    assert.deepEqual(named, [
      "endpoint:POST /api/reports",
      "endpoint:GET /api/reports/{reportId}/stream",
      "endpoint:POST /api/payments",
      "endpoint:POST /api/payments/webhook",
    ]);
    assert.equal((await call("POST", "/api/payments/webhook")).status, 404);
  });

  test("both health checks are public", async () => {
    const basic = await request(backend.server.url, "GET", "/health");
    const detailed = await request(backend.server.url, "GET", "/health/detailed");
    assert.deepEqual(
      [basic.status, at(basic.body, "status"), at(basic.body, "environment")],
      [200, "healthy", "production"],
    );
    assert.deepEqual([detailed.status, at(detailed.body, "checks", "database", "status")], [200, "healthy"]);
    assert.deepEqual(Object.keys(Object(at(detailed.body, "checks"))), ["database"]);
  });

  test("reports are listed and read by their owner only", async () => {
    const list = await call("GET", "/api/reports");
    assert.deepEqual([list.status, at(list.body, "total"), at(list.body, "reports", 0, "reportId")], [200, 1, report]);
    const one = await call("GET", `/api/reports/${report}`);
    assert.deepEqual([one.status, at(one.body, "content", "executive_summary", 0)], [200, "a"]);
    assert.deepEqual(at(one.body, "content", "action_plan"), { "30_day": [], "60_day": [], "90_day": [] });
    const foreign = await call("GET", `/api/reports/${report}`, bob.subject);
    assert.deepEqual([foreign.status, at(foreign.body, "error", "code")], [404, "NOT_FOUND"]);
    assert.equal(at((await call("GET", "/api/reports", bob.subject)).body, "total"), 0);
  });

  test("wrong requests answer with the designed codes", async () => {
    const anonymous = await request(backend.server.url, "GET", "/api/reports");
    assert.deepEqual([anonymous.status, at(anonymous.body, "error", "code")], [401, "UNAUTHORIZED"]);
    const invalid = await call("GET", "/api/reports/nonsense");
    assert.deepEqual([invalid.status, at(invalid.body, "error", "code")], [400, "VALIDATION_ERROR"]);
    const missing = await call("DELETE", `/api/reports/${randomUUID()}`);
    assert.deepEqual([missing.status, at(missing.body, "error", "code")], [404, "NOT_FOUND"]);
  });
});

function insertReport(id: string, owner: string): string {
  return `INSERT INTO reports (report_id, user_id, subject, content, citations, expires_at) VALUES ('${id}', '${owner}', 'Physics', '${JSON.stringify(writtenReport)}', '[]', now() + interval '1 day')`;
}
