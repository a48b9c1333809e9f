import { escapeMarkup } from "../reports/markup.ts";
import type { ArchitectureWords } from "./architectureWords.ts";
import type { ColumnLine } from "./diagram.ts";
import { boxSizes, type PlacedDiagram, type PlacedRelation, type PlacedTable } from "./layout.ts";
import { stateSigns } from "./stateSigns.ts";

/** The tables and their relations as an SVG; each table is a button that the keyboard reaches. */
export function tablesDrawing({ width, height, tables, relations }: PlacedDiagram, words: ArchitectureWords): string {
  const boxes = tables.map((table, index) => tableBox(table, index, { relations, words }));
  return `<svg class="tables" role="group" aria-label="${escapeMarkup(words.tablesAndRelations)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" data-width="${width}" data-height="${height}">
<defs><marker id="one" viewBox="0 0 8 8" refX="8" refY="4" markerUnits="userSpaceOnUse" markerWidth="10" markerHeight="10" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
<g class="relations" aria-hidden="true">${relations.map(relationPath).join("")}</g>
${boxes.join("\n")}
</svg>`;
}

function relationPath({ relation, path }: PlacedRelation): string {
  const style = relation.optional ? ' class="optional"' : "";
  return `<path${style} d="${path}" marker-end="url(#one)" data-from="${escapeMarkup(relation.from)}" data-to="${escapeMarkup(relation.to)}"/>`;
}

interface Surroundings {
  readonly relations: readonly PlacedRelation[];
  readonly words: ArchitectureWords;
}

/** One stop of the tab key for all of them; the arrow keys go on from there. */
function tableBox(placed: PlacedTable, index: number, { relations, words }: Surroundings): string {
  const { table, x, y, width, height } = placed;
  const { id, name, state, columns, more } = table;
  const pointing = relations.filter(({ relation }) => relation.to === id).length;
  const facts = [words.states[state], words.columns(columns.length + more), words.pointingHere(pointing)];
  const title = `${stateSigns[state]} ${name}`;
  const label = escapeMarkup(words.table(title, facts.join(", ")));
  const rest = more > 0 ? text(words.more(more), boxSizes.padding, lineAt(columns.length), "rest") : "";
  const lines = columns.map((column, line) => columnText(column, line, width)).join("");
  return `<g class="table ${state}" data-id="${escapeMarkup(id)}" transform="translate(${x} ${y})">
<rect class="box" width="${width}" height="${height}" rx="4"/><g aria-hidden="true">${lines}${rest}</g>
<g class="node" role="button" tabindex="${index === 0 ? 0 : -1}" aria-label="${label}"><rect class="head" width="${width}" height="${boxSizes.header}" rx="4"/>${text(title, boxSizes.padding, 19, "name")}</g></g>`;
}

const keySigns: Readonly<Record<ColumnLine["key"], string>> = { primary: "◆ ", foreign: "◇ ", none: "" };

function columnText({ name, type, key, state }: ColumnLine, line: number, width: number): string {
  const isOpen = state === "missing" || state === "mismatched";
  const sign = isOpen ? ` ${stateSigns[state]}` : "";
  const own = text(`${keySigns[key]}${name}${sign}`, boxSizes.padding, lineAt(line), isOpen ? state : "column");
  return `${own}${text(type, width - boxSizes.padding, lineAt(line), "type")}`;
}

function lineAt(line: number): number {
  return boxSizes.header + 16 + line * boxSizes.line;
}

function text(words: string, x: number, y: number, kind: string): string {
  return `<text x="${x}" y="${y}" class="${kind}">${escapeMarkup(words)}</text>`;
}
