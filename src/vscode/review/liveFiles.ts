import type { AgentEvent, WritingEvent } from "../../agent/messages.ts";
import { createEmitter, type Disposable } from "../../support/events.ts";

/** Files while a model writes them: to look at, and nothing else. What is proposed comes when the call is whole. */
export interface LiveFiles {
  /** Follows a run. */
  take(event: AgentEvent): void;
  /** What has come so far; undefined for a file that is not being written. */
  text(path: string): string | undefined;
  /** Some text has come, not more often than somebody can read; or the writing has ended, with or without a proposal. */
  onDidChange(listener: (paths: readonly string[]) => void): Disposable;
}

/** Each change is a reload of the document, which goes to the editor as a whole: the longer it is, the less often. */
const shortestPause = 250;
const pauseForCharacter = 0.025;

export function createLiveFiles(now: () => number = performance.now.bind(performance)): LiveFiles {
  const calls = new Map<string, Writing>();
  const changed = createEmitter<readonly string[]>();
  const end = (ids: readonly string[]): void => {
    const paths = ids.flatMap((id) => calls.get(id)?.path ?? []);
    for (const id of ids) calls.delete(id);
    if (paths.length > 0) changed.fire(paths);
  };
  const write = ({ callId, path, delta }: WritingEvent): void => {
    const writing = calls.get(callId) ?? { path, text: "", shownAt: Number.NEGATIVE_INFINITY };
    calls.set(callId, writing);
    writing.text += delta;
    if (now() - writing.shownAt < Math.max(shortestPause, pauseForCharacter * writing.text.length)) return;
    writing.shownAt = now();
    changed.fire([path]);
  };
  return {
    take: (event) => {
      switch (event.type) {
        case "writing":
          write(event);
          break;
        case "toolEnded":
          end([event.call.id]);
          break;
        case "retrying":
        case "stopped":
          end([...calls.keys()]);
          break;
        default:
          break;
      }
    },
    text: (path) => [...calls.values()].findLast((writing) => writing.path === path)?.text,
    onDidChange: changed.listen,
  };
}

interface Writing {
  readonly path: string;
  text: string;
  shownAt: number;
}
