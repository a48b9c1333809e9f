import assert from "node:assert/strict";
import { test } from "node:test";
import { ownVendor, pickedClaude } from "../../../src/vscode/ownModels.ts";

test("a Claude of ours is a choice by its line; the engine and the models of others are none", () => {
  assert.equal(pickedClaude({ vendor: ownVendor, id: "claude-haiku" }), "haiku");
  assert.equal(pickedClaude({ vendor: ownVendor, id: "offline" }), undefined);
  assert.equal(pickedClaude({ vendor: "copilot", id: "claude-haiku" }), undefined);
  assert.equal(pickedClaude(undefined), undefined);
});
