import assert from "node:assert/strict";
import * as vscode from "vscode";

export function ourExtension(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension("backend-implementer.backend-implementer");
  assert.ok(extension, "the extension is not installed in this host");
  return extension;
}
