import type { ChecklistId } from "../review/model.ts";
import type { DesignSpec } from "../spec/model.ts";
import type { Analyzer, Workspace } from "./ports.ts";
import { styleSettings } from "./styleSettings.ts";

/** The items that one file alone can fail; the others need the whole project. */
const itemsOfOneFile: ReadonlySet<ChecklistId> = new Set([
  "annotations",
  "parameterized",
  "secrets",
  "immutable",
  "size",
  "format",
]);

const mostFindings = 10;

export interface Inspection {
  readonly spec: DesignSpec;
  readonly overlay: Workspace;
  readonly analyzer: Analyzer;
  readonly signal: AbortSignal;
}

/** What the analyzers find in one proposed Python file, one line each, at most ten. */
export async function inspectFile(
  path: string,
  { spec, overlay, analyzer, signal }: Inspection,
): Promise<readonly string[]> {
  const text = await overlay.readText(path);
  if (text === undefined || !path.endsWith(".py")) return [];
  const files = [{ path, text }, ...(await styleSettings(path, overlay))];
  const { checklist } = await analyzer.review({ spec, files }, signal);
  return checklist
    .filter(({ id, status }) => status === "fail" && itemsOfOneFile.has(id))
    .flatMap(({ title, findings }) =>
      findings.filter((finding) => finding.path === path).map((it) => ({ title, ...it })),
    )
    .slice(0, mostFindings)
    .map(({ title, line, message }) => `- line ${line}: ${message} (${title})`);
}
