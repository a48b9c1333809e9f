import { test } from "node:test";
import { assertNothingLost, assertSameElements } from "../support/rewriting.ts";
import { seedDocuments } from "./campaign.ts";

test("every document we know says the same when it is written anew, and loses no word", async (context) => {
  const documents = seedDocuments();
  for (const document of documents) {
    await assertSameElements(document);
    await assertNothingLost(document);
  }
  context.diagnostic(`${documents.length} documents`);
});
