import type { Usage } from "../../agent/messages.ts";
import { escapeMarkup } from "../reports/markup.ts";
import type { RunTimeline, TimelineEntry } from "../runTimeline.ts";
import { spendingText } from "../spending.ts";
import type { ArchitectureWords } from "./architectureWords.ts";

/** What a run did as a table, each row with its place in time; what a tool does again and again is one row. */
export function timelineTable(timeline: RunTimeline, words: ArchitectureWords): string {
  const { milliseconds } = timeline;
  const entries = together(timeline.entries);
  const shown = entries.slice(0, mostRows);
  const rest = entries.length > mostRows ? `<p>${escapeMarkup(words.more(entries.length - mostRows))}</p>` : "";
  // The engine needs none, and columns of zeros say nothing.
  const hasTokens = entries.some(({ usage }) => usage && usage.input + usage.cacheRead + usage.output > 0);
  const titles = words.columnTitles.filter((_, index) => hasTokens || !tokenColumns.includes(index));
  const head = titles.map((title) => `<th scope="col">${escapeMarkup(title)}</th>`);
  const rows = shown.map((entry) =>
    row(entry, { all: milliseconds, hasTokens, failedWord: escapeMarkup(words.failed) }),
  );
  return `<p>${escapeMarkup(summary(timeline, words))}</p>
<div class="scroll" tabindex="0"><table class="timeline"><thead><tr>${head.join("")}</tr></thead>
<tbody>${rows.join("")}</tbody></table></div>${rest}`;
}

const tokenColumns: readonly number[] = [3, 4];

function together(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const joined: (TimelineEntry & { readonly times: number })[] = [];
  for (const entry of entries) {
    const last = joined.at(-1);
    const isSame =
      last?.kind === "tool" && entry.kind === "tool" && last.label === entry.label && last.failed === entry.failed;
    if (isSame) joined[joined.length - 1] = { ...last, end: entry.end, times: last.times + 1 };
    else joined.push({ ...entry, times: 1 });
  }
  return joined.map(({ times, ...entry }) => (times === 1 ? entry : { ...entry, label: `${entry.label} × ${times}` }));
}

/** A run of a model may call hundreds of tools. */
const mostRows = 300;

function summary({ milliseconds, result }: RunTimeline, { underWay }: ArchitectureWords): string {
  if (!result) return underWay(seconds(milliseconds));
  const { model, stopped, usage, cost } = result;
  const used = spendingText({ ...(usage && { usage }), ...(cost !== undefined && { cost }) });
  return [`${model}: ${stopped} after ${seconds(milliseconds)}`, used || "no tokens, no cost"].join(", ").concat(".");
}

interface RowContext {
  /** Milliseconds of the whole run. */
  readonly all: number;
  readonly hasTokens: boolean;
  readonly failedWord: string;
}

function row(
  { kind, label, start, end, usage, failed }: TimelineEntry,
  { all, hasTokens, failedWord }: RowContext,
): string {
  const tokens = usage ? [amount(usage.input + usage.cacheRead + usage.cacheWrite), amount(usage.output)] : ["", ""];
  const cells = [seconds(start), seconds(end - start), ...(hasTokens ? tokens : []), bar(kind, start, { end, all })];
  const name = escapeMarkup(label) + (failed ? ` <span class="missing">${failedWord}</span>` : "");
  return `<tr><th scope="row">${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

/** Said in words in the cells beside it. */
function bar(
  kind: TimelineEntry["kind"],
  start: number,
  { end, all }: { readonly end: number; readonly all: number },
): string {
  const scale = 200 / Math.max(1, all);
  const width = Math.max(2, (end - start) * scale);
  const x = Math.min(start * scale, 200 - width);
  return `<svg class="bar ${kind}" aria-hidden="true" width="200" height="10"><rect x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="10"/></svg>`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function amount(tokens: Usage["input"]): string {
  return tokens.toLocaleString("en-US");
}
