import { createHash } from "node:crypto";
import type { ChecklistId, ChecklistItem, Finding, SourceText } from "./model.ts";

/**
 * The checklist with a fingerprint for every finding: of the code it is about, so that it is the same after lines above
 * it came or went or its function or class got another name, and another one when that code was changed.
 *
 * A secret has none of its line, because fingerprints are written to files and a short secret can be guessed from its
 * hash. Formatting has none either: where a file first differs moves with every edit.
 */
export function withFingerprints(
  checklist: readonly ChecklistItem[],
  files: readonly SourceText[],
): readonly ChecklistItem[] {
  const sources = new Map(files.map((source) => [source.path, source]));
  const lines = new Map<string, readonly string[]>();
  const lineOf = ({ path, line }: Finding): string => {
    const known = lines.get(path) ?? (sources.get(path)?.text ?? "").split("\n");
    lines.set(path, known);
    return known[line - 1] ?? "";
  };
  const marked = <Found extends Finding>(id: ChecklistId, finding: Found): Found => {
    const source = sources.get(finding.path);
    const known = marks.get(finding);
    if (known && known.source === source) return known.finding as Found;
    const basis = ofTheMessage.has(id) ? finding.message : lineOf(finding).replace(definedName, "$1 _");
    const found = { ...finding, fingerprint: fingerprintOf([id, basis]) };
    marks.set(finding, { source, finding: found });
    return found;
  };
  return checklist.map((item) => ({
    ...item,
    findings: item.findings.map((finding) => marked(item.id, finding)),
    ...(item.suppressed && { suppressed: item.suppressed.map((finding) => marked(item.id, finding)) }),
  }));
}

/** A function or class under another name is the same code. */
const definedName = /^(\s*(?:async\s+)?(?:def|class))\s+\w+/;

/** A finding belongs to one item; it is marked again when its file has another text. */
const marks = new WeakMap<Finding, { readonly source: SourceText | undefined; readonly finding: Finding }>();

/** Items whose findings are known by their message. */
export const ofTheMessage: ReadonlySet<string> = new Set<ChecklistId>(["secrets", "format"]);

/** The same for parts that differ in white space only. */
export function fingerprintOf(parts: readonly string[]): string {
  const plain = parts.map((part) => part.trim().replace(/\s+/g, " "));
  return createHash("sha256").update(JSON.stringify(plain)).digest("hex").slice(0, 16);
}
