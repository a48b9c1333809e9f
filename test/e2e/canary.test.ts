/** G04, F18: after a run with Claude neither the key nor a secret of the project is anywhere but where it was. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { windowTest } from "../harness/window.ts";
import { events, failure, finished, started, startMessagesApi, textBlock, toolBlock } from "../support/messagesApi.ts";
import * as journey from "./journey.ts";

/** A gateway's key has no shape to be known by. */
const key = "CANARY7f3aKEY.q8Zx";
const password = "CANARY7f3aPASSWORD";

const settings = { "backendImplementer.model": "anthropic" };

windowTest(
  "G04 the key and the project's secrets are in no file, log or request",
  { fixture: "orders", settings },
  async (window) => {
    const { workbench, folder, editor } = window;
    const calls: readonly (readonly [string, object])[] = [
      ["Read", { file_path: ".env" }],
      ["Grep", { pattern: "CANARY", output_mode: "content" }],
      ["Bash", { command: "env; cat .env; cat /proc/*/environ; grep -r CANARY . ~" }],
    ];
    const turn = calls.flatMap(([name, input], at) => toolBlock(at, `t${at}`, name, JSON.stringify(input)));
    const done = events([started, ...textBlock(0, "Done."), ...finished("end_turn")]);
    const noList = failure(404, "not_found_error", "no list here");
    const api = await startMessagesApi(
      noList,
      events([started, ...turn, ...finished("tool_use")]),
      done,
      done,
      done,
      done,
    );
    try {
      writeFileSync(join(folder, ".env"), `DATABASE_URL=postgresql://u:${password}@h/db\n`);
      const machine = join(editor.dataFolder, "data", "Machine", "settings.json");
      mkdirSync(dirname(machine), { recursive: true });
      writeFileSync(machine, JSON.stringify({ "backendImplementer.anthropic.baseUrl": api.url }));
      await window.reload();
      await journey.openDocuments(window);
      await workbench.command("Backend Implementer: Set Anthropic API Key");
      const input = workbench.page.locator(".quick-input-widget input[type=password]");
      await input.waitFor();
      await input.fill(key);
      await workbench.page.keyboard.press("Enter");
      const answer = await workbench.answerText(await workbench.ask("@backend implement"));
      const asked = api.requests.filter(({ url }) => url?.startsWith("/v1/messages"));
      assert.ok(asked.length >= 2, `${api.requests.length} requests; ${answer.slice(0, 300)}`);
      assert.ok(asked.every(({ headers }) => headers.authorization === `Bearer ${key}`));

      assert.deepEqual(holding([password], folder), [".env"], "the search would find it");
      for (const secret of [key, password]) {
        const forms = [secret, encodeURIComponent(secret), ...[0, 1, 2].map((shift) => base64Core(secret, shift))];
        assert.deepEqual(holding(forms, editor.dataFolder), [], `${secret} is kept by the editor`);
        assert.deepEqual(
          holding(forms, folder).filter((path) => path !== ".env"),
          [],
          `${secret} is in the project`,
        );
        const sent = JSON.stringify(api.requests.map(({ body }) => body));
        for (const form of forms) assert.ok(!sent.includes(form), `${form} was sent`);
        assert.ok(!answer.includes(secret));
      }
    } finally {
      await api.close();
    }
  },
);

/** The part of a text in Base64 that does not depend on its neighbours. */
function base64Core(text: string, shift: number): string {
  const encoded = Buffer.from("\0".repeat(shift) + text).toString("base64");
  return encoded.slice(4, 20);
}

/** The files below a folder in which one of the texts stands; links are not followed. */
function holding(texts: readonly string[], folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return holding(texts, path).map((below) => join(entry.name, below));
    const content = entry.isFile() ? readFileSync(path, "latin1") : "";
    return texts.some((text) => content.includes(text)) ? [entry.name] : [];
  });
}
