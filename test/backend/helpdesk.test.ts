import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import {
  alembic,
  createDatabase,
  type GeneratedProject,
  generateProject,
  grantAccess,
  type Server,
  startServer,
  staticTools,
} from "./support/backend.ts";
import { type Answer, at, type Call, request, text, tokenFor } from "./support/client.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { python, root } from "./support/paths.ts";
import { run } from "./support/processes.ts";

suite("the backend of the help desk", { timeout: 240_000 }, () => {
  let cluster: Cluster;
  let project: GeneratedProject;
  let server: Server;
  const all = tokenFor({ sub: "ann", scope: "tickets:read tickets:write tickets:delete" });

  const call = (method: string, path: string, options: Call = {}) =>
    request(server.url, method, `/v1${path}`, { token: all, ...options });
  const refused = (answer: Answer, status: number, code: string): void =>
    assert.deepEqual([answer.status, at(answer.body, "error", "code")], [status, code], JSON.stringify(answer.body));
  const ticket = async (more: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<string> => {
    const made = await call("POST", "/tickets", { body: { subject: "It is broken", ...more }, headers });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return text(made.body, "id");
  };

  before(async () => {
    project = await generateProject(join(root, "test/fixtures/helpdesk/docs"));
    cluster = await startCluster("helpdesk");
    const database = await createDatabase(cluster, "helpdesk");
    const migrated = await alembic(project, database.migrationUrl, "upgrade", "head");
    assert.equal(migrated.code, 0, migrated.output);
    await grantAccess(cluster, "helpdesk");
    server = await startServer(project, database.applicationUrl);
  });

  after(async () => {
    await server?.stop();
    await cluster?.stop();
    project?.remove();
  });

  for (const [tool, args] of staticTools) {
    test(`${tool} finds nothing`, async () => {
      const { code, output } = await run(python(tool), args, { cwd: project.folder });
      assert.equal(code, 0, output);
    });
  }

  test("a ticket that the caller has is not sent again, until it changes", async () => {
    const path = `/tickets/${await ticket()}`;
    const first = await call("GET", path);
    const tag = first.headers.get("etag") ?? "";
    assert.deepEqual([first.status, tag], [200, '"1"']);
    for (const known of [tag, `"0", W/${tag}`, "*"]) {
      const again = await call("GET", path, { headers: { "if-none-match": known } });
      assert.deepEqual([again.status, again.headers.get("etag"), again.body], [304, tag, undefined], known);
    }
    assert.equal((await call("GET", path, { headers: { "if-none-match": '"0"' } })).status, 200);
    const changed = await call("PATCH", path, { body: { priority: 1 }, headers: { "if-match": tag } });
    assert.deepEqual([changed.status, changed.headers.get("etag")], [200, '"2"']);
    assert.equal((await call("GET", path, { headers: { "if-none-match": tag } })).status, 200);
    refused(await call("PATCH", path, { body: { priority: 2 }, headers: { "if-match": tag } }), 412, "TICKET_CHANGED");
    refused(await call("PATCH", path, { body: { priority: 2 } }), 422, "INVALID_REQUEST");
  });

  test("a list has a tag of what it says", async () => {
    const list = (headers: Record<string, string>) => call("GET", "/tickets?limit=5", { headers });
    const tag = (await list({})).headers.get("etag") ?? "";
    assert.match(tag, /^"[0-9a-f]{32}"$/);
    assert.equal((await list({ "if-none-match": tag })).status, 304);
    await ticket();
    assert.equal((await list({ "if-none-match": tag })).status, 200);
    refused(await list({ "if-none-match": `"${"x".repeat(200)}"` }), 422, "INVALID_REQUEST");
  });

  test("a cookie narrows the list, a header fills a column, and both are held to the contract", async () => {
    const own = await ticket({ region: "asia" }, { "x-channel": "mail" });
    const list = (cookie: string) => call("GET", "/tickets", { headers: { cookie } });
    const found = await list("region=asia");
    assert.deepEqual([text(found.body, 0, "id"), at(found.body, "length")], [own, 1]);
    assert.equal(at(found.body, 0, "channel"), "mail");
    refused(await list("region=a"), 422, "INVALID_REQUEST");
    refused(await list("region=ASIA"), 422, "INVALID_REQUEST");
    const fax = await call("POST", "/tickets", { body: { subject: "Fax" }, headers: { "x-channel": "fax" } });
    refused(fax, 422, "INVALID_REQUEST");
    refused(await call("GET", "/tickets", { headers: { "x-client-version": "0" } }), 422, "INVALID_REQUEST");
    assert.equal((await call("GET", "/tickets", { headers: { "x-client-version": "7" } })).status, 200);
  });

  test("a header of the answer shows a column and is documented with its type", async () => {
    const made = await call("POST", "/tickets", { body: { subject: "Loud", priority: 1 } });
    assert.deepEqual([made.status, made.headers.get("x-priority")], [201, "1"]);
    assert.equal(made.headers.get("location"), `/v1/tickets/${text(made.body, "id")}`);
    const { body } = await request(server.url, "GET", "/openapi.json");
    const headers = at(body, "paths", "/v1/tickets", "post", "responses", "201", "headers");
    assert.deepEqual(headers, {
      Location: { schema: { type: "string" } },
      "X-Priority": { schema: { type: "integer" } },
    });
  });

  test("a verb behind a colon is a transition", async () => {
    const id = await ticket();
    const closed = await call("POST", `/tickets/${id}:close`);
    assert.deepEqual([closed.status, at(closed.body, "status")], [200, "closed"]);
    refused(await call("POST", `/tickets/${id}:close`), 409, "TICKET_INVALID_TRANSITION");
    refused(await call("POST", `/tickets/${randomUUID()}:close`), 404, "TICKET_NOT_FOUND");
    refused(await call("POST", `/tickets/${id}:burn`), 405, "METHOD_NOT_ALLOWED");
  });
});
