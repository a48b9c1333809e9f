import { createHash } from "node:crypto";
import type { ChecklistId, ChecklistItem, Finding, SourceText } from "./model.ts";

/**
 * The checklist with a fingerprint for every finding: of the code it is about, so that it is the same after lines above
 * it came or went, and another one when that code was changed.
 *
 * A secret has none of its line, because fingerprints are written to files and a short secret can be guessed from its
 * hash. Formatting has none either: where a file first differs moves with every edit.
 */
export function withFingerprints(
  checklist: readonly ChecklistItem[],
  files: readonly SourceText[],
): readonly ChecklistItem[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const lines = new Map<string, readonly string[]>();
  const lineOf = ({ path, line }: Finding): string => {
    const known = lines.get(path) ?? (texts.get(path) ?? "").split("\n");
    lines.set(path, known);
    return known[line - 1] ?? "";
  };
  const marked = <Found extends Finding>(id: ChecklistId, finding: Found): Found => {
    const basis = ofTheMessage.has(id) ? finding.message : lineOf(finding);
    return { ...finding, fingerprint: fingerprintOf([id, basis]) };
  };
  return checklist.map((item) => ({
    ...item,
    findings: item.findings.map((finding) => marked(item.id, finding)),
    ...(item.suppressed && { suppressed: item.suppressed.map((finding) => marked(item.id, finding)) }),
  }));
}

const ofTheMessage: ReadonlySet<ChecklistId> = new Set(["secrets", "format"]);

/** The same for parts that differ in white space only. */
export function fingerprintOf(parts: readonly string[]): string {
  const plain = parts.map((part) => part.trim().replace(/\s+/g, " "));
  return createHash("sha256").update(JSON.stringify(plain)).digest("hex").slice(0, 16);
}
