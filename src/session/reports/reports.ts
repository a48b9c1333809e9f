import type { Review } from "../../review/model.ts";
import { reviewJson } from "../jsonOutput.ts";
import type { Workspace } from "../ports.ts";
import { type Evidence, htmlReport } from "./html.ts";
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
}

/** The review in one of the formats, ending in a line break. */
export async function writeReport(review: Review, format: ReportFormat, context: ReportContext): Promise<string> {
  switch (format) {
    case "text":
      return `${textReport(review)}\n`;
    case "json":
      return `${JSON.stringify(reviewJson(review), undefined, 2)}\n`;
    case "sarif":
      return sarifReport(review, context.version);
    case "junit":
      return junitReport(review);
    case "html":
      return htmlReport(review, await readEvidence(review, context.workspace));
  }
}

async function readEvidence({ checklist }: Review, workspace: Workspace): Promise<Evidence> {
  const places = checklist.flatMap(({ findings, suppressed = [] }) => [...findings, ...suppressed]);
  const texts = new Map(
    await Promise.all(
      [...new Set(places.map(({ path }) => path))].map(
        async (path) => [path, (await workspace.readText(path))?.split("\n") ?? []] as const,
      ),
    ),
  );
  return new Map(
    places.flatMap(({ path, line }) => {
      const code = texts.get(path)?.[line - 1]?.trim();
      return code === undefined || code === "" ? [] : [[`${path}:${line}`, code] as const];
    }),
  );
}
