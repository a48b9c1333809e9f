import { judgePath } from "../support/pathClass.ts";
import { redact } from "../support/redact.ts";
import type { ProposedFile } from "./model.ts";

/**
 * Why a proposed file is accepted by itself and by no sweeping accept, as the end of a sentence;
 * undefined for the others (research/security.md §4, F13, F14).
 */
export function reasonForOwnYes({ path, kind, hunks, isObsolete }: ProposedFile): string | undefined {
  const { class: judged, why } = judgePath(path);
  if (judged === "confirmEach") return why;
  if (kind === "delete" && !isObsolete) return "it would be deleted";
  return hunks.some(({ added }) => addsSecret(added)) ? "it seems to hold a secret in plain text" : undefined;
}

function addsSecret(added: readonly string[]): boolean {
  const text = added.join("\n");
  return redact(text) !== text;
}
