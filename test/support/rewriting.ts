import assert from "node:assert/strict";
import type { DesignDocument } from "../../src/spec/model.ts";
import { readDeclared } from "../../src/spec/readSpec.ts";
import { changedElements, convertDesign } from "../../src/spec/write/convertDesign.ts";
import { writeDesign } from "../../src/spec/write/writeDesign.ts";

/** The document's design is written down, and reads back as the same elements: none lost, changed or made up. */
export async function assertSameElements(document: DesignDocument): Promise<void> {
  const { spec } = await readDeclared([document]);
  const written = writeDesign(spec).map(({ name, text }) => ({ path: name, text }));
  const again = await readDeclared(written);
  assert.deepEqual(changedElements(spec, again.spec), [], `${document.path}: lost or changed`);
  assert.deepEqual(changedElements(again.spec, spec), [], `${document.path}: made up`);
}

/** The document as a paste: the elements stay, and so does every word. */
export async function assertNothingLost(document: DesignDocument): Promise<void> {
  const { documents, changed } = await convertDesign(document.text);
  assert.deepEqual(changed, [], document.path);
  if (documents.length === 0) return;
  const said = new Set(documents.flatMap(({ text }) => wordsOf(text)));
  const lost = wordsOf(document.text).filter((word) => !said.has(word));
  assert.deepEqual(lost, [], document.path);
}

function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}_]+/gu) ?? []).map((word) => word.toLowerCase());
}
