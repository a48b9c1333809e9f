import type { Message, StopReason } from "../agent/messages.ts";

/** How far a run with a model has come: what `/continue` and a follow-up need, and the transcript. Plain JSON. */
export interface RunState {
  readonly version: 1;
  /** Identifier of the model that wrote the history. */
  readonly model: string;
  /** Valid for any provider: each call in it has its result. */
  readonly messages: readonly Message[];
  readonly loadedSkills: readonly string[];
  /** How the run ended; undefined while it goes on, and when the window was closed meanwhile. */
  readonly stopped?: StopReason;
}

/** The history with a word of the user at its end, in the last message when that is the user's. */
export function withUserText(messages: readonly Message[], text: string): readonly Message[] {
  const last = messages.at(-1);
  const part = { type: "text", text } as const;
  return last?.role === "user"
    ? [...messages.slice(0, -1), { role: "user", parts: [...last.parts, part] }]
    : [...messages, { role: "user", parts: [part] }];
}
