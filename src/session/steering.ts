import { redact } from "../support/redact.ts";

/** What the user says to a run that is going on; the model is told at its next turn. */
export interface Steering {
  say(text: string): void;
  /** All that was said since the last time, for the model; undefined when nothing was. */
  take(): string | undefined;
}

export function createSteering(): Steering {
  const said: string[] = [];
  return {
    say: (text) => {
      if (text.trim() !== "") said.push(redact(text.trim()));
    },
    take: () => (said.length === 0 ? undefined : said.splice(0).join("\n\n")),
  };
}
