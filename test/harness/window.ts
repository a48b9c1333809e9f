import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { Bridge } from "./bridge.ts";
import { launchChromium } from "./chromium.ts";
import { type Editor, type EditorOptions, startEditor } from "./editor.ts";
import { artefacts, extensionId, root, temporaryFolder } from "./paths.ts";
import { eventually } from "./polling.ts";
import { Workbench } from "./workbench.ts";

export interface WindowOptions extends EditorOptions {
  /** A folder under `test/fixtures` to work on a copy of; an empty folder when left out. */
  readonly fixture?: string;
  readonly page?: BrowserContextOptions;
  /** What VS Code takes its language to be; its own texts stay English, because no language pack is installed. */
  readonly language?: string;
  /** Puts more into the folder, or beside it, before it is opened. */
  readonly prepare?: (folder: string) => void;
  /** What the address of the page opens: `workspace` with a file, or nothing; the folder when left out. */
  readonly query?: (folder: string) => Readonly<Record<string, string>>;
}

/** One browser window on a copy of a sample project, with our extension in it. */
export interface EditorWindow {
  readonly workbench: Workbench;
  readonly bridge: Bridge;
  readonly editor: Editor;
  readonly folder: string;
  /** What the page has said on its console, for the artefacts of a failure. */
  readonly console: readonly string[];
  reload(): Promise<void>;
  /** Waits until the browser has stored that a tab of this file is open: it does so every few seconds, when it is idle. */
  tabStored(path: string): Promise<void>;
  close(): Promise<void>;
}

/** The built tree as an unpacked extension. */
export const ourExtension = { [`${extensionId}-0.1.0`]: root };

export async function openWindow(options: WindowOptions = {}): Promise<EditorWindow> {
  const folder = sampleCopy(options.fixture);
  options.prepare?.(folder);
  const sockets = temporaryFolder("b");
  const editor = await startEditor({
    ...options,
    extensions: {
      ...(options.extensions ?? ourExtension),
      "harness.bridge-0.0.1": join(import.meta.dirname, "bridge"),
    },
    environment: { ...options.environment, BACKEND_IMPLEMENTER_BRIDGE: sockets },
  });
  const browser = await launchChromium();
  const page = await openPage(browser, options.page);
  if (options.language !== undefined) await page.addInitScript(speakAs, options.language);
  const said: string[] = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  const workbench = new Workbench(page);
  const bridge = new Bridge(sockets);
  const open = async (): Promise<void> => {
    bridge.close();
    bridge.clear();
    await workbench.open(editor.url, options.query?.(folder) ?? { folder });
    await bridge.connect();
  };
  const close = async (): Promise<void> => {
    bridge.close();
    await browser.close();
    await editor.stop();
  };
  try {
    await open();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    workbench,
    bridge,
    editor,
    folder,
    console: said,
    reload: open,
    tabStored: (path) => tabStored(page, path),
    close,
  };
}

async function tabStored(page: Page, path: string): Promise<void> {
  const read = `(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const found = [];
    for (const { name } of await indexedDB.databases()) {
      if (!name.startsWith("vscode-web-state-db-")) continue;
      const database = await done(indexedDB.open(name));
      const items = database.transaction("ItemTable").objectStore("ItemTable");
      found.push(await done(items.get("memento/workbench.parts.editor")));
      database.close();
    }
    return found.join("\\n");
  })()`;
  await eventually(
    () => page.evaluate<string>(read),
    (stored) => stored.includes(path),
  );
}

/**
 * A test that has a window of its own; what is needed to understand a failure is kept. Options that take work to make
 * are a function. A browser on a busy machine can miss what a person would not, so a failure is tried once more, in a new
 * window, and said in the suite's output either way: who passes only then has a fault that wants to be found.
 */
export function windowTest(
  name: string,
  options: WindowOptions | (() => WindowOptions),
  body: (window: EditorWindow) => Promise<void>,
): void {
  const tryOnce = async (context: TestContext): Promise<void> => {
    const window = await openWindow(typeof options === "function" ? options() : options);
    try {
      await withinLimit(body(window));
    } catch (error) {
      await keepArtefacts(context.name, window);
      throw error;
    } finally {
      await window.close();
    }
  };
  test(name, async (context: TestContext) => {
    try {
      await tryOnce(context);
    } catch (error) {
      console.log(`UNSTEADY: "${name}" failed and is tried once more: ${error instanceof Error ? error.stack : error}`);
      await tryOnce(context);
    }
  });
}

/** The test runner's own limit would leave the window open and the picture untaken. */
async function withinLimit(work: Promise<void>, limit = 180_000): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done in ${limit / 1000} s`)), limit);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function sampleCopy(fixture: string | undefined): string {
  const folder = temporaryFolder("orders-backend");
  if (fixture !== undefined) cpSync(join(root, "test/fixtures", fixture), folder, { recursive: true });
  return folder;
}

async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const permissions = ["clipboard-read", "clipboard-write"];
  const page = await browser.newPage({ viewport: { width: 1440, height: 1200 }, permissions, ...options });
  page.setDefaultTimeout(30_000);
  return page;
}

/** The texts of VS Code come with the name of their language, which must not take the place of this one. */
function speakAs(language: string): void {
  Object.defineProperty(globalThis, "_VSCODE_NLS_LANGUAGE", { get: () => language, set: () => undefined });
}

async function keepArtefacts(name: string, window: EditorWindow): Promise<void> {
  const folder = join(artefacts, name.replaceAll(/\W+/g, "-").toLowerCase());
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "console.log"), window.console.join("\n"));
  cpSync(join(window.editor.dataFolder, "server.log"), join(folder, "server.log"));
  const logs = join(window.editor.dataFolder, "data", "logs");
  cpSync(logs, join(folder, "logs"), { recursive: true, errorOnExist: false });
  await window.workbench.page.screenshot({ path: join(folder, "window.png") });
}
