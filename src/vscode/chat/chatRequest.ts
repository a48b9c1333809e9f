import * as vscode from "vscode";
import { type Prompt, readPrompt } from "../../session/prompt.ts";

/** A request with the files the user attached to it. */
export interface RunRequest extends Prompt {
  readonly attached: readonly vscode.Uri[];
}

export function readChatRequest(request: vscode.ChatRequest): RunRequest {
  return { ...readPrompt(request.command, request.prompt), attached: attachedFiles(request.references) };
}

/** VS Code adds entries of its own (instructions index, implicit selection); those are not the user's. */
function attachedFiles(references: readonly vscode.ChatPromptReference[]): readonly vscode.Uri[] {
  return references
    .filter((reference) => !reference.id.startsWith("vscode."))
    .flatMap(({ value }) =>
      value instanceof vscode.Uri ? [value] : value instanceof vscode.Location ? [value.uri] : [],
    );
}
