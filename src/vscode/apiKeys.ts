import type { SecretStorage } from "vscode";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { createEmitter, type Disposable } from "../support/events.ts";
import { createRedactor } from "../support/redact.ts";

/** What is asked of the person about keys. */
export interface KeyDialogs {
  /** Undefined when the dialog was closed. */
  askForKey(): Thenable<string | undefined>;
  /** Whether to use the key until the window closes, after being told why it cannot be kept. */
  offerSession(why: string): Thenable<boolean>;
  /** Says that secret storage fails, why, and what to do. */
  unavailable(what: KeyAction, why: string): string;
}

export type KeyAction = "keep" | "read" | "remove";

/** The user's key of the Anthropic API: in secret storage, or for this session only, and nowhere else. */
export interface ApiKeys {
  /** Throws a {@link UserFacingError} when secret storage fails. */
  read(): Promise<string | undefined>;
  /** Asks for the key; an empty answer removes it. */
  ask(): Promise<void>;
  store(key: string): Promise<void>;
  remove(): Promise<void>;
  /** A key was stored or removed in this window. */
  onDidChange(listener: () => void): Disposable;
}

const name = "backendImplementer.anthropicApiKey";

export function createApiKeys(
  secrets: Pick<SecretStorage, "get" | "store" | "delete">,
  { askForKey, offerSession, unavailable: sayUnavailable }: KeyDialogs,
): ApiKeys {
  /** Where there is no secret storage, there is no other place on a disk for it. */
  const session: { key?: string } = {};
  const changed = createEmitter<void>();

  /** A keyring may say what it was given. */
  const unavailable = (what: KeyAction, thrown: unknown, known: readonly string[] = []): UserFacingError => {
    const why = createRedactor(known)(messageOf(thrown));
    return new UserFacingError("NO_SECRET_STORAGE", sayUnavailable(what, why));
  };
  const store = async (key: string): Promise<void> => {
    try {
      await secrets.store(name, key);
      delete session.key;
    } catch (thrown) {
      const failure = unavailable("keep", thrown, [key]);
      if (await offerSession(failure.message)) session.key = key;
    }
    changed.fire();
  };
  const remove = async (): Promise<void> => {
    delete session.key;
    try {
      await secrets.delete(name);
    } catch (thrown) {
      throw unavailable("remove", thrown);
    } finally {
      changed.fire();
    }
  };
  return {
    read: async () => {
      if (session.key !== undefined) return session.key;
      try {
        return await secrets.get(name);
      } catch (thrown) {
        throw unavailable("read", thrown);
      }
    },
    ask: async () => {
      const key = (await askForKey())?.trim();
      if (key === undefined) return;
      await (key === "" ? remove() : store(key));
    },
    store,
    remove,
    onDidChange: changed.listen,
  };
}
