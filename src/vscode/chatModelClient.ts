import * as vscode from "vscode";
import type { AssistantPart, Message, Usage, UserPart } from "../agent/messages.ts";
import { type ModelClient, ModelError, type ModelEvent, type ModelRequest } from "../agent/model.ts";
import { createTokenCounter, messageTokens, type TokenCounter } from "../agent/tokens.ts";
import { UserFacingError } from "../support/errors.ts";
import { chatModelError } from "./chatModelFailures.ts";

/**
 * A model of the chat picker (Copilot's, say) as a {@link ModelClient}; research/model-clients.md §3.2. What it thinks is
 * neither shown nor sent back: the parts for that are there at run time, but no part of the stable API.
 * Throws a {@link UserFacingError} for one that says itself that it calls no tools.
 */
export function createChatModelClient(model: vscode.LanguageModelChat): ModelClient {
  if (!callsTools(model)) throw withoutTools(model);
  const { vendor, id, name, maxInputTokens } = model;
  const tokensOf = createTokenCounter();
  return {
    info: {
      provider: "vscode",
      id: `${vendor}/${id}`,
      label: name,
      ...(maxInputTokens > 0 ? { maxInputTokens } : {}),
    },
    stream: (request) => stream(model, request, tokensOf),
  };
}

/** Only some vendors say so, and in a property that the types do not have. */
function callsTools(model: object): boolean {
  const capabilities = "capabilities" in model ? model.capabilities : undefined;
  const isSaid = typeof capabilities === "object" && capabilities !== null && "supportsToolCalling" in capabilities;
  return !isSaid || capabilities.supportsToolCalling !== false;
}

function withoutTools({ name }: vscode.LanguageModelChat): UserFacingError {
  return new UserFacingError(
    "MODEL_WITHOUT_TOOLS",
    vscode.l10n.t(
      '{0} calls no tools, so it can propose no files. Pick another model in the chat, or set "backendImplementer.model" to "offline".',
      name,
    ),
  );
}

async function* stream(
  model: vscode.LanguageModelChat,
  request: ModelRequest,
  tokensOf: TokenCounter,
): AsyncGenerator<ModelEvent, void, void> {
  const cancellation = new vscode.CancellationTokenSource();
  const cancel = () => cancellation.cancel();
  request.signal.addEventListener("abort", cancel, { once: true });
  const parts: AssistantPart[] = [];
  try {
    const response = await model.sendRequest(toMessages(request), { tools: toTools(request) }, cancellation.token);
    for await (const part of response.stream) {
      if (part instanceof vscode.LanguageModelTextPart) {
        addText(parts, part.value);
        yield { type: "text", delta: part.value };
      } else if (part instanceof vscode.LanguageModelToolCallPart) {
        parts.push({ type: "toolCall", id: part.callId, name: part.name, input: part.input });
      }
    }
  } catch (thrown) {
    throw chatModelError(thrown, model.name, request.signal);
  } finally {
    request.signal.removeEventListener("abort", cancel);
    cancellation.dispose();
  }
  // A cancelled request ends like a finished one, with the parts so far.
  if (request.signal.aborted) throw new ModelError("aborted", "The request was cancelled.");
  const stop = parts.some((part) => part.type === "toolCall") ? "toolCalls" : "end";
  yield { type: "end", message: { role: "assistant", parts, stop, usage: estimated(request, parts, tokensOf) } };
}

/** The editor tells nothing of what was used. */
function estimated(request: ModelRequest, parts: readonly AssistantPart[], tokensOf: TokenCounter): Usage {
  return { input: tokensOf(request), output: messageTokens({ parts }), cacheRead: 0, cacheWrite: 0, estimated: true };
}

function addText(parts: AssistantPart[], text: string): void {
  const last = parts.at(-1);
  if (last?.type === "text") parts[parts.length - 1] = { type: "text", text: last.text + text };
  else parts.push({ type: "text", text });
}

function toTools(request: ModelRequest): vscode.LanguageModelChatTool[] {
  return request.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
}

/** The stable API has no system role; the instructions go first as the user's. */
function toMessages(request: ModelRequest): vscode.LanguageModelChatMessage[] {
  return [vscode.LanguageModelChatMessage.User(request.system), ...request.messages.map(toMessage)];
}

function toMessage(message: Message): vscode.LanguageModelChatMessage {
  if (message.role === "user") return vscode.LanguageModelChatMessage.User(message.parts.map(toUserPart));
  const texts = message.parts.filter((part) => part.type === "text").map((part) => part.text);
  const calls = message.parts
    .filter((part) => part.type === "toolCall")
    .map((part) => new vscode.LanguageModelToolCallPart(part.id, part.name, asObject(part.input)));
  // Copilot keeps only the first text part of a message, so there is only one.
  const text = texts.length === 0 ? [] : [new vscode.LanguageModelTextPart(texts.join("\n"))];
  return vscode.LanguageModelChatMessage.Assistant([...text, ...calls]);
}

function toUserPart(part: UserPart): vscode.LanguageModelTextPart | vscode.LanguageModelToolResultPart {
  if (part.type === "text") return new vscode.LanguageModelTextPart(part.text);
  const content = part.isError ? `ERROR: ${part.content}` : part.content;
  return new vscode.LanguageModelToolResultPart(part.callId, [new vscode.LanguageModelTextPart(content)]);
}

function asObject(input: unknown): object {
  return typeof input === "object" && input !== null ? input : {};
}
