import "./quickWasm.ts";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileInto, compileIntoAgain, isForeign } from "../compiler/brownfield/compileInto.ts";
import { outOf, projectFolder, within } from "../compiler/brownfield/projectFolder.ts";
import { compileChange } from "../compiler/delta/compileChange.ts";
import { readRecord } from "../compiler/delta/designRecord.ts";
import { createDriftReader } from "../compiler/delta/recordDrift.ts";
import { recordPath } from "../compiler/delta/recordPath.ts";
import type { ExistingProject } from "../compiler/existingProject.ts";
import { annotateReturn } from "../review/annotateReturn.ts";
import { withBaselineFile } from "../review/baseline.ts";
import { withDrift } from "../review/drift.ts";
import { loadSqlGrammar } from "../review/facts/rawSql.ts";
import { createFileReader, type FileReader } from "../review/fileReader.ts";
import { joinCommits } from "../review/joinCommits.ts";
import type { ReviewInput } from "../review/model.ts";
import { readProject } from "../review/project.ts";
import { createHistory } from "../review/projectHistory.ts";
import { createPythonParser } from "../review/pythonParser.ts";
import { reviewBackend, tidyFile } from "../review/review.ts";
import type { Analyzer } from "../session/ports.ts";
import { projectShape } from "../session/projectShape.ts";
import { createSpecReader } from "../spec/readSpec.ts";
import { convertDesign } from "../spec/write/convertDesign.ts";

/**
 * The analyzers in this very process: for the headless command, tests, and the forked child. Their
 * memory is not given back before the process ends, so the editor's host must not use it.
 *
 * `folder` is where the running script lies: WebAssembly files are next to the bundle, or, in
 * development, in the packages it resolves from there.
 */
export function createInProcessAnalyzer(folder: string): Analyzer {
  const readSpec = createSpecReader();
  const history = createHistory();
  const driftSince = createDriftReader();
  let reader: Promise<FileReader> | undefined;
  const shapeOf = async (input: ReviewInput) => {
    reader ??= startReader(folder);
    await loadSqlGrammar();
    return projectShape(await readProject(input, await reader));
  };
  return {
    readSpec: async (documents, signal) => {
      signal.throwIfAborted();
      return readSpec(documents);
    },
    readKinds: async (documents, signal) => {
      signal.throwIfAborted();
      return (await readSpec(documents)).documents;
    },
    convertDesign: async (text, signal) => {
      signal.throwIfAborted();
      return convertDesign(text);
    },
    compile: async ({ spec, existing }, signal) => {
      signal.throwIfAborted();
      const reading = readRecord(existing[recordPath]);
      if (!isForeign(existing, reading)) return compileChange(spec, existing, reading);
      const { record } = reading;
      const whole = await shapeOf({ spec, files: textsOf(existing) });
      const folder = whole ? projectFolder(existing, whole.application.path, record) : "";
      const own = within(folder, existing);
      const shape = folder === "" ? whole : await shapeOf({ spec, files: textsOf(own) });
      if (record?.shape) {
        return outOf(folder, compileIntoAgain(spec, own, { ...record, shape: record.shape }, shape));
      }
      return shape ? outOf(folder, compileInto(spec, own, shape)) : compileChange(spec, existing, reading);
    },
    review: async (input, signal) => {
      signal.throwIfAborted();
      reader ??= startReader(folder);
      const review = await reviewBackend(input, await reader, history);
      return withBaselineFile(withDrift(review, driftSince(input.record, input.spec)), input.baseline);
    },
    tidy: async (input, signal) => {
      signal.throwIfAborted();
      reader ??= startReader(folder);
      return tidyFile(input, await reader);
    },
    annotate: async (input, signal) => {
      signal.throwIfAborted();
      reader ??= startReader(folder);
      return annotateReturn(input, await reader);
    },
    joinCommits: async (input, signal) => {
      signal.throwIfAborted();
      reader ??= startReader(folder);
      return joinCommits(input, await reader);
    },
  };
}

function textsOf(existing: ExistingProject): ReviewInput["files"] {
  return Object.entries(existing).map(([path, text]) => ({ path, text }));
}

async function startReader(folder: string): Promise<FileReader> {
  const [runtime, grammar] = await Promise.all([
    readWasm(folder, "web-tree-sitter", "web-tree-sitter.wasm"),
    readWasm(folder, "tree-sitter-python", "tree-sitter-python.wasm"),
  ]);
  return createFileReader(await createPythonParser({ runtime, grammar }));
}

async function readWasm(folder: string, packageName: string, file: string): Promise<Uint8Array> {
  const bundled = await readFile(join(folder, file)).catch(() => undefined);
  return bundled ?? readFile(createRequire(join(folder, "script.js")).resolve(`${packageName}/${file}`));
}
