import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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
import { python, root, workFolder } from "./support/paths.ts";
import { run } from "./support/processes.ts";

/** As a developer would write it, in the place that the engine names. */
const writtenWork = `"""Work of the export behind the answer."""

from app.domain.export import Export, ExportChanges


class MissingExportWork:
    """Writes the export."""

    async def carry_out(self, export: Export) -> ExportChanges:
        """Write it."""
        if export.format == "pdf":
            raise RuntimeError("no printer")
        return ExportChanges(result_url="https://files.example.com/all.csv")
`;

suite("the backend of the help desk", { timeout: 240_000 }, () => {
  let cluster: Cluster;
  let project: GeneratedProject;
  let server: Server;
  let applicationUrl: string;
  let folder: string;
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
    applicationUrl = database.applicationUrl;
    folder = mkdtempSync(join(workFolder, "files-"));
    server = await startServer(project, applicationUrl, { APP_FILES_FOLDER: folder });
  });

  after(async () => {
    await server?.stop();
    await cluster?.stop();
    project?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test("only the work itself needs detail", () => {
    assert.deepEqual(
      project.compilation.needsDetail.map(({ element }) => element),
      ["work:POST /v1/exports"],
    );
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

  const ended = async (at202: Answer, url = server.url): Promise<unknown> => {
    assert.deepEqual([at202.status, at(at202.body, "status")], [202, "pending"], JSON.stringify(at202.body));
    for (;;) {
      const { body } = await request(url, "GET", at202.headers.get("location") ?? "", { token: all });
      const { status, error, result_url, started_at, finished_at } = Object(body);
      if (status === "failed" || status === "completed") {
        assert.ok(started_at <= finished_at);
        return { status, error, result_url };
      }
    }
  };

  test("work behind the answer is accepted, and its status says that nobody has written it", async () => {
    const made = await call("POST", "/exports", { body: { format: "csv" } });
    const error = "This service does not carry out such work yet";
    assert.deepEqual(await ended(made), { status: "failed", error, result_url: null });
  });

  test("work that somebody has written ends as it says, and one that breaks off says so without its reason", async () => {
    writeFileSync(join(project.folder, "src/app/services/export_work.py"), writtenWork);
    const other = await startServer(project, applicationUrl);
    const start = (format: string) => request(other.url, "POST", "/v1/exports", { token: all, body: { format } });
    try {
      const result_url = "https://files.example.com/all.csv";
      assert.deepEqual(await ended(await start("csv"), other.url), { status: "completed", error: null, result_url });
      const error = "It broke off unexpectedly";
      assert.deepEqual(await ended(await start("pdf"), other.url), { status: "failed", error, result_url: null });
      assert.match(other.log(), /The work of export .* broke off[\s\S]*no printer/);
    } finally {
      await other.stop();
    }
  });

  const signIn = (form: Record<string, string>): Promise<Answer> =>
    request(server.url, "POST", "/v1/oauth/token", {
      body: String(new URLSearchParams({ grant_type: "password", ...form })),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  const account = async (email: string, more = ""): Promise<void> => {
    const script = "import sys; from app.core.passwords import hash_password; print(hash_password(sys.argv[1]))";
    const { code, output } = await run(python("python"), ["-c", script, `${email}'s horse`], {
      cwd: join(project.folder, "src"),
    });
    assert.equal(code, 0, output);
    assert.match(output, /^\$argon2id\$/);
    await cluster.sql(
      "helpdesk",
      `INSERT INTO users (email, password_hash, scopes) VALUES ('${email}', '${output.trim()}', '{tickets:read,tickets:write}')${more}`,
    );
  };

  test("a password gives a token for the scopes that somebody has, and routes ask for them", async () => {
    await account("ada@example.com");
    const given = await signIn({ username: "ada@example.com", password: "ada@example.com's horse" });
    assert.deepEqual([given.status, given.headers.get("cache-control")], [200, "no-store"], JSON.stringify(given.body));
    const { access_token, ...rest } = Object(given.body);
    assert.deepEqual(rest, { token_type: "bearer", expires_in: 900, scope: "tickets:read tickets:write" });
    const made = await call("POST", "/tickets", { body: { subject: "Mine" }, token: access_token });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const ids = [text(made.body, "id")];
    refused(await call("POST", "/tickets:batchDelete", { body: { ids }, token: access_token }), 403, "SCOPE_MISSING");
    const asked = { username: "ada@example.com", password: "ada@example.com's horse", scope: "tickets:read other" };
    const reader = await signIn(asked);
    assert.equal(at(reader.body, "scope"), "tickets:read");
    const token = text(reader.body, "access_token");
    refused(await call("POST", "/tickets", { body: { subject: "Mine" }, token }), 403, "SCOPE_MISSING");
    assert.equal((await call("GET", "/tickets", { token })).status, 200);
    refused(await signIn({ ...asked, grant_type: "client_credentials" }), 422, "INVALID_REQUEST");
  });

  test("a wrong password, an unknown name and a disabled account are told alike", async () => {
    await account("bob@example.com", "; UPDATE users SET disabled = true WHERE email = 'bob@example.com'");
    await cluster.sql("helpdesk", "INSERT INTO users (email, password_hash) VALUES ('old@example.com', 'no hash')");
    for (const [username, password] of [
      ["ada@example.com", "donkey"],
      ["nobody@example.com", "donkey"],
      ["bob@example.com", "bob@example.com's horse"],
      ["old@example.com", "no hash"],
    ] as const) {
      refused(await signIn({ username, password }), 400, "INVALID_CREDENTIALS");
    }
    refused(await signIn({ username: "ada@example.com" }), 422, "INVALID_REQUEST");
    refused(await request(server.url, "GET", "/v1/tickets"), 401, "UNAUTHENTICATED");
  });

  test("the scheme is documented with its scopes, and each route with those that it needs", async () => {
    const { body } = await request(server.url, "GET", "/openapi.json");
    const { password } = Object(at(body, "components", "securitySchemes", "OAuth2PasswordBearer", "flows"));
    assert.deepEqual(
      [password.tokenUrl, Object.keys(password.scopes)],
      ["/v1/oauth/token", ["tickets:read", "tickets:write", "tickets:delete"]],
    );
    assert.deepEqual(at(body, "paths", "/v1/tickets", "post", "security"), [
      { OAuth2PasswordBearer: ["tickets:write"] },
    ]);
    assert.equal(at(body, "paths", "/v1/oauth/token", "post", "security"), undefined);
  });

  test("several tickets are changed together, each as its item says and in the order of the request", async () => {
    const [one, two] = [await ticket(), await ticket({ priority: 2 })];
    const body = [
      { id: two, subject: "Second" },
      { id: one, priority: 5 },
    ];
    const changed = await call("PATCH", "/tickets", { body });
    const shown = [0, 1].map((index) =>
      ["id", "subject", "priority", "version"].map((name) => at(changed.body, index, name)),
    );
    assert.deepEqual([changed.status, ...shown], [200, [two, "Second", 2, 2], [one, "It is broken", 5, 2]]);
    const missing = [...body, { id: randomUUID(), priority: 1 }];
    refused(await call("PATCH", "/tickets", { body: missing }), 404, "TICKET_NOT_FOUND");
    assert.equal(at((await call("GET", `/tickets/${one}`)).body, "version"), 2);
    for (const wrong of [[], [{ priority: 1 }], [{ id: one, priority: 9 }], { id: one }]) {
      refused(await call("PATCH", "/tickets", { body: wrong }), 422, "INVALID_REQUEST");
    }
  });

  test("changes of the same tickets in opposite orders wait for each other and end well", async () => {
    const ids = [await ticket(), await ticket()];
    const change = (order: readonly string[]) =>
      call("PATCH", "/tickets", { body: order.map((id) => ({ id, priority: 4 })) });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => change(index % 2 === 0 ? ids : [...ids].reverse())),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(at((await call("GET", `/tickets/${ids[0]}`)).body, "version"), 21);
  });

  test("several tickets are removed together or not at all", async () => {
    const ids = [await ticket(), await ticket()];
    const remove = (body: unknown) => call("POST", "/tickets:batchDelete", { body });
    refused(await remove({ ids: [...ids, randomUUID()] }), 404, "TICKET_NOT_FOUND");
    assert.equal((await call("GET", `/tickets/${ids[0]}`)).status, 200);
    const removed = await remove({ ids: [...ids, ids[0]] });
    assert.deepEqual([removed.status, removed.body], [204, undefined]);
    refused(await call("GET", `/tickets/${ids[1]}`), 404, "TICKET_NOT_FOUND");
    refused(await remove({ ids: [] }), 422, "INVALID_REQUEST");
  });

  const form = (parts: readonly (readonly [string, string | Blob, string?])[]): FormData => {
    const data = new FormData();
    for (const [name, value, file] of parts) {
      if (typeof value === "string") data.append(name, value);
      else data.append(name, value, file);
    }
    return data;
  };
  const plain = (content: string, type = "text/plain") => new Blob([content], { type });
  const filesKept = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((item) => item.isFile());

  test("several files of one form become a row each, in their order", async () => {
    const id = await ticket();
    const body = form([
      ["files", plain("one"), "a.txt"],
      ["files", plain("<svg/>", "image/svg+xml"), "b.svg"],
    ]);
    const before = filesKept().length;
    const made = await call("POST", `/tickets/${id}/attachments`, { body });
    const shown = [0, 1].map((index) =>
      ["ticket_id", "file_name", "size_bytes"].map((name) => at(made.body, index, name)),
    );
    assert.deepEqual([made.status, ...shown], [201, [id, "a.txt", 3], [id, "b.svg", 6]], JSON.stringify(made.body));
    assert.equal(filesKept().length, before + 2);
    assert.equal(at((await call("GET", `/tickets/${id}/attachments`)).body, "length"), 2);
  });

  test("one file that is refused leaves none of the form's files", async () => {
    const id = await ticket();
    const before = filesKept().length;
    const send = (...files: readonly (readonly [Blob, string])[]) =>
      call("POST", `/tickets/${id}/attachments`, { body: form(files.map(([blob, name]) => ["files", blob, name])) });
    const good = [plain("one"), "a.txt"] as const;
    refused(await send(good, [plain("<p>", "text/html"), "b.html"]), 415, "FILE_TYPE_NOT_TAKEN");
    refused(await send(good, [plain("x".repeat(65_537)), "b.txt"]), 413, "FILE_TOO_LARGE");
    refused(await send(good, good, good, good, good), 422, "INVALID_REQUEST");
    refused(await call("POST", `/tickets/${id}/attachments`, { body: form([["other", "x"]]) }), 422, "INVALID_REQUEST");
    const nowhere = await call("POST", `/tickets/${randomUUID()}/attachments`, { body: form([["files", ...good]]) });
    refused(nowhere, 404, "TICKET_NOT_FOUND");
    assert.deepEqual(
      [filesKept().length, at((await call("GET", `/tickets/${id}/attachments`)).body, "length")],
      [before, 0],
    );
  });

  test("a file may be left out, and what is there goes with its row", async () => {
    const path = `/tickets/${await ticket()}/replies`;
    const before = filesKept().length;
    const bare = await call("POST", path, { body: form([["body", "Thanks"]]) });
    assert.deepEqual([bare.status, at(bare.body, "file_name")], [201, null], JSON.stringify(bare.body));
    const empty = await call("POST", path, {
      body: form([
        ["body", "Thanks"],
        ["file", new Blob([]), ""],
      ]),
    });
    assert.deepEqual([empty.status, at(empty.body, "file_name")], [201, null], JSON.stringify(empty.body));
    assert.equal(filesKept().length, before);
    const full = await call("POST", path, {
      body: form([
        ["body", "See"],
        ["file", plain("log"), "run.log"],
      ]),
    });
    assert.deepEqual([full.status, at(full.body, "file_name"), filesKept().length], [201, "run.log", before + 1]);
    assert.equal((await call("DELETE", `/replies/${text(full.body, "id")}`)).status, 204);
    assert.equal((await call("DELETE", `/replies/${text(bare.body, "id")}`)).status, 204);
    assert.equal(filesKept().length, before);
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
