import * as vscode from "vscode";
import { designAmong } from "../session/designLayouts.ts";
import type { Analyzer } from "../session/ports.ts";
import { decisionsPath } from "../spec/join/decisionsFile.ts";
import type { DesignDocument, DocumentKind } from "../spec/model.ts";
import { currentText, editedText } from "./currentText.ts";

const designFile = /\.(md|markdown|ya?ml|json|sql|dbml|mmd)$/i;
const notDesign = /(^|\/)(package(-lock)?|tsconfig|settings|launch|tasks)\.json$|(^|\/)(CHANGELOG|LICENSE)\b/i;
const allKinds: readonly DocumentKind[] = ["domain", "api", "database", "errors"];

export interface DocumentRequest {
  readonly folder: vscode.Uri;
  /** Files the user attached, in the user's order. */
  readonly attached: readonly vscode.Uri[];
  /** Design text pasted into the prompt; empty when there is none. */
  readonly pasted: string;
  readonly globs: readonly string[];
  readonly readDocument: ReadDocument;
}

/** Reads a file of the disk as a design document; never rejects. `home` is the folder that links may not leave. */
export type ReadDocument = (
  file: string,
  place: { readonly path: string; readonly home?: string },
) => Promise<DesignDocument>;

/**
 * Collects the design documents: what the user attached or pasted; without that the open tabs, with
 * their unsaved text; and for each of the four kinds that is still missing, what the globs find. Tabs of the
 * workspace's other folders count only where all that finds nothing: those folders have designs of their own. The
 * folder's decisions about the reading come last.
 */
export async function collectDesignDocuments(
  request: DocumentRequest,
  analyzer: Analyzer,
  signal: AbortSignal,
): Promise<readonly DesignDocument[]> {
  const documents = await designDocuments(request, analyzer, signal);
  const uri = vscode.Uri.joinPath(request.folder, decisionsPath);
  const isThere = (await currentText(uri)) !== undefined;
  const decisions = isThere ? await readAll([uri], request) : [];
  return [...documents.filter(({ path }) => path !== decisionsPath), ...decisions];
}

async function designDocuments(
  request: DocumentRequest,
  analyzer: Analyzer,
  signal: AbortSignal,
): Promise<readonly DesignDocument[]> {
  const pasted = request.pasted === "" ? [] : [{ path: "pasted text", text: request.pasted }];
  const isGiven = request.attached.length > 0 || pasted.length > 0;
  const open = isGiven ? [] : openDesignFiles();
  const own = open.filter((uri) => isInNoOtherFolder(uri, request.folder));
  const first = [...(await readAll(isGiven ? request.attached : own, request)), ...pasted];
  const { documents, hasDesign } = await completed(first, request, { analyzer, signal });
  if (hasDesign || own.length === open.length) return documents;
  return readAll(open, request);
}

/** The documents, with those that the globs find for the kinds that are missing. */
async function completed(
  documents: readonly DesignDocument[],
  request: DocumentRequest,
  { analyzer, signal }: Pick<GlobSearch, "analyzer" | "signal">,
): Promise<{ readonly documents: readonly DesignDocument[]; readonly hasDesign: boolean }> {
  const read = await analyzer.readKinds(documents, signal);
  const present = new Set(read.flatMap((document) => document.kinds));
  const missing = allKinds.filter((kind) => !present.has(kind));
  const more = missing.length === 0 ? [] : await fromGlobs(request, { analyzer, signal, missing, documents });
  return { documents: [...documents, ...more], hasDesign: present.size + more.length > 0 };
}

function isInNoOtherFolder(uri: vscode.Uri, folder: vscode.Uri): boolean {
  const home = vscode.workspace.getWorkspaceFolder(uri);
  return home === undefined || home.uri.toString() === folder.toString();
}

function openDesignFiles(): readonly vscode.Uri[] {
  const uris = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .flatMap((tab) => (tab.input instanceof vscode.TabInputText ? [tab.input.uri] : []))
    .filter((uri) => uri.scheme !== "backend-proposed" && designFile.test(uri.path) && !notDesign.test(uri.path));
  return [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
}

function readAll(uris: readonly vscode.Uri[], request: DocumentRequest): Promise<readonly DesignDocument[]> {
  return Promise.all(uris.map((uri) => readDocumentAt(uri, request)));
}

/** A document as the user sees it; from the disk through no link that leads out of the folder. */
export async function readDocumentAt(
  uri: vscode.Uri,
  { folder, readDocument }: Pick<DocumentRequest, "folder" | "readDocument">,
): Promise<DesignDocument> {
  const path = documentPath(uri, folder);
  const edited = editedText(uri);
  return edited === undefined ? readDocument(uri.fsPath, { path, home: folder.fsPath }) : { path, text: edited };
}

interface GlobSearch {
  readonly analyzer: Analyzer;
  readonly signal: AbortSignal;
  readonly missing: readonly DocumentKind[];
  readonly documents: readonly DesignDocument[];
}

async function fromGlobs(request: DocumentRequest, search: GlobSearch): Promise<readonly DesignDocument[]> {
  const found = await Promise.all(
    request.globs.map((glob) =>
      vscode.workspace.findFiles(new vscode.RelativePattern(request.folder, glob), "**/node_modules/**", 50),
    ),
  );
  const known = new Set(search.documents.map((document) => document.path));
  const byPath = new Map(found.flat().map((uri) => [documentPath(uri, request.folder), uri]));
  const uris = designAmong([...byPath.keys()])
    .filter((path) => !known.has(path))
    .flatMap((path) => byPath.get(path) ?? [])
    .sort((a, b) => a.path.localeCompare(b.path));
  if (uris.length === 0) return [];
  const candidates = await readAll(uris, request);
  const read = await search.analyzer.readKinds(candidates, search.signal);
  const useful = new Set(
    read
      .filter((document) => document.kinds.some((kind) => search.missing.includes(kind)))
      .map((document) => document.path),
  );
  return candidates.filter((candidate) => useful.has(candidate.path));
}

/** Workspace-relative with forward slashes; the full path for a file outside the folder. */
export function documentPath(uri: vscode.Uri, folder: vscode.Uri): string {
  const prefix = `${folder.path}/`;
  return uri.path.startsWith(prefix) ? uri.path.slice(prefix.length) : uri.path;
}

/** Where a document that was collected can be opened; undefined for pasted text. */
export function documentUri(path: string, folder: vscode.Uri): vscode.Uri | undefined {
  if (path === "pasted text") return undefined;
  return path.startsWith("/") ? folder.with({ path }) : vscode.Uri.joinPath(folder, path);
}
