/** Catalogue G, where the key is kept, and where not (research/security.md §3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { secretSettings } from "../../../src/support/secretSettings.ts";
import { createApiKeys, type KeyDialogs } from "../../../src/vscode/apiKeys.ts";

const key = "CANARY7f3a.gateway+key/9z";

/** Secret storage in memory; with a reason, it fails for it. */
function keysOver({ broken, answer = key, forSession = false }: Partial<Case>) {
  const kept = new Map<string, string>();
  const offers: string[] = [];
  const guarded =
    <A extends readonly unknown[], R>(work: (...args: A) => R) =>
    async (...args: A): Promise<R> => {
      if (broken !== undefined) throw new Error(broken);
      return work(...args);
    };
  const dialogs: KeyDialogs = {
    askForKey: async () => answer,
    offerSession: async (why) => {
      offers.push(why);
      return forSession;
    },
    unavailable: (what, why) => `The storage cannot ${what} the key (${why}).`,
  };
  const secrets = {
    get: guarded((name: string) => kept.get(name)),
    store: guarded((name: string, value: string) => void kept.set(name, value)),
    delete: guarded((name: string) => void kept.delete(name)),
  };
  return { keys: createApiKeys(secrets, dialogs), kept, offers };
}

interface Case {
  readonly broken: string | undefined;
  readonly answer: string;
  readonly forSession: boolean;
}

test("G01 the key goes into secret storage and nowhere else", async () => {
  const { keys, kept, offers } = keysOver({ answer: `  ${key}\n` });
  await keys.ask();
  assert.deepEqual([[...kept.values()], await keys.read(), offers], [[key], key, []]);
});

test("G14 without secret storage the key is kept for the session after a yes, and is not in the message", async () => {
  const broken = `the keyring is locked (it was given ${key})`;
  const yes = keysOver({ broken, forSession: true });
  await yes.keys.ask();
  assert.deepEqual([yes.kept.size, await yes.keys.read()], [0, key]);
  assert.match(yes.offers[0] ?? "", /^NO_SECRET_STORAGE: .* cannot keep the key \(the keyring is locked/);
  assert.ok(!yes.offers[0]?.includes(key));

  const no = keysOver({ broken, forSession: false });
  await no.keys.ask();
  await assert.rejects(no.keys.read(), {
    code: "NO_SECRET_STORAGE",
    message: /cannot read the key \(the keyring is locked/,
  });
});

test("G15 a removed key is gone from storage and from the session", async () => {
  const stored = keysOver({});
  await stored.keys.ask();
  await stored.keys.remove();
  assert.deepEqual([stored.kept.size, await stored.keys.read()], [0, undefined]);

  const emptied = keysOver({ answer: " " });
  await emptied.keys.store(key);
  await emptied.keys.ask();
  assert.deepEqual([emptied.kept.size, await emptied.keys.read()], [0, undefined]);

  const session = keysOver({ broken: "no keyring", forSession: true });
  await session.keys.ask();
  await assert.rejects(session.keys.remove(), { code: "NO_SECRET_STORAGE" });
  await assert.rejects(session.keys.read(), { code: "NO_SECRET_STORAGE" });
});

test("G02 keys in the settings are found by their name or their shape, and nothing else is", () => {
  const token = `sk-ant-${"api03-"}${"Ab3".repeat(12)}`;
  const found = secretSettings({
    anthropic: {
      apiKey: "x1",
      api_key: "x2",
      baseUrl: "https://u:Zx81kqPw93LmTt@gateway/",
      model: token,
      auth: "x-api-key",
    },
    ANTHROPIC_API_KEY: "x3",
    token: "x4",
    authToken: "x5",
    model: "auto",
    documents: { globs: ["docs/**"] },
    budget: { dollars: 5 },
    keyboard: "de",
    key: "",
  });
  assert.deepEqual(
    found.map(({ name }) => name),
    [
      "anthropic.apiKey",
      "anthropic.api_key",
      "anthropic.baseUrl",
      "anthropic.model",
      "ANTHROPIC_API_KEY",
      "token",
      "authToken",
    ],
  );
});

test("whoever shows what a key makes possible hears of each that comes and goes", async () => {
  const { keys } = keysOver({});
  const heard: (string | undefined)[] = [];
  const reading: Promise<unknown>[] = [];
  const listening = keys.onDidChange(() => reading.push(keys.read().then((found) => heard.push(found))));
  await keys.ask();
  await Promise.all(reading);
  await keys.remove();
  await Promise.all(reading);
  listening.dispose();
  await keys.ask();
  assert.deepEqual(heard, [key, undefined]);
});
