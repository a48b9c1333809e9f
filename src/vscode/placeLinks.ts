import type * as vscode from "vscode";
import { fileName } from "../support/fileName.ts";
import { documentUri } from "./designDocuments.ts";

/**
 * The report's places, `(`path:line`)`, as links that open there. Only the editor can say where a
 * path is, so the report itself names them in words.
 */
export function withPlaceLinks(markdown: string, folder: vscode.Uri): string {
  return markdown.replace(/\(`([^`\n:]+):(\d+)`\)/g, (place, path: string, line: string) => {
    const uri = documentUri(path, folder)?.with({ fragment: `L${line}` });
    return uri ? `([${fileName(path)}:${line}](${uri.toString()}))` : place;
  });
}
