import type { CoverageStatus } from "../../review/model.ts";

/** Codicon and theme colour of each state, the same wherever it is shown. */
export const statusLooks: Readonly<Record<CoverageStatus, { readonly icon: string; readonly color: string }>> = {
  implemented: { icon: "pass-filled", color: "testing.iconPassed" },
  missing: { icon: "error", color: "testing.iconFailed" },
  mismatched: { icon: "warning", color: "list.warningForeground" },
  extra: { icon: "info", color: "charts.blue" },
};

/** Of what is missing, and may stand where it cannot be seen. */
export const unseenLook = { icon: "question", color: "list.warningForeground" } as const;
