import type { Skill } from "../agent/skills.ts";
import type { SkillUse } from "./events.ts";

const heading = /^#{1,6}\s*Skills Used\b/i;

/**
 * The skills that were really loaded, each with the model's own words on how it applied them. What
 * the model claims without having loaded it is dropped; what it forgot is added.
 */
export function skillUses(loaded: readonly Skill[], answer: string): readonly SkillUse[] {
  const claims = claimsIn(answer);
  return loaded.map(({ name, kind }) => ({
    name,
    how: claims.get(name) ?? (kind === "rule" ? "loaded and followed as a rule" : "loaded for this run"),
  }));
}

export function skillsSection(uses: readonly SkillUse[]): string {
  const lines = uses.map(({ name, how }) => `- **${name}**: ${how}`);
  return `### Skills Used\n\n${lines.length > 0 ? lines.join("\n") : "None"}`;
}

/**
 * Lets a model's text through as it comes and keeps its own list of skills back, because the report ends with the
 * checked one. Only a line that may still become the list's heading waits.
 */
export interface SkillsFilter {
  push(delta: string): string;
  /** What is left at the end of an answer; the next answer starts afresh. */
  flush(): string;
}

export function createSkillsFilter(): SkillsFilter {
  /** The beginning of a line that waits; empty when the line was let through already. */
  let waiting = "";
  let isMidLine = false;
  let isHidden = false;
  const decide = (): string => {
    isHidden ||= heading.test(waiting);
    const line = isHidden ? "" : waiting;
    waiting = "";
    return line;
  };
  const admit = (piece: string): string => {
    const ends = piece.endsWith("\n");
    const isOpen = isMidLine;
    isMidLine = !ends;
    if (isHidden) return "";
    if (isOpen && waiting === "") return piece;
    waiting += piece;
    return !ends && mayBeHeading(waiting) ? "" : decide();
  };
  return {
    push: (delta) =>
      delta === ""
        ? ""
        : delta
            .split(/(?<=\n)/)
            .map(admit)
            .join(""),
    flush: () => {
      const rest = decide();
      isMidLine = false;
      isHidden = false;
      return rest;
    },
  };
}

/** Whether what comes next can make a heading of the list out of this beginning of a line. */
function mayBeHeading(beginning: string): boolean {
  const [, title] = /^#{1,6}\s*(.*)$/.exec(beginning) ?? [];
  if (title === undefined) return false;
  const words = "skills used";
  return words.startsWith(title.toLowerCase()) || title.toLowerCase().startsWith(words);
}

function claimsIn(answer: string): ReadonlyMap<string, string> {
  const lines = answer.split("\n");
  const start = lines.findLastIndex((line) => heading.test(line));
  const claims = new Map<string, string>();
  for (const line of start < 0 ? [] : lines.slice(start + 1)) {
    const [, name, how] = /^\s*[-*]\s*\*\*`?([^*`]+)`?\*\*\s*[:—–-]\s*(.+)$/.exec(line) ?? [];
    if (name && how) claims.set(name.trim().replace(/:$/, ""), how.trim());
  }
  return claims;
}
