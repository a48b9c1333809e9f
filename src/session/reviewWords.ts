import type { Message } from "../agent/messages.ts";

/**
 * Gives what the user says of the proposals, each line once: `lines` are all that stand now, and what a history holds
 * already was told in an earlier run.
 */
export function createReviewWords(
  lines: () => readonly string[],
  history: readonly Message[] = [],
): () => readonly string[] {
  const earlier = history.flatMap(({ role, parts }) =>
    role === "user" ? parts.flatMap((part) => (part.type === "text" ? part.text.split("\n") : [])) : [],
  );
  const told = new Set(earlier.map((line) => line.replace(/^- /, "")));
  return () => {
    const news = lines().filter((line) => !told.has(line));
    for (const line of news) told.add(line);
    return news;
  };
}
