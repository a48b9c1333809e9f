import type { CodeUse, Fragment } from "../fragment.ts";
import type { ApiDesign, ErrorCode, ErrorDesign, ErrorEnvelope, RetryPolicy } from "../model.ts";
import type { Problem } from "../reading.ts";
import { retryText } from "../retryText.ts";
import { contractEnvelope } from "./contractEnvelope.ts";
import { grouped, inDocumentOrder, type Ranked, ranked } from "./ranking.ts";

export function mergeErrors(
  fragments: readonly Fragment[],
  api: ApiDesign,
  paths: readonly string[],
  problems: Problem[],
): ErrorDesign {
  const groups = grouped(
    ranked(fragments, (fragment) => fragment.errorCodes),
    (code) => code.name,
  );
  const declared = groups.map(({ first, others }) =>
    others.reduce((code, item) => fill(code, item, problems), first.value),
  );
  const codes = [...declared, ...usedCodes(fragments, declared)];
  const envelope = designedEnvelope(fragments) ?? contractEnvelope(api);
  const validation = fragments.flatMap((fragment) => fragment.validations)[0] ?? validationOf(codes);
  const violations = fragments.flatMap((fragment) => fragment.violations);
  const retries = mergeRetries(fragments, paths);
  return {
    codes: inDocumentOrder(codes, paths),
    ...(envelope && { envelope }),
    ...(validation && { validation }),
    ...(violations.length > 0 && { violations }),
    ...(retries.length > 0 && { retries }),
  };
}

/** Two passages that say the same of the same are one. */
function mergeRetries(fragments: readonly Fragment[], paths: readonly string[]): RetryPolicy[] {
  const policies = inDocumentOrder(
    fragments.filter(({ superseded }) => !superseded).flatMap(({ retries }) => retries),
    paths,
  );
  const texts = policies.map(retryText);
  return policies.filter((_, index) => texts.indexOf(texts[index] ?? "") === index);
}

/** The first example of the document that says most about errors. */
function designedEnvelope(fragments: readonly Fragment[]): ErrorEnvelope | undefined {
  const holders = fragments.filter((fragment) => fragment.envelopes.length > 0);
  return holders.sort((left, right) => right.errorCodes.length - left.errorCodes.length)[0]?.envelopes[0];
}

function fill(code: ErrorCode, { value: other }: Ranked<ErrorCode>, problems: Problem[]): ErrorCode {
  if (code.status !== undefined && other.status !== undefined && code.status !== other.status) {
    problems.push({
      path: other.source.path,
      line: other.source.line,
      severity: "warning",
      code: "SPEC-STATUS",
      message: `Error code ${code.name} has status ${other.status} here and ${code.status} in ${code.source.path}:${code.source.line}, which counts; make the two agree.`,
    });
  }
  return { ...other, ...code };
}

/**
 * Codes that only an error body shows. They add to the list of their own document; without any list, the
 * codes that the contract names are the design.
 */
function usedCodes(fragments: readonly Fragment[], declared: readonly ErrorCode[]): ErrorCode[] {
  const listing = new Set(declared.map((code) => code.source.path));
  const known = new Set(declared.map((code) => code.name));
  const uses = fragments.flatMap((fragment) =>
    fragment.codeUses.filter((use) => listing.size === 0 || (use.isShown && listing.has(fragment.path))),
  );
  return collected(uses.filter((use) => !known.has(use.code)));
}

function collected(uses: readonly CodeUse[]): ErrorCode[] {
  const codes = new Map<string, ErrorCode>();
  for (const { code, status, source } of uses) {
    const known = codes.get(code);
    if (known?.status !== undefined) continue;
    codes.set(code, {
      id: `errorCode:${code}`,
      kind: "errorCode",
      name: code,
      source: known?.source ?? source,
      confidence: "inferred",
      ...(status !== undefined && { status }),
    });
  }
  return [...codes.values()];
}

const validationCode = /VALIDATION/i;
const inputCode = /^(?:INVALID|BAD|MALFORMED)[_.-](?:REQUEST|INPUT|PARAMETERS?|PAYLOAD|BODY)$/i;

function validationOf(codes: readonly ErrorCode[]): { readonly status: number; readonly code: string } | undefined {
  const isRejection = (code: ErrorCode): boolean => code.status === 400 || code.status === 422;
  const candidates = codes.filter(isRejection);
  const found =
    candidates.find((code) => validationCode.test(code.name)) ?? candidates.find((code) => inputCode.test(code.name));
  return found?.status === undefined ? undefined : { status: found.status, code: found.name };
}
