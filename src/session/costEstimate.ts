import { systemText, type Task, taskText } from "../agent/prompt.ts";
import { textTokens } from "../agent/tokens.ts";
import type { Compilation } from "../compiler/compilation.ts";
import { costOf, pricesAsOf } from "../models/pricing.ts";
import type { DesignSpec } from "../spec/model.ts";
import type { Agent } from "./agentFiles.ts";
import { scaffoldInterfaces } from "./scaffoldInterfaces.ts";

/** From the least to the most that is likely. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What a run with a model would use. Nothing is sent to make it, so it is a guess with honest bounds. */
export interface CostEstimate {
  readonly turns: Range;
  /** Tokens of all requests together; with a provider's cache most of them are read from it. */
  readonly input: Range;
  readonly output: Range;
  /** Undefined for a model whose price is not known. */
  readonly dollars?: Range;
  readonly pricesAsOf: string;
}

export interface EstimateFacts {
  readonly model: { readonly id: string };
  readonly agent: Agent;
  readonly spec: DesignSpec;
  readonly compilation: Compilation;
  /** Whether the offline engine proposes first what follows from the design. */
  readonly scaffoldFirst: boolean;
}

/** Billed output for visible output, thinking included, at medium effort (research/model-clients.md §6). */
const outputPerVisible = 1.75;
/** The contracts of the tools, which go out with every request. */
const toolTokens = 2_500;
/** The body of one operation of business logic, as code. */
const bodyTokens: Range = { low: 250, high: 900 };
const filesPerTurn = 6;

/**
 * The tokens of a run by its real prompt and the size of what is to be written: with a scaffold the
 * bodies that need detail, without one every file. Prompt caching is assumed, as our client uses it.
 */
export function estimateCost(facts: EstimateFacts): CostEstimate {
  const low = usageOf(facts, "low");
  const high = usageOf(facts, "high");
  const dollars = [low, high].map(({ written, read, output }) =>
    costOf(facts.model.id, { input: 0, output, cacheRead: read, cacheWrite: written }),
  );
  const [least, most] = dollars;
  return {
    turns: { low: low.turns, high: high.turns },
    input: { low: low.written + low.read, high: high.written + high.read },
    output: { low: low.output, high: high.output },
    ...(least !== undefined && most !== undefined && { dollars: { low: least, high: most } }),
    pricesAsOf,
  };
}

interface EstimatedUsage {
  readonly turns: number;
  readonly written: number;
  readonly read: number;
  readonly output: number;
}

function usageOf(facts: EstimateFacts, bound: keyof Range): EstimatedUsage {
  const { agent, compilation, scaffoldFirst } = facts;
  const { files, needsDetail } = compilation;
  const prompt =
    textTokens(systemText(agent.definition, agent.skills)) + textTokens(taskText(taskOf(facts))) + toolTokens;
  const skills = bound === "high" ? textTokens(agent.skills.map(({ text }) => text).join("\n")) : 0;
  const all = files.reduce((sum, { text }) => sum + textTokens(text), 0);
  const average = files.length === 0 ? 0 : all / files.length;
  const open = Math.max(needsDetail.length, 1);
  const visible = scaffoldFirst ? open * bodyTokens[bound] : all;
  const looked = scaffoldFirst ? Math.min(files.length, open * (bound === "low" ? 1 : 3)) * average : 0;
  const pieces = scaffoldFirst ? open : files.length;
  // One turn to begin, one to end, and in the worse case as many again for what the review finds.
  const turns = Math.ceil(pieces / filesPerTurn) * (bound === "low" ? 1 : 2) + (bound === "low" ? 2 : 5);
  const output = visible * outputPerVisible * (bound === "low" ? 0.7 : 1.3);
  const grown = skills + looked + visible;
  const read = Array.from({ length: turns - 1 }, (_, turn) => prompt + (grown * turn) / turns).reduce(sum, 0);
  return { turns, written: Math.round(prompt + grown), read: Math.round(read), output: Math.round(output) };
}

function sum(left: number, right: number): number {
  return left + right;
}

function taskOf({ spec, compilation, scaffoldFirst }: EstimateFacts): Task {
  const { files, needsDetail } = compilation;
  return {
    spec,
    instructions: "",
    scaffold: scaffoldFirst ? files.map(({ path }) => path) : [],
    needsDetail: scaffoldFirst ? needsDetail.map(({ element, reason }) => `${element}: ${reason}`) : [],
    interfaces: scaffoldFirst ? scaffoldInterfaces(files, needsDetail) : [],
    failing: [],
  };
}
