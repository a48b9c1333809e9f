import assert from "node:assert/strict";
import { test } from "node:test";
import { readSkills } from "../../../src/agent/skills.ts";
import { createSkillsFilter, skillsSection, skillUses } from "../../../src/session/skillUses.ts";

const { skills } = readSkills([
  { path: "skills/backend-patterns/SKILL.md", text: "B" },
  { path: "rules/python/security.md", text: "S" },
]);

test("the model's words count for what was loaded; inventions go, omissions come", () => {
  const answer = "Done.\n\n### Skills Used\n\n- **backend-patterns**: thin services\n- **cooking**: well\n";
  assert.deepEqual(skillUses(skills, answer), [
    { name: "backend-patterns", how: "thin services" },
    { name: "python/security", how: "loaded and followed as a rule" },
  ]);
  assert.equal(skillsSection(skillUses([], answer)), "### Skills Used\n\nNone");
});

test("the model's own list is kept back, however the text is cut into deltas", () => {
  const text = "One.\nTwo.\n### Skills Used\n- **a**: b\nmore\n";
  for (const size of [1, 2, 5, 100]) {
    const filter = createSkillsFilter();
    let shown = "";
    for (let at = 0; at < text.length; at += size) shown += filter.push(text.slice(at, at + size));
    assert.equal(shown + filter.flush(), "One.\nTwo.\n");
    assert.equal(filter.push("Next answer.\n"), "Next answer.\n");
  }
});

test("a word is let through as soon as it has come; only what may become the list's heading waits", () => {
  const filter = createSkillsFilter();
  const shown = ["Hel", "lo", " you.\n", "#", "# Sk", "ip this\n", "##", "# Skills", " Us", "ed\n- x"].map(filter.push);
  assert.deepEqual(shown, ["Hel", "lo", " you.\n", "", "", "## Skip this\n", "", "", "", ""]);
  assert.equal(filter.flush(), "");
  assert.deepEqual([filter.push("### Skill"), filter.flush()], ["", "### Skill"]);
});
