import type { ElementState } from "./diagram.ts";

/** A sign for each state, so that nothing is told by colour alone. */
export const stateSigns: Readonly<Record<ElementState, string>> = {
  implemented: "✓",
  missing: "✗",
  mismatched: "≠",
  extra: "+",
  designed: "·",
};
