/**
 * What a design costs with a model, from scripted runs: loop, prompt and tools are the real ones, the answers are
 * scripted, tokens are estimated from their text, and the cache is the provider's as it is documented.
 */
import { runLoop } from "../../src/agent/loop.ts";
import { addUsage, noUsage, type ToolCallPart, type Usage } from "../../src/agent/messages.ts";
import type { ModelClient } from "../../src/agent/model.ts";
import { systemText, taskText } from "../../src/agent/prompt.ts";
import { createSkillShelf } from "../../src/agent/skills.ts";
import { createTokenCounter, textTokens } from "../../src/agent/tokens.ts";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createOverlay } from "../../src/changes/overlay.ts";
import type { GeneratedFile } from "../../src/compiler/compilation.ts";
import { costOf } from "../../src/models/pricing.ts";
import type { Agent } from "../../src/session/agentFiles.ts";
import type { DesignDocument, DesignSpec } from "../../src/spec/model.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { memoryWorkspace } from "./memoryWorkspace.ts";

export const pricedAs = "claude-opus-5-5";
/** Billed output for visible output, thinking included, at medium effort (research/model-clients.md §6). */
const outputPerVisible = 1.75;
/** Of that model: tokens read and written in a second (research/model-clients.md §6). */
const [readPerSecond, writtenPerSecond] = [20_000, 118];

export interface Sample {
  readonly documents: readonly DesignDocument[];
  readonly spec: DesignSpec;
  readonly files: readonly GeneratedFile[];
  readonly agent: Agent;
}

export interface Economics {
  readonly name: string;
  /** One for each request, in their order; of several conversations one after the other. */
  readonly turns: readonly Usage[];
  readonly total: Usage;
  readonly dollars: number;
  /** Estimated, without the tools' own time; of several conversations that of the longest. */
  readonly seconds: number;
  /** Calls of the script that a tool refused: a script that is not what it says. */
  readonly failed: number;
}

type Calls = readonly ToolCallPart[];

interface Strategy {
  readonly name: string;
  readonly cached: boolean;
  readonly scaffold: boolean;
  readonly task: string;
  /** What the model calls, turn by turn; each conversation begins with the same prompt. */
  readonly conversations: readonly (readonly Calls[])[];
}

/**
 * Naive: documents through Read, one file a turn, no cache. Cached: the design in the first message, six files a turn.
 * Scaffold first: the engine writes, the model changes the business logic. The last is the same with a conversation
 * of its own for each aggregate, all at once; it is not built, and stands here to show what that would change.
 */
export async function economicsOf(sample: Sample, names?: readonly string[]): Promise<readonly Economics[]> {
  const { documents, spec, files, agent } = sample;
  const services = files.filter(({ path }) => /\/services\/(?!__init__)[^/]+\.py$/.test(path));
  const scaffold = files.map(({ path }) => path);
  const task = { spec, instructions: "", scaffold: [], needsDetail: [], interfaces: [], failing: [] };
  const skills = agent.skills.map(({ name }) => call("Skill", { skill: name }));
  const scaffolded = { cached: true, scaffold: true, task: taskText({ ...task, scaffold }) };
  const strategies: readonly Strategy[] = [
    {
      name: "naive",
      cached: false,
      scaffold: false,
      task: `Implement the design in ${documents.map(({ path }) => path).join(", ")}.`,
      conversations: [
        [...documents.map((document) => [read(document)]), ...skills.map((it) => [it]), ...chunks(files.map(write), 1)],
      ],
    },
    {
      name: "cached",
      cached: true,
      scaffold: false,
      task: taskText(task),
      conversations: [[skills, ...chunks(files.map(write), 6)]],
    },
    {
      ...scaffolded,
      name: "scaffold first",
      conversations: [[services.map(read), skills.slice(0, 2), ...chunks(services.flatMap(rewriteLongestMethod), 6)]],
    },
    {
      ...scaffolded,
      name: "… in parallel",
      conversations: services.map((file) => [[read(file)], skills.slice(0, 2), rewriteLongestMethod(file)]),
    },
  ];
  const wanted = strategies.filter(({ name }) => names?.includes(name) ?? true);
  return Promise.all(wanted.map((strategy) => play(strategy, sample)));
}

/** What went in, whether from the cache or not. */
export function promptOf({ input, cacheRead, cacheWrite }: Usage): number {
  return input + cacheRead + cacheWrite;
}

/** From 0 to 1: how much of what went in was read from the cache. */
export function cacheShare(turns: readonly Usage[]): number {
  const used = turns.reduce(addUsage, noUsage);
  return used.cacheRead / (promptOf(used) || 1);
}

const identifiers = { next: 0 };

function call(name: string, input: unknown): ToolCallPart {
  return { type: "toolCall", id: `c${identifiers.next++}`, name, input };
}

function write({ path, text }: GeneratedFile): ToolCallPart {
  return call("Write", { file_path: path, content: text });
}

function read({ path }: { readonly path: string }): ToolCallPart {
  return call("Read", { file_path: path });
}

/** The longest method of a service, written anew: what a model does when it fills in business logic. */
function rewriteLongestMethod({ path, text }: GeneratedFile): Calls {
  const methods = text.split(/(?=^ {4}async def )/m).slice(1);
  const longest = methods.reduce((best, method) => (method.length > best.length ? method : best), "");
  const body = longest.trimEnd();
  return body === ""
    ? []
    : [call("Edit", { file_path: path, old_string: body, new_string: `${body}\n        # judged` })];
}

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

async function play(strategy: Strategy, sample: Sample): Promise<Economics> {
  const changes = createChangeSet();
  if (strategy.scaffold) for (const { path, text } of sample.files) changes.propose(path, undefined, text);
  const cache = { shared: 0 };
  const talks: Talk[] = [];
  for (const turns of strategy.conversations) talks.push(await talk(turns, { strategy, sample, changes, cache }));
  const turns = talks.flatMap(({ usages }) => usages);
  return {
    name: strategy.name,
    turns,
    total: turns.reduce(addUsage, noUsage),
    dollars: turns.reduce((sum, usage) => sum + (costOf(pricedAs, usage) ?? 0), 0),
    seconds: Math.max(...talks.map(({ usages }) => usages.map(secondsOf).reduce((sum, it) => sum + it, 0))),
    failed: talks.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** A second until the first word, and what has to be read anew and written. */
function secondsOf({ input, cacheWrite, output }: Usage): number {
  return 1 + (input + cacheWrite) / readPerSecond + output / writtenPerSecond;
}

interface Talk {
  readonly usages: readonly Usage[];
  readonly failed: number;
}

interface Stage {
  readonly strategy: Strategy;
  readonly sample: Sample;
  readonly changes: ReturnType<typeof createChangeSet>;
  /** Tokens of the prompt that all conversations begin with, once the first one has sent it. */
  readonly cache: { shared: number };
}

async function talk(turns: readonly Calls[], { strategy, sample, changes, cache }: Stage): Promise<Talk> {
  const { definition, skills } = sample.agent;
  const disk = memoryWorkspace(Object.fromEntries(sample.documents.map(({ path, text }) => [path, text])));
  const overlay = createOverlay(disk, changes);
  const loop = runLoop({
    model: meteredModel(turns, strategy.cached, cache),
    system: systemText(definition, skills),
    tools: createToolbox(definition.tools, {
      disk,
      overlay,
      changes,
      shelf: createSkillShelf(skills),
      seen: new Map(),
    }),
    messages: [{ role: "user", parts: [{ type: "text", text: strategy.task }] }],
    maxTurns: 1000,
    signal: new AbortController().signal,
  });
  const usages: Usage[] = [];
  let failed = 0;
  for await (const event of loop) {
    if (event.type === "usage") usages.push(event.usage);
    if (event.type === "toolEnded" && event.isError) failed++;
  }
  return { usages, failed };
}

/** Plays the turns and counts tokens as the provider would: what the request before had is read from the cache. */
function meteredModel(turns: readonly Calls[], cached: boolean, cache: { shared: number }): ModelClient {
  const promptTokens = createTokenCounter();
  let known = cache.shared;
  let turn = 0;
  return {
    info: { provider: "anthropic", id: pricedAs, label: "" },
    async *stream(request) {
      const parts = turns[turn++] ?? [{ type: "text" as const, text: "Done.\n\n### Skills Used\n\nNone" }];
      const prompt = promptTokens(request);
      const output = Math.ceil(textTokens(JSON.stringify(parts)) * outputPerVisible);
      const hourCacheWrite = known === 0 ? prompt : 0;
      const usage = cached
        ? { input: 0, output, cacheRead: known, cacheWrite: prompt - known, hourCacheWrite }
        : { input: prompt, output, cacheRead: 0, cacheWrite: 0 };
      if (turn === 1) cache.shared = prompt;
      known = prompt;
      const stop = parts.some((part) => part.type === "toolCall") ? "toolCalls" : "end";
      yield { type: "end", message: { role: "assistant", parts, stop, usage } };
    },
  };
}
