import assert from "node:assert/strict";
import { test } from "node:test";
import { withFingerprints } from "../../../src/review/fingerprint.ts";
import type { ChecklistId, Finding } from "../../../src/review/model.ts";

function fingerprintsOf(id: ChecklistId, text: string, findings: readonly Finding[]): readonly unknown[] {
  const items = withFingerprints([{ id, title: "", status: "fail", findings }], [{ path: "a.py", text }]);
  return items.flatMap((item) => item.findings.map(({ fingerprint }) => fingerprint));
}

const at = (line: number, message = "m"): Finding => ({ path: "a.py", line, message });

test("a finding is known by the text of its line, wherever that stands and however it is indented", () => {
  const [before] = fingerprintsOf("annotations", "def f(a):\n    pass\n", [at(1, "one message")]);
  const [moved] = fingerprintsOf("annotations", "import x\n\nclass A:\n    def  f(a):\n", [at(4, "another")]);
  const [changed] = fingerprintsOf("annotations", "def f(a, b):\n    pass\n", [at(1, "one message")]);
  assert.equal(before, moved);
  assert.notEqual(before, changed);
  assert.match(String(before), /^[0-9a-f]{16}$/);
});

test("a finding stays the same when its function or class gets another name", () => {
  const [before] = fingerprintsOf("annotations", "async def find(a):\n", [at(1)]);
  const [renamed] = fingerprintsOf("annotations", "\n    async def look_up(a):\n", [at(2)]);
  const [other] = fingerprintsOf("annotations", "class find(a):\n", [at(1)]);
  assert.equal(before, renamed);
  assert.notEqual(before, other);
});

test("items do not share fingerprints, and a line that is not there has one too", () => {
  const [annotations] = fingerprintsOf("annotations", "x\n", [at(1)]);
  const [size] = fingerprintsOf("size", "x\n", [at(1)]);
  assert.notEqual(annotations, size);
  assert.equal(fingerprintsOf("size", "x\n", [at(40)]).length, 1);
});

test("a secret leaves no trace of its line, and formatting moves within its file", () => {
  for (const id of ["secrets", "format"] as const) {
    const [one] = fingerprintsOf(id, 'KEY = "abc"\n', [at(1)]);
    const [other] = fingerprintsOf(id, 'x = 1\nKEY = "def"\n', [at(2)]);
    assert.equal(one, other);
  }
});
