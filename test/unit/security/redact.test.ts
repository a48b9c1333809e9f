/** Catalogue G, what is taken out of a text before it is sent or kept (research/security.md §3). */
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createRedactor, redact } from "../../../src/support/redact.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const secrets: Readonly<Record<string, string>> = {
  "anthropic-key": `sk-${"ant-api03-"}${"Ab3".repeat(12)}`,
  "model-key": `sk-${"proj-"}${"x9Zq".repeat(10)}`,
  "aws-key": `AKIA${"IOSFODNN7ABCDEFG"}`,
  "github-token": `ghp_${"a1B2".repeat(9)}`,
  "gitlab-token": `glpat-${"a1B2".repeat(5)}`,
  "stripe-key": `sk_${"live"}_${"a1B2".repeat(5)}`,
  "slack-token": `xox${"b"}-123456789012-${"a1B2".repeat(3)}`,
  "google-key": `AIza${"a1B2c".repeat(7)}`,
  jwt: `eyJ${"hbGciOiJIUzI1NiJ9"}.eyJ${"zdWIiOiIxMjM0In0"}.${"a1B2c3".repeat(5)}`,
};

test("G07 every well-known token is taken out where it stands, and nothing around it", () => {
  for (const [name, secret] of Object.entries(secrets)) {
    const frames = [
      (text: string) => text,
      (text: string) => `a = "${text}"  # b\nc`,
      (text: string) => `{"k": "${text}"}`,
    ];
    for (const frame of frames) assert.equal(redact(frame(secret)), frame(`«secret:${name}»`), name);
  }
});

test("G07 private keys, passwords in addresses and named values", () => {
  const key = `-----BEGIN RSA ${"PRIVATE"} KEY-----\nMIIabc\ndef\n-----END RSA ${"PRIVATE"} KEY-----`;
  assert.equal(redact(`x\n${key}\ny`), "x\n«secret:private-key»\n\n\n\ny");
  assert.equal(redact("postgres://u:p@h/db"), "postgres://u:«secret:password»@h/db");
  assert.equal(
    redact("postgresql+asyncpg://app:S3cr-et!x@db:5432/a"),
    "postgresql+asyncpg://app:«secret:password»@db:5432/a",
  );
  assert.equal(redact("redis://:tr0ub4dor@r:6379"), "redis://:«secret:password»@r:6379");
  assert.equal(redact('api_key = "Zx81kqPw93LmTt"'), 'api_key = "«secret:value»"');
  assert.equal(redact("  DB_PASSWORD=Zx81kqPw93LmTt\n"), "  DB_PASSWORD=«secret:value»\n");
  assert.equal(redact('"clientSecret": "Zx81kqPw93LmTt"'), '"clientSecret": "«secret:value»"');
  assert.equal(redact(`Authorization: Bearer ${"a1B2c3D4".repeat(4)}`), "Authorization: Bearer «secret:bearer»");
});

test("G08 a secret over two chunks or in Base64 is found in the joined text", () => {
  const secret = secrets["anthropic-key"] ?? "";
  const [first, second] = [secret.slice(0, 15), secret.slice(15)];
  assert.equal(redact([first, second].join("")), "«secret:anthropic-key»");
  const encoded = Buffer.from(`key=${secret}`).toString("base64");
  assert.equal(redact(`data: ${encoded}.`), "data: «secret:base64».");
});

test("G04 a known secret is found as it is and encoded, wherever it lies", () => {
  const secret = "CANARY-7f3a +/ä";
  const hide = createRedactor([secret]);
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret)];
  for (const before of ["", "a", "ab"]) forms.push(Buffer.from(`${before}${secret}zz`).toString("base64"));
  for (const form of forms) {
    const hidden = hide(`x ${form} y`);
    assert.match(hidden, /«secret:known»/);
    assert.doesNotMatch(hidden, /CANARY|Q0FOQV|DQU5BUl|NBTkFSW/);
  }
  assert.equal(createRedactor(["abc"])("abc"), "abc", "what is too short to be a secret is not hunted");
});

test("G07 what only looks like a secret stays: at most one line in a hundred", () => {
  const lines = [
    ...Array.from({ length: 500 }, () => `id: ${randomUUID()}`),
    ...Array.from({ length: 500 }, () => `sha256:${randomBytes(32).toString("hex")}`),
    ...Array.from({ length: 500 }, () => `    "integrity": "sha512-${randomBytes(64).toString("base64")}",`),
    ...Array.from({ length: 500 }, () => `commit ${randomBytes(20).toString("hex")}`),
    ...readFileSync(join(import.meta.dirname, "../../../package-lock.json"), "utf8").split("\n"),
    ...textsBelow(join(import.meta.dirname, "../../golden")),
    ...textsBelow(join(import.meta.dirname, "../../fixtures/orders")),
    "password = hash_password(payload.password)",
    "token: str = Field(min_length=8)",
    "access_token = create_access_token(subject=user.id, expires=settings.token_minutes)",
    "DATABASE_URL=postgresql+asyncpg://app:app@localhost:5432/app",
    "DATABASE_URL=postgresql://user:password@localhost/db",
    "SECRET_KEY=change-me-please-123456",
    'secret_key: SecretStr = os.environ["SECRET_KEY_2024_PRODUCTION"]',
    "Bearer {access_token}",
  ];
  const changed = lines.filter((line) => redact(line) !== line);
  console.log(`${changed.length} of ${lines.length} lines were taken for secrets`);
  assert.ok(changed.length <= lines.length / 100, changed.slice(0, 20).join("\n"));
  assert.deepEqual(
    changed.filter((line) => !line.includes("secret") && !/password|token|key/i.test(line)),
    [],
  );
});

test("G07 redaction is quick on a large text, and the same a second time", () => {
  const text = `${"x".repeat(200)} password: "aaaaaaaaaaaaaaaa" ://a:b ${"A".repeat(300)}\n`.repeat(2000);
  const started = process.cpuUsage();
  const once = redact(text);
  const { user } = process.cpuUsage(started);
  assert.equal(redact(once), once);
  assert.ok(user < 3_000_000, `${user / 1000} ms of processor time for ${text.length} characters`);
});

function textsBelow(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return files.filter((file) => statSync(file).isFile()).flatMap((file) => readFileSync(file, "utf8").split("\n"));
}
