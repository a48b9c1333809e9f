import { Language, Parser, type TreeCursor } from "web-tree-sitter";

/** A node of a Python syntax tree as plain data; it outlives the parser's own memory. */
export interface PythonNode {
  /** The grammar's name: `function_definition`, `call`, `identifier`, … */
  readonly type: string;
  /** The role in its parent, as the grammar names it: `name`, `body`, `function`, … */
  readonly field: string | undefined;
  /** Offsets into the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Lines count from 1; the end is included. */
  readonly line: number;
  readonly endLine: number;
  /** Named nodes and nodes with a field; punctuation is left out. */
  readonly children: readonly PythonNode[];
  readonly parent: PythonNode | undefined;
  readonly text: string;
  /**
   * The first line of the whole text whose code is nested deeper than the tree goes: whoever walks a tree calls itself for
   * each level. Undefined for nearly every file, because CPython refuses most of it as well.
   */
  readonly cutLine: number | undefined;
}

/** Parses Python. Broken text never fails: the tree holds what could be recovered. */
export interface PythonParser {
  parse(text: string): PythonNode;
  /** Frees the parser; trees that it gave stay usable. */
  dispose(): void;
}

/** The bytes of `web-tree-sitter.wasm` and of `tree-sitter-python.wasm`, or where they lie. */
export interface PythonParserWasm {
  readonly runtime: Uint8Array | string;
  readonly grammar: Uint8Array | string;
}

/** The runtime is loaded once a process: the `runtime` of a second call is not read. */
export async function createPythonParser(wasm: PythonParserWasm): Promise<PythonParser> {
  const { runtime } = wasm;
  await Parser.init(typeof runtime === "string" ? { locateFile: () => runtime } : { wasmBinary: runtime });
  const parser = new Parser();
  parser.setLanguage(await Language.load(wasm.grammar));
  return {
    parse: (text) => {
      const tree = parser.parse(text);
      if (tree === null) throw new Error("the Python parser has no language or was cancelled");
      const cursor = tree.walk();
      try {
        return copyNode(cursor, readSource(text), undefined, 0);
      } finally {
        cursor.delete();
        tree.delete();
      }
    },
    dispose: () => parser.delete(),
  };
}

interface Source {
  readonly text: string;
  /** Offsets at which lines begin. */
  readonly lineStarts: readonly number[];
  cutLine?: number;
}

function readSource(text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { text, lineStarts };
}

const leaf: readonly PythonNode[] = [];

/** Every question to the cursor crosses into WebAssembly, so it is asked no more than this. */
class CopiedNode implements PythonNode {
  readonly type: string;
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
  children: readonly PythonNode[] = leaf;
  readonly parent: PythonNode | undefined;
  readonly #source: Source;

  constructor(cursor: TreeCursor, field: string | undefined, source: Source, parent: PythonNode | undefined) {
    this.type = cursor.nodeType;
    this.field = field;
    this.start = cursor.startIndex;
    this.end = cursor.endIndex;
    this.parent = parent;
    this.#source = source;
  }

  get line(): number {
    return lineAt(this.#source, this.start);
  }

  get endLine(): number {
    return lineAt(this.#source, this.end);
  }

  get text(): string {
    return this.#source.text.slice(this.start, this.end);
  }

  get cutLine(): number | undefined {
    return this.#source.cutLine;
  }
}

function lineAt({ lineStarts }: Source, offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** Ruff runs out of its stack at some 1,000 levels, and takes its whole process along. */
const deepest = 500;

function copyNode(cursor: TreeCursor, source: Source, parent: PythonNode | undefined, depth: number): PythonNode {
  const node = new CopiedNode(cursor, cursor.currentFieldName ?? undefined, source, parent);
  if (depth === deepest) source.cutLine ??= node.line;
  if (depth < deepest && cursor.gotoFirstChild()) {
    const children: PythonNode[] = [];
    do {
      if (cursor.nodeIsNamed || cursor.currentFieldName !== null) {
        children.push(copyNode(cursor, source, node, depth + 1));
      }
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    // A list that has grown has room for a dozen more, and a project has millions of lists.
    if (children.length > 0) node.children = children.slice();
  }
  return node;
}
