import * as vscode from "vscode";
import type { ApiKeys } from "./apiKeys.ts";
import type { ProviderCall } from "./claudeProvider.ts";
import { claudeIdPrefix, ownVendor } from "./ownModels.ts";

export interface OwnModelParts {
  /** Remembers whether there is a key: secret storage is not asked when a window opens. */
  readonly state: vscode.Memento;
  readonly keys: Pick<ApiKeys, "read" | "onDidChange">;
  /** Claude's side; nothing of it is loaded before somebody asks Claude something. */
  readonly loadClaude: () => Promise<(call: ProviderCall) => Promise<void>>;
}

/**
 * Offers our models in the chat's model picker: the offline engine, and Claude where a key is stored.
 *
 * Without any model VS Code answers "Language model unavailable" before a participant is asked, so
 * the engine is what makes the first message of a fresh window work with nobody signed in
 * (research/platform.md §0.4). Its name sorts first, because an unsigned window picks by name.
 */
export function registerOwnLanguageModel({ state, keys, loadClaude }: OwnModelParts): vscode.Disposable {
  if (vscode.lm?.registerLanguageModelChatProvider === undefined) return new vscode.Disposable(() => undefined);
  const changed = new vscode.EventEmitter<void>();
  const look = async (): Promise<void> => {
    await state.update(hasKeyState, await hasKey(keys));
    changed.fire();
  };
  const provider: vscode.LanguageModelChatProvider = {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation: () => (state.get(hasKeyState) ? [offline, ...claude] : [offline]),
    provideLanguageModelChatResponse: async (model, messages, ...[options, progress, token]) => {
      if (model.id !== offline.id) return (await loadClaude())({ model, messages, options, progress, token });
      progress.report(new vscode.LanguageModelTextPart(noChat));
    },
    provideTokenCount: async (_model, text) => Math.ceil(textOf(text).length / charactersPerToken),
  };
  return vscode.Disposable.from(
    changed,
    keys.onDidChange(() => void look()),
    vscode.lm.registerLanguageModelChatProvider(ownVendor, provider),
  );
}

const hasKeyState = "backendImplementer.hasAnthropicKey";

const noChat = vscode.l10n.t(
  "The offline engine compiles design documents; it does not chat. Open your design documents and ask `@backend implement`.",
);

const offline: vscode.LanguageModelChatInformation = {
  id: "offline",
  name: "Backend Implementer (offline)",
  family: "backend-implementer",
  version: "1",
  detail: vscode.l10n.t("no key, no network"),
  tooltip: vscode.l10n.t("Compiles design documents to a backend. Ask @backend to use it."),
  maxInputTokens: 1_000_000,
  maxOutputTokens: 1_000_000,
  capabilities: { toolCalling: true },
};

/** By line, not by version: which model is the newest of its line is asked when one is used. */
const claude = ["Opus", "Sonnet", "Haiku"].map(
  (line): vscode.LanguageModelChatInformation => ({
    id: `${claudeIdPrefix}${line.toLowerCase()}`,
    name: vscode.l10n.t("Claude {0} (your key)", line),
    family: `claude-${line.toLowerCase()}`,
    version: "1",
    detail: vscode.l10n.t("your Anthropic key"),
    tooltip: vscode.l10n.t(
      "The newest Claude {0}, with the API key stored by Backend Implementer. It is billed to that key.",
      line,
    ),
    maxInputTokens: 1_000_000,
    maxOutputTokens: 32_000,
    capabilities: { toolCalling: true },
  }),
);

/** Where secret storage fails, the key is asked for when it is needed, and the failure told then. */
async function hasKey(keys: OwnModelParts["keys"]): Promise<boolean> {
  try {
    return (await keys.read()) !== undefined;
  } catch {
    return false;
  }
}

/** Of code and Markdown (research/model-clients.md §1.6). */
const charactersPerToken = 3.2;

function textOf(text: string | vscode.LanguageModelChatRequestMessage): string {
  return typeof text === "string" ? text : JSON.stringify(text.content);
}

/** Makes VS Code resolve the model now; a model that is only registered is not yet in the picker. */
export async function resolveOwnLanguageModel(): Promise<void> {
  await vscode.lm?.selectChatModels?.({ vendor: ownVendor });
}
