import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../harness/paths.ts";
import { events, failure, finished, type Script, started, textBlock, thinkingBlock, toolBlock } from "./messagesApi.ts";

/**
 * A whole run on the orders sample, written down by hand from the protocol, for every kind of model: reads, skills,
 * parallel writes, an edit that fails and recovers, a command, a cut at the output limit, an overload, a refusal
 * to touch tests, and a review that is not satisfied at first.
 */
export const recordingFile = join(root, "test/fixtures/recordings/orders.json");

/** One answer of the model. */
export interface RecordedTurn {
  readonly thinking?: string;
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly input: object }[];
  /** The call in which the answer ends at the output limit, as far as it has come. */
  readonly cut?: { readonly name: string; readonly json: string };
  /** What the provider says when it breaks off after the text; a model of the editor also by the name of the failure. */
  readonly fails?: string;
}

export function readRecording(): readonly RecordedTurn[] {
  return JSON.parse(readFileSync(recordingFile, "utf8"));
}

/** The recording as the Messages API streams it, behind a gateway that has no list of models. */
export function asMessagesApi(turns: readonly RecordedTurn[]): readonly Script[] {
  return [failure(404, "not_found_error", "There is no list here."), ...turns.map(answer)];
}

function answer({ thinking, text, calls = [], cut, fails }: RecordedTurn, turn: number): Script {
  const blocks = [
    ...(thinking === undefined ? [] : [(at: number) => thinkingBlock(at, thinking, `SIG${turn}==`)]),
    ...(text === undefined ? [] : [(at: number) => textBlock(at, ...text.split(/(?<= )/))]),
    ...calls.map(
      ({ name, input }) =>
        (at: number) =>
          toolBlock(at, `t${turn}_${at}`, name, JSON.stringify(input)),
    ),
    ...(cut ? [(at: number) => toolBlock(at, `t${turn}_${at}`, cut.name, cut.json)] : []),
  ].flatMap((block, at) => block(at));
  if (fails !== undefined) {
    return events([started, ...blocks, { type: "error", error: { type: "overloaded_error", message: fails } }]);
  }
  const stop = cut ? "max_tokens" : calls.length > 0 ? "tool_use" : "end_turn";
  return events([started, ...blocks, ...finished(stop)]);
}

/** The files that the run ends in, from those that the engine proposes for the design. */
export function recordedTexts(scaffold: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const texts: Record<string, string> = { ...scaffold, "CHECKED.txt": "checked\n" };
  for (const { name, input } of readRecording().flatMap(({ calls = [] }) => calls)) {
    const { file_path: path, content, old_string = "", new_string = "" } = input as Readonly<Record<string, string>>;
    if (path === undefined || path.startsWith("tests/")) continue;
    if (name === "Write") texts[path] = content ?? "";
    if (name === "Edit") texts[path] = (texts[path] ?? "").replace(old_string, () => new_string);
  }
  return texts;
}
