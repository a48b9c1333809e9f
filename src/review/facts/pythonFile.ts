import type { PythonNode } from "../pythonParser.ts";
import type { Layer } from "./layers.ts";

/** What one pass over a Python file finds. Names are as written; resolving them is the project's work. */
export interface PythonFile {
  readonly path: string;
  readonly text: string;
  readonly lineCount: number;
  readonly module: string;
  readonly layer: Layer;
  readonly root: PythonNode;
  readonly imports: readonly ImportFact[];
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  readonly calls: readonly CallFact[];
  readonly raises: readonly RaiseFact[];
  readonly excepts: readonly ExceptFact[];
  /** The last right-hand side of every name assigned at module level. */
  readonly assignments: ReadonlyMap<string, PythonNode>;
}

/** `from module import name as bound`; `name` is empty for `import module`. Relative modules are resolved. */
export interface ImportFact {
  readonly module: string;
  readonly name: string;
  readonly bound: string;
  readonly line: number;
}

export interface FunctionFact {
  readonly path: string;
  readonly name: string;
  readonly owner: ClassFact | undefined;
  readonly parameters: readonly ParameterFact[];
  readonly decorators: readonly PythonNode[];
  readonly returns: string;
  readonly isAsync: boolean;
  /** From `def` to the last line; decorators do not count. */
  readonly line: number;
  readonly endLine: number;
  readonly body: PythonNode;
  readonly calls: CallFact[];
  readonly raises: RaiseFact[];
}

export interface ParameterFact {
  readonly name: string;
  readonly annotation: string;
  readonly annotationNode: PythonNode | undefined;
  readonly value: PythonNode | undefined;
  readonly line: number;
}

export interface ClassFact {
  readonly path: string;
  readonly name: string;
  /** Base classes without type arguments, last part only: `Base`, `Protocol`. */
  readonly bases: readonly string[];
  /** `table=True` of `class Order(SQLModel, table=True)`, as text. */
  readonly keywords: string;
  readonly decorators: readonly PythonNode[];
  readonly fields: readonly FieldFact[];
  readonly methods: FunctionFact[];
  readonly line: number;
  readonly endLine: number;
  readonly body: PythonNode;
}

/** A name assigned or annotated in a class body. */
export interface FieldFact {
  readonly name: string;
  readonly annotation: string;
  readonly annotationNode: PythonNode | undefined;
  readonly value: PythonNode | undefined;
  readonly line: number;
}

export interface CallFact {
  readonly path: string;
  /** `self._session` of `self._session.execute()`; undefined when it is computed, or there is none. */
  readonly receiver: string | undefined;
  readonly method: string;
  readonly node: PythonNode;
  readonly line: number;
  readonly awaited: boolean;
  readonly loop: LoopFact | undefined;
  readonly within: FunctionFact | undefined;
}

/** Something that may change what it is handed or what it gives stands between the function and who calls it. */
export function isDecorated({ decorators }: FunctionFact): boolean {
  return decorators.some(({ text }) => !/^(static|class)method$/.test(text));
}

/** The innermost loop that repeats an expression; what it iterates over is evaluated once and not inside. */
export interface LoopFact {
  readonly kind: "for" | "while" | "comprehension";
  readonly over: string;
  readonly line: number;
}

/** Attempts and rounds repeat one step until it succeeds; they do not go through items. */
export function isRetry({ over }: LoopFact): boolean {
  return /^range\((?!.*\blen\()/.test(over) || /retr(y|ies)|attempt/i.test(over);
}

export interface RaiseFact {
  readonly path: string;
  /** Last part of the class raised; empty for a bare `raise`. */
  readonly exception: string;
  readonly node: PythonNode;
  readonly line: number;
  readonly within: FunctionFact | undefined;
}

export interface ExceptFact {
  readonly path: string;
  /** What is caught, as text; empty for a bare `except`. */
  readonly caught: string;
  readonly body: PythonNode | undefined;
  readonly line: number;
  readonly within: FunctionFact | undefined;
}
