import { once } from "node:events";
import { readdirSync, rmSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

type Vscode = typeof import("vscode");
const limit = 60_000;

/** Travels as its source text: it must not use anything from around it but its argument. */
export type RemoteFunction<A, R> = (vscode: Vscode, argument: A, require: NodeJS.Require) => R | Thenable<R>;

/** Runs functions inside the extension host of the newest window. */
export class Bridge {
  readonly #folder: string;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #socket: Socket | undefined;
  #last = 0;

  constructor(socketFolder: string) {
    this.#folder = socketFolder;
  }

  /** Waits for the window's extension host, up to two minutes. */
  async connect(): Promise<void> {
    const end = Date.now() + 120_000;
    for (;;) {
      const socket = await this.#tryNewest();
      if (socket) {
        this.#use(socket);
        return;
      }
      if (Date.now() > end) throw new Error("no extension host answered in two minutes");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  run<A, R>(remote: RemoteFunction<A, R>, argument: A): Promise<R> {
    const socket = this.#socket;
    if (!socket) throw new Error("the bridge is not connected");
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (reply) => {
        if (reply.error === undefined) resolve(reply.value as R);
        else reject(new Error(`in the extension host: ${reply.error}`));
      });
      setTimeout(() => this.#answer({ id, error: `no answer in ${limit} ms to ${remote}` }), limit).unref();
      socket.write(`${JSON.stringify({ id, source: remote.toString(), argument })}\n`);
    });
  }

  command<R>(id: string, ...args: readonly unknown[]): Promise<R> {
    return this.run(async (vscode, [name, rest]) => (await vscode.commands.executeCommand(name, ...rest)) as R, [
      id,
      args,
    ] as const);
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    for (const answer of this.#waiting.values()) answer({ id: 0, error: "the window was closed" });
    this.#waiting.clear();
  }

  /** Forgets the sockets of windows that are closed, so that the next window's is the one found. */
  clear(): void {
    for (const name of readdirSync(this.#folder)) rmSync(join(this.#folder, name), { force: true });
  }

  async #tryNewest(): Promise<Socket | undefined> {
    const paths = readdirSync(this.#folder).map((name) => join(this.#folder, name));
    const newest = paths.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
    if (newest === undefined) return undefined;
    const socket = connect(newest);
    try {
      await once(socket, "connect");
      return socket;
    } catch {
      return undefined;
    }
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    socket.on("error", () => this.close());
    createInterface(socket).on("line", (line) => {
      const reply: Reply = JSON.parse(line);
      this.#answer(reply);
    });
  }

  #answer(reply: Reply): void {
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}
