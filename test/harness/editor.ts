import type { ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureEditor, fewBuiltins, serverFolder } from "./editorInstall.ts";
import { temporaryFolder } from "./paths.ts";
import { cleanEnvironment, endGroup, runToEnd, spawnGroup } from "./processes.ts";
import type { ServeOptions } from "./serve.ts";

export interface EditorOptions {
  /** Where settings, logs and extensions live; a temporary folder when left out. */
  readonly dataFolder?: string;
  readonly port?: number;
  /** Without one, every local user may connect: for tests only. */
  readonly token?: string;
  /** Unpacked extensions, by `publisher.name-version`. */
  readonly extensions?: Readonly<Record<string, string>>;
  /** A packed extension to install beside them. */
  readonly vsix?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Those that only the machine may set, not the user's profile in the browser. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly allBuiltins?: boolean;
  /** Asks for workspace trust as a desktop does; off by default, every folder is trusted. */
  readonly workspaceTrust?: boolean;
  /** Lets the page's address name an extension under test and its tests; hides toasts and dialogs. */
  readonly testDriver?: boolean;
}

export interface Editor {
  readonly url: string;
  readonly dataFolder: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** Starts a real VS Code server, installing it first when needed; resolves when it listens. */
export async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  ensureEditor();
  const dataFolder = options.dataFolder ?? temporaryFolder("editor");
  const runFolder = socketFolder(dataFolder);
  prepareData(dataFolder, options);
  if (options.vsix !== undefined) installExtension(dataFolder, options.vsix);
  const child = spawnGroup(
    process.execPath,
    [join(import.meta.dirname, "serve.ts"), serveArgument(dataFolder, options)],
    {
      env: {
        ...cleanEnvironment(),
        ...noGallery,
        ...options.environment,
        TMPDIR: runFolder,
        XDG_RUNTIME_DIR: runFolder,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const port = await listening(child, join(dataFolder, "server.log"));
  return {
    url: `http://127.0.0.1:${port}`,
    dataFolder,
    process: child,
    stop: async () => {
      await endGroup(child);
      rmSync(runFolder, { recursive: true, force: true });
      if (options.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** The user settings every window of ours begins with: no network, no nagging, no restored state. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  "chat.tips.enabled": false,
  "chat.titleBar.signIn.enabled": false,
  "chat.welcomePage.signIn.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.hotExit": "off",
  "files.simpleDialog.enable": true,
  "git.autofetch": false,
  "git.openRepositoryInParentFolders": "never",
  "remote.autoForwardPorts": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "workbench.enableExperiments": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
};

/** Keeps every page from asking the public registry. */
const noGallery = {
  EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "", itemUrl: "", resourceUrlTemplate: "", controlUrl: "" }),
};

function prepareData(dataFolder: string, options: EditorOptions): void {
  const [extensions, user] = [join(dataFolder, "extensions"), join(dataFolder, "data", "User")];
  // Manifests are cached by version, so a rebuilt extension of the same version would go unnoticed.
  rmSync(join(dataFolder, "CachedProfilesData"), { recursive: true, force: true });
  rmSync(join(dataFolder, "data", "CachedProfilesData"), { recursive: true, force: true });
  if (options.extensions) rmSync(extensions, { recursive: true, force: true });
  mkdirSync(extensions, { recursive: true });
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, "settings.json"), JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2));
  const machine = join(dataFolder, "data", "Machine");
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, "settings.json"), JSON.stringify(options.machineSettings ?? {}, undefined, 2));
  for (const [id, folder] of Object.entries(options.extensions ?? {})) symlinkSync(folder, join(extensions, id));
}

function installExtension(dataFolder: string, vsix: string): void {
  const server = [join(serverFolder, "out", "server-main.js"), "--accept-server-license-terms"];
  const folders = ["--server-data-dir", dataFolder, "--extensions-dir", join(dataFolder, "extensions")];
  const env = { ...cleanEnvironment(), ...noGallery };
  runToEnd(process.execPath, [...server, ...folders, "--install-extension", vsix], { env, stdio: "pipe" });
}

function serveArgument(dataFolder: string, options: EditorOptions): string {
  const args = {
    "server-data-dir": dataFolder,
    "user-data-dir": join(dataFolder, "data"),
    "extensions-dir": join(dataFolder, "extensions"),
    "disable-telemetry": true,
    "disable-update-check": true,
    "disable-getting-started-override": true,
    ...(options.workspaceTrust ? {} : { "disable-workspace-trust": true }),
    ...(options.allBuiltins ? {} : { "builtin-extensions-dir": fewBuiltins }),
    ...(options.testDriver ? { "enable-smoke-test-driver": true } : {}),
    ...(options.token === undefined ? { "without-connection-token": true } : { "connection-token": options.token }),
  };
  const serve: ServeOptions = { serverFolder, port: options.port ?? 0, args };
  return JSON.stringify(serve);
}

/** VS Code leaves sockets in its temporary folder, and their paths may have 107 bytes only. */
function socketFolder(dataFolder: string): string {
  const beside = join(dataFolder, "run");
  if (beside.length > 50) return mkdtempSync(join(tmpdir(), "vscode-"));
  mkdirSync(beside, { recursive: true, mode: 0o700 });
  return beside;
}

function listening(child: ChildProcess, logFile: string): Promise<number> {
  const log = createWriteStream(logFile);
  let output = "";
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the editor did not start in 60 s\n${output}`)), 60_000);
    const read = (chunk: Buffer): void => {
      log.write(chunk);
      output += chunk.toString();
      const port = /listening on (\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (exitCode) => {
      clearTimeout(timer);
      reject(new Error(`the editor ended with ${exitCode}\n${output}`));
    });
  });
}
