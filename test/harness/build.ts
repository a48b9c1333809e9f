import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type BuildOptions, build, context, type Metafile, type Plugin } from "esbuild";
import { compressedFile } from "./compressed.ts";
import { readmeOfPackage, thirdPartyNotices } from "./packageTexts.ts";
import { root } from "./paths.ts";
import { postgresFiles } from "./postgresImage.ts";
import { sampleFolder } from "./sample.ts";

export const distFolder = join(root, "dist");

/** One bundle each: loaded at activation, on first use, in the forked process, and by the terminal. */
const entries = [
  "src/extension.ts",
  "src/runtime.ts",
  "src/surface.ts",
  "src/node/analyzer.ts",
  "src/node/scratchDatabase.ts",
  "src/cli.ts",
];

const ruff = "@astral-sh/ruff-wasm-nodejs";

/** Found by their libraries beside the bundle that contains the library. */
const wasmFiles = [
  "libpg-query/wasm/libpg-query.wasm",
  "tree-sitter-python/tree-sitter-python.wasm",
  "web-tree-sitter/web-tree-sitter.wasm",
];

/** Packages that come as files of their own, not in a bundle. */
const packagesBeside = ["@electric-sql/pglite", ruff, ...wasmFiles.map((file) => file.split("/")[0] ?? file)];

/** Bundles the extension and the command into `dist/`; the sizes are in `dist/meta.json`. */
export async function buildExtension(): Promise<Metafile> {
  prepareDist();
  const { metafile } = await build(bundling(true));
  writeFileSync(join(distFolder, "meta.json"), JSON.stringify(metafile));
  writeFileSync(join(distFolder, "README.md"), readmeOfPackage());
  writeFileSync(join(distFolder, "third-party-notices.txt"), thirdPartyNotices(metafile, packagesBeside));
  return metafile;
}

/** Bundles the suites that run inside an extension host; they import the editor, so they cannot run as they are. */
export async function bundleHostTests(files: readonly string[], outFolder: string): Promise<void> {
  await build({
    ...common,
    entryPoints: [...files],
    outdir: outFolder,
    external: ["vscode"],
    sourcemap: "inline",
    logLevel: "warning",
  });
}

function prepareDist(): void {
  rmSync(distFolder, { recursive: true, force: true });
  mkdirSync(distFolder);
  for (const file of wasmFiles) copyFileSync(join(root, "node_modules", file), join(distFolder, basename(file)));
  copyFileSync(join(root, "node_modules/@electric-sql/pglite/dist/index.cjs"), join(distFolder, "pglite.cjs"));
  copyFileSync(compressedFile(ruff, "ruff_wasm_bg.wasm"), join(distFolder, "ruff_wasm_bg.wasm.br"));
  for (const file of postgresFiles()) copyFileSync(file, join(distFolder, basename(file)));
  cpSync(sampleFolder, join(distFolder, "sample"), { recursive: true });
}

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  define: {
    "import.meta.dirname": "__dirname",
    "import.meta.filename": "__filename",
    navigator: "undefined", // VS Code defines it with a deprecation warning, and the SDK would look at it
  },
} satisfies BuildOptions;

function bundling(minify: boolean) {
  return {
    ...common,
    entryPoints: entries.filter((entry) => existsSync(join(root, entry))),
    outdir: "dist",
    entryNames: "[name]",
    external: ["vscode"],
    minify,
    sourcemap: !minify,
    metafile: true,
    logLevel: "warning",
    // The ES module build finds its wasm through import.meta.url, which a CommonJS bundle has not.
    alias: { "web-tree-sitter": join(root, "node_modules/web-tree-sitter/web-tree-sitter.cjs") },
    // Plain require(): an import() of our own CommonJS files would only add a tick and an interop object.
    supported: { "dynamic-import": false },
    plugins: [separateBundles, oneEditorApi, compressedRuff],
  } satisfies BuildOptions;
}

/**
 * An `import()` of another entry point stays a load at run time, so that activation stays small. So does the embedded
 * PostgreSQL, whose own `import()` of a Node module must stay one: it declares a `require` beside it.
 */
const separateBundles: Plugin = {
  name: "separate-bundles",
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\/(.*\/)?(runtime|surface|analyzer)\.ts$/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: `./${basename(path, ".ts")}.cjs`, external: true } : undefined,
    );
    onResolve({ filter: /^@electric-sql\/pglite$/ }, () => ({ path: "./pglite.cjs", external: true }));
  },
};

/**
 * The editor's API is asked for once. An `import * as vscode` of an external module is otherwise copied, property by
 * property, for each file that has one: 8 ms of the activation.
 */
const oneEditorApi: Plugin = {
  name: "one-editor-api",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      return {
        loader: "ts",
        contents: source.replace('import * as vscode from "vscode";', 'import vscode from "vscode";'),
      };
    });
    onResolve({ filter: /^vscode$/ }, ({ kind }) =>
      kind === "import-statement" ? { path: "vscode", namespace: "editor-api" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "editor-api" }, () => ({ contents: 'export default require("vscode");' }));
  },
};

/** Ruff is the largest file of the package by far; the 30 ms to unpack it come once for each analyzer process. */
const compressedRuff: Plugin = {
  name: "compressed-ruff",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]ruff_wasm\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const contents = source
        .replace("ruff_wasm_bg.wasm`", "ruff_wasm_bg.wasm.br`")
        .replace("require('fs').readFileSync(wasmPath)", "require('zlib').brotliDecompressSync($&)");
      if (!contents.includes(".br`") || !contents.includes("brotliDecompressSync"))
        return { errors: [{ text: "ruff is loaded in another way than this build knows" }] };
      return { contents, loader: "js" };
    });
  },
};

if (import.meta.main) {
  if (process.argv.includes("--watch")) {
    prepareDist();
    await (await context({ ...bundling(false), logLevel: "info" })).watch();
  } else {
    await buildExtension().then(
      ({ outputs }) => {
        for (const [file, { bytes }] of Object.entries(outputs)) console.log(`${file}  ${Math.ceil(bytes / 1024)} KB`);
      },
      () => {
        process.exitCode = 1; // esbuild has said why
      },
    );
  }
}
