import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { at, type Call, request, tokenFor } from "./support/client.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

const apiKey = "key-of-the-nightly-import-0123456789";

suite("the backend of the forms that the sample does not have", { timeout: 240_000 }, () => {
  let backend: RunningBackend;
  const ada = tokenFor({ sub: "ada" });
  const editor = tokenFor({ sub: "ed", scope: "articles:write articles:admin" });

  const call = (method: string, path: string, options: Call = {}) =>
    request(backend.server.url, method, `/v2${path}`, { token: ada, ...options });
  const create = (slug: string, more = {}) =>
    call("POST", "/articles", { token: editor, body: { slug, title: "Title", ...more } });
  const refused = (answer: Awaited<ReturnType<typeof call>>, status: number, code: string): void => {
    assert.deepEqual([answer.status, at(answer.body, "code")], [status, code], JSON.stringify(answer.body));
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
  };

  before(async () => {
    backend = await startBackend("variants", { settings: { APP_API_KEYS: JSON.stringify({ nightly: apiKey }) } });
  });

  after(() => backend?.stop());

  test("only what no document explains needs detail", () => {
    assert.deepEqual(
      backend.project.compilation.needsDetail.map(({ element }) => element),
      ["endpoint:POST /v2/articles/{slug}/translate"],
    );
  });

  test("errors are problem details with the designed type and the designed names of the faults", async () => {
    const answer = await create("No Slug");
    refused(answer, 422, "VALIDATION_FAILED");
    const { request_id, errors, ...rest } = Object(answer.body);
    assert.deepEqual(rest, {
      type: "https://press.example.com/problems/validation-failed",
      title: "The request is not valid",
      status: 422,
      instance: "/v2/articles",
      code: "VALIDATION_FAILED",
    });
    assert.deepEqual([at(errors, 0, "field"), Object.keys(errors[0])], ["slug", ["field", "message"]]);
    assert.equal(answer.headers.get("x-request-id"), request_id);
  });

  test("the caller's own row is found by the subject of the token", async () => {
    refused(await call("GET", "/members/me"), 404, "NOT_FOUND");
    const joined = await call("POST", "/members", { body: { name: "Ada" } });
    assert.deepEqual([joined.status, at(joined.body, "success"), at(joined.body, "data", "name")], [201, true, "Ada"]);
    assert.equal(typeof at(joined.body, "data", "member_id"), "number");
    refused(await call("POST", "/members", { body: { name: "Ada" } }), 409, "CONFLICT");
    const settings = { darkMode: true };
    const changed = await call("PATCH", "/members/me", { body: { settings } });
    assert.deepEqual([changed.status, at(changed.body, "data", "settings", "darkMode")], [200, true]);
    assert.deepEqual((await call("GET", "/members/me")).body, changed.body);
    assert.equal(await backend.sql("SELECT settings FROM members"), '{"darkMode": true}');
    refused(
      await call("PATCH", "/members/me", { body: { settings: { languages: ["fr"] } } }),
      422,
      "VALIDATION_FAILED",
    );
  });

  test("an API key stands for its subject", async () => {
    const withKey = (key: string) =>
      request(backend.server.url, "GET", "/v2/members/me", { headers: { "x-api-key": key } });
    refused(await withKey(apiKey), 404, "NOT_FOUND");
    refused(await withKey("wrong"), 401, "INVALID_TOKEN");
    refused(await request(backend.server.url, "GET", "/v2/members/me"), 401, "INVALID_TOKEN");
  });

  test("all scopes of OAuth2 are needed", async () => {
    const body = { slug: "scoped", title: "x" };
    const half = tokenFor({ sub: "ed", scope: "articles:write" });
    refused(await call("POST", "/articles", { token: half, body }), 403, "ACCESS_DENIED");
  });

  test("rows are found by another unique column than the key, replaced as a whole and deleted", async () => {
    const origin = { url: "https://example.com", authors: [{ name: "A" }] };
    const made = await create("first", { rating: 4.5, origin });
    assert.deepEqual([made.status, at(made.body, "rating"), at(made.body, "origin")], [201, 4.5, origin]);
    refused(await create("first"), 409, "ARTICLE_SLUG_EXISTS");
    const open = await request(backend.server.url, "GET", "/v2/articles/first");
    assert.deepEqual(open.body, made.body);
    const body = { slug: "first", title: "Second" };
    const replaced = await call("PUT", "/articles/first", { body });
    assert.deepEqual(
      [replaced.status, at(replaced.body, "title"), at(replaced.body, "rating"), at(replaced.body, "origin")],
      [200, "Second", null, undefined],
    );
    const gone = await call("DELETE", "/articles/first");
    assert.deepEqual([gone.status, gone.body], [200, { deleted: true }]);
    refused(await call("DELETE", "/articles/first"), 404, "NOT_FOUND");
  });

  test("a change of state sets its time, with and without a body", async () => {
    await create("alpha");
    const plain = await call("POST", "/articles/alpha/publish");
    assert.deepEqual([plain.status, at(plain.body, "state")], [200, "published"]);
    assert.match(String(at(plain.body, "published_at")), /Z$/);
    const rated = await call("POST", "/articles/alpha/publish", { body: { rating: 3 } });
    assert.deepEqual([rated.status, at(rated.body, "rating")], [200, 3]);
    refused(await call("POST", "/articles/nothing/publish"), 404, "NOT_FOUND");
  });

  test("pages are counted from one", async () => {
    for (const slug of ["page-a", "page-b", "page-c"]) assert.equal((await create(slug, { rating: 1 })).status, 201);
    const page = await request(backend.server.url, "GET", "/v2/articles?page=2&min_rating=0.5&state=draft");
    assert.deepEqual(at(page.body, "pagination"), {
      page: 2,
      page_size: 2,
      total_items: 3,
      total_pages: 2,
      has_next: false,
    });
    refused(await request(backend.server.url, "GET", "/v2/articles?page=0"), 422, "VALIDATION_FAILED");
    refused(await request(backend.server.url, "GET", "/v2/articles?state=archived"), 422, "VALIDATION_FAILED");
  });

  test("a row with a key of two columns belongs to its parent", async () => {
    const id = at((await create("labelled")).body, "id");
    const label = await call("POST", "/labels", { body: { code: "news", name: "News" } });
    assert.deepEqual([label.status, label.body], [201, { code: "news", name: "News" }]);
    refused(await call("POST", "/labels", { body: { code: "news", name: "Again" } }), 409, "CONFLICT");
    assert.deepEqual((await call("GET", "/labels")).body, [label.body]);
    const path = `/articles/${id}/labels`;
    const put = await call("POST", path, { body: { label_code: "news" } });
    assert.deepEqual([put.status, put.body], [201, { article_id: id, label_code: "news", weight: 1 }]);
    refused(await call("POST", path, { body: { label_code: "news" } }), 409, "CONFLICT");
    refused(await call("POST", path, { body: { label_code: "none" } }), 404, "LABEL_NOT_FOUND");
    refused(await call("GET", "/articles/99999/labels"), 404, "NOT_FOUND");
    assert.deepEqual((await call("GET", path)).body, [put.body]);
    assert.equal((await call("DELETE", `${path}/news`)).status, 204);
    refused(await call("DELETE", `${path}/news`), 404, "NOT_FOUND");
    refused(await call("GET", `/articles/${"9".repeat(30)}/labels`), 422, "VALIDATION_FAILED");
  });

  test("an unreachable database is not a defect of ours, and nothing of it leaks", async () => {
    await backend.cluster.stop();
    const answer = await request(backend.server.url, "GET", "/v2/health");
    assert.deepEqual([answer.status, at(answer.body, "code")], [500, "INTERNAL_ERROR"]);
    assert.doesNotMatch(JSON.stringify(answer.body), /127\.0\.0\.1|asyncpg|Traceback/);
  });
});
