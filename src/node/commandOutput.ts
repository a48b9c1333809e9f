const keptAtEachEnd = 16_000;

export interface CommandOutput {
  readonly add: (text: string) => void;
  readonly text: () => string;
}

/** Keeps the beginning and the end of an output of any length, without terminal control sequences. */
export function createCommandOutput(): CommandOutput {
  let head = "";
  let tail = "";
  let omitted = 0;
  return {
    add: (text) => {
      const room = keptAtEachEnd - head.length;
      head += text.slice(0, Math.max(0, room));
      tail += text.slice(Math.max(0, room));
      const excess = tail.length - keptAtEachEnd;
      if (excess > 0) {
        omitted += excess;
        tail = tail.slice(excess);
      }
    },
    text: () => plain(omitted > 0 ? `${head}\n… ${omitted} characters left out …\n${tail}` : head + tail),
  };
}

function plain(text: string): string {
  const esc = String.fromCharCode(27);
  const bell = String.fromCharCode(7);
  return text
    .replace(new RegExp(`${esc}[\\]PX^_][^${bell}${esc}]*(?:${bell}|${esc}\\\\)`, "g"), "")
    .replace(new RegExp(`${esc}\\[[0-9;?]*[ -/]*[@-~]`, "g"), "")
    .replace(/\r\n/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "");
}
