import * as z from "zod";
import type { JsonValue } from "../spec/model.ts";

/** What a model is told of a tool. `inputSchema` is JSON Schema, draft 2020-12. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly [key: string]: JsonValue };
}

/** `read` calls may run in parallel; `propose` and `execute` run one by one in the model's order. */
export type ToolKind = "read" | "propose" | "execute";

/** A tool answers with text for the model. To refuse, it throws: the message is the model's to read. */
export interface Tool extends ToolSpec {
  readonly kind: ToolKind;
  run(input: unknown, signal: AbortSignal): Promise<string>;
}

export interface ToolDefinition<Input> {
  readonly name: string;
  readonly description: string;
  readonly kind: ToolKind;
  readonly input: z.ZodType<Input>;
  run(input: Input, signal: AbortSignal): Promise<string>;
}

/** The input may have a fault in each of a million places. */
const longestComplaint = 2000;

/** Pairs a tool with its schema. Input that does not fit is refused in words a model can act on. */
export function defineTool<Input>(definition: ToolDefinition<Input>): Tool {
  const { $schema: _, ...inputSchema } = z.toJSONSchema(definition.input, { io: "input" });
  return {
    name: definition.name,
    description: definition.description,
    kind: definition.kind,
    inputSchema: inputSchema as ToolSpec["inputSchema"],
    run: async (input, signal) => {
      const parsed = definition.input.safeParse(input);
      if (!parsed.success) {
        const faults = z.prettifyError(parsed.error).slice(0, longestComplaint);
        throw new Error(`${definition.name} was called wrongly.\n${faults}`);
      }
      return definition.run(parsed.data, signal);
    },
  };
}
