import * as vscode from "vscode";
import type { CoverageElement } from "../../review/model.ts";
import type { CoverageSide } from "../../session/coverageMarks.ts";
import type { SourceSpan } from "../../spec/model.ts";
import { fileName } from "../../support/fileName.ts";
import { proposedScheme } from "../review/workspacePaths.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { coverageWords, stateWord } from "./coverageWords.ts";

export interface CoverageHoversParts {
  readonly store: ReviewStore;
  /** The path that the coverage knows a document by on one of its sides. */
  readonly pathOf: (document: vscode.TextDocument, side: CoverageSide) => string | undefined;
  /** Where a place can be opened. */
  readonly uriOf: (path: string) => vscode.Uri | undefined;
  /** What the design says of an element, for people; undefined when the design is not at hand. */
  readonly describe: (id: string) => Promise<string | undefined>;
}

/** Over an element of the design where it is implemented, over its code what the design says of it. */
export function registerCoverageHovers(parts: CoverageHoversParts): vscode.Disposable {
  const provider: vscode.HoverProvider = {
    provideHover: async (document, position) => {
      const found = sides.flatMap((side) => elementsAt(parts, document, position.line + 1, side));
      if (found.length === 0) return undefined;
      return new vscode.Hover(await Promise.all(found.map(({ element, side }) => hoverOf(element, side, parts))));
    },
  };
  return vscode.languages.registerHoverProvider([{ scheme: "file" }, { scheme: proposedScheme }], provider);
}

const sides: readonly CoverageSide[] = ["design", "code"];
/** A line of many elements is a table's header; nobody reads more. */
const mostElements = 4;

function elementsAt(
  { store, pathOf }: CoverageHoversParts,
  document: vscode.TextDocument,
  line: number,
  side: CoverageSide,
): readonly { readonly element: CoverageElement; readonly side: CoverageSide }[] {
  const path = pathOf(document, side);
  if (path === undefined) return [];
  const elements = store.review()?.coverage.elements ?? [];
  return elements
    .filter((element) => element[side]?.path === path && element[side].line === line)
    .slice(0, mostElements)
    .map((element) => ({ element, side }));
}

/** The design's words are data: they come as text and code, never as Markdown that a preview would act on. */
async function hoverOf(
  element: CoverageElement,
  side: CoverageSide,
  { uriOf, describe }: CoverageHoversParts,
): Promise<vscode.MarkdownString> {
  const text = new vscode.MarkdownString().appendText(`${element.name}: ${stateWord(element)}`);
  if (element.difference !== undefined) text.appendText(` (${element.difference})`);
  if (element.drift !== undefined) text.appendText(` · ${coverageWords.designChangedSince(element.drift.difference)}`);
  const place = side === "design" ? (element.code ?? element.unseenAt) : element.design;
  if (place) text.appendMarkdown(` · ${linkTo(place, uriOf)}`);
  const contract = await describe(element.id);
  return contract === undefined ? text : text.appendCodeblock(contract, "text");
}

function linkTo({ path, line }: SourceSpan, uriOf: CoverageHoversParts["uriOf"]): string {
  const label = `${fileName(path)}:${line}`.replace(/[\\[\]]/g, "\\$&");
  const uri = uriOf(path)?.with({ fragment: `L${line}` });
  return uri ? `[${label}](${uri.toString()})` : label;
}
