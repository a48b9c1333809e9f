import { join } from "node:path";
import { outOfScope } from "./agent/scope.ts";
import { describeElement } from "./agent/specDigest.ts";
import { acceptDrift } from "./compiler/delta/recordDrift.ts";
import { createAnthropicModel, resolveAnthropicModel } from "./models/anthropic.ts";
import { readAgentFolder } from "./node/agentFolder.ts";
import { createCommandShell } from "./node/commandShell.ts";
import { withBaselineFile, withoutBaseline, writeBaseline } from "./review/baseline.ts";
import { readAgent } from "./session/agentFiles.ts";
import { askModel } from "./session/askModel.ts";
import { checkProject } from "./session/checkProject.ts";
import { decide, linkElement, undecide } from "./session/decide.ts";
import { answerTool } from "./session/designTools.ts";
import { executeDesign } from "./session/executeDesign.ts";
import { projectFunctions } from "./session/functionNames.ts";
import { implement } from "./session/implement.ts";
import { planRun } from "./session/planRun.ts";
import { answerQuestion, isAnswerable } from "./session/questions/answerQuestion.ts";
import { readQuestion } from "./session/questions/readQuestion.ts";
import type { Runtime } from "./session/runtime.ts";
import { settingsSchema } from "./session/settings.ts";

/** The heavy half of the extension, built as a bundle of its own so that activation stays small. */
export const runtime: Runtime = {
  loadAgent: async (extensionRoot, workspaceRoot) => {
    const shipped = await readAgentFolder(join(extensionRoot, "agents"));
    const own = workspaceRoot === undefined ? undefined : await readAgentFolder(join(workspaceRoot, ".claude"));
    return readAgent(shipped, own).agent;
  },
  implement,
  check: checkProject,
  plan: planRun,
  executeDesign,
  describeElement,
  decide,
  undecide,
  linkElement,
  projectFunctions,
  acceptDrift,
  writeBaseline,
  withBaselineFile,
  withoutBaseline,
  readQuestion,
  answerQuestion,
  isAnswerable,
  askModel,
  answerTool,
  parseSettings: (section) => settingsSchema.parse(section),
  refuse: outOfScope,
  createAnthropicModel,
  resolveAnthropicModel,
  createShell: createCommandShell,
};
