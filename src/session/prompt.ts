export const runKinds = ["implement", "plan", "check", "fix", "continue"] as const;

export type RunKind = (typeof runKinds)[number];

/** What a typed request asks for. */
export interface Prompt {
  /** Undefined when the text is neither a command nor one of the bare words. */
  readonly kind: RunKind | undefined;
  /** What is left: instructions for the run. Empty when a design was pasted. */
  readonly instructions: string;
  /** Design text that was pasted along; empty when there is none. */
  readonly pasted: string;
}

/**
 * Reads what the user typed: a command (`/implement`), or the bare words `implement`, `plan`,
 * `check`, `fix`, `continue`. Text of several lines that looks like a design is a document and not
 * an instruction; pasted without a command it is to be implemented.
 */
export function readPrompt(command: string | undefined, text: string): Prompt {
  const { kind, rest } = splitCommand(command, text);
  if (!looksLikeDesign(rest)) return { kind, instructions: rest, pasted: "" };
  return { kind: kind ?? "implement", instructions: "", pasted: rest };
}

function splitCommand(command: string | undefined, text: string): { kind: RunKind | undefined; rest: string } {
  const prompt = text.trim();
  const given = runKinds.find((kind) => kind === command);
  if (given) return { kind: given, rest: prompt };
  const word = /^\S*/.exec(prompt)?.[0] ?? "";
  const bare = runKinds.find((kind) => kind === word.toLowerCase().replace(/[.!:]$/, ""));
  return bare ? { kind: bare, rest: prompt.slice(word.length).trim() } : { kind: undefined, rest: prompt };
}

const designMarks = /^#{1,4} |^\s*\|.*\||^```|\bCREATE TABLE\b|^openapi:|^\s*(GET|POST|PUT|PATCH|DELETE) \//im;

function looksLikeDesign(text: string): boolean {
  return text.split("\n").length >= 3 && designMarks.test(text);
}
