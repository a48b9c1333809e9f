import { escapeMarkup } from "../reports/markup.ts";
import type { RunTimeline } from "../runTimeline.ts";
import { type ArchitectureWords, englishArchitectureWords } from "./architectureWords.ts";
import type { ArchitectureDiagram, EndpointRow } from "./diagram.ts";
import { placeTables } from "./layout.ts";
import { pageScript } from "./pageScript.ts";
import { pageStyle } from "./pageStyle.ts";
import { stateSigns } from "./stateSigns.ts";
import { tablesDrawing } from "./tablesDrawing.ts";
import { timelineTable } from "./timelineTable.ts";

export interface ArchitecturePage {
  readonly diagram: ArchitectureDiagram;
  readonly timeline: RunTimeline | undefined;
  /** Of this page alone; the only script and style that run are those with it. */
  readonly nonce: string;
  readonly words?: ArchitectureWords;
}

type PageContent = Omit<ArchitecturePage, "nonce">;

/** The whole page. Nothing in it is fetched, and no word of a design is markup. */
export function architecturePage({ nonce, ...content }: ArchitecturePage): string {
  const { language, title } = content.words ?? englishArchitectureWords;
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
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
export function architectureContent({ diagram, timeline, words = englishArchitectureWords }: PageContent): string {
  return [
    `<h1>${escapeMarkup(words.title)}</h1>`,
    legend(words),
    tablesSection(diagram, words),
    endpointsSection(diagram, words),
    section("run", words.lastRun, timeline ? timelineTable(timeline, words) : paragraph(words.noRun)),
  ].join("\n");
}

function legend({ states }: ArchitectureWords): string {
  const shown = ["implemented", "mismatched", "missing", "designed"] as const;
  const entries = shown.map(
    (state) =>
      `<span class="${state}"><span aria-hidden="true">${stateSigns[state]}</span> ${escapeMarkup(states[state])}</span>`,
  );
  return `<p class="legend">${entries.join("")}</p>`;
}

function tablesSection({ tables, relations }: ArchitectureDiagram, words: ArchitectureWords): string {
  if (tables.length === 0) return section("tables", words.tables, paragraph(words.noTables));
  const head = paragraph(words.tablesHelp(tables.length, relations.length));
  const zoom = (["out", "reset", "in"] as const)
    .map((to) => `<button type="button" data-zoom="${to}">${escapeMarkup(words.zoom[to])}</button>`)
    .join("");
  const drawing = tablesDrawing(placeTables({ tables, relations }), words);
  return section("tables", words.tables, `${head}<p class="zoom">${zoom}</p><div class="canvas">${drawing}</div>`);
}

function endpointsSection({ groups }: ArchitectureDiagram, words: ArchitectureWords): string {
  if (groups.length === 0) return section("endpoints", words.endpoints, paragraph(words.noEndpoints));
  const cards = groups.map(({ title, endpoints }) => {
    const done = endpoints.filter(({ state }) => state === "implemented").length;
    const isCompared = endpoints.some(({ state }) => state !== "designed");
    const share = isCompared ? ` <small>${escapeMarkup(words.implementedOf(done, endpoints.length))}</small>` : "";
    const rows = endpoints.map((endpoint) => endpointRow(endpoint, words));
    return `<section class="card"><h3>${escapeMarkup(title)}${share}</h3><ul>${rows.join("")}</ul></section>`;
  });
  return section("endpoints", words.endpoints, `<div class="cards">${cards.join("")}</div>`);
}

function endpointRow({ id, method, path, summary, state }: EndpointRow, { states }: ArchitectureWords): string {
  const label = `${method} ${path}, ${states[state]}`;
  const title = summary === "" ? "" : ` title="${escapeMarkup(summary)}"`;
  return `<li><button type="button" class="endpoint ${state}" data-id="${escapeMarkup(id)}" aria-label="${escapeMarkup(label)}"${title}><span aria-hidden="true">${stateSigns[state]}</span> <b>${escapeMarkup(method)}</b> <code>${escapeMarkup(path)}</code></button></li>`;
}

function paragraph(text: string): string {
  return `<p>${escapeMarkup(text)}</p>`;
}

function section(id: string, title: string, body: string): string {
  return `<section aria-labelledby="${id}-title"><h2 id="${id}-title">${escapeMarkup(title)}</h2>${body}</section>`;
}
