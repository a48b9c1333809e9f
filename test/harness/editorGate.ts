import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const gatedFiles = [
  "vs/code/browser/workbench/workbench.js",
  "vs/workbench/api/node/extensionHostProcess.js",
  "vs/workbench/api/worker/extensionHostWorkerMain.js",
];

/** The minified `isProposedApiEnabled`, as code-server patches it, up to its twin that throws. */
const openGate =
  /function (\w+)\((\w+),(\w+)\)\{return!0\}(?=function \w+\(\2,\3\)\{if\(!\1\(\2,\3\)\)throw new Error\(`Extension)/;
const everyoneAllowed = "this._envEnablesProposedApiForAll=!0";

/**
 * code-server lets every extension use proposed API. Desktop VS Code does not, so a test on the
 * unpatched package would pass with code that throws for every user.
 */
export function restoreProposedApiGate(outFolder: string): void {
  for (const file of gatedFiles) {
    const path = join(outFolder, file);
    writeFileSync(`${path}.gated`, gated(readFileSync(path, "utf8"), file));
    renameSync(`${path}.gated`, path);
  }
}

function gated(script: string, file: string): string {
  if (!openGate.test(script)) throw new Error(`${file}: the proposed-API gate is not where this recipe expects it`);
  const closed = script.replace(openGate, (_match, name: string, extension: string, proposal: string) => {
    const declared = `${extension}.enabledApiProposals`;
    return `function ${name}(${extension},${proposal}){return!!(${extension}&&${declared}&&${declared}.includes(${proposal}))}`;
  });
  return closed.replaceAll(everyoneAllowed, everyoneAllowed.replace("!0", "!1"));
}
