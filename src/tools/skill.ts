import * as z from "zod";
import type { SkillShelf } from "../agent/skills.ts";
import { defineTool, type Tool } from "../agent/tool.ts";
import { UserFacingError } from "../support/errors.ts";

const input = z.strictObject({
  skill: z.string().min(1).describe("Name of the skill or rule, as the list in your instructions has it"),
});

export function createSkillTool(shelf: SkillShelf): Tool {
  return defineTool({
    name: "Skill",
    description: "Loads a skill or rule that the work must follow.",
    kind: "read",
    input,
    run: async ({ skill: name }) => {
      const skill = shelf.load(name);
      if (skill) return skill.text;
      const names = shelf.skills.map((known) => known.name).join(", ");
      throw new UserFacingError("NO_SKILL", `There is no skill or rule "${name}"; there are: ${names || "none"}.`);
    },
  });
}
