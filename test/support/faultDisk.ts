import { basename, dirname } from "node:path";
import type { FileFacts, FileSystem, OpenFile } from "../../src/node/fileSystem.ts";

/** What the disk would hold after a power cut stands beside what programs see. */
interface FileNode {
  readonly type: "file";
  text: string;
  safeText: string;
  mode: number;
}

interface FolderNode {
  readonly type: "folder";
  readonly entries: Map<string, Node>;
  readonly safeEntries: Map<string, Node>;
}

type Node = FileNode | FolderNode;

export interface Fault {
  /** Of the operations, counted from 1. */
  readonly at: number;
  /** The system's code of one failure; `kill` ends the process: everything from there on fails. */
  readonly kind: "kill" | (string & {});
}

export interface FaultDisk extends FileSystem {
  /** How many operations there were since the last {@link restart}. */
  operations(): number;
  /** A new process, without fault unless one is given. `powerCut`: what was not synced is lost. */
  restart(options?: { readonly powerCut?: boolean; readonly fault?: Fault }): void;
  /** Every file below a folder, by path. */
  texts(folder: string): Readonly<Record<string, string>>;
  text(path: string): string | undefined;
  /** What a user's program does: it needs no operation. */
  put(path: string, text: string | undefined): void;
}

/** A disk in memory that fails, or loses its program or its power, at the operation that a test names. */
export function createFaultDisk(initial: Readonly<Record<string, string>>): FaultDisk {
  const disk = new MemoryDisk();
  for (const [path, text] of Object.entries(initial)) disk.put(path, text);
  disk.restart();
  return disk;
}

/** One for all: stacks of thousands would take longer than what is tested. */
const killed = new Error("the process was killed");

class MemoryDisk implements FaultDisk {
  #root: FolderNode = emptyFolder();
  #operations = 0;
  #fault: Fault | undefined;
  #isDead = false;
  #lastDescriptor = 2;
  readonly #descriptors = new Map<number, Node>();

  operations(): number {
    return this.#operations;
  }

  restart({ powerCut = false, fault }: { readonly powerCut?: boolean; readonly fault?: Fault } = {}): void {
    if (powerCut) this.#root = survivor(this.#root);
    else makeSafe(this.#root);
    this.#operations = 0;
    this.#isDead = false;
    this.#descriptors.clear();
    this.#fault = fault;
  }

  texts(folder: string): Readonly<Record<string, string>> {
    const found: Record<string, string> = {};
    const walk = (node: Node | undefined, path: string): void => {
      if (node?.type === "file") found[path] = node.text;
      else for (const [name, child] of node?.entries ?? []) walk(child, path === "" ? name : `${path}/${name}`);
    };
    walk(this.#find(folder), "");
    return found;
  }

  text(path: string): string | undefined {
    const node = this.#find(path);
    return node?.type === "file" ? node.text : undefined;
  }

  put(path: string, text: string | undefined): void {
    let folder = this.#root;
    for (const name of dirname(path).split("/").filter(Boolean)) {
      const next = folder.entries.get(name) ?? emptyFolder();
      folder.entries.set(name, next);
      if (next.type === "folder") folder = next;
    }
    if (text === undefined) folder.entries.delete(basename(path));
    else folder.entries.set(basename(path), { type: "file", text, safeText: text, mode: 0o644 });
  }

  async open(path: string, flags: string | number, mode = 0o644): Promise<OpenFile> {
    this.#step();
    const found = this.#find(path);
    const writes = flags === "w" || flags === "wx" || flags === "a";
    if (found !== undefined && flags === "wx") throw failure("EEXIST");
    if (found === undefined && !writes) throw failure("ENOENT");
    const node = found ?? { type: "file" as const, text: "", safeText: "", mode };
    if (found === undefined) this.#folderOf(path).entries.set(basename(path), node);
    if (flags === "w" && node.type === "file") node.text = "";
    return this.#handle(node);
  }

  async lstat(path: string): Promise<FileFacts> {
    this.#step();
    return factsOf(this.#require(path));
  }

  async mkdir(path: string): Promise<void> {
    this.#step();
    if (this.#find(path) !== undefined) throw failure("EEXIST");
    this.#folderOf(path).entries.set(basename(path), emptyFolder());
  }

  async readdir(path: string): Promise<string[]> {
    this.#step();
    const node = this.#require(path);
    return node.type === "folder" ? [...node.entries.keys()] : [];
  }

  async realpath(path: string): Promise<string> {
    this.#step();
    this.#require(path);
    return path;
  }

  async rename(from: string, to: string): Promise<void> {
    this.#step();
    const node = this.#require(from);
    this.#folderOf(from).entries.delete(basename(from));
    this.#folderOf(to).entries.set(basename(to), node);
  }

  async unlink(path: string): Promise<void> {
    this.#step();
    this.#require(path);
    this.#folderOf(path).entries.delete(basename(path));
  }

  async rmdir(path: string): Promise<void> {
    this.#step();
    const node = this.#require(path);
    if (node.type === "folder" && node.entries.size > 0) throw failure("ENOTEMPTY");
    this.#folderOf(path).entries.delete(basename(path));
  }

  #handle(node: Node): OpenFile {
    const fd = ++this.#lastDescriptor;
    this.#descriptors.set(fd, node);
    const file = node.type === "file" ? node : undefined;
    return {
      fd,
      stat: async () => {
        this.#step();
        return factsOf(node);
      },
      readFile: async () => {
        this.#step();
        return Buffer.from(file?.text ?? "");
      },
      writeFile: async (text) => {
        // What is cut in the middle has written a part.
        const written = file?.text ?? "";
        if (file) file.text = written + text.slice(0, text.length / 2);
        this.#step();
        if (file) file.text = written + text;
      },
      chmod: async (mode) => {
        this.#step();
        if (file) file.mode = mode;
      },
      chown: async () => this.#step(),
      sync: async () => {
        this.#step();
        if (node.type === "file") node.safeText = node.text;
        else replaceAll(node.safeEntries, node.entries);
      },
      close: async () => {
        this.#descriptors.delete(fd);
        this.#step();
      },
    };
  }

  #step(): void {
    if (this.#isDead) throw killed;
    this.#operations++;
    if (this.#operations !== this.#fault?.at) return;
    if (this.#fault.kind !== "kill") throw failure(this.#fault.kind);
    this.#isDead = true;
    throw killed;
  }

  #require(path: string): Node {
    const node = this.#find(path);
    if (node === undefined) throw failure("ENOENT");
    return node;
  }

  #folderOf(path: string): FolderNode {
    const node = this.#find(dirname(path));
    if (node?.type !== "folder") throw failure(node === undefined ? "ENOENT" : "ENOTDIR");
    return node;
  }

  #find(path: string): Node | undefined {
    const [, descriptor, rest] = /^\/proc\/self\/fd\/(\d+)(.*)$/.exec(path) ?? [];
    let node: Node | undefined = descriptor === undefined ? this.#root : this.#descriptors.get(Number(descriptor));
    for (const name of (rest ?? path).split("/").filter(Boolean)) {
      node = node?.type === "folder" ? node.entries.get(name) : undefined;
    }
    return node;
  }
}

function emptyFolder(): FolderNode {
  return { type: "folder", entries: new Map(), safeEntries: new Map() };
}

/** What a power cut leaves: the names and texts that were synced. A name without its text is an empty file. */
function survivor(folder: FolderNode): FolderNode {
  const entries = [...folder.safeEntries].map(([name, node]): [string, Node] => {
    return [name, node.type === "folder" ? survivor(node) : { ...node, text: node.safeText }];
  });
  return { type: "folder", entries: new Map(entries), safeEntries: new Map(entries) };
}

function makeSafe(node: Node): void {
  if (node.type === "file") {
    node.safeText = node.text;
    return;
  }
  replaceAll(node.safeEntries, node.entries);
  for (const child of node.entries.values()) makeSafe(child);
}

function replaceAll(target: Map<string, Node>, source: ReadonlyMap<string, Node>): void {
  target.clear();
  for (const [name, node] of source) target.set(name, node);
}

function factsOf(node: Node): FileFacts {
  const isFile = node.type === "file";
  return {
    mode: isFile ? node.mode : 0o755,
    size: isFile ? node.text.length : 0,
    nlink: 1,
    uid: 0,
    gid: 0,
    isFile: () => isFile,
    isDirectory: () => !isFile,
  };
}

function failure(code: string): Error {
  const made = failures.get(code) ?? Object.assign(new Error(`${code}: a fault of the test`), { code });
  failures.set(code, made);
  return made;
}

const failures = new Map<string, Error>();
