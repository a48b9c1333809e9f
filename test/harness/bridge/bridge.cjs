// Runs functions sent by the browser tests with the `vscode` API in hand. One socket per window.
const { createServer } = require("node:net");
const { join } = require("node:path");
const { createInterface } = require("node:readline");
// biome-ignore lint/style/noRestrictedImports: this is an extension of its own
const vscode = require("vscode");

exports.activate = (context) => {
  const folder = process.env.BACKEND_IMPLEMENTER_BRIDGE;
  if (!folder) return;
  const server = createServer((connection) => {
    connection.on("error", () => connection.destroy());
    createInterface(connection).on("line", async (line) => {
      const { id, source, argument } = JSON.parse(line);
      const reply = await answer(source, argument);
      connection.write(`${JSON.stringify({ id, ...reply })}\n`);
    });
  });
  server.listen(join(folder, `${process.pid}.sock`));
  context.subscriptions.push({ dispose: () => server.close() });
};

async function answer(source, argument) {
  try {
    const call = new Function("vscode", "argument", "require", `return (${source})(vscode, argument, require);`);
    return { value: (await call(vscode, argument, require)) ?? null };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}
