import type { Coverage } from "./model.ts";

/** The elements of the design that the code lacks or has differently. */
export function gapsOf({ elements }: Pick<Coverage, "elements">): Coverage["elements"] {
  return elements.filter(({ status }) => status === "missing" || status === "mismatched");
}
