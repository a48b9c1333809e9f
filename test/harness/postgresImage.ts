import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { bundledExtensions } from "../../src/spec/ddl/extensions.ts";
import { compressed } from "./compressed.ts";
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

function pack(folder: string, name: string, content: Uint8Array, quality: number): void {
  writeFileSync(join(folder, `${name}.br`), compressed(content, quality));
}

if (import.meta.main) {
  await make(process.argv[2] ?? "");
  process.exit();
}
