import type * as vscode from "vscode";
import { fileName } from "../support/fileName.ts";
import { documentUri } from "./designDocuments.ts";

/** The report's places, `(`path:line`)`, as links that open there. Only the editor can say where a path is, so the report itself names them in words. */
export function withPlaceLinks(markdown: string, folder: vscode.Uri): string {
  return withPlaces(markdown, (path, line) =>
    documentUri(path, folder)
      ?.with({ fragment: `L${line}` })
      .toString(),
  );
}

/** The places as links to where `addressOf` says; those without an address stay as they are. */
export function withPlaces(markdown: string, addressOf: (path: string, line: string) => string | undefined): string {
  return markdown.replace(/\(`([^`\n:]+):(\d+)`\)/g, (place, path: string, line: string) => {
    const address = path === "pasted text" ? undefined : addressOf(path, line);
    return address === undefined ? place : `([${fileName(path)}:${line}](${address}))`;
  });
}
