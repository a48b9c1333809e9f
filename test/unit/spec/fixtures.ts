import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DesignDocument } from "../../../src/spec/model.ts";

const root = join(import.meta.dirname, "../../..");

/** Our own documents, one of every form that the readers know. */
export function libraryDocuments(): DesignDocument[] {
  return documentsIn("test/fixtures/spec").filter((document) => document.path.startsWith("library"));
}

/** The sample project. */
export function orderDocuments(): DesignDocument[] {
  return documentsIn("test/fixtures/orders/docs");
}

export function documentsIn(folder: string): DesignDocument[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ path: entry.name, text: readFileSync(join(root, folder, entry.name), "utf8") }))
    .sort((left, right) => left.path.localeCompare(right.path));
}

export function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\`\n`;
}
