/** `npm start`: a real VS Code with the extension and a sample project, behind an address of this machine only. */
import { randomBytes } from "node:crypto";
import { cpSync, existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { buildExtension } from "./build.ts";
import { startEditor } from "./editor.ts";
import { root } from "./paths.ts";
import { exitOnSignals } from "./processes.ts";
import { sampleDocuments, sampleFolder } from "./sample.ts";
import { ourExtension } from "./window.ts";

const home = join(root, ".demo");
const project = join(home, "orders-backend");

exitOnSignals();
if (!existsSync(project)) cpSync(sampleFolder, project, { recursive: true });
await buildExtension();
const token = randomBytes(16).toString("hex");
const editor = await startEditor({
  dataFolder: join(home, "editor"),
  port: Number(process.env["PORT"] ?? 0),
  token,
  extensions: { ...ourExtension, "harness.companion-0.0.1": join(import.meta.dirname, "companion") },
  environment: { BACKEND_IMPLEMENTER_DEMO: JSON.stringify(sampleDocuments) },
});
console.log(`
  The editor is ready. Open this address in a browser on this machine:

    ${editor.url}/?${new URLSearchParams({ tkn: token, folder: project })}

  ${sampleDocuments.map((path) => basename(path)).join(", ")} are open, and
  "@backend implement" is typed in the chat: press Enter. Nothing is written before you accept it.
  The project is ${relative(root, project)}; delete that folder to begin again.

  In your own desktop VS Code:  npm run package, then "Install from VSIX…" with the file it names.
  Without an editor:            node dist/cli.cjs implement ${relative(root, project)}/docs --out /tmp/orders-backend

  Ctrl+C stops it.
`);
editor.process.once("exit", (exitCode) => process.exit(exitCode ?? 1));
