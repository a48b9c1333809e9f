import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";
import { bundledExtensions } from "../../src/spec/ddl/extensions.ts";
import { root, toolFolder } from "./paths.ts";

const packageFolder = join(root, "node_modules/@electric-sql/pglite");

/**
 * The files that the embedded PostgreSQL starts from: the server, its shared files, and a cluster that is initialized
 * already, which makes a start seven times faster. Made once for each version of the package, in half a minute.
 */
export function postgresFiles(): readonly string[] {
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  const folder = toolFolder(`postgres-image-${version}`);
  if (!existsSync(folder)) makeInAnotherProcess(folder);
  return [
    ...["postgres.wasm.br", "postgres.data.br", "postgres.tar.br"].map((file) => join(folder, file)),
    ...bundledExtensions.map((name) => join(packageFolder, "dist", `${name}.tar.gz`)),
  ];
}

/** The builder is synchronous, and the memory of a PostgreSQL would stay with it. */
function makeInAnotherProcess(folder: string): void {
  const { status } = spawnSync(process.execPath, [import.meta.filename, folder], { stdio: "inherit" });
  if (status !== 0) throw new Error("the image of the embedded PostgreSQL could not be made");
}

async function make(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const database = await PGlite.create();
  const cluster = await (await database.dumpDataDir("none")).arrayBuffer();
  pack(unfinished, "postgres.tar", new Uint8Array(cluster), 9);
  pack(unfinished, "postgres.data", readFileSync(join(packageFolder, "dist/pglite.data")), 9);
  pack(unfinished, "postgres.wasm", readFileSync(join(packageFolder, "dist/pglite.wasm")), 11);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}

/** The window holds a whole database, of which the cluster has three that are nearly the same. */
function pack(folder: string, name: string, content: Uint8Array, quality: number): void {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  writeFileSync(join(folder, `${basename(name)}.br`), brotliCompressSync(content, { params }));
}

if (import.meta.main) {
  await make(process.argv[2] ?? "");
  process.exit();
}
