import { readEnvelope } from "../envelope.ts";
import type { Paragraph, Section } from "./document.ts";
import { statementsIn } from "./endpointStatements.ts";
import { type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { codeSpans, plainText } from "./text.ts";

const ofErrors =
  /application\/problem\+json|\bRFC ?(?:7807|9457)\b|\b(?:every|each|all|any) (?:errors?|failures?)\b|\berror (?:body|bodies|responses?|answers?|format|envelope)\b|^errors\b/i;

/** ``Errors are `application/problem+json` with `type`, `title`, `status`, `detail`, `code` ``: a body without an example. */
export function readEnvelopeSentence(reading: MarkdownReading, section: Section, { raw, line }: Paragraph): void {
  const topic = topicOf(reading, section);
  if (topic !== "errors" && topic !== "api") return;
  for (const statement of statementsIn(raw.replaceAll("\n", " "))) {
    if (!ofErrors.test(plainText(statement))) continue;
    const names = codeSpans(statement).filter((span) => /^[A-Za-z_]\w*$/.test(span));
    const isListed = names.length > 2 && names.every((name) => samples.has(name));
    const contentType = /problem\+json|RFC ?(?:7807|9457)/i.test(statement) ? "application/problem+json" : undefined;
    const example = Object.fromEntries(names.map((name) => [name, samples.get(name)]));
    const envelope = isListed ? readEnvelope(example, spanOf(reading, { line }), contentType) : undefined;
    if (envelope) reading.prose.envelopes.push(envelope);
  }
}

/** What the parts of an error body hold, by the names that such bodies have. */
const samples: ReadonlyMap<string, string | number | readonly string[]> = new Map<
  string,
  string | number | readonly string[]
>([
  ["type", "about:blank"],
  ["title", "Conflict"],
  ["status", 409],
  ["detail", "It is taken."],
  ["instance", "/orders/1"],
  ["code", "TAKEN"],
  ["errorCode", "TAKEN"],
  ["error_code", "TAKEN"],
  ["message", "It is taken."],
  ["details", []],
  ["errors", []],
  ["requestId", "1"],
  ["request_id", "1"],
  ["traceId", "1"],
  ["trace_id", "1"],
  ["correlationId", "1"],
  ["timestamp", "2030-01-01T00:00:00Z"],
  ["path", "/orders/1"],
]);
