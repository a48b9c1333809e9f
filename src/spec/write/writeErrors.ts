import type { ViolationCode } from "../errorParts.ts";
import type { EnvelopeField, ErrorCode, ErrorDesign, ErrorEnvelope, JsonValue, RetryPolicy } from "../model.ts";
import { durationText } from "../retryText.ts";
import { code, joinBlocks, writeFence, writeSection, writeTable } from "./markdownText.ts";

/** The error design: the envelope as an example, one table of codes, and the codes of violated constraints. */
export function writeErrors({ codes, envelope, violations, retries }: ErrorDesign): string {
  return joinBlocks([
    "# Error handling design",
    writeSection("## Envelope", envelope ? [writeEnvelope(envelope, codes[0]?.name ?? "…")] : []),
    writeSection("## Error codes", [writeTable(["Code", "HTTP status", "Message", "Retryable"], codes.map(codeRow))]),
    writeSection("## Violated constraints", [
      writeTable(["Constraint", "Violated by", "Code"], (violations ?? []).map(violationRow)),
    ]),
    writeSection("## Retry strategy", [
      writeTable(
        ["Applies to", "Attempts", "Backoff", "Base delay", "Max delay", "Jitter", "Retry-After"],
        (retries ?? []).map(retryRow),
      ),
    ]),
  ]);
}

function codeRow({ name, status, message, retryable }: ErrorCode): string[] {
  return [code(name), status === undefined ? "" : String(status), message ?? "", yesOrNo(retryable)];
}

function yesOrNo(value: boolean | undefined): string {
  if (value === undefined) return "";
  return value ? "yes" : "no";
}

function violationRow({ constraint, violatedBy, code: name }: ViolationCode): string[] {
  return [code(constraint), violatedBy === "delete" ? "delete" : "insert, update", code(name)];
}

function retryRow({ appliesTo, attempts, backoff, baseDelay, maxDelay, jitter, retryAfter }: RetryPolicy): string[] {
  return [
    appliesTo.join(", "),
    attempts === undefined ? "" : String(attempts),
    backoff ?? "",
    baseDelay === undefined ? "" : durationText(baseDelay),
    maxDelay === undefined ? "" : durationText(maxDelay),
    jitter === false ? "off" : yesOrNo(jitter),
    typeof retryAfter === "number" ? String(retryAfter) : yesOrNo(retryAfter),
  ];
}

interface Nested {
  [key: string]: JsonValue | Nested;
}

function writeEnvelope(envelope: ErrorEnvelope, sample: string): string {
  const body: Nested = {};
  for (const field of envelope.fields) {
    let level = body;
    for (const key of field.path.slice(0, -1)) {
      const inner = (level[key] ?? {}) as Nested;
      level[key] = inner;
      level = inner;
    }
    level[field.path.at(-1) ?? ""] = sampleOf(field, sample);
  }
  return writeFence("json", JSON.stringify(body, undefined, 2));
}

/** A value by which a reader sees again what the field is for. */
function sampleOf({ role, value }: EnvelopeField, sample: string): JsonValue {
  switch (role) {
    case "code":
      return sample;
    case "message":
      return "What happened, in a sentence";
    case "status":
      return 400;
    case "correlationId":
      return "7f0c3a52-6a1e-4a39-9c0b-0f5d1d0f7a11";
    case "reason":
      return "Bad Request";
    case "timestamp":
      return "2026-01-01T00:00:00Z";
    case "path":
      return "/";
    case "retryable":
      return false;
    case "details":
      return value ?? [];
    case "type":
      return value ?? "about:blank";
    case "constant":
      return value ?? null;
  }
}
