import * as vscode from "vscode";

export const runKinds = ["implement", "plan", "check", "fix", "continue"] as const;

export type RunKind = (typeof runKinds)[number];

/** What the user asked for, whichever way it was typed. */
export interface RunRequest {
  /** Undefined when the text is neither a command nor one of the bare words. */
  readonly kind: RunKind | undefined;
  /** What is left of the prompt: instructions for the run. */
  readonly instructions: string;
  /** Design text that was pasted along; empty when there is none. */
  readonly pasted: string;
  readonly attached: readonly vscode.Uri[];
}

/**
 * Reads a chat request: `/implement`, or the bare words `implement`, `plan`, `check`, `fix`,
 * `continue`. A prompt of several lines that looks like a design is a document, not an instruction.
 */
export function readChatRequest(request: vscode.ChatRequest): RunRequest {
  const { kind, rest } = splitCommand(request.command, request.prompt);
  const pasted = looksLikeDesign(rest) ? rest : "";
  return { kind, instructions: pasted === "" ? rest : "", pasted, attached: attachedFiles(request.references) };
}

function splitCommand(command: string | undefined, prompt: string): { kind: RunKind | undefined; rest: string } {
  const given = runKinds.find((kind) => kind === command);
  if (given) return { kind: given, rest: prompt.trim() };
  const [word = "", ...rest] = prompt.trim().split(/(?<=^\S+)\s+/);
  const bare = runKinds.find((kind) => kind === word.toLowerCase().replace(/[.!]$/, ""));
  return bare ? { kind: bare, rest: rest.join(" ").trim() } : { kind: undefined, rest: prompt.trim() };
}

const designMarks = /^#{1,4} |^\s*\|.*\||^```|\bCREATE TABLE\b|^openapi:|^\s*(GET|POST|PUT|PATCH|DELETE) \//im;

function looksLikeDesign(text: string): boolean {
  return text.split("\n").length >= 3 && designMarks.test(text);
}

/** VS Code adds entries of its own (instructions index, implicit selection); those are not the user's. */
function attachedFiles(references: readonly vscode.ChatPromptReference[]): readonly vscode.Uri[] {
  return references
    .filter((reference) => !reference.id.startsWith("vscode."))
    .flatMap(({ value }) =>
      value instanceof vscode.Uri ? [value] : value instanceof vscode.Location ? [value.uri] : [],
    );
}
