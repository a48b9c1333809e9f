import * as vscode from "vscode";
import type { ModelClient } from "../agent/model.ts";
import type { Log } from "../session/ports.ts";
import type { AnthropicAccess, Runtime } from "../session/runtime.ts";
import { UserFacingError } from "../support/errors.ts";
import type { ApiKeys } from "./apiKeys.ts";
import { createChatModelClient } from "./chatModelClient.ts";
import { ownVendor, pickedClaude } from "./ownModels.ts";
import { readSettings } from "./settings.ts";

export interface ModelCircumstances {
  readonly context: vscode.ExtensionContext;
  readonly keys: ApiKeys;
  readonly log?: Pick<Log, "info">;
  /** The model picked in the chat, when there is a chat. */
  readonly picked: vscode.LanguageModelChat | undefined;
  readonly signal: AbortSignal;
}

/**
 * The model that the settings and the chat choose; undefined is the offline engine. The engine in the picker is no
 * choice of the user's, because an unsigned window has nothing else (research/platform.md §5); a Claude of ours is one.
 * What is picked outranks the alias in the agent's definition, which says whom to ask with the user's key: another model
 * than the one that the chat shows would be a surprise on the bill.
 */
export async function chooseModel(
  runtime: Runtime,
  definedModel: string,
  { context, keys, log, picked, signal }: ModelCircumstances,
): Promise<ModelClient | undefined> {
  const { model: choice, anthropic } = readSettings(runtime);
  if (choice === "offline") return undefined;
  const circumstances = { runtime, context, keys, signal, ...(log && { log }) };
  const alias = pickedClaude(picked);
  if (alias !== undefined) return createAnthropicClient(alias, circumstances);
  if (choice === "anthropic") {
    return createAnthropicClient(
      anthropic.model || (definedModel === "inherit" ? "opus" : definedModel),
      circumstances,
    );
  }
  return picked && picked.vendor !== ownVendor ? createChatModelClient(picked) : undefined;
}

export interface AnthropicCircumstances extends Pick<ModelCircumstances, "context" | "keys" | "log" | "signal"> {
  readonly runtime: Pick<Runtime, "createAnthropicModel" | "parseSettings" | "resolveAnthropicModel">;
}

/** Claude by alias or id, with the stored key and by the settings. Throws a {@link UserFacingError} without a key. */
export async function createAnthropicClient(
  name: string,
  { runtime, context, keys, log, signal }: AnthropicCircumstances,
): Promise<ModelClient> {
  const { anthropic } = readSettings(runtime);
  const apiKey = await keys.read();
  if (apiKey === undefined) {
    throw new UserFacingError(
      "NO_API_KEY",
      vscode.l10n.t(
        'Claude is to be asked, but no key is stored. Run "Backend Implementer: Set Anthropic API Key", or set "backendImplementer.model" to "offline".',
      ),
    );
  }
  const { baseUrl, auth, effort } = anthropic;
  const access: Omit<AnthropicAccess, "model"> = { apiKey, baseUrl, auth, effort };
  const model = await runtime.resolveAnthropicModel(name, access, modelListCache(context.globalState, baseUrl), signal);
  return runtime.createAnthropicModel({ ...access, model, ...(log && { onCacheMiss: log.info }) });
}

type ModelListCache = NonNullable<Parameters<Runtime["resolveAnthropicModel"]>[2]>;

function modelListCache(state: vscode.Memento, baseUrl: string): ModelListCache {
  const key = `backendImplementer.models ${baseUrl}`;
  return {
    read: () => state.get(key),
    write: (models) => void state.update(key, models),
  };
}
