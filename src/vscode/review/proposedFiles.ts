import * as vscode from "vscode";
import type { ChangeSet } from "../../changes/model.ts";
import type { LiveFiles } from "./liveFiles.ts";
import { baseScheme, proposedScheme, type WorkspacePaths } from "./workspacePaths.ts";

interface Circumstances {
  readonly paths: WorkspacePaths;
  /** When what an earlier window left is back. */
  readonly restored: Promise<void>;
}

/**
 * Serves the proposed texts as documents that the user may edit before accepting them, and what they are compared with
 * where that is not the file itself.
 *
 * File systems and not content providers, because only their tabs survive a reload of the window.
 * A file that is just being written shows what has come of it, and cannot be edited before it is whole.
 * A file that is decided meanwhile reads as what is on the disk, so that its open tabs stay whole.
 */
export function registerProposedFiles(
  changes: ChangeSet,
  live: LiveFiles,
  circumstances: Circumstances,
): vscode.Disposable {
  const proposed = new ProposedFiles(changes, live, circumstances);
  const bases = new BaseFiles(changes, circumstances);
  return vscode.Disposable.from(
    proposed,
    bases,
    vscode.workspace.registerFileSystemProvider(proposedScheme, proposed, { isCaseSensitive: true }),
    vscode.workspace.registerFileSystemProvider(baseScheme, bases, { isCaseSensitive: true, isReadonly: true }),
  );
}

type Source = Pick<ChangeSet | LiveFiles, "onDidChange">;

/** What both kinds of documents have in common: they follow what is proposed, have no folders, cannot be created or moved. */
abstract class VirtualFiles {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  /** Editors reload a document only when its modification time has grown. */
  readonly #modified = new Map<string, number>();
  readonly #started = Date.now();
  readonly #subscriptions: readonly { dispose(): void }[];

  constructor(sources: readonly Source[], addressOf: (path: string) => vscode.Uri) {
    this.#subscriptions = sources.map((source) => source.onDidChange((changed) => this.#touch(changed, addressOf)));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

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

  protected statOf(path: string, size: number): vscode.FileStat {
    const mtime = this.#modified.get(path) ?? this.#started;
    return { type: vscode.FileType.File, ctime: this.#started, mtime, size };
  }

  #touch(changed: readonly string[], addressOf: (path: string) => vscode.Uri): void {
    for (const path of changed) {
      this.#modified.set(path, Math.max(Date.now(), (this.#modified.get(path) ?? this.#started) + 1));
    }
    this.#changed.fire(changed.map((path) => ({ type: vscode.FileChangeType.Changed, uri: addressOf(path) })));
  }
}

class ProposedFiles extends VirtualFiles implements vscode.FileSystemProvider {
  readonly #changes: ChangeSet;
  readonly #live: LiveFiles;
  readonly #paths: WorkspacePaths;
  readonly #restored: Promise<void>;

  constructor(changes: ChangeSet, live: LiveFiles, { paths, restored }: Circumstances) {
    super([changes, live], paths.toProposed);
    this.#changes = changes;
    this.#live = live;
    this.#paths = paths;
    this.#restored = restored;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const path = pathOf(uri, this.#paths);
    const stat = this.statOf(path, (await this.readFile(uri)).byteLength);
    const isFixed = this.#changes.file(path) === undefined || this.#live.text(path) !== undefined;
    return isFixed ? { ...stat, permissions: vscode.FilePermission.Readonly } : stat;
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    await this.#restored;
    const path = pathOf(uri, this.#paths);
    const growing = this.#live.text(path);
    if (growing !== undefined) return new TextEncoder().encode(growing);
    if (this.#changes.file(path) === undefined) return vscode.workspace.fs.readFile(this.#paths.toFile(path));
    return new TextEncoder().encode(this.#changes.proposedText(path) ?? "");
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await this.#restored;
    const path = pathOf(uri, this.#paths);
    const isGrowing = this.#live.text(path) !== undefined;
    if (isGrowing || this.#changes.file(path) === undefined) throw vscode.FileSystemError.NoPermissions(uri);
    this.#changes.edit(path, new TextDecoder().decode(content));
  }
}

class BaseFiles extends VirtualFiles implements vscode.FileSystemProvider {
  readonly #changes: ChangeSet;
  readonly #paths: WorkspacePaths;
  readonly #restored: Promise<void>;

  constructor(changes: ChangeSet, { paths, restored }: Circumstances) {
    super([changes], paths.toBase);
    this.#changes = changes;
    this.#paths = paths;
    this.#restored = restored;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.statOf(pathOf(uri, this.#paths), (await this.readFile(uri)).byteLength);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    await this.#restored;
    const path = pathOf(uri, this.#paths);
    const file = this.#changes.file(path);
    if (file === undefined) return vscode.workspace.fs.readFile(this.#paths.toFile(path));
    return new TextEncoder().encode(file.base ?? "");
  }

  writeFile(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

function pathOf(uri: vscode.Uri, paths: WorkspacePaths): string {
  const path = paths.toPath(uri);
  if (path === undefined) throw vscode.FileSystemError.FileNotFound(uri);
  return path;
}
