import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type Answer, at, type Call, request, text, tokenFor, unreachedErrors } from "./support/client.ts";
import { documentedErrors, pathOfNobody } from "./support/documentedErrors.ts";
import { root, workFolder } from "./support/paths.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

suite("the backend of the documents", { timeout: 240_000 }, () => {
  let backend: RunningBackend;
  let folder: string;
  const ann = tokenFor({ sub: "ann" });
  const bob = tokenFor({ sub: "bob" });

  const call = (method: string, path: string, options: Call = {}) =>
    request(backend.server.url, method, `/v1${path}`, { token: ann, ...options });
  const refused = (answer: Answer, status: number, code: string): void =>
    assert.deepEqual([answer.status, at(answer.body, "error", "code")], [status, code], JSON.stringify(answer.body));
  const pdf = "application/pdf";
  const send = (
    content: Uint8Array<ArrayBuffer>,
    name: string,
    more: { type?: string; title?: string; pages?: string } = {},
  ) => {
    const { type = pdf, title = "Plan", pages = "12" } = more;
    const form = new FormData();
    form.set("title", title);
    form.set("pages", pages);
    form.set("file", new Blob([content], { type }), name);
    return call("POST", "/documents", { body: form });
  };
  const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251);
  const download = (id: string, token = ann) =>
    fetch(`${backend.server.url}/v1/documents/${id}/content`, { headers: { authorization: `Bearer ${token}` } });
  const filesKept = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((item) => item.isFile());

  before(async () => {
    folder = mkdtempSync(join(workFolder, "files-"));
    backend = await startBackend("documents", { settings: { APP_FILES_FOLDER: folder } });
  });

  after(async () => {
    await backend?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("nothing needs detail", () => {
    assert.deepEqual(backend.project.compilation.needsDetail, []);
  });

  test("a file comes back byte for byte, under its name and type, for saving and not for showing", async () => {
    const content = bytes(65_536);
    const answer = await send(content, "Süd plan.pdf");
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    const { id, created_at, ...rest } = Object(answer.body);
    assert.deepEqual(rest, {
      title: "Plan",
      pages: 12,
      file_name: "Süd plan.pdf",
      media_type: pdf,
      size_bytes: 65_536,
      sha256: createHash("sha256").update(content).digest("hex"),
    });
    assert.match(created_at, /Z$/);
    const file = await download(id);
    assert.deepEqual(new Uint8Array(await file.arrayBuffer()), content);
    const names = ["content-type", "content-disposition", "x-content-type-options"];
    assert.deepEqual(
      names.map((name) => file.headers.get(name)),
      [pdf, "attachment; filename*=UTF-8''S%C3%BCd%20plan.pdf", "nosniff"],
    );
  });

  const names: readonly (readonly [string, string])[] = [
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\ann\\plan.pdf", "plan.pdf"],
    [`${"a".repeat(100)}.pdf`, `${"a".repeat(56)}.pdf`],
    ["..", "file"],
  ];
  for (const [sent, kept] of names) {
    test(`the name ${sent.slice(0, 24)} is kept as ${kept.slice(0, 24)} and is no path`, async () => {
      const answer = await send(bytes(3), sent);
      assert.deepEqual([answer.status, at(answer.body, "file_name")], [201, kept]);
      assert.ok(filesKept().every(({ name }) => /^[0-9a-f]{32}$/.test(name)));
    });
  }

  test("what is too large, of another type, or without its other parts is refused and leaves no file", async () => {
    const before = filesKept().length;
    refused(await send(bytes(65_537), "large.pdf"), 413, "FILE_TOO_LARGE");
    refused(await send(bytes(3), "page.html", { type: "text/html" }), 415, "FILE_TYPE_NOT_TAKEN");
    refused(await send(bytes(3), "plan.pdf", { title: "" }), 422, "INVALID_REQUEST");
    refused(await send(bytes(3), "plan.pdf", { pages: "many" }), 422, "INVALID_REQUEST");
    refused(await call("POST", "/documents", { body: { title: "Plan" } }), 422, "INVALID_REQUEST");
    assert.equal(filesKept().length, before);
    assert.equal((await send(bytes(3), "picture.png", { type: "image/png" })).status, 201);
  });

  test("a row that is not written leaves no file", async () => {
    await backend.sql("ALTER TABLE documents ADD CONSTRAINT injected CHECK (title <> 'Fails')");
    const before = filesKept().length;
    assert.notEqual((await send(bytes(3), "plan.pdf", { title: "Fails" })).status, 201);
    assert.equal(filesKept().length, before);
  });

  test("a deleted document takes its file along", async () => {
    const id = text((await send(bytes(3), "plan.pdf")).body, "id");
    const before = filesKept().length;
    assert.equal((await call("DELETE", `/documents/${id}`, { token: bob })).status, 404);
    assert.equal((await call("DELETE", `/documents/${id}`)).status, 204);
    assert.equal(filesKept().length, before - 1);
    assert.equal((await download(id)).status, 404);
    assert.ok(existsSync(folder));
  });

  test("more downloads in a minute than the contract allows are refused, each caller's own", async () => {
    const [dan, eve] = [tokenFor({ sub: "dan" }), tokenFor({ sub: "eve" })];
    const id = randomUUID();
    for (let count = 0; count < 20; count += 1) assert.equal((await download(id, dan)).status, 404);
    const refusal = await download(id, dan);
    const { error } = Object(await refusal.json());
    assert.deepEqual([refusal.status, error.code], [429, "TOO_MANY_REQUESTS"]);
    const wait = Number(refusal.headers.get("retry-after"));
    assert.ok(wait >= 1 && wait <= 60, `${wait}`);
    assert.equal((await download(id, eve)).status, 404);
    assert.equal((await call("GET", `/documents/${id}`, { token: dan })).status, 404);
  });

  test("nobody reads the file of somebody else", async () => {
    const id = text((await send(bytes(3), "plan.pdf")).body, "id");
    assert.equal((await download(id, bob)).status, 404);
  });

  test("every documented error of every endpoint is reached", async () => {
    const documented = await documentedErrors(join(root, "test/fixtures/documents/docs"));
    const { url } = backend.server;
    for (const endpoint of Object.keys(documented)) {
      const [method = "", path = ""] = endpoint.split(" ");
      for (const token of ["", bob]) await request(url, method, pathOfNobody(path, randomUUID()), { token });
      await request(url, method, `${pathOfNobody(path, "no-uuid")}?page=0`, { token: bob });
    }
    for (let count = 0; count < 20; count += 1) await call("GET", `/documents/${randomUUID()}/content`, { token: bob });
    assert.deepEqual(unreachedErrors(url, documented), []);
  });
});
