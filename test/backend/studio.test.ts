import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { staticTools } from "./support/backend.ts";
import { at, type Call, request, text, tokenFor } from "./support/client.ts";
import { python, workFolder } from "./support/paths.ts";
import { run } from "./support/processes.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

/** A design that is all Markdown: what is asked and answered stands in words, in cells and once for all lists. */
suite("the backend of the studio", { timeout: 240_000 }, () => {
  let backend: RunningBackend;
  let folder: string;
  const studios = { north: randomUUID(), south: randomUUID() };
  const managers = {
    north: tokenFor({ sub: randomUUID(), tenant_id: studios.north, role: "manager" }),
    south: tokenFor({ sub: randomUUID(), tenant_id: studios.south, role: "manager" }),
  };

  const call = (method: string, path: string, options: Call = {}) =>
    request(backend.server.url, method, `/v1${path}`, options);
  const made = async (path: string, token: string, body: unknown): Promise<string> => {
    const answer = await call("POST", path, { token, body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return text(answer.body, "id");
  };
  const person = (email: string, role: string, studio: keyof typeof studios = "north") =>
    made("/people", managers[studio], { email, fullName: email, role, password: `secret of ${email}` });
  const signIn = (studio: string, email: string, password = `secret of ${email}`) =>
    call("POST", "/login", { body: { studio, email, password } });
  const tokenOf = async (email: string, studio = "north") => text((await signIn(studio, email)).body, "token");
  const code = ({ status, body }: { readonly status: number; readonly body: unknown }) => [status, at(body, "code")];

  before(async () => {
    folder = mkdtempSync(join(workFolder, "files-"));
    backend = await startBackend("studio", { settings: { APP_FILES_FOLDER: folder } });
    for (const [handle, id] of Object.entries(studios))
      await backend.sql(`INSERT INTO studios (id, name, handle) VALUES ('${id}', '${handle}', '${handle}')`);
  });

  after(async () => {
    await backend?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the design says everything that is needed", () => {
    assert.deepEqual(backend.project.compilation.needsDetail, []);
  });

  for (const [tool, args] of staticTools) {
    test(`${tool} finds nothing`, async () => {
      const { code: exit, output } = await run(python(tool), args, { cwd: backend.project.folder });
      assert.equal(exit, 0, output);
    });
  }

  test("people sign in where they belong, with the password that they were given, and their token is theirs", async () => {
    const ann = await person("ann@studio.test", "member");
    await person("ann@studio.test", "coach", "south");
    const answer = await signIn("north", "ann@studio.test");
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.deepEqual(Object.keys(answer.body as object).toSorted(), ["expiresIn", "token"]);
    const own = await call("GET", "/people/me", { token: text(answer.body, "token") });
    assert.deepEqual(
      [at(own.body, "id"), at(own.body, "fullName"), at(own.body, "studioId"), at(own.body, "passwordHash")],
      [ann, "ann@studio.test", studios.north, undefined],
    );
    for (const [studio, email, password] of [
      ["north", "ann@studio.test", "wrong"],
      ["east", "ann@studio.test", "secret of ann@studio.test"],
      ["north", "bob@studio.test", "secret of bob@studio.test"],
    ] as const) {
      assert.deepEqual(code(await signIn(studio, email, password)), [401, "LOGIN_FAILED"], `${studio} ${email}`);
    }
    await backend.sql(`UPDATE people SET enabled = false WHERE id = '${ann}'`);
    assert.deepEqual(code(await signIn("north", "ann@studio.test")), [403, "PERSON_DISABLED"]);
    assert.deepEqual(code(await signIn("north", "ann@studio.test", "wrong")), [401, "LOGIN_FAILED"]);
  });

  test("members see their own sessions, others those of their studio, in pages of one form", async () => {
    await person("cleo@studio.test", "member");
    await person("dan@studio.test", "coach");
    const [member, coach] = [await tokenOf("cleo@studio.test"), await tokenOf("dan@studio.test")];
    const session = (token: string, title: string, labels: readonly string[] = []) =>
      made("/sessions", token, { title, startsAt: "2030-01-01T10:00:00Z", labels });
    const own = await session(member, "Yoga", ["slow"]);
    const other = await session(coach, "Boxing");
    const ids = async (token: string, query = "") => {
      const { body } = await call("GET", `/sessions${query}`, { token });
      return [
        at(body, "total"),
        at(body, "page"),
        (at(body, "data") as readonly unknown[]).map((row) => at(row, "id")),
      ];
    };
    assert.deepEqual(await ids(member), [1, 1, [own]]);
    assert.deepEqual(await ids(coach, "?sort=title"), [2, 1, [other, own]]);
    assert.deepEqual(await ids(coach, "?sort=-title&pageSize=1&page=2"), [2, 2, [other]]);
    assert.deepEqual(await ids(coach, "?label=slow"), [1, 1, [own]]);
    assert.deepEqual(await ids(managers.south), [0, 1, []]);
    assert.equal((await call("GET", "/sessions?pageSize=51", { token: coach })).status, 422);
  });

  test("a session goes through its states, and is counted by them", async () => {
    await person("eve@studio.test", "coach", "south");
    const coach = await tokenOf("eve@studio.test", "south");
    const body = { title: "Pilates", startsAt: "2030-01-01T10:00:00Z" };
    const [first, second] = [await made("/sessions", coach, body), await made("/sessions", coach, body)];
    const move = async (id: string, verb: string) =>
      code(await call("POST", `/sessions/${id}/${verb}`, { token: coach }));
    assert.deepEqual(await move(first, "finish"), [409, "WRONG_STATUS"]);
    assert.deepEqual(await move(first, "begin"), [200, undefined]);
    assert.deepEqual(await move(first, "cancel"), [409, "WRONG_STATUS"]);
    assert.deepEqual(await move(second, "cancel"), [200, undefined]);
    const { body: counts } = await call("GET", "/sessions/summary", { token: coach });
    assert.deepEqual(counts, { running: 1, cancelled: 1 });
  });

  test("notes come in the order in which they were written, also inside of their session, and carry photos", async () => {
    await person("fay@studio.test", "coach");
    const coach = await tokenOf("fay@studio.test");
    const session = await made("/sessions", coach, { title: "Dance", startsAt: "2030-01-01T10:00:00Z" });
    const path = `/sessions/${session}/notes`;
    const notes = [await made(path, coach, { text: "One" }), await made(path, coach, { text: "Two" })];
    const { body } = await call("GET", path, { token: coach });
    assert.deepEqual(
      (at(body, "data") as readonly unknown[]).map((note) => at(note, "id")),
      notes,
    );
    const whole = await call("GET", `/sessions/${session}`, { token: coach });
    assert.deepEqual((at(whole.body, "notes") as readonly unknown[]).map((note) => at(note, "text")).toSorted(), [
      "One",
      "Two",
    ]);
    const form = new FormData();
    form.set("photo", new Blob([new Uint8Array(10)], { type: "image/png" }), "room.png");
    const photo = await call("POST", `/notes/${notes[0]}/photos`, { token: coach, body: form });
    assert.deepEqual(
      [photo.status, at(photo.body, "filename"), at(photo.body, "contentType"), at(photo.body, "size")],
      [201, "room.png", "image/png", 10],
      JSON.stringify(photo.body),
    );
  });
});
