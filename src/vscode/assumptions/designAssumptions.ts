import * as vscode from "vscode";
import type { Analyzer, DiskWriter } from "../../session/ports.ts";
import type { DesignAssumption } from "../../spec/join/assumptions.ts";
import { decisionsPath, isDecisionsDocument } from "../../spec/join/decisionsFile.ts";
import type { DesignDocument, DesignSpec } from "../../spec/model.ts";
import type { SpecReading } from "../../spec/reading.ts";
import { createEmitter, type Disposable } from "../../support/events.ts";
import { currentText } from "../currentText.ts";
import { type DocumentRequest, documentUri, type ReadDocument, readDocumentAt } from "../designDocuments.ts";
import type { DesignProblems } from "../designProblems.ts";
import { writeProjectFile } from "../writeProjectFile.ts";

/** What the last reading assumes; everything that shows assumptions listens here. */
export interface DesignAssumptions extends Disposable {
  /** The documents are kept, to be read again after a decision. */
  show(reading: SpecReading, documents: readonly DesignDocument[]): void;
  all(): readonly DesignAssumption[];
  /** Whether a design was read in this window. */
  hasDesign(): boolean;
  /** Names that a correction can choose from: tables and entities. */
  names(): readonly string[];
  /** The decisions file as it is now. */
  decisionsText(): Promise<string | undefined>;
  /** Whether this document was part of the last reading. */
  hasRead(path: string): boolean;
  /** Reads the same documents as they are now. */
  reread(): Promise<void>;
  /** Writes the decisions file and reads the design again. */
  write(text: string): Promise<void>;
  onDidChange(listener: () => void): Disposable;
}

export interface DesignAssumptionsParts {
  readonly folder: vscode.Uri | undefined;
  readonly analyzer: Analyzer;
  readonly problems: Pick<DesignProblems, "show">;
  readonly readDocument: ReadDocument;
  readonly disk: DiskWriter;
  /** After the design was read again, because of a decision or an edit. */
  readonly onReread: (spec: DesignSpec) => void;
}

export function createDesignAssumptions(parts: DesignAssumptionsParts): DesignAssumptions {
  const { folder, analyzer, problems, onReread, readDocument, disk } = parts;
  const changed = createEmitter<void>();
  const abort = new AbortController();
  const state: { reading?: SpecReading; documents: readonly DesignDocument[] } = { documents: [] };
  const show = (reading: SpecReading, documents: readonly DesignDocument[]): void => {
    state.reading = reading;
    state.documents = documents;
    changed.fire();
  };
  const reread = async (): Promise<void> => {
    if (!folder) return;
    const before = state.documents;
    const documents = await readAgain(before, { folder, readDocument });
    const reading = await analyzer.readSpec(documents, abort.signal);
    // A run has chosen others meanwhile, and its reading is the newer one.
    if (state.documents !== before) return;
    show(reading, documents);
    problems.show(reading, folder);
    onReread(reading.spec);
  };
  return {
    show,
    all: () => state.reading?.assumptions ?? [],
    hasDesign: () => state.reading !== undefined,
    names: () => namesOf(state.reading),
    decisionsText: async () => folder && currentText(vscode.Uri.joinPath(folder, decisionsPath)),
    hasRead: (path) => state.documents.some((document) => document.path === path),
    reread,
    write: async (text) => {
      if (!folder) return;
      await writeProjectFile(decisionsPath, text, { folder, disk });
      await reread();
    },
    onDidChange: changed.listen,
    dispose: () => abort.abort(),
  };
}

function namesOf(reading: SpecReading | undefined): readonly string[] {
  if (!reading) return [];
  const { database, domain } = reading.spec;
  return [...database.tables, ...domain.entities.filter(({ table }) => table === undefined)].map(({ name }) => name);
}

/** The same documents as they are now; what is gone or was pasted stays as it was read. */
async function readAgain(
  documents: readonly DesignDocument[],
  reader: Pick<DocumentRequest, "folder" | "readDocument">,
): Promise<readonly DesignDocument[]> {
  const others = documents.filter((document) => !isDecisionsDocument(document));
  const decisions = vscode.Uri.joinPath(reader.folder, decisionsPath);
  const again = others.map(async (document) => {
    const uri = documentUri(document.path, reader.folder);
    const now = uri ? await readDocumentAt(uri, reader) : document;
    return now.notice?.code === "SPEC-UNREADABLE" ? document : now;
  });
  const isThere = (await currentText(decisions)) !== undefined;
  return Promise.all([...again, ...(isThere ? [readDocumentAt(decisions, reader)] : [])]);
}
