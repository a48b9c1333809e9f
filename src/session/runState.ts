import type { Message } from "../agent/messages.ts";

/** What `/continue` needs of a run that stopped early. Plain JSON, kept by the editor. */
export interface RunState {
  readonly version: 1;
  /** Identifier of the model that wrote the history. */
  readonly model: string;
  /** Valid for any provider: each call in it has its result. */
  readonly messages: readonly Message[];
  readonly loadedSkills: readonly string[];
}

/** The history with a word of the user at its end, in the last message when that is the user's. */
export function withUserText(messages: readonly Message[], text: string): readonly Message[] {
  const last = messages.at(-1);
  const part = { type: "text", text } as const;
  return last?.role === "user"
    ? [...messages.slice(0, -1), { role: "user", parts: [...last.parts, part] }]
    : [...messages, { role: "user", parts: [part] }];
}
