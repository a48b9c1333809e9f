import type { DesignDocument } from "../../spec/model.ts";
import { escapeInvisible } from "../../support/visibleText.ts";
import { reviewJson } from "../jsonOutput.ts";
import type { Workspace } from "../ports.ts";
import type { CheckedProject } from "./checkedProject.ts";
import { readEvidence } from "./evidence.ts";
import { htmlReport } from "./html.ts";
import { junitReport } from "./junit.ts";
import { sarifReport } from "./sarif.ts";
import { textReport } from "./text.ts";
import { withCodeIn } from "./withCodeIn.ts";

export const reportFormats = ["text", "json", "sarif", "junit", "html"] as const;

export type ReportFormat = (typeof reportFormats)[number];

export function isReportFormat(name: string): name is ReportFormat {
  return reportFormats.some((format) => format === name);
}

export interface ReportContext {
  /** Of the product. */
  readonly version: string;
  /** Where the code that the findings are about is read from. */
  readonly workspace: Workspace;
  /** The design that the project was held against. */
  readonly documents: readonly DesignDocument[];
  /** The checked folder with a slash at its end, named as the documents are, or empty; reports name the code with it. */
  readonly codeFolder: string;
}

/** The report in one of the formats, ending in a line break. */
export async function writeReport(
  checked: CheckedProject,
  format: ReportFormat,
  context: ReportContext,
): Promise<string> {
  const { codeFolder, version } = context;
  const review = withCodeIn(codeFolder, checked.review);
  const whole = checked.whole && withCodeIn(codeFolder, checked.whole);
  const unread = checked.unread?.map((source) => ({ ...source, path: codeFolder + source.path })) ?? [];
  const named = { ...checked, review, unread, ...(whole && { whole }) };
  switch (format) {
    case "text":
      // A terminal obeys what it is shown.
      return `${escapeInvisible(textReport(named), true)}\n`;
    case "json":
      // Its paths of code are those of the checked folder, because its shape never changes.
      return `${JSON.stringify(reviewJson(checked), undefined, 2)}\n`;
    case "sarif":
      return sarifReport(named, { version, evidence: await readEvidence(review, context) });
    case "junit":
      return junitReport(review);
    case "html":
      return htmlReport(named, await readEvidence(whole ?? review, context));
  }
}
