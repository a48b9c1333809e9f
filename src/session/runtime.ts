import type { ModelClient } from "../agent/model.ts";
import type { describeElement } from "../agent/specDigest.ts";
import type { ChangeSet } from "../changes/model.ts";
import type { acceptDrift } from "../compiler/delta/recordDrift.ts";
import type { ModelListCache } from "../models/modelAliases.ts";
import type { withBaselineFile, withoutBaseline, writeBaseline } from "../review/baseline.ts";
import type { DesignDocument } from "../spec/model.ts";
import type { Agent } from "./agentFiles.ts";
import type { askModel } from "./askModel.ts";
import type { ProjectCheck } from "./checkProject.ts";
import type { decide, linkElement, undecide } from "./decide.ts";
import type { answerTool } from "./designTools.ts";
import type { RunResult, SessionEvent } from "./events.ts";
import type { executeDesign } from "./executeDesign.ts";
import type { projectFunctions } from "./functionNames.ts";
import type { ImplementPorts, ImplementRequest } from "./implement.ts";
import type { Plan, PlanPorts } from "./planRun.ts";
import type { Analyzer, Isolation, Shell, Workspace } from "./ports.ts";
import type { answerQuestion, isAnswerable } from "./questions/answerQuestion.ts";
import type { readQuestion } from "./questions/readQuestion.ts";
import type { Settings } from "./settings.ts";

export interface AnthropicAccess {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Alias or id. */
  readonly model: string;
  /** How the key is sent; some gateways read `x-api-key` only. Bearer when undefined. */
  readonly auth?: "bearer" | "x-api-key";
  /** How much the model thinks; medium when undefined. */
  readonly effort?: "low" | "medium" | "high";
  /** Hears, in words for a log, that the provider's cache could not be read. */
  readonly onCacheMiss?: (message: string) => void;
}

/**
 * What the extension calls of the core. The activation bundle knows this interface only; the code
 * behind it is a bundle of its own that the first run loads.
 */
export interface Runtime {
  /** The shipped agent, narrowed and extended by a trusted workspace's own files. */
  loadAgent(extensionRoot: string, workspaceRoot: string | undefined): Promise<Agent>;
  implement(request: ImplementRequest, ports: ImplementPorts): AsyncGenerator<SessionEvent, RunResult, void>;
  check(
    documents: readonly DesignDocument[],
    workspace: Workspace,
    analyzer: Analyzer,
    signal: AbortSignal,
  ): Promise<ProjectCheck>;
  plan(documents: readonly DesignDocument[], ports: PlanPorts, signal: AbortSignal): Promise<Plan>;
  executeDesign: typeof executeDesign;
  describeElement: typeof describeElement;
  decide: typeof decide;
  undecide: typeof undecide;
  linkElement: typeof linkElement;
  projectFunctions: typeof projectFunctions;
  acceptDrift: typeof acceptDrift;
  writeBaseline: typeof writeBaseline;
  withBaselineFile: typeof withBaselineFile;
  withoutBaseline: typeof withoutBaseline;
  /** The question about the design that a prompt asks; undefined when it is none, or in no known form. */
  readQuestion: typeof readQuestion;
  answerQuestion: typeof answerQuestion;
  isAnswerable: typeof isAnswerable;
  askModel: typeof askModel;
  answerTool: typeof answerTool;
  /** What the editor has under `backendImplementer`, checked value by value. */
  parseSettings(section: unknown): Settings;
  /** What to answer to a prompt that is another agent's work; undefined when it is ours. */
  refuse(prompt: string): string | undefined;
  createAnthropicModel(access: AnthropicAccess): ModelClient;
  /** The id behind an alias, by the endpoint's own list, which the cache keeps for a day; never fails. */
  resolveAnthropicModel(
    name: string,
    access: Omit<AnthropicAccess, "model">,
    cache: ModelListCache | undefined,
    signal: AbortSignal,
  ): Promise<string>;
  /** Runs commands on the proposed state of `root`, as isolated as the machine allows. */
  createShell(
    root: string,
    changes: ChangeSet,
    options: { readonly onIsolation: (isolation: Isolation) => void },
  ): Shell;
}
