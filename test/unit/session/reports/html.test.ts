import assert from "node:assert/strict";
import { test } from "node:test";
import { withBaseline } from "../../../../src/review/baseline.ts";
import { sinceBaseline } from "../../../../src/review/sinceBaseline.ts";
import { htmlReport } from "../../../../src/session/reports/html.ts";
import { hostileEvidence, hostileReview } from "./hostileReview.ts";

const page = htmlReport({ review: hostileReview }, hostileEvidence);

test("the page is self-contained, and its policy forbids everything else", () => {
  assert.match(
    page,
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">/,
  );
  assert.doesNotMatch(page, /<(?:script|link|img|iframe|object|base)\b|\s(?:src|href|on\w+)=|url\(|@import|https?:/i);
});

test("tags are those of the page alone, and each is closed", () => {
  const open: string[] = [];
  const names = new Set<string>();
  for (const [, slash = "", name = ""] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^<>]*>/g)) {
    names.add(name);
    if (["meta"].includes(name)) continue;
    if (slash === "") open.push(name);
    else assert.equal(open.pop(), name);
  }
  assert.deepEqual(open, []);
  assert.equal(page.match(/</g)?.length, page.match(/<(?:\/?[a-z][a-z0-9]*\b[^<>]*|!doctype html)>/g)?.length);
  assert.ok(!names.has("script"));
});

test("hostile text is quoted as text", () => {
  assert.ok(
    page.includes(
      "&lt;/pre&gt;&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39; &quot; ]]&gt;",
    ),
  );
  for (const control of ["\u0000", "\u001b", 'alert("1")']) assert.ok(!page.includes(control));
});

test("code is shown as evidence", () => assert.match(page, /<pre><code>&lt;\/pre&gt;/));

test("headings have no gaps, tables have captions and headers with scopes", () => {
  const levels = [...page.matchAll(/<h([1-6])\b/g)].map(([, level]) => Number(level));
  assert.equal(levels[0], 1);
  assert.ok(levels.every((level, index) => index === 0 || level <= (levels[index - 1] ?? 0) + 1));
  const amount = (pattern: RegExp) => page.match(pattern)?.length ?? 0;
  assert.equal(amount(/<table>/g), amount(/<table><caption>[^<]+<\/caption>/g));
  assert.equal(amount(/<th\b/g), amount(/<th scope="(?:col|row)">/g));
  assert.match(page, /<html lang="en">/);
  assert.match(page, /prefers-color-scheme: dark/);
});

test("with a baseline, what was known before stands apart and folded", () => {
  const whole = withBaseline(hostileReview, {
    version: 2,
    findings: hostileReview.checklist.flatMap(({ id, findings }) =>
      findings.slice(1).map(({ path, message, fingerprint = "" }) => ({ id, path, fingerprint, message, count: 1 })),
    ),
    gaps: [{ id: "endpoint:GET /a", status: "missing" }],
  });
  const both = htmlReport({ review: sinceBaseline(whole), whole }, hostileEvidence);
  const [since = "", known = ""] = both.split('<h2 id="known">Known before</h2>');
  assert.match(both, /<h1>Backend review since the baseline<\/h1>/);
  assert.match(both, /<p>Whole project: Checklist 1 of 4, design coverage 1 of 3, 1 beyond the design\.<\/p>/);
  assert.ok(since.includes("The same line again.") && !known.includes("The same line again."));
  assert.match(known, /alert\(&quot;1&quot;\).*:3<\/code>/);
  assert.match(known, /<table><caption>Gaps of before<\/caption>.*endpoint GET/);
  assert.doesNotMatch(known, /<details open>/);
});
