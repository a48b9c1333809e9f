import { ModelError } from "../agent/model.ts";

export interface Watchdog {
  /** Fires when the line is dead, or alive but without an event for too long. */
  readonly signal: AbortSignal;
  /** Bytes have come, be it only a ping. */
  heard(): void;
  /** An event has come. */
  moved(): void;
  stop(): void;
}

/** The SDK's own time limit ends with the headers, and it swallows pings; this one covers the body. Monotonic. */
export function createWatchdog(silentMs: number, stillMs: number): Watchdog {
  const controller = new AbortController();
  const timer = (milliseconds: number) => {
    let handle: NodeJS.Timeout | undefined;
    return {
      stop: () => clearTimeout(handle),
      restart: () => {
        clearTimeout(handle);
        handle = setTimeout(() => controller.abort(), milliseconds);
      },
    };
  };
  const silence = timer(silentMs);
  const standstill = timer(stillMs);
  return {
    signal: controller.signal,
    heard: silence.restart,
    moved: () => {
      silence.restart();
      standstill.restart();
    },
    stop: () => {
      silence.stop();
      standstill.stop();
    },
  };
}

/**
 * `fetch` that reports every chunk, never carries the key to another host by a redirect, and cuts the
 * body of an error short. The global `fetch` is looked up late, because the editor puts its own,
 * which knows proxies and certificates, in place.
 */
export function createWatchedFetch(heard: () => void): typeof fetch {
  return async (input, init) => {
    const response = await globalThis.fetch(input, { ...init, redirect: "manual" });
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
      await response.body?.cancel();
      throw redirected(response, new URL(typeof input === "string" || input instanceof URL ? input : input.url));
    }
    const { status, statusText, headers } = response;
    if (!response.ok) return new Response(await beginningOf(response), { status, statusText, headers });
    const watched = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        heard();
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body?.pipeThrough(watched) ?? null, { status, statusText, headers });
  };
}

function redirected(response: Response, from: URL): ModelError {
  const location = response.headers.get("location");
  const to = location !== null && URL.canParse(location, from.href) ? new URL(location, from).host : "another address";
  return new ModelError(
    "invalidRequest",
    `REDIRECT: ${from.host} sends the request on to ${to}, where the key must not go; set the base URL to the right address.`,
  );
}

const longestErrorBody = 65_536;

async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    // Leaving the loop cancels the rest of the body.
    if (text.length > longestErrorBody) break;
  }
  return text.slice(0, longestErrorBody);
}
