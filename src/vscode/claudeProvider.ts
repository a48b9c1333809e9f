import * as vscode from "vscode";
import type { AssistantMessage, AssistantPart, Message, ToolCallPart, UserPart } from "../agent/messages.ts";
import { noUsage } from "../agent/messages.ts";
import { ModelError } from "../agent/model.ts";
import type { ToolSpec } from "../agent/tool.ts";
import { toAbortSignal } from "./cancellation.ts";
import { type AnthropicCircumstances, createAnthropicClient } from "./chosenModel.ts";
import { ownVendor, pickedClaude } from "./ownModels.ts";

/** What VS Code asks of one of our models on behalf of whoever uses it. */
export interface ProviderCall {
  readonly model: Pick<vscode.LanguageModelChatInformation, "id">;
  readonly messages: readonly vscode.LanguageModelChatRequestMessage[];
  readonly options: Pick<vscode.ProvideLanguageModelChatResponseOptions, "tools">;
  readonly progress: vscode.Progress<vscode.LanguageModelResponsePart>;
  readonly token: vscode.CancellationToken;
}

/**
 * Claude with the user's key, for everybody whom the user lets use it. One request is one turn: nothing is tried
 * again here, because what has been streamed cannot be taken back. Calls are told whole.
 */
export async function answerAsClaude(
  { model, messages, options, progress, token }: ProviderCall,
  circumstances: Omit<AnthropicCircumstances, "signal">,
): Promise<void> {
  const signal = toAbortSignal(token);
  const alias = pickedClaude({ vendor: ownVendor, id: model.id }) ?? model.id;
  const request = { system: "", tools: (options.tools ?? []).map(toolSpec), messages: history(messages), signal };
  try {
    const client = await createAnthropicClient(alias, { ...circumstances, signal });
    for await (const event of client.stream(request)) {
      if (event.type === "text") progress.report(new vscode.LanguageModelTextPart(event.delta));
      else if (event.type === "end") for (const part of callsOf(event.message)) progress.report(part);
    }
  } catch (thrown) {
    throw asEditorError(thrown);
  }
}

function callsOf({ parts, stop, stopDetail = "" }: AssistantMessage): readonly vscode.LanguageModelToolCallPart[] {
  if (stop === "refusal") throw new Error(`Claude declined to answer. ${stopDetail}`.trim());
  return parts.flatMap((part) => (part.type === "toolCall" ? [callPart(part)] : []));
}

/** A call that was cut or is no JSON must not be made by anybody. */
function callPart({ id, name, input, inputError }: ToolCallPart): vscode.LanguageModelToolCallPart {
  if (inputError !== undefined) throw new Error(`${inputError} Ask for less at once.`);
  return new vscode.LanguageModelToolCallPart(id, name, typeof input === "object" && input !== null ? input : {});
}

function toolSpec({ name, description, inputSchema }: vscode.LanguageModelChatTool): ToolSpec {
  const schema = inputSchema ?? { type: "object", properties: {} };
  return { name, description, inputSchema: schema as ToolSpec["inputSchema"] };
}

/** Roles alternate and begin with the user, results stand first, and nothing is empty, as the API demands. */
function history(messages: readonly vscode.LanguageModelChatRequestMessage[]): readonly Message[] {
  const merged: Message[] = [];
  for (const message of messages.map(toMessage).filter(({ parts }) => parts.length > 0)) {
    const last = merged.at(-1);
    if (!last && message.role === "assistant") continue;
    if (last?.role === message.role) merged.pop();
    merged.push(last?.role === message.role ? joined(last, message) : message);
  }
  return merged;
}

function toMessage({ role, content }: vscode.LanguageModelChatRequestMessage): Message {
  return role === vscode.LanguageModelChatMessageRole.User
    ? { role: "user", parts: resultsFirst(content.flatMap(userPart)) }
    : { role: "assistant", parts: content.flatMap(assistantPart), stop: "end", usage: noUsage };
}

function joined(one: Message, other: Message): Message {
  if (one.role === "assistant" && other.role === "assistant") return { ...one, parts: [...one.parts, ...other.parts] };
  const parts = [one, other].flatMap((message) => (message.role === "user" ? message.parts : []));
  return { role: "user", parts: resultsFirst(parts) };
}

function resultsFirst(parts: readonly UserPart[]): readonly UserPart[] {
  return [...parts.filter(({ type }) => type !== "text"), ...parts.filter(({ type }) => type === "text")];
}

function userPart(part: unknown): UserPart[] {
  if (part instanceof vscode.LanguageModelTextPart) return part.value.trim() === "" ? [] : [textPart(part)];
  if (!(part instanceof vscode.LanguageModelToolResultPart)) return [];
  const content = part.content.map((item) => (item instanceof vscode.LanguageModelTextPart ? item.value : "")).join("");
  return [{ type: "toolResult", callId: part.callId, content, isError: false }];
}

function assistantPart(part: unknown): AssistantPart[] {
  if (part instanceof vscode.LanguageModelTextPart) return part.value.trim() === "" ? [] : [textPart(part)];
  if (!(part instanceof vscode.LanguageModelToolCallPart)) return [];
  return [{ type: "toolCall", id: part.callId, name: part.name, input: part.input }];
}

function textPart({ value }: vscode.LanguageModelTextPart) {
  return { type: "text", text: value } as const;
}

function asEditorError(thrown: unknown): unknown {
  if (!(thrown instanceof ModelError)) return thrown;
  switch (thrown.kind) {
    case "auth":
      return vscode.LanguageModelError.NoPermissions(thrown.message);
    case "notFound":
      return vscode.LanguageModelError.NotFound(thrown.message);
    case "billing":
    case "rateLimit":
      return vscode.LanguageModelError.Blocked(thrown.message);
    default:
      return new Error(thrown.message);
  }
}
