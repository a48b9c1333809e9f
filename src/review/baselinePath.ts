/** Where a project keeps its baseline, from its root; committed with it. The headless command takes any path. */
export const baselinePath = ".backend/baseline.json";
