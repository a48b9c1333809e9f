import "./quickWasm.ts";
import { existsSync, realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { type DdlFailure, type ExecuteSql, executeScript } from "../spec/ddl/execute.ts";
import { bundledExtensions } from "../spec/ddl/extensions.ts";
import { hostedObjects } from "../spec/ddl/hostedObjects.ts";
import { standInFor } from "../spec/ddl/standIns.ts";
import type { DdlStatement } from "../spec/ddl/statement.ts";
import type { ScratchDatabaseAnswer, ScratchDatabaseCall } from "./scratchDatabaseProtocol.ts";

declare global {
  // The types of Node know the module, and not what makes one.
  namespace WebAssembly {
    function compile(bytes: Uint8Array): Promise<Module>;
  }
}

/**
 * Entry of the process that {@link createScratchDatabase} forks: PostgreSQL in WebAssembly, with nothing but memory to
 * work on. It serves one script and ends, because it never gives its memory back.
 */
function main(script: string): void {
  const send = (answer: ScratchDatabaseAnswer) => process.send?.(answer);
  process.once("message", (statements: ScratchDatabaseCall) => {
    serve(statements, dirname(realpathSync(script)), send).catch((thrown: unknown) => send({ error: String(thrown) }));
  });
  process.on("disconnect", () => process.exit());
}

async function serve(
  statements: readonly DdlStatement[],
  folder: string,
  send: (answer: ScratchDatabaseAnswer) => void,
): Promise<void> {
  const database = await PGlite.create({ ...(await image(folder)), extensions: extensions(folder) });
  const execute: ExecuteSql = (sql) => run(database, sql);
  for (const sql of hostedObjects(statements)) await execute(sql);
  send({ outcomes: await executeScript(statements, execute, (started) => send({ started })) });
}

async function run(database: PGlite, sql: string): Promise<DdlFailure | undefined> {
  try {
    await database.exec(standInFor(sql) ?? sql);
    return undefined;
  } catch (thrown) {
    return failureOf(thrown);
  }
}

function failureOf(thrown: unknown): DdlFailure {
  const { code, message, hint, position } = thrown as Partial<Record<keyof DdlFailure, unknown>>;
  return {
    code: typeof code === "string" ? code : "XX000",
    message: typeof message === "string" ? message : String(thrown),
    position: Number(position) || 0,
    ...(typeof hint === "string" && { hint }),
  };
}

/** The server and an initialized cluster, packed by the build; from the package and initialized now in development. */
async function image(folder: string): Promise<PGliteOptions> {
  if (!existsSync(join(folder, "postgres.wasm.br"))) return {};
  const [wasm, share, cluster] = await Promise.all(
    ["postgres.wasm.br", "postgres.data.br", "postgres.tar.br"].map(async (file) =>
      brotliDecompressSync(await readFile(join(folder, file))),
    ),
  );
  if (!wasm || !share || !cluster) return {};
  return {
    pgliteWasmModule: await WebAssembly.compile(wasm),
    fsBundle: new Blob([share]),
    loadDataDir: new Blob([cluster]),
  };
}

function extensions(folder: string): Record<string, URL> {
  const packed = existsSync(join(folder, "uuid-ossp.tar.gz"));
  const home = packed ? folder : dirname(createRequire(join(folder, "script.js")).resolve("@electric-sql/pglite"));
  return Object.fromEntries(bundledExtensions.map((name) => [name, pathToFileURL(join(home, `${name}.tar.gz`))]));
}

main(process.argv[1] ?? "");
