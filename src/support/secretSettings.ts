import { redact } from "./redact.ts";

export interface SecretSetting {
  /** With dots, without the section. */
  readonly name: string;
  readonly value: string;
}

/** The settings of a section that hold a key or a password, by their name or by its shape (research/security.md G02). */
export function secretSettings(section: unknown, prefix = ""): readonly SecretSetting[] {
  if (typeof section !== "object" || section === null) return [];
  return Object.entries(section).flatMap(([key, value]): readonly SecretSetting[] => {
    const name = `${prefix}${key}`;
    if (typeof value !== "string") return secretSettings(value, `${name}.`);
    return value.trim() !== "" && (secretName.test(key) || redact(value) !== value) ? [{ name, value }] : [];
  });
}

const secretName =
  /(?:^|[._-])(?:key|token|secret|password)$|(?:api|auth|access|anthropic)_?(?:key|token)$|[a-z](?:Key|Token|Secret)$/i;
