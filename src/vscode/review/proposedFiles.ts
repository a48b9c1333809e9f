import * as vscode from "vscode";
import type { ChangeSet } from "../../changes/model.ts";
import type { LiveFiles } from "./liveFiles.ts";
import { emptyScheme, proposedScheme, type WorkspacePaths } from "./workspacePaths.ts";

interface Circumstances {
  readonly paths: WorkspacePaths;
  /** When what an earlier window left is back. */
  readonly restored: Promise<void>;
}

/**
 * Serves the proposed texts as documents that the user may edit before accepting them.
 *
 * A file system and not a content provider, because only its tabs survive a reload of the window.
 * A file that is just being written shows what has come of it, and cannot be edited before it is whole.
 * A file that is decided meanwhile reads as what is on the disk, so that its open tabs stay whole.
 */
export function registerProposedFiles(
  changes: ChangeSet,
  live: LiveFiles,
  circumstances: Circumstances,
): vscode.Disposable {
  const proposed = new ProposedFiles(changes, live, circumstances);
  return vscode.Disposable.from(
    proposed,
    vscode.workspace.registerFileSystemProvider(proposedScheme, proposed, { isCaseSensitive: true }),
    vscode.workspace.registerFileSystemProvider(emptyScheme, new EmptyFiles(), { isReadonly: true }),
  );
}

/** What both kinds of documents refuse: they have no folders and cannot be created or moved. */
abstract class VirtualFiles {
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

class ProposedFiles extends VirtualFiles implements vscode.FileSystemProvider {
  readonly #changes: ChangeSet;
  readonly #live: LiveFiles;
  readonly #paths: WorkspacePaths;
  readonly #restored: Promise<void>;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  /** Editors reload a document only when its modification time has grown. */
  readonly #modified = new Map<string, number>();
  readonly #started = Date.now();
  readonly #subscriptions: readonly { dispose(): void }[];

  constructor(changes: ChangeSet, live: LiveFiles, { paths, restored }: Circumstances) {
    super();
    this.#changes = changes;
    this.#live = live;
    this.#paths = paths;
    this.#restored = restored;
    this.#subscriptions = [changes, live].map((source) => source.onDidChange((changed) => this.#touch(changed)));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const size = (await this.readFile(uri)).byteLength;
    const path = this.#pathOf(uri);
    const mtime = this.#modified.get(path) ?? this.#started;
    const stat = { type: vscode.FileType.File, ctime: this.#started, mtime, size };
    const isFixed = this.#changes.file(path) === undefined || this.#live.text(path) !== undefined;
    return isFixed ? { ...stat, permissions: vscode.FilePermission.Readonly } : stat;
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    await this.#restored;
    const path = this.#pathOf(uri);
    const growing = this.#live.text(path);
    if (growing !== undefined) return new TextEncoder().encode(growing);
    if (this.#changes.file(path) === undefined) return vscode.workspace.fs.readFile(this.#paths.toFile(path));
    return new TextEncoder().encode(this.#changes.proposedText(path) ?? "");
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await this.#restored;
    const path = this.#pathOf(uri);
    const isGrowing = this.#live.text(path) !== undefined;
    if (isGrowing || this.#changes.file(path) === undefined) throw vscode.FileSystemError.NoPermissions(uri);
    this.#changes.edit(path, new TextDecoder().decode(content));
  }

  #touch(changed: readonly string[]): void {
    for (const path of changed) {
      this.#modified.set(path, Math.max(Date.now(), (this.#modified.get(path) ?? this.#started) + 1));
    }
    this.#changed.fire(
      changed.map((path) => ({ type: vscode.FileChangeType.Changed, uri: this.#paths.toProposed(path) })),
    );
  }

  #pathOf(uri: vscode.Uri): string {
    const path = this.#paths.toPath(uri);
    if (path === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return path;
  }
}

class EmptyFiles extends VirtualFiles implements vscode.FileSystemProvider {
  readonly onDidChangeFile = (): vscode.Disposable => new vscode.Disposable(() => {});

  stat(): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: 0 };
  }

  readFile(): Uint8Array {
    return new Uint8Array();
  }

  writeFile(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}
