import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { createFileReader } from "../../../src/review/fileReader.ts";
import type { Review, SourceText } from "../../../src/review/model.ts";
import { createPythonParser, type PythonParser } from "../../../src/review/pythonParser.ts";
import { reviewBackend } from "../../../src/review/review.ts";
import type { DesignSpec } from "../../../src/spec/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

export const fixtures = join(import.meta.dirname, "../../fixtures/review");

export const emptySpec: DesignSpec = {
  api: { basePath: "", endpoints: [], schemas: [], securitySchemes: [] },
  database: { tables: [], enums: [], indexes: [], policies: [], statements: [] },
  domain: { entities: [], valueObjects: [], rules: [], stateMachines: [], events: [] },
  errors: { codes: [] },
};

export function startParser(): Promise<PythonParser> {
  const { resolve } = createRequire(import.meta.url);
  const bytes = (file: string) => readFileSync(resolve(file));
  return createPythonParser({
    runtime: bytes("web-tree-sitter/web-tree-sitter.wasm"),
    grammar: bytes("tree-sitter-python/tree-sitter-python.wasm"),
  });
}

/** Every file below a folder, by paths relative to it. */
export function readFolder(folder: string): SourceText[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path: relative(folder, path), text: readFileSync(path, "utf8") }));
}

/** The files of a project with some of them replaced or added. */
export function overlay(base: readonly SourceText[], changed: readonly SourceText[]): SourceText[] {
  return [...new Map([...base, ...changed].map((file) => [file.path, file])).values()];
}

export async function readDesign(folder: string): Promise<DesignSpec> {
  return (await readSpec(readFolder(folder))).spec;
}

export async function review(spec: DesignSpec, files: readonly SourceText[]): Promise<Review> {
  const parser = await startParser();
  try {
    return await reviewBackend({ spec, files }, createFileReader(parser));
  } finally {
    parser.dispose();
  }
}
