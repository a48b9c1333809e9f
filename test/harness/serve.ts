/**
 * Runs VS Code's server in this process, behind our own listener, without code-server's wrapper.
 * Started by editor.ts with one argument, a JSON `ServeOptions`; prints one line when it listens.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, relative, resolve } from "node:path";
import type { Duplex } from "node:stream";
import { pathToFileURL } from "node:url";

export interface ServeOptions {
  readonly serverFolder: string;
  readonly port: number;
  /** VS Code server's command-line options, without the dashes. */
  readonly args: { readonly "user-data-dir": string; readonly "connection-token"?: string };
}

interface CodeServer {
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, socket: Duplex): void;
  dispose(): void;
}

const options: ServeOptions = JSON.parse(process.argv[2] ?? "{}");
const staticFolder = resolve(options.serverFolder, "../..");
const contentTypes: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
};

endWithLauncher(process.ppid);
const code = await loadCode();
const server = createServer(answer);
server.on("upgrade", (request, socket) => {
  code.handleUpgrade(request, socket);
  socket.resume();
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
server.listen(options.port, "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
});

async function loadCode(): Promise<CodeServer> {
  process.env["CODE_SERVER_PARENT_PID"] = String(process.pid); // keeps the module from listening by itself
  const module = await import(pathToFileURL(join(options.serverFolder, "out/server-main.js")).href);
  const entry = await module.loadCodeWithNls();
  return entry.createServer(null, { "accept-server-license-terms": true, compatibility: "1.64", ...options.args });
}

/** The two routes that the patched web client expects of code-server's wrapper; the rest is VS Code's. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (path === "/mint-key" && request.method === "POST") sendSecretStorageKey(request, response);
  else if (path.startsWith("/_static/")) sendStaticFile(path.slice("/_static/".length), response);
  else code.handleRequest(request, response);
}

/** Half of the key under which the browser keeps secrets; without it they are lost on reload. */
function sendSecretStorageKey(request: IncomingMessage, response: ServerResponse): void {
  if (!hasToken(request)) {
    response.writeHead(403).end();
    return;
  }
  const file = join(options.args["user-data-dir"], "web-key-half");
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 });
  response.writeHead(200, { "content-type": "application/octet-stream" }).end(readFileSync(file));
}

function hasToken(request: IncomingMessage): boolean {
  const token = options.args["connection-token"];
  if (token === undefined) return true;
  const sent = /(?:^|;\s*)vscode-tkn=([^;]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
  const [given, wanted] = [Buffer.from(decodeURIComponent(sent)), Buffer.from(token)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function sendStaticFile(name: string, response: ServerResponse): void {
  const file = resolve(staticFolder, name);
  if (!/^(out\/browser|src\/browser\/media)\//.test(relative(staticFolder, file)) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  const type = contentTypes[extname(file)] ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type, "service-worker-allowed": "/" }).end(readFileSync(file));
}

function stop(): void {
  code.dispose();
  server.closeAllConnections();
  setTimeout(() => process.exit(0), 50);
}

/** A launcher that was killed hard could not end us; then we take down our whole process group. */
function endWithLauncher(launcher: number): void {
  setInterval(() => {
    if (process.ppid !== launcher) process.kill(-process.pid, "SIGKILL");
  }, 1000).unref();
}
