import * as vscode from "vscode";

export const ownVendor = "backend-implementer";

/**
 * Offers the offline engine in the chat's model picker.
 *
 * Without any model VS Code answers "Language model unavailable" before a participant is asked, so
 * this is what makes the first message of a fresh window work with nobody signed in
 * (research/platform.md §0.4). The name sorts first, because an unsigned window picks by name.
 */
export function registerOwnLanguageModel(): vscode.Disposable {
  if (vscode.lm?.registerLanguageModelChatProvider === undefined) return new vscode.Disposable(() => undefined);
  return vscode.lm.registerLanguageModelChatProvider(ownVendor, {
    provideLanguageModelChatInformation: () => [
      {
        id: "offline",
        name: "Backend Implementer (offline)",
        family: "backend-implementer",
        version: "1",
        detail: "no key, no network",
        tooltip: "Compiles design documents to a backend. Ask @backend to use it.",
        maxInputTokens: 1_000_000,
        maxOutputTokens: 1_000_000,
        capabilities: { toolCalling: true },
      },
    ],
    provideLanguageModelChatResponse: async (_model, _messages, _options, progress) => {
      progress.report(
        new vscode.LanguageModelTextPart(
          "The offline engine compiles design documents; it does not chat. Open your design documents and ask `@backend implement`.",
        ),
      );
    },
    provideTokenCount: async (_model, text) => Math.ceil((typeof text === "string" ? text.length : 0) / 4),
  });
}

/** Makes VS Code resolve the model now; a model that is only registered is not yet in the picker. */
export async function resolveOwnLanguageModel(): Promise<void> {
  await vscode.lm?.selectChatModels?.({ vendor: ownVendor });
}
