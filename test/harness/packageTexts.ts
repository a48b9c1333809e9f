/** Texts of the package that are made and not written: what its page in the editor shows, and what its parts ask for. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { root } from "./paths.ts";

/**
 * The README as the editor shows it on the page of an extension: that page fetches pictures by https only and follows no
 * link into the package, so there would be a torn picture and dead links.
 */
export function readmeOfPackage(): string {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const withoutPictures = readme.replaceAll(/^ *!\[[^\]]*\]\(media\/[^)]+\)\n\n?/gm, "");
  return withoutPictures.replaceAll(/\[([^\]]+)\]\((?!\w+:|#)([^)]+)\)/g, (_link, text: string, file: string) =>
    text === file ? text : `${text} (\`${file}\`)`,
  );
}

/** The licences of everybody whose code is in the package: of what is bundled, and of the files beside the bundles. */
export function thirdPartyNotices({ inputs }: Metafile, beside: readonly string[]): string {
  const bundled = Object.keys(inputs).flatMap(
    (file) => /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
  );
  const byText = new Map<string, string[]>();
  for (const name of [...new Set([...bundled, ...beside])].sort()) {
    const { version, license, text } = licenceOf(name);
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  byText.set(readFileSync(join(import.meta.dirname, "postgresqlLicence.txt"), "utf8").trim(), [
    "PostgreSQL, as it is in @electric-sql/pglite and libpg-query (PostgreSQL)",
  ]);
  const parts = [...byText].map(([text, names]) => `${names.join("\n")}\n\n${text}`);
  const line = "-".repeat(80);
  return `Backend Implementer contains code of others, under these licences.\n\n${line}\n${parts.join(`\n\n${line}\n`)}\n`;
}

function licenceOf(name: string): { readonly version: string; readonly license: string; readonly text: string } {
  const folder = join(root, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  return { version, license, text: texts.join("\n\n") || `Licence: ${license}` };
}
