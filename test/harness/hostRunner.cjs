// Loaded in the extension host by codeWeb.ts: sends the suite's output and its result to the waiting terminal.
const { once } = require("node:events");
const { connect } = require("node:net");
const { format } = require("node:util");

exports.run = async () => {
  const socket = connect(process.env.HOST_RUNNER_SOCKET);
  await once(socket, "connect");
  const send = (message) => socket.write(`${JSON.stringify(message)}\n`);
  for (const name of ["log", "info", "warn", "error"]) {
    // The extension host makes these accessors with an empty setter, so an assignment would do nothing.
    const value = (...args) => send({ text: `${format(...args)}\n` });
    Object.defineProperty(console, name, { configurable: true, writable: true, value });
  }
  let exitCode = 0;
  try {
    await require(process.env.HOST_RUNNER_TESTS).run();
  } catch (error) {
    exitCode = 1;
    send({ text: `${error?.stack ?? error}\n` });
  }
  await new Promise((resolve) => socket.end(`${JSON.stringify({ exitCode })}\n`, resolve));
};
