import type { AgentEvent, ToolCallPart } from "../agent/messages.ts";
import { touch } from "../changes/hunks.ts";
import type { ChangeSet, Decision, Hunk, ProposedFile } from "../changes/model.ts";
import { redact } from "../support/redact.ts";
import { escapeInvisible } from "../support/visibleText.ts";
import type { TurnWords } from "./runRationale.ts";

/** So much of one turn is kept. */
const longestWords = 2000;
/**
 * Follows the events of a run and answers each with the words for what it has changed in the proposals. To be given every
 * event as it comes: what is proposed is looked at before and after each call.
 */
export function createTurnRecorder(
  changes: Pick<ChangeSet, "files" | "snapshot">,
  model: string,
): (event: AgentEvent) => readonly TurnWords[] {
  const silent = { text: "", thoughts: "" };
  let coming = silent;
  let turn = silent;
  let last = "";
  let before: readonly ProposedFile[] = [];
  return (event) => {
    switch (event.type) {
      case "text":
        coming = { ...coming, text: coming.text + event.delta };
        break;
      case "reasoning":
        coming = { ...coming, thoughts: `${coming.thoughts} ${event.delta}` };
        break;
      case "retrying":
        coming = silent;
        break;
      case "usage":
        // An answer is complete; its calls come now.
        last = turn.text.trim() === "" ? last : turn.text;
        turn = coming;
        coming = silent;
        break;
      case "toolStarted":
        before = changes.files();
        break;
      case "toolEnded":
        return event.isError ? [] : changedBy(event.call, before, changes).map((each) => ({ ...each, ...said() }));
      default:
        break;
    }
    return [];
  };

  function said(): Pick<TurnWords, "model" | "words" | "how"> {
    const [text, thoughts] = [kept(turn.text), kept(turn.thoughts)];
    if (text !== "") return { model, words: text, how: "said" };
    return thoughts === "" ? { model, words: kept(last), how: "earlier" } : { model, words: thoughts, how: "thought" };
  }
}

type Changed = Pick<TurnWords, "path" | "hunks" | "command">;

function changedBy(
  call: ToolCallPart,
  before: readonly ProposedFile[],
  changes: Pick<ChangeSet, "files" | "snapshot">,
): readonly Changed[] {
  const earlier = new Map(before.map((file) => [file.path, file]));
  const changed = changes.files().filter((file) => earlier.get(file.path) !== file);
  if (changed.length === 0) return [];
  const command = commandOf(call);
  const { decisions } = changes.snapshot();
  return changed.flatMap((file) => {
    const old = earlier.get(file.path);
    const known = new Set(old?.hunks.map(({ id }) => id));
    const isNew = (hunk: Hunk): boolean => !known.has(hunk.id) && isAgents(hunk);
    const gone = old?.base === file.base ? (old?.hunks ?? []).filter((hunk) => !file.hunks.includes(hunk)) : [];
    const rejected = decisions.flatMap((decision) => rejectedIn(decision, file));
    const hunks = file.hunks.filter(isNew).map((hunk) => {
      const own = [...rejected, ...gone].filter((each) => touch(each, hunk));
      return { id: hunk.id, before: [...new Set(own.map(({ id }) => id))] };
    });
    return hunks.length === 0 ? [] : [{ path: file.path, hunks, ...(command !== undefined && { command }) }];
  });
}

/** The engine has no words, and the user's are notes. */
function isAgents({ origins = [] }: Hunk): boolean {
  const last = origins.findLast((origin) => origin !== "user");
  return last === "model" || last === "command";
}

function rejectedIn({ kind, reason, files }: Decision, { path, base }: ProposedFile): readonly Hunk[] {
  if (kind !== "rejected" || reason === undefined) return [];
  return files.flatMap((file) => (file.path === path && file.base === base ? file.hunks : []));
}

function commandOf({ name, input }: ToolCallPart): string | undefined {
  const isCommand = name === "Bash" && typeof input === "object" && input !== null && "command" in input;
  return isCommand && typeof input.command === "string" ? kept(input.command) : undefined;
}

function kept(words: string): string {
  const shown = escapeInvisible(redact(words.trim()), true);
  return shown.length > longestWords ? `${shown.slice(0, longestWords - 1)}…` : shown;
}
