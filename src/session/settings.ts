import * as z from "zod";

/** What a setting says besides its type and its default. */
interface Description {
  /** Heading in the settings editor. */
  readonly group: "Model" | "Design Documents" | "Cost and Safety";
  readonly markdownDescription: string;
  /** `machine`: a workspace cannot change it. */
  readonly scope?: "machine";
  /** In Restricted Mode what a workspace says of it does not count. */
  readonly restricted?: true;
  /** In the order of the values. */
  readonly enumDescriptions?: readonly string[];
}

const model = z
  .enum(["auto", "offline", "anthropic", "chat"])
  .catch("auto")
  .meta({
    group: "Model",
    restricted: true,
    markdownDescription:
      "Which model implements. The offline engine writes what follows mechanically from the design; a model goes on from there.",
    enumDescriptions: [
      "The model picked in the chat when it is not ours, else the offline engine.",
      "The offline engine: no key, no network, the same bytes every time.",
      "Claude, with your own key.",
      "The model picked in the chat; the offline engine in the command palette.",
    ],
  } satisfies Description);

const scaffoldFirst = z
  .boolean()
  .catch(true)
  .meta({
    group: "Model",
    markdownDescription:
      "With a model, let the offline engine propose first and the model fill in what the design alone does not decide.",
  } satisfies Description);

const anthropic = z.object({
  model: z
    .string()
    .catch("")
    .meta({
      group: "Model",
      restricted: true,
      markdownDescription:
        "Alias (`opus`, `sonnet`, `haiku`) or model id. Empty: the one that the agent definition names.",
    } satisfies Description),
  baseUrl: z
    .string()
    .catch("https://api.anthropic.com")
    .meta({
      group: "Model",
      restricted: true,
      scope: "machine",
      markdownDescription: "Address of the API or of your gateway. A workspace cannot change it.",
    } satisfies Description),
  auth: z
    .enum(["bearer", "x-api-key"])
    .catch("bearer")
    .meta({
      group: "Model",
      restricted: true,
      scope: "machine",
      markdownDescription: "How the key is sent. Some gateways read `x-api-key` only. A workspace cannot change it.",
    } satisfies Description),
  effort: z
    .enum(["low", "medium", "high"])
    .catch("medium")
    .meta({
      group: "Model",
      markdownDescription: "How much Claude thinks before it answers. More costs more.",
    } satisfies Description),
});

const documents = z.object({
  globs: z
    .array(z.string())
    .catch([
      "docs/**/*.{md,yaml,yml,json,sql}",
      "design/**/*.{md,yaml,yml,json,sql}",
      "specs/**/*.{md,yaml,yml,json,sql}",
      ".specify/specs/**/*.{md,yaml,yml,json,sql}",
      ".kiro/specs/**/design.md",
      ".claude/specs/**/design.md",
      "_bmad-output/**/architecture.md",
      "_bmad-output/**/architecture/**/*.md",
    ])
    .meta({
      group: "Design Documents",
      restricted: true,
      markdownDescription: "Where to look for kinds of design documents that are neither attached nor open.",
    } satisfies Description),
});

const budget = z.object({
  dollars: z
    .number()
    .min(0)
    .catch(5)
    .meta({
      group: "Cost and Safety",
      restricted: true,
      scope: "machine",
      markdownDescription:
        "What one run with Claude may cost before it pauses; `/continue` goes on. 0: no limit. A workspace cannot change it.",
    } satisfies Description),
});

const commands = z.object({
  approval: z
    .enum(["outsideSandbox", "always"])
    .catch("outsideSandbox")
    .meta({
      group: "Cost and Safety",
      restricted: true,
      scope: "machine",
      markdownDescription: "Which commands of a model you are asked about. A workspace cannot change it.",
      enumDescriptions: [
        "In the sandbox commands of a model run without a question; where there is no sandbox, each one is asked about.",
        "Each command is asked about, in the sandbox too.",
      ],
    } satisfies Description),
});

/**
 * The settings, their defaults, and what people are told of them, in the order of the settings editor. The
 * manifest's `configuration` and the README's table are this schema written down (`test/unit/settings.test.ts`).
 * What is missing or not allowed counts as its default.
 */
export const settingsSchema = z.object({
  model,
  scaffoldFirst,
  anthropic: anthropic.catch(() => anthropic.parse({})),
  documents: documents.catch(() => documents.parse({})),
  budget: budget.catch(() => budget.parse({})),
  commands: commands.catch(() => commands.parse({})),
});

export type Settings = z.infer<typeof settingsSchema>;
