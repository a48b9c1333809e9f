import type { DesignDocument } from "../../spec/model.ts";
import { reviewJson } from "../jsonOutput.ts";
import type { Workspace } from "../ports.ts";
import type { CheckedProject } from "./checkedProject.ts";
import { readEvidence } from "./evidence.ts";
import { htmlReport } from "./html.ts";
import { junitReport } from "./junit.ts";
import { sarifReport } from "./sarif.ts";
import { textReport } from "./text.ts";

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
  /** URI of the checked folder with a slash at its end, relative to where the paths of the documents start; or empty. */
  readonly codeUri: string;
}

/** The report in one of the formats, ending in a line break. */
export async function writeReport(
  checked: CheckedProject,
  format: ReportFormat,
  { version, workspace, documents, codeUri }: ReportContext,
): Promise<string> {
  const { review } = checked;
  switch (format) {
    case "text":
      return `${textReport(checked)}\n`;
    case "json":
      return `${JSON.stringify(reviewJson(checked), undefined, 2)}\n`;
    case "sarif":
      return sarifReport(review, { version, codeUri, evidence: await readEvidence(review, workspace, documents) });
    case "junit":
      return junitReport(review);
    case "html":
      return htmlReport(checked, await readEvidence(checked.whole ?? review, workspace, documents));
  }
}
