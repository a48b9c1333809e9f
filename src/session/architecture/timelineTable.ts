import type { Usage } from "../../agent/messages.ts";
import { escapeMarkup } from "../reports/markup.ts";
import type { RunTimeline, TimelineEntry } from "../runTimeline.ts";
import { spendingText } from "../spending.ts";
import type { ArchitectureWords } from "./architectureWords.ts";

/** What a run did as a table, each row with its place in time. */
export function timelineTable(timeline: RunTimeline, words: ArchitectureWords): string {
  const { entries, milliseconds } = timeline;
  const shown = entries.slice(0, mostRows);
  const rest = entries.length > mostRows ? `<p>${escapeMarkup(words.more(entries.length - mostRows))}</p>` : "";
  const head = words.columnTitles.map((title) => `<th scope="col">${escapeMarkup(title)}</th>`);
  const failed = escapeMarkup(words.failed);
  return `<p>${escapeMarkup(summary(timeline, words))}</p>
<table class="timeline"><thead><tr>${head.join("")}</tr></thead>
<tbody>${shown.map((entry) => row(entry, milliseconds, failed)).join("")}</tbody></table>${rest}`;
}

/** A run of a model may call hundreds of tools. */
const mostRows = 300;

function summary({ milliseconds, result }: RunTimeline, { underWay }: ArchitectureWords): string {
  if (!result) return underWay(seconds(milliseconds));
  const { model, stopped, usage, cost } = result;
  const used = spendingText({ ...(usage && { usage }), ...(cost !== undefined && { cost }) });
  return [`${model}: ${stopped} after ${seconds(milliseconds)}`, used || "no tokens, no cost"].join(", ").concat(".");
}

function row({ kind, label, start, end, usage, failed }: TimelineEntry, all: number, failedWord: string): string {
  const cells = [
    escapeMarkup(label) + (failed ? ` <span class="missing">${failedWord}</span>` : ""),
    seconds(start),
    seconds(end - start),
    usage ? amount(usage.input + usage.cacheRead + usage.cacheWrite) : "",
    usage ? amount(usage.output) : "",
    bar(kind, start, { end, all }),
  ];
  const [first = "", ...others] = cells;
  return `<tr><th scope="row">${first}</th>${others.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
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
