import type { ModelInfo } from "../agent/model.ts";
import type { Compilation } from "../compiler/compilation.ts";
import type { DesignDocument } from "../spec/model.ts";
import type { SpecReading } from "../spec/reading.ts";
import type { Agent } from "./agentFiles.ts";
import { type CostEstimate, estimateCost } from "./costEstimate.ts";
import { readDesign } from "./design.ts";
import { readExistingProject } from "./existingFiles.ts";
import { planReport } from "./planReport.ts";
import type { Analyzer, Workspace } from "./ports.ts";

export interface Plan {
  readonly reading: SpecReading;
  readonly compilation: Compilation;
  /** Undefined for the offline engine. */
  readonly cost?: CostEstimate;
  /** The answer in Markdown. */
  readonly report: string;
}

export interface PlanPorts {
  readonly workspace: Workspace;
  readonly analyzer: Analyzer;
  /** The model that would implement the plan; undefined is the offline engine. */
  readonly model?: {
    readonly info: Pick<ModelInfo, "id" | "label">;
    readonly agent: Agent;
    readonly scaffoldFirst: boolean;
  };
}

/** `/plan`: the design as it is understood, what would be written, what is open. Proposes nothing, asks no model. */
export async function planRun(
  documents: readonly DesignDocument[],
  { workspace, analyzer, model }: PlanPorts,
  signal: AbortSignal,
): Promise<Plan> {
  const reading = await readDesign(documents, analyzer, signal);
  const existing = await readExistingProject(workspace);
  const compilation = await analyzer.compile({ spec: reading.spec, existing }, signal);
  if (!model) return { reading, compilation, report: planReport({ reading, compilation }) };
  const { info, agent, scaffoldFirst } = model;
  const cost = estimateCost({ model: info, agent, spec: reading.spec, compilation, scaffoldFirst });
  return { reading, compilation, cost, report: planReport({ reading, compilation, cost, model: info.label }) };
}
