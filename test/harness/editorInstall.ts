import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { restoreProposedApiGate } from "./editorGate.ts";
import { toolFolder } from "./paths.ts";
import { npm } from "./processes.ts";

const version = "4.139.1";
/** Raised whenever a step below changes, so that an editor installed by an older recipe is replaced. */
const recipe = 1;
const home = toolFolder(`code-server-${version}`);
const stamp = join(home, "installed.json");

/** The folder of VS Code's own server inside the package. */
export const serverFolder = join(home, "node_modules", "code-server", "lib", "vscode");

/** The built-in extensions our tests need; without the others a window is ready in half the time. */
export const fewBuiltins = join(home, "builtins");

/**
 * Puts a real VS Code, as published on npm for servers, under `.vscode-test`. Nothing is compiled:
 * the one native module without a prebuilt binary is replaced by a small stand-in.
 */
export function ensureEditor(): void {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === stampText()) return;
  console.log(`Installing VS Code (code-server ${version}) into .vscode-test, once …`);
  const begun = Date.now();
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, "package.json"),
    JSON.stringify({ private: true, dependencies: { "code-server": version } }),
  );
  npm(home, ["install"]);
  npm(serverFolder, ["install", "--omit=dev"]);
  replaceNativeModules();
  restoreProposedApiGate(join(serverFolder, "out"));
  linkFewBuiltins();
  writeFileSync(stamp, stampText());
  console.log(`VS Code installed in ${Math.round((Date.now() - begun) / 1000)} s.`);
}

function stampText(): string {
  return JSON.stringify({ version, recipe });
}

function replaceNativeModules(): void {
  const modules = join(serverFolder, "node_modules", "@vscode");
  copyFileSync(join(import.meta.dirname, "spdlog.cjs"), join(modules, "spdlog", "index.js"));
  // It would end the extension host when its parent dies; our server kills its whole group instead.
  writeFileSync(join(modules, "native-watchdog", "index.js"), "exports.start = () => {};\n");
}

function linkFewBuiltins(): void {
  mkdirSync(fewBuiltins);
  const languages = ["diff", "json", "markdown-basics", "python", "shellscript", "sql", "yaml"];
  const features = ["configuration-editing", "git", "git-base", "json-language-features", "markdown-language-features"];
  const themes = ["theme-defaults", "theme-modern-icons", "theme-seti"];
  for (const name of [...languages, ...features, ...themes]) {
    const builtin = join(serverFolder, "extensions", name);
    if (existsSync(builtin)) symlinkSync(builtin, join(fewBuiltins, name));
  }
}
