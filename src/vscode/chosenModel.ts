import type * as vscode from "vscode";
import type { ModelClient } from "../agent/model.ts";
import type { AnthropicAccess, Runtime } from "../session/runtime.ts";
import { UserFacingError } from "../support/errors.ts";
import type { ApiKeys } from "./apiKeys.ts";
import { createChatModelClient } from "./chatModelClient.ts";
import { ownVendor } from "./ownLanguageModel.ts";
import { readSettings } from "./settings.ts";

export interface ModelCircumstances {
  readonly context: vscode.ExtensionContext;
  readonly keys: ApiKeys;
  /** The model picked in the chat, when there is a chat. */
  readonly picked: vscode.LanguageModelChat | undefined;
  readonly signal: AbortSignal;
}

/**
 * The model that the settings and the chat choose; undefined is the offline engine. A model of ours
 * in the picker is no choice of the user's (research/platform.md §5).
 */
export async function chooseModel(
  runtime: Runtime,
  definedModel: string,
  { context, keys, picked, signal }: ModelCircumstances,
): Promise<ModelClient | undefined> {
  const { model: choice, anthropic } = readSettings(runtime);
  if (choice === "offline") return undefined;
  if (choice !== "anthropic") {
    return picked && picked.vendor !== ownVendor ? createChatModelClient(picked) : undefined;
  }
  const apiKey = await keys.read();
  if (apiKey === undefined) {
    throw new UserFacingError(
      "NO_API_KEY",
      'The setting "backendImplementer.model" is "anthropic", but no key is stored. Run "Backend Implementer: Set Anthropic API Key", or set the model to "offline".',
    );
  }
  const access: Omit<AnthropicAccess, "model"> = {
    apiKey,
    baseUrl: anthropic.baseUrl,
    auth: anthropic.auth,
    effort: anthropic.effort,
  };
  const name = anthropic.model || (definedModel === "inherit" ? "opus" : definedModel);
  const cache = modelListCache(context.globalState, anthropic.baseUrl);
  return runtime.createAnthropicModel({
    ...access,
    model: await runtime.resolveAnthropicModel(name, access, cache, signal),
  });
}

type ModelListCache = NonNullable<Parameters<Runtime["resolveAnthropicModel"]>[2]>;

function modelListCache(state: vscode.Memento, baseUrl: string): ModelListCache {
  const key = `backendImplementer.models ${baseUrl}`;
  return {
    read: () => state.get(key),
    write: (models) => void state.update(key, models),
  };
}
