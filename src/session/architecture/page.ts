import { count } from "../markdown.ts";
import { escapeMarkup } from "../reports/markup.ts";
import type { RunTimeline } from "../runTimeline.ts";
import type { ArchitectureDiagram, EndpointRow } from "./diagram.ts";
import { placeTables } from "./layout.ts";
import { pageScript } from "./pageScript.ts";
import { pageStyle } from "./pageStyle.ts";
import { stateSigns, stateWords } from "./stateWords.ts";
import { tablesDrawing } from "./tablesDrawing.ts";
import { timelineTable } from "./timelineTable.ts";

export interface ArchitecturePage {
  readonly diagram: ArchitectureDiagram;
  readonly timeline: RunTimeline | undefined;
  /** Of this page alone; the only script and style that run are those with it. */
  readonly nonce: string;
}

/** The whole page. Nothing in it is fetched, and no word of a design is markup. */
export function architecturePage({ nonce, ...content }: ArchitecturePage): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backend Architecture</title>
<style nonce="${nonce}">${pageStyle}</style>
</head>
<body>
<main id="content">
${architectureContent(content)}
</main>
<script nonce="${nonce}">${pageScript}</script>
</body>
</html>
`;
}

/** What of the page changes with the design, the code and the run. */
export function architectureContent({ diagram, timeline }: Omit<ArchitecturePage, "nonce">): string {
  return [
    "<h1>Backend Architecture</h1>",
    legend,
    tablesSection(diagram),
    endpointsSection(diagram),
    runSection(timeline),
  ].join("\n");
}

const legend = `<p class="legend">${(["implemented", "mismatched", "missing", "designed"] as const)
  .map(
    (state) =>
      `<span class="${state}"><span aria-hidden="true">${stateSigns[state]}</span> ${stateWords(state)}</span>`,
  )
  .join("")}</p>`;

function tablesSection({ tables, relations }: ArchitectureDiagram): string {
  if (tables.length === 0) return section("tables", "Tables", "<p>The design has no tables.</p>");
  const head = `<p>${count(tables.length, "table")}, ${count(relations.length, "relation")}. Enter or a click opens the design, Alt with it the code; arrow keys go from table to table.</p>`;
  const zoom = ["out", "reset", "in"]
    .map((to) => `<button type="button" data-zoom="${to}">${zoomWords[to]}</button>`)
    .join("");
  const drawing = tablesDrawing(placeTables({ tables, relations }));
  return section("tables", "Tables", `${head}<p class="zoom">${zoom}</p><div class="canvas">${drawing}</div>`);
}

const zoomWords: Readonly<Record<string, string>> = { out: "Zoom Out", reset: "Actual Size", in: "Zoom In" };

function endpointsSection({ groups }: ArchitectureDiagram): string {
  if (groups.length === 0) return section("endpoints", "Endpoints", "<p>The design has no endpoints.</p>");
  const cards = groups.map(({ title, endpoints }) => {
    const done = endpoints.filter(({ state }) => state === "implemented").length;
    const isCompared = endpoints.some(({ state }) => state !== "designed");
    const share = isCompared ? ` <small>${done} of ${endpoints.length} implemented</small>` : "";
    return `<section class="card"><h3>${escapeMarkup(title)}${share}</h3><ul>${endpoints.map(endpointRow).join("")}</ul></section>`;
  });
  return section("endpoints", "Endpoints", `<div class="cards">${cards.join("")}</div>`);
}

function endpointRow({ id, method, path, summary, state }: EndpointRow): string {
  const label = `${method} ${path}, ${stateWords(state)}`;
  const title = summary === "" ? "" : ` title="${escapeMarkup(summary)}"`;
  return `<li><button type="button" class="endpoint ${state}" data-id="${escapeMarkup(id)}" aria-label="${escapeMarkup(label)}"${title}><span aria-hidden="true">${stateSigns[state]}</span> <b>${escapeMarkup(method)}</b> <code>${escapeMarkup(path)}</code></button></li>`;
}

function runSection(timeline: RunTimeline | undefined): string {
  const body = timeline
    ? timelineTable(timeline)
    : "<p>Nothing has been implemented in this window yet. The run shows here what it did, how long it took and what it cost.</p>";
  return section("run", "Last Run", body);
}

function section(id: string, title: string, body: string): string {
  return `<section aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`;
}
