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
 * Lets a model's text through line by line and keeps its own list of skills back, because the report
 * ends with the checked one.
 */
export interface SkillsFilter {
  push(delta: string): string;
  /** What is left at the end of an answer; the next answer starts afresh. */
  flush(): string;
}

export function createSkillsFilter(): SkillsFilter {
  let pending = "";
  let hidden = false;
  const admit = (line: string): string => {
    hidden ||= heading.test(line);
    return hidden ? "" : line;
  };
  return {
    push: (delta) => {
      const lines = (pending + delta).split(/(?<=\n)/);
      pending = lines.at(-1)?.endsWith("\n") ? "" : (lines.pop() ?? "");
      return lines.map(admit).join("");
    },
    flush: () => {
      const rest = admit(pending);
      pending = "";
      hidden = false;
      return rest;
    },
  };
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
