import assert from "node:assert/strict";
import { test } from "node:test";
import { createSkillShelf, readSkills } from "../../../src/agent/skills.ts";

const shipped = [
  { path: "agents/rules/python/security.md", text: "# Security\n\nSecrets come from the environment.\nMore." },
  { path: "agents/skills/python-patterns/SKILL.md", text: "---\nname: python-patterns\ndescription: Idioms\n---\nP" },
  { path: "agents/skills/backend-patterns/SKILL.md", text: "---\nname: backend-patterns\ndescription: Layers\n---\nB" },
  { path: "agents/skills/backend-patterns/notes.md", text: "not a skill" },
];

test("skills come first, then rules, and the workspace's own replace the shipped ones", () => {
  const { skills, problems } = readSkills(shipped, [
    { path: ".claude/skills/backend-patterns/SKILL.md", text: "---\ndescription: Ours\n---\nOurs." },
  ]);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    skills.map(({ kind, name, description, text }) => [kind, name, description, text]),
    [
      ["skill", "backend-patterns", "Ours", "Ours."],
      ["skill", "python-patterns", "Idioms", "P"],
      ["rule", "python/security", "Secrets come from the environment.", shipped[0]?.text],
    ],
  );
});

test("the shelf knows what was really loaded, each once and in order", () => {
  const shelf = createSkillShelf(readSkills(shipped).skills, ["python-patterns", "gone"]);
  assert.equal(shelf.load("nonsense"), undefined);
  shelf.load("python/security.md");
  shelf.load("python-patterns");
  assert.deepEqual(
    shelf.loaded().map(({ name }) => name),
    ["python-patterns", "python/security"],
  );
});
