import type { Review } from "../../review/model.ts";
import type { SourceSpan } from "../../spec/model.ts";
import type { ReportContext } from "./reports.ts";

/** The lines that a review is about, as they stand, by {@link placeKey}. */
export type Evidence = ReadonlyMap<string, string>;

export function placeKey({ path, line }: Pick<SourceSpan, "path" | "line">): string {
  return `${path}:${line}`;
}

/**
 * Lines of the code from the workspace, lines of the design from its documents. Places that are not there have none, nor
 * have lines in which a secret was found, whatever else was found in them: reports are passed on and kept.
 */
export async function readEvidence(
  { checklist, coverage }: Review,
  { workspace, documents, codeFolder }: Pick<ReportContext, "workspace" | "documents" | "codeFolder">,
): Promise<Evidence> {
  const found = checklist.flatMap(({ findings, suppressed = [] }) => [...findings, ...suppressed]);
  const code = [...found, ...coverage.elements.flatMap((element) => element.code ?? [])];
  const design = coverage.elements.flatMap((element) => element.design ?? []);
  const texts = new Map(documents.map(({ path, text }) => [path, text.split("\n")]));
  const sources = await Promise.all(
    [...new Set(code.map(({ path }) => path))].map(
      async (path) => [path, (await workspace.readText(path.slice(codeFolder.length)))?.split("\n") ?? []] as const,
    ),
  );
  const evidence = new Map([...linesAt(design, texts), ...linesAt(code, new Map(sources))]);
  const secrets = checklist.find(({ id }) => id === "secrets");
  for (const place of [...(secrets?.findings ?? []), ...(secrets?.suppressed ?? [])]) evidence.delete(placeKey(place));
  return evidence;
}

function linesAt(
  places: readonly Pick<SourceSpan, "path" | "line">[],
  texts: ReadonlyMap<string, readonly string[]>,
): readonly (readonly [string, string])[] {
  return places.flatMap((place) => {
    const line = texts.get(place.path)?.[place.line - 1]?.replace(/\r$/, "");
    return line === undefined ? [] : [[placeKey(place), line] as const];
  });
}
