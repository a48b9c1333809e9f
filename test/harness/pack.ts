import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, temporaryFolder } from "./paths.ts";
import { cleanEnvironment, runToEnd } from "./processes.ts";

const packed = new Map<"vsix", string>();

/** The package of this process, which is made once. */
export function packedExtension(): string {
  const vsix = packed.get("vsix") ?? packExtension(temporaryFolder("package"));
  packed.set("vsix", vsix);
  return vsix;
}

/** Packs the extension as `npm run package` does, but into the folder; gives the file. */
function packExtension(folder: string): string {
  const file = join(folder, "backend-implementer.vsix");
  // No network is needed: no dependency is shipped unbundled, and nothing is looked up.
  const offline = { ...cleanEnvironment(), npm_config_offline: "true" };
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const options = /^vsce (package .*) --out /.exec(scripts.package)?.[1]?.split(" ") ?? [];
  runToEnd(process.execPath, ["node_modules/@vscode/vsce/vsce", ...options, "--out", file], {
    cwd: root,
    env: offline,
  });
  return file;
}
