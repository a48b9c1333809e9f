#!/usr/bin/env node
/**
 * Stands in for the `code` executable in test runs: the same command line (`--extensionDevelopmentPath`,
 * `--extensionTestsPath`, a folder) and exit code, but it is the server from npm with a headless Chromium.
 */
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { type Editor, startEditor } from "./editor.ts";
import { artefacts, temporaryFolder } from "./paths.ts";
import { exitOnSignals } from "./processes.ts";

interface CommandLine {
  readonly folder: string | undefined;
  readonly extensions: readonly string[];
  readonly tests: string;
}

interface Ending {
  readonly exitCode: number;
  readonly problem?: string;
}

const timeLimit = 300_000;

exitOnSignals();
process.exitCode = await runTests(parseCommandLine(process.argv.slice(2)));
process.exit();

function parseCommandLine(args: readonly string[]): CommandLine {
  const values = (name: string): string[] =>
    args.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => resolve(arg.slice(name.length + 3)));
  const folder = args.find((arg) => !arg.startsWith("--"));
  return {
    folder: folder === undefined ? undefined : resolve(folder),
    extensions: values("extensionDevelopmentPath"),
    tests: values("extensionTestsPath")[0] ?? "",
  };
}

async function runTests(commandLine: CommandLine): Promise<number> {
  const socket = join(temporaryFolder("host"), "s");
  const editor = await startEditor({
    testDriver: true,
    // In a browser VS Code saves by itself after a second, on a desktop it does not.
    settings: { "files.autoSave": "off" },
    environment: { HOST_RUNNER_SOCKET: socket, HOST_RUNNER_TESTS: commandLine.tests },
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const ended = Promise.race([resultFromHost(socket), trouble(page, editor)]);
    await page.goto(address(editor.url, commandLine));
    const { exitCode, problem } = await ended;
    if (problem !== undefined) console.error(problem);
    if (exitCode !== 0) await keepScreenshot(page);
    return exitCode;
  } finally {
    await browser.close();
    await editor.stop();
  }
}

/** Passes the suite's output on as it comes; resolves with the exit code that ends it. */
function resultFromHost(socket: string): Promise<Ending> {
  return new Promise((resolve) => {
    const server = createServer((connection) => {
      connection.on("error", () => connection.destroy());
      createInterface(connection).on("line", (line) => {
        const message: Partial<Ending> & { readonly text?: string } = JSON.parse(line);
        if (message.text !== undefined) process.stdout.write(message.text);
        if (message.exitCode !== undefined) resolve({ exitCode: message.exitCode });
      });
    });
    server.listen(socket).unref();
  });
}

/** A suite that never ran must fail too. */
function trouble(page: Page, editor: Editor): Promise<Ending> {
  return new Promise((resolve) => {
    const late = { exitCode: 124, problem: `no result after ${timeLimit / 1000} s` };
    setTimeout(() => resolve(late), timeLimit).unref();
    page.once("crash", () => resolve({ exitCode: 70, problem: "the browser page crashed" }));
    editor.process.once("exit", () => resolve({ exitCode: 70, problem: "the editor ended" }));
  });
}

function address(url: string, { folder, extensions }: CommandLine): string {
  const remote = (path: string): string => `vscode-remote://${new URL(url).host}${path}`;
  const payload = [
    ...extensions.map((path) => ["extensionDevelopmentPath", remote(path)]),
    ["extensionTestsPath", remote(join(import.meta.dirname, "hostRunner.cjs"))],
    ["skipWelcome", "true"],
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (folder === undefined) query.set("ew", "true");
  else query.set("folder", folder);
  return `${url}/?${query}`;
}

async function keepScreenshot(page: Page): Promise<void> {
  mkdirSync(artefacts, { recursive: true });
  await page.screenshot({ path: join(artefacts, "host.png") });
}
