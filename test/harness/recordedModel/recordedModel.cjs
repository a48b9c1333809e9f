// Offers models that play a recording, as an extension of somebody else would; for the browser tests.
const { readFileSync } = require("node:fs");
// biome-ignore lint/style/noRestrictedImports: this is an extension of its own
const vscode = require("vscode");

exports.activate = (context) => {
  const file = process.env.BACKEND_IMPLEMENTER_RECORDING;
  if (!file) return;
  const turns = JSON.parse(readFileSync(file, "utf8"));
  /** What it was sent, for the bridge to fetch: both run in one process. */
  const requests = [];
  globalThis.recordedRequests = requests;
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider("recorded", {
      provideLanguageModelChatInformation: () => models,
      provideLanguageModelChatResponse: async ({ id }, messages, options, progress) => {
        requests.push({ id, messages: messages.map(plain), tools: (options.tools ?? []).map(({ name }) => name) });
        const turn = requests.length - 1;
        const { text = "", calls = [], fails } = turns[turn] ?? { text: "The recording has ended." };
        for (const piece of text.split(/(?<= )/)) {
          if (piece !== "") progress.report(new vscode.LanguageModelTextPart(piece));
        }
        if (fails) throw failure(fails);
        for (const [at, { name, input }] of calls.entries()) {
          progress.report(new vscode.LanguageModelToolCallPart(`t${turn}_${at}`, name, input));
        }
      },
      provideTokenCount: async (_model, text) => Math.ceil(JSON.stringify(text).length / 3),
    }),
  );
  // A model that is only registered is not in the picker yet.
  void vscode.lm.selectChatModels({ vendor: "recorded" });
};

/** All of them play the same recording, one after the other. */
const models = [
  { id: "recorded-1", name: "Recorded Model", maxInputTokens: 200_000, toolCalling: true },
  { id: "recorded-narrow", name: "Narrow Window", maxInputTokens: 30_000, toolCalling: true },
  { id: "recorded-toolless", name: "Toolless", maxInputTokens: 200_000, toolCalling: false },
].map(({ toolCalling, ...model }) => ({
  ...model,
  family: "recorded",
  version: "1",
  maxOutputTokens: 32_000,
  capabilities: { toolCalling },
}));

/** In words alone; or by the name, as Copilot's are known; or of the editor's own kind. */
function failure(fails) {
  if (fails === "NoPermissions") return vscode.LanguageModelError.NoPermissions("not allowed yet");
  return fails.startsWith("Chat") ? Object.assign(new Error("used up"), { name: fails }) : new Error(fails);
}

function plain({ role, content }) {
  return {
    role: role === vscode.LanguageModelChatMessageRole.User ? "user" : "assistant",
    parts: content.map((part) => {
      if (part instanceof vscode.LanguageModelToolCallPart)
        return { type: "toolCall", id: part.callId, name: part.name };
      if (part instanceof vscode.LanguageModelToolResultPart) {
        return { type: "toolResult", callId: part.callId, content: part.content.map(({ value }) => value).join("") };
      }
      return { type: "text", text: part.value };
    }),
  };
}
