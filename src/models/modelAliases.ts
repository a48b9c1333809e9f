import { UserFacingError } from "../support/errors.ts";

/** A model as the provider lists it; newest first. */
export interface ListedModel {
  readonly id: string;
  readonly line: string | null;
  readonly lifecycle: string;
}

export interface CachedModels {
  /** Milliseconds since 1970. */
  readonly readAt: number;
  readonly models: readonly ListedModel[];
}

/** Where the caller keeps the list between runs: global state of the editor, say. One for each endpoint. */
export interface ModelListCache {
  read(): CachedModels | undefined;
  write(models: CachedModels): void;
}

export interface ModelSource {
  list(): Promise<readonly ListedModel[]>;
  readonly cache?: ModelListCache;
  /** Milliseconds since 1970; the clock when undefined. */
  readonly now?: () => number;
}

/**
 * The id behind an alias: the newest active model of that line. An id stands for itself. Without a
 * list (no network, a gateway that has none) a dated table answers. Throws a {@link UserFacingError}
 * only for a bare word that is neither an alias nor listed: no model is called so.
 */
export async function resolveModelAlias(name: string, source: ModelSource): Promise<string> {
  const line = lineOf(name);
  if (!(line in newest)) {
    if (/^[a-z]+$/i.test(name) && !(await listed(source)).some(({ id }) => id === name)) throw unknownModel(name);
    return name;
  }
  return anthropicModelId(line, await listed(source));
}

function unknownModel(name: string): UserFacingError {
  const available = ["inherit", ...Object.keys(newest)].join(", ");
  return new UserFacingError(
    "MODEL_UNKNOWN",
    `There is no model "${name}", so the run does not start. Available are ${available}, and the full id of any model; correct \`model\` in the agent definition, or the setting "backendImplementer.anthropic.model".`,
  );
}

/** @see resolveModelAlias */
export function anthropicModelId(name: string, models: readonly ListedModel[] = []): string {
  const line = lineOf(name);
  const listedId = models.find((model) => model.line === line && model.lifecycle === "active")?.id;
  return listedId ?? newest[line] ?? name;
}

const keptFor = 24 * 60 * 60 * 1000;

async function listed({ list, cache, now = Date.now }: ModelSource): Promise<readonly ListedModel[]> {
  const cached = cache?.read();
  const age = cached ? now() - cached.readAt : Number.NaN;
  if (cached && age >= 0 && age < keptFor) return cached.models;
  try {
    const models = await list();
    cache?.write({ readAt: now(), models });
    return models;
  } catch {
    return cached?.models ?? [];
  }
}

/** As of November 2026 (research/model-clients.md §1.8). */
const newest: Readonly<Record<string, string>> = {
  opus: "claude-opus-5-5",
  sonnet: "claude-sonnet-5-5",
  haiku: "claude-haiku-5-5",
  fable: "claude-fable-5-2",
};

/** An agent definition that inherits its model, or names none, gets the line that it was written for. */
function lineOf(name: string): string {
  return name === "" || name === "inherit" ? "opus" : name;
}
