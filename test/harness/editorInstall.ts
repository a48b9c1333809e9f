import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { restoreProposedApiGate } from "./editorGate.ts";
import { toolFolder } from "./paths.ts";
import { npm } from "./processes.ts";

/** By the version of VS Code: `engines.vscode` of the manifest, and the newest that npm has. */
const versions = { floor: "4.105.1", newest: "4.139.1" } as const;

/** `floor` for the oldest VS Code that the manifest allows, else the newest. */
const isFloor = process.env["BACKEND_EDITOR"] === "floor";
const version = isFloor ? versions.floor : versions.newest;
/** What an older server would build or download when it is installed; their programs are part of these packages. */
const floorPackages = { "@parcel/watcher": "2.5.1", "@vscode/ripgrep-universal": "1.18.0" };
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
    JSON.stringify({ private: true, dependencies: { "code-server": version, ...(isFloor && floorPackages) } }),
  );
  npm(home, ["install"]);
  dependOnPublishedPackages();
  npm(serverFolder, ["install", "--omit=dev"]);
  replaceNativeModules();
  restoreProposedApiGate(join(serverFolder, "out"));
  linkFewBuiltins();
  writeFileSync(stamp, stampText());
  console.log(`VS Code installed in ${Math.round((Date.now() - begun) / 1000)} s.`);
}

function stampText(): string {
  return JSON.stringify({ version, recipe, ...(isFloor && floorPackages) });
}

/** An older server takes a module from a repository, which not every network reaches; npm has the same version. */
function dependOnPublishedPackages(): void {
  for (const name of ["package.json", "npm-shrinkwrap.json"]) {
    const file = join(serverFolder, name);
    const published = readFileSync(file, "utf8")
      .replaceAll(/("@parcel\/watcher": )"parcel-bundler\/watcher#\w+"/g, `$1"${floorPackages["@parcel/watcher"]}"`)
      .replace(/\n\s*"resolved": "git\+ssh:[^"]*parcel-bundler\/watcher[^"]*",(\s*"integrity": "[^"]*",)?/, "");
    writeFileSync(file, published);
  }
}

function replaceNativeModules(): void {
  const modules = join(serverFolder, "node_modules", "@vscode");
  copyFileSync(join(import.meta.dirname, "spdlog.cjs"), join(modules, "spdlog", "index.js"));
  // It would end the extension host when its parent dies; our server kills its whole group instead.
  const watchdog = join(modules, "native-watchdog");
  if (existsSync(watchdog)) writeFileSync(join(watchdog, "index.js"), "exports.start = () => {};\n");
  // Older servers download it when they are installed.
  if (!isFloor) return;
  const published = join(home, "node_modules", "@vscode", "ripgrep-universal", "bin");
  const ripgrep = join(modules, "ripgrep", "bin");
  symlinkSync(relative(dirname(ripgrep), join(published, `${process.platform}-${process.arch}`)), ripgrep);
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
