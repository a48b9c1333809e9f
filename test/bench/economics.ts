/**
 * What the sample design would cost with a model, three ways: naive (documents through Read, one file a
 * turn, no cache), cached (design in the first message, six files a turn), and scaffold first (the engine
 * writes, the model changes the business logic). Loop, prompt and tools are the real ones, the answers are
 * scripted, tokens are estimated from their text. It informs and never fails.
 */
import { join } from "node:path";
import { runLoop } from "../../src/agent/loop.ts";
import { addUsage, type Message, noUsage, type ToolCallPart, type Usage } from "../../src/agent/messages.ts";
import type { ModelClient, ModelRequest } from "../../src/agent/model.ts";
import { systemText, taskText } from "../../src/agent/prompt.ts";
import { createSkillShelf } from "../../src/agent/skills.ts";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createOverlay } from "../../src/changes/overlay.ts";
import { costOf, pricesAsOf } from "../../src/models/pricing.ts";
import { readAgentFolder } from "../../src/node/agentFolder.ts";
import { createInProcessAnalyzer } from "../../src/node/analyzerInProcess.ts";
import { readDocumentFiles } from "../../src/node/documentFiles.ts";
import { readAgent } from "../../src/session/agentFiles.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { root } from "../harness/paths.ts";
import { memoryWorkspace } from "../support/memoryWorkspace.ts";

const pricedAs = "claude-opus-5-5";
/** Measured on code and Markdown (research/model-clients.md §1.6). */
const charactersPerToken = 3.2;
/** Billed output for visible output, thinking included, at medium effort (research/model-clients.md §6). */
const outputPerVisible = 1.75;

const signal = new AbortController().signal;
const documents = await readDocumentFiles([join(root, "test/fixtures/orders/docs")], root);
const analyzer = createInProcessAnalyzer(join(root, "src"));
const { spec } = await analyzer.readSpec(documents, signal);
const compilation = await analyzer.compile({ spec, existing: {} }, signal);
const { agent } = readAgent(await readAgentFolder(join(root, "agents")));
const services = compilation.files.filter(({ path }) => /\/services\/(?!__init__)[^/]+\.py$/.test(path));

let calls = 0;
const call = (name: string, input: unknown): ToolCallPart => ({ type: "toolCall", id: `c${calls++}`, name, input });
const write = ({ path, text }: { path: string; text: string }) => call("Write", { file_path: path, content: text });
const read = ({ path }: { path: string }) => call("Read", { file_path: path });
const skills = agent.skills.map(({ name }) => call("Skill", { skill: name }));

/** The longest method of a service, written anew: what a model does when it fills in business logic. */
function rewriteLongestMethod({ path, text }: { path: string; text: string }): readonly ToolCallPart[] {
  const methods = text.split(/(?=^ {4}async def )/m).slice(1);
  const longest = methods.reduce((best, method) => (method.length > best.length ? method : best), "");
  const body = longest.trimEnd();
  return body === ""
    ? []
    : [call("Edit", { file_path: path, old_string: body, new_string: `${body}\n        # judged` })];
}

interface Strategy {
  readonly name: string;
  readonly cached: boolean;
  readonly scaffold: boolean;
  readonly task: string;
  readonly turns: readonly (readonly ToolCallPart[])[];
}

const scaffold = compilation.files.map(({ path }) => path);
const task = { spec, instructions: "", scaffold: [], needsDetail: [], interfaces: [], failing: [] };
const strategies: readonly Strategy[] = [
  {
    name: "naive",
    cached: false,
    scaffold: false,
    task: `Implement the design in ${documents.map(({ path }) => path).join(", ")}.`,
    turns: [
      ...documents.map((document) => [read(document)]),
      ...skills.map((it) => [it]),
      ...batches(compilation.files, 1),
    ],
  },
  {
    name: "cached",
    cached: true,
    scaffold: false,
    task: taskText(task),
    turns: [skills, ...batches(compilation.files, 6)],
  },
  {
    name: "scaffold first",
    cached: true,
    scaffold: true,
    task: taskText({ ...task, scaffold }),
    turns: [services.map(read), skills.slice(0, 2), ...chunks(services.flatMap(rewriteLongestMethod), 6)],
  },
];

const results = await Promise.all(strategies.map(play));
print(results);

function batches(files: readonly { path: string; text: string }[], size: number): readonly (readonly ToolCallPart[])[] {
  return chunks(files.map(write), size);
}

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

interface Result {
  readonly name: string;
  readonly turns: readonly Usage[];
  readonly total: Usage;
  readonly dollars: number;
  readonly failed: number;
}

async function play(strategy: Strategy): Promise<Result> {
  const disk = memoryWorkspace(Object.fromEntries(documents.map(({ path, text }) => [path, text])));
  const changes = createChangeSet();
  if (strategy.scaffold) for (const { path, text } of compilation.files) changes.propose(path, undefined, text);
  const overlay = createOverlay(disk, changes);
  const shelf = createSkillShelf(agent.skills);
  const loop = runLoop({
    model: meteredModel(strategy),
    system: systemText(agent.definition, agent.skills),
    tools: createToolbox(agent.definition.tools, { disk, overlay, changes, shelf, seen: new Map() }),
    messages: [{ role: "user", parts: [{ type: "text", text: strategy.task }] }],
    maxTurns: 1000,
    signal,
  });
  const turns: Usage[] = [];
  let failed = 0;
  for await (const event of loop) {
    if (event.type === "usage") turns.push(event.usage);
    if (event.type === "toolEnded" && event.isError) failed++;
  }
  const dollars = turns.reduce((sum, usage) => sum + (costOf(pricedAs, usage) ?? 0), 0);
  return { name: strategy.name, turns, total: turns.reduce(addUsage, noUsage), dollars, failed };
}

/** Plays the turns and counts tokens as the provider would: what the request before had is read from the cache. */
function meteredModel({ turns, cached }: Strategy): ModelClient {
  let known = 0;
  let turn = 0;
  return {
    info: { provider: "anthropic", id: pricedAs, label: "" },
    async *stream(request) {
      const parts = turns[turn++] ?? [{ type: "text" as const, text: "Done.\n\n### Skills Used\n\nNone" }];
      const prompt = promptTokens(request);
      const output = Math.ceil(tokens(JSON.stringify(parts)) * outputPerVisible);
      const hourCacheWrite = known === 0 ? prompt : 0;
      const usage = cached
        ? { input: 0, output, cacheRead: known, cacheWrite: prompt - known, hourCacheWrite }
        : { input: prompt, output, cacheRead: 0, cacheWrite: 0 };
      known = prompt;
      const stop = parts.some((part) => part.type === "toolCall") ? "toolCalls" : "end";
      yield { type: "end", message: { role: "assistant", parts, stop, usage } };
    },
  };
}

function promptTokens({ system, tools, messages }: ModelRequest): number {
  const specs = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  return (
    tokens(system) + tokens(JSON.stringify(specs)) + messages.reduce((sum, message) => sum + messageTokens(message), 0)
  );
}

function messageTokens({ parts }: Message): number {
  return parts.reduce((sum, part) => sum + tokens(JSON.stringify(part)), 0);
}

function tokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

function print(all: readonly Result[]): void {
  console.log(
    `\nOrders sample, ${compilation.files.length} files, as ${pricedAs} at prices of ${pricesAsOf} (estimated):`,
  );
  const row = (cells: readonly string[]) =>
    console.log(cells.map((cell, at) => (at === 0 ? cell.padEnd(16) : cell.padStart(13))).join(""));
  row(["", "turns", "tokens in", "from cache", "from turn 3", "tokens out", "dollars"]);
  for (const { name, turns, total, dollars, failed } of all) {
    const later = turns.slice(2).reduce(addUsage, noUsage);
    row([
      name,
      String(turns.length),
      count(promptOf(total)),
      cacheShare(total),
      cacheShare(later),
      count(total.output),
      dollars.toFixed(2),
    ]);
    if (failed > 0) console.log(`  ${failed} calls of the script failed`);
  }
  const [naive, cached, scaffolded] = all;
  if (!naive || !cached || !scaffolded) return;
  const ratio = (one: number, other: number) => `1/${(other / one).toFixed(1)}`;
  console.log(`cached costs ${ratio(cached.dollars, naive.dollars)} of naive`);
  console.log(`scaffold first costs ${ratio(scaffolded.dollars, cached.dollars)} of cached; promised 1/5`);
  const later = [cached, scaffolded].map(({ turns }) => cacheShare(turns.slice(2).reduce(addUsage, noUsage)));
  console.log(`from turn 3 on ${later.join(" and ")} of what goes in is read from the cache; promised 85 %`);
  console.log(
    `scaffold first writes ${ratio(scaffolded.total.output, cached.total.output)} of the output of cached; promised 1/5`,
  );
}

function cacheShare(used: Usage): string {
  return `${Math.round((100 * used.cacheRead) / (promptOf(used) || 1))} %`;
}

function promptOf({ input, cacheRead, cacheWrite }: Usage): number {
  return input + cacheRead + cacheWrite;
}

function count(amount: number): string {
  return amount.toLocaleString("en-US");
}
