/** What paths mean beyond rows and collections: the classic pet store, and a mailbox with actions. */
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
} from "./support/backend.ts";
import { type Answer, at, type Call, request, text, tokenFor } from "./support/client.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { root } from "./support/paths.ts";

interface Running {
  readonly project: GeneratedProject;
  readonly server: Server;
}

suite("paths beyond rows and collections", { timeout: 240_000 }, () => {
  let cluster: Cluster;
  const running = new Map<string, Running>();

  before(async () => {
    cluster = await startCluster("paths");
    for (const name of ["petstore", "mailbox"]) {
      const project = await generateProject(join(root, "test/fixtures", name, "docs"));
      const database = await createDatabase(cluster, name);
      const migrated = await alembic(project, database.migrationUrl, "upgrade", "head");
      assert.equal(migrated.code, 0, migrated.output);
      await grantAccess(cluster, name);
      running.set(name, { project, server: await startServer(project, database.applicationUrl) });
    }
  });

  after(async () => {
    for (const { project, server } of running.values()) {
      await server.stop();
      project.remove();
    }
    await cluster?.stop();
  });

  const call = (name: string, method: string, path: string, options: Call = {}): Promise<Answer> =>
    request(running.get(name)?.server.url ?? "", method, path, options);
  const pets = (method: string, path: string, body?: unknown) => call("petstore", method, `/api/v3${path}`, { body });
  const ids = (answer: Answer): readonly unknown[] => {
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return Array.isArray(answer.body) ? answer.body.map((item) => at(item, "id")) : [];
  };
  const newPet = async (values: object): Promise<unknown> =>
    at((await pets("POST", "/pet", { name: "Rex", photoUrls: [], ...values })).body, "id");

  test("lists are found by what they are named after, and counted by a state", async () => {
    const sold = await newPet({ status: "sold", tags: ["old", "calm"] });
    const fresh = await newPet({ tags: ["young"] });
    assert.deepEqual(ids(await pets("GET", "/pet/findByStatus?status=sold")), [sold]);
    assert.deepEqual(ids(await pets("GET", "/pet/findByTags?tags=calm&tags=young")), [sold, fresh]);
    assert.deepEqual((await pets("GET", "/store/inventory")).body, { available: 1, sold: 1 });
    assert.equal((await pets("GET", "/pet/findByStatus?status=eaten")).status, 422);
  });

  test("a row is replaced that the body names, and changed by values in the query", async () => {
    const id = await newPet({ tags: ["shy"] });
    const replaced = await pets("PUT", "/pet", { id, name: "Max", photoUrls: ["a"] });
    assert.deepEqual(at(replaced.body, "name"), "Max", JSON.stringify(replaced.body));
    assert.equal((await pets("PUT", "/pet", { name: "Max", photoUrls: [] })).status, 404);
    assert.equal((await pets("PUT", "/pet", { id: 9_999, name: "Max", photoUrls: [] })).status, 404);
    const changed = await pets("POST", `/pet/${id}?status=pending`);
    assert.deepEqual([at(changed.body, "status"), at(changed.body, "name")], ["pending", "Max"]);
  });

  test("words in front of a resource change nothing, and several rows are made at once", async () => {
    const petId = await newPet({});
    const order = await pets("POST", "/store/order", { petId, quantity: 2 });
    assert.equal(order.status, 200, JSON.stringify(order.body));
    assert.equal((await pets("GET", `/store/order/${text(order.body, "id")}`)).status, 200);
    const users = await pets("POST", "/user/createWithList", [{ username: "ada" }, { username: "logout" }]);
    assert.equal(users.status, 200, JSON.stringify(users.body));
  });

  test("an endpoint that needs detail is not answered with the row whose key is called like it", async () => {
    assert.equal((await pets("GET", "/user/ada")).status, 200);
    const { status, body } = await pets("GET", "/user/logout");
    assert.deepEqual([status, at(body, "error", "code")], [501, "ENDPOINT_NOT_IMPLEMENTED"], JSON.stringify(body));
    const documented = Object.keys(Object(at((await call("petstore", "GET", "/openapi.json")).body, "paths")));
    assert.equal(documented.includes("/api/v3/user/logout"), false);
  });

  suite("a mailbox", () => {
    const ada = randomUUID();
    const bob = randomUUID();
    const letters = (who: string, method: string, path: string, body?: unknown) =>
      call("mailbox", method, path, { token: tokenFor({ sub: who }), body });
    const write = async (who: string): Promise<string> => {
      const written = await letters(who, "POST", "/users/me/letters", { subject: "Hello" });
      assert.deepEqual([written.status, at(written.body, "userId")], [201, who], JSON.stringify(written.body));
      return text(written.body, "id");
    };

    before(async () => {
      await cluster.sql("mailbox", `INSERT INTO users (id, name) VALUES ('${ada}', 'Ada'), ('${bob}', 'Bob')`);
    });

    test("what is behind the caller is the caller's alone", async () => {
      const own = await write(ada);
      const other = await write(bob);
      assert.deepEqual(ids(await letters(ada, "GET", "/users/me/letters")), [own]);
      assert.equal((await letters(ada, "GET", `/users/me/letters/${own}`)).status, 200);
      assert.equal((await letters(ada, "GET", `/users/me/letters/${other}`)).status, 404);
    });

    test("an action sets what its columns are called after, and its opposite takes it back", async () => {
      const id = await write(ada);
      const { body: read } = await letters(bob, "POST", `/letters/${id}/mark-as-read`);
      assert.deepEqual([at(read, "isRead"), at(read, "readBy"), typeof at(read, "readAt")], [true, bob, "string"]);
      assert.equal(ids(await letters(ada, "GET", "/office/letters/read")).includes(id), true);
      const { body: unread } = await letters(bob, "POST", `/letters/${id}/unread`);
      assert.deepEqual(
        [at(unread, "isRead"), at(unread, "readBy"), at(unread, "readAt")],
        [false, undefined, undefined],
      );
      assert.equal((await letters(ada, "PUT", `/letters/${id}/archive`)).status, 204);
      assert.equal(typeof at((await letters(ada, "GET", `/letters/${id}`)).body, "archivedAt"), "string");
      assert.equal((await letters(ada, "PUT", `/letters/${randomUUID()}/archive`)).status, 404);
    });

    test("what was deleted comes back", async () => {
      const id = await write(ada);
      assert.equal((await letters(ada, "DELETE", `/office/letters/${id}`)).status, 204);
      assert.equal((await letters(ada, "GET", `/letters/${id}`)).status, 404);
      const restored = await letters(ada, "POST", `/letters/${id}/restore`);
      assert.deepEqual(
        [restored.status, at(restored.body, "letter", "id"), at(restored.body, "message")],
        [200, id, "Done"],
      );
      assert.equal((await letters(ada, "GET", `/letters/${id}`)).status, 200);
      assert.equal((await letters(ada, "POST", `/letters/${randomUUID()}/restore`)).status, 404);
    });

    test("a label is tied to a letter once, however often it is asked for, and both must be there", async () => {
      const id = await write(ada);
      const label = randomUUID();
      await cluster.sql("mailbox", `INSERT INTO labels (id, name) VALUES ('${label}', '${label}')`);
      const path = `/letters/${id}/labels/${label}`;
      const status = async (method: string, at: string) => (await letters(ada, method, at)).status;
      assert.deepEqual([await status("PUT", path), await status("PUT", path)], [204, 204]);
      assert.equal(await status("PUT", `/letters/${id}/labels/${randomUUID()}`), 404);
      assert.equal(await status("PUT", `/letters/${randomUUID()}/labels/${label}`), 404);
      assert.deepEqual([await status("DELETE", path), await status("DELETE", path)], [204, 404]);
    });

    test("a star is the caller's own, and is given once", async () => {
      const id = await write(ada);
      const star = (who: string, method: string) => letters(who, method, `/letters/${id}/star`);
      assert.deepEqual([(await star(ada, "POST")).status, (await star(ada, "POST")).status], [201, 409]);
      assert.equal((await letters(bob, "GET", `/stars/${id}`)).status, 404);
      assert.equal((await star(bob, "DELETE")).status, 404);
      assert.equal((await star(bob, "POST")).status, 201);
      const { body } = await letters(bob, "GET", `/stars/${id}`);
      assert.deepEqual([at(body, "letterId"), at(body, "userId")], [id, bob]);
      assert.equal((await star(bob, "DELETE")).status, 204);
      assert.equal((await letters(ada, "GET", `/stars/${id}`)).status, 200);
      assert.equal((await letters(ada, "POST", `/letters/${randomUUID()}/star`)).status, 404);
    });

    test("a member is found by the person below the one letter", async () => {
      const [first, second] = [await write(ada), await write(ada)];
      for (const id of [first, second]) {
        const { status } = await letters(ada, "POST", `/letters/${id}/readers`, { userId: bob });
        assert.equal(status, 201);
      }
      assert.equal((await letters(ada, "POST", `/letters/${first}/readers`, { userId: bob })).status, 409);
      const changed = await letters(ada, "PATCH", `/letters/${second}/readers/${bob}`, { role: "editor" });
      assert.deepEqual([at(changed.body, "letterId"), at(changed.body, "role")], [second, "editor"]);
      assert.equal((await letters(ada, "DELETE", `/letters/${second}/readers/${bob}`)).status, 204);
      assert.equal((await letters(ada, "DELETE", `/letters/${second}/readers/${bob}`)).status, 404);
      assert.equal((await letters(ada, "DELETE", `/letters/${first}/readers/${bob}`)).status, 204);
    });

    test("the one row below another is made by PUT, replaced, changed and taken away", async () => {
      const mine = (method: string, body?: unknown) => letters(ada, method, "/users/me/settings", body);
      assert.deepEqual([(await mine("GET")).status, (await mine("PATCH", { language: "en" })).status], [404, 404]);
      const made = await mine("PUT", { signature: "Ada", language: "en" });
      assert.deepEqual([made.status, at(made.body, "userId"), at(made.body, "language")], [200, ada, "en"]);
      const replaced = await mine("PUT", { signature: "A." });
      assert.deepEqual([at(replaced.body, "signature"), at(replaced.body, "language")], ["A.", undefined]);
      assert.equal(at((await mine("PATCH", { language: "fr" })).body, "signature"), "A.");
      assert.equal((await letters(bob, "GET", "/users/me/settings")).status, 404);
      assert.deepEqual([(await mine("DELETE")).status, (await mine("GET")).status], [204, 404]);
    });
  });
});
