import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { root, toolFolder } from "./paths.ts";

/** In Brotli's widest window: a database cluster holds three databases that are nearly the same. */
export function compressed(content: Uint8Array, quality: number): Buffer {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return brotliCompressSync(content, { params });
}

/** A file of an installed package, compressed; made once for each version of the package, in some seconds. */
export function compressedFile(packageName: string, file: string): string {
  const packageFolder = join(root, "node_modules", packageName);
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  const folder = toolFolder(`${basename(packageName)}-${version}`);
  const made = join(folder, `${basename(file)}.br`);
  if (existsSync(made)) return made;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${made}.${process.pid}`;
  writeFileSync(unfinished, compressed(readFileSync(join(packageFolder, file)), 9));
  renameSync(unfinished, made);
  return made;
}
