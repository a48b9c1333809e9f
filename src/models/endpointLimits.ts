import type { ApiFailure } from "./anthropicFailures.ts";

/** Request fields that older models and gateways do not know. */
const optionalFields = [
  "thinking",
  "output_config",
  "cache_control",
  "eager_input_streaming",
  "ttl",
  "diagnostics",
] as const;

export type OptionalField = (typeof optionalFields)[number];

/** What an endpoint turned out not to take, learnt from its refusals and kept for the run. */
export interface EndpointLimits {
  takes(field: OptionalField): boolean;
  maxTokens(): number;
  /** Reasoning of messages before this index is not sent back: its signatures were refused. */
  reasoningFrom(): number;
  /** Whether the refusal names something new that can be left out; then the request is worth repeating. */
  learn(thrown: unknown, messages: number): boolean;
}

export function createEndpointLimits(wantedTokens: number): EndpointLimits {
  const refused = new Set<OptionalField>();
  let maxTokens = wantedTokens;
  let reasoningFrom = 0;
  return {
    takes: (field) => !refused.has(field),
    maxTokens: () => maxTokens,
    reasoningFrom: () => reasoningFrom,
    learn: (thrown, messages) => {
      const message = refusal(thrown);
      if (message === undefined) return false;
      if (/different conversation|signature/i.test(message)) {
        const isNew = reasoningFrom < messages;
        reasoningFrom = messages;
        return isNew;
      }
      const allowed = Number(/max_tokens: \d+ > (\d+)/.exec(message)?.[1]);
      if (allowed > 0 && allowed < maxTokens) {
        maxTokens = allowed;
        return true;
      }
      const named = fieldsIn(message).filter((field) => !refused.has(field));
      for (const field of named) refused.add(field);
      return named.length > 0;
    },
  };
}

function refusal(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { status, apiMessage }: Partial<ApiFailure> = thrown;
  return status === 400 ? (apiMessage ?? thrown.message) : undefined;
}

/** A lifetime that is refused is no reason to do without the cache. */
function fieldsIn(message: string): readonly OptionalField[] {
  if (/\bttl\b/.test(message)) return ["ttl"];
  return optionalFields.filter(
    (field) => message.includes(field) || (field === "output_config" && /\beffort\b/.test(message)),
  );
}
