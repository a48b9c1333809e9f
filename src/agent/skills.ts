import type { Problem } from "../spec/reading.ts";
import { readFrontMatter } from "./frontMatter.ts";

/** A text of know-how the agent loads when it needs it: a skill, or a rule it must follow. */
export interface Skill {
  readonly kind: "skill" | "rule";
  /** `backend-patterns`, or `python/security` for a rule. */
  readonly name: string;
  readonly description: string;
  readonly path: string;
  readonly text: string;
}

/** A Markdown file as found: `agents/skills/<name>/SKILL.md`, `.claude/rules/python/security.md`. */
export interface SkillFile {
  readonly path: string;
  readonly text: string;
}

export interface SkillReading {
  /** Skills first, then rules, each by name; the same files give the same order. */
  readonly skills: readonly Skill[];
  readonly problems: readonly Problem[];
}

/** Reads the shipped files and the workspace's own, which replace the shipped ones of the same name. */
export function readSkills(shipped: readonly SkillFile[], overrides: readonly SkillFile[] = []): SkillReading {
  const skills = new Map<string, Skill>();
  const problems: Problem[] = [];
  for (const file of [...shipped, ...overrides]) {
    const place = placeOf(file.path);
    if (!place) continue;
    const { data, body, problems: found } = readFrontMatter(file.text, file.path);
    problems.push(...found);
    const description = typeof data?.["description"] === "string" ? data["description"] : firstSentence(body);
    skills.set(`${place.kind} ${place.name}`, { ...place, description, path: file.path, text: body });
  }
  const sorted = [...skills.values()].sort((a, b) => order(a).localeCompare(order(b), "en"));
  return { skills: sorted, problems };
}

/** What there is to load and what has been loaded; one for each run. */
export interface SkillShelf {
  readonly skills: readonly Skill[];
  /** Marks the skill as loaded. Undefined when there is none of this name. */
  load(name: string): Skill | undefined;
  /** In the order of loading, each once. */
  loaded(): readonly Skill[];
}

export function createSkillShelf(skills: readonly Skill[], alreadyLoaded: readonly string[] = []): SkillShelf {
  const find = (name: string) => skills.find((skill) => skill.name === name.replace(/\.md$/, ""));
  const loaded = new Set<Skill>(alreadyLoaded.flatMap((name) => find(name) ?? []));
  return {
    skills,
    load: (name) => {
      const skill = find(name);
      if (skill) loaded.add(skill);
      return skill;
    },
    loaded: () => [...loaded],
  };
}

function placeOf(path: string): Pick<Skill, "kind" | "name"> | undefined {
  const skill = /(?:^|\/)skills\/([^/]+)\/SKILL\.md$/.exec(path)?.[1];
  if (skill) return { kind: "skill", name: skill };
  const rule = /(?:^|\/)rules\/(.+)\.md$/.exec(path)?.[1];
  return rule ? { kind: "rule", name: rule } : undefined;
}

function order(skill: Skill): string {
  return `${skill.kind === "skill" ? 0 : 1} ${skill.name}`;
}

function firstSentence(body: string): string {
  const line = body.split("\n").find((entry) => entry.trim() !== "" && !entry.startsWith("#"));
  return line?.trim() ?? "";
}
