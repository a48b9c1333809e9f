// Stands in front of the extension's own entry, in a copy of the extension: what loading and activating it costs
// this thread, and what of the extension's is still running later. Never shipped.
const childProcess = require("node:child_process");
const fs = require("node:fs");
// biome-ignore lint/style/noRestrictedImports: this is part of an extension
const vscode = require("vscode");

const running = new Map();
let last = 0;
watchTimers();
watchHandles(fs, ["watch", "watchFile"]);
watchHandles(childProcess, ["fork", "spawn", "execFile", "exec"]);
watchHandles(vscode.workspace, ["createFileSystemWatcher"]);

const loading = costOf(() => require("./extension.cjs"));

exports.activate = (context) => {
  const activating = costOf(() => loading.result.activate(context));
  return {
    /** Milliseconds. */
    cost: {
      processor: loading.processor + activating.processor,
      clock: loading.clock + activating.clock,
    },
    /** Timers, watchers and processes that the extension has begun and that have not ended. */
    running: () => [...running.values()],
  };
};
exports.deactivate = () => loading.result.deactivate?.();

function costOf(work) {
  const [begun, cpu] = [performance.now(), process.threadCpuUsage()];
  const result = work();
  const { user, system } = process.threadCpuUsage(cpu);
  return { result, clock: performance.now() - begun, processor: (user + system) / 1000 };
}

function watchTimers() {
  for (const kind of ["Timeout", "Interval"]) {
    const set = globalThis[`set${kind}`];
    const clear = globalThis[`clear${kind}`];
    globalThis[`set${kind}`] = (callback, ...rest) => {
      const at = ourFrame();
      if (at === undefined) return set(callback, ...rest);
      const timer = set(
        (...values) => {
          if (kind === "Timeout") running.delete(timer);
          callback(...values);
        },
        ...rest,
      );
      running.set(timer, `set${kind} ${at}`);
      return timer;
    };
    globalThis[`clear${kind}`] = (timer) => {
      running.delete(timer);
      clear(timer);
    };
  }
}

/** Each of these gives something that is ended by `dispose`, `close` or its own `exit`. */
function watchHandles(owner, names) {
  for (const name of names) {
    const begin = owner[name];
    owner[name] = (...values) => {
      const at = ourFrame();
      const handle = begin.apply(owner, values);
      if (at === undefined) return handle;
      last += 1;
      const key = last;
      running.set(key, `${name} ${at}`);
      const ended = () => running.delete(key);
      handle.once?.("exit", ended);
      for (const end of ["dispose", "close"]) {
        const own = handle[end];
        if (typeof own !== "function") continue;
        handle[end] = (...rest) => {
          ended();
          return own.apply(handle, rest);
        };
      }
      return handle;
    };
  }
}

/** The innermost place in the extension's own code that the call comes from. */
function ourFrame() {
  const frames = new Error("where").stack?.split("\n") ?? [];
  return frames.find((frame) => frame.includes(__dirname) && !frame.includes(__filename))?.trim();
}
