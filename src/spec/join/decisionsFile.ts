import type { DesignDocument } from "../model.ts";

/** Where a workspace keeps what its people decided about the reading of the design; committed with it. */
export const decisionsPath = ".backend/design.yaml";

export function isDecisionsDocument({ path }: DesignDocument): boolean {
  return path === decisionsPath || path.endsWith(`/${decisionsPath}`);
}
