import * as z from "zod";
import { settingsSchema } from "../../src/session/settings.ts";

/** A setting as the manifest has it. */
export interface ContributedSetting {
  readonly type: string;
  readonly default: unknown;
  readonly markdownDescription: string;
  readonly scope?: string;
  readonly [key: string]: unknown;
}

export interface SettingsGroup {
  readonly title: string;
  readonly order: number;
  readonly properties: Readonly<Record<string, ContributedSetting>>;
}

/** `contributes.configuration`, and what of it Restricted Mode leaves out, as the schema says them. */
export function contributedSettings(): {
  readonly configuration: readonly SettingsGroup[];
  readonly restricted: readonly string[];
} {
  const all = leaves(z.toJSONSchema(settingsSchema, { io: "input" }), "backendImplementer");
  const groups = [...new Set(all.map(({ group }) => group))];
  return {
    configuration: groups.map((title, index) => ({
      title,
      order: index + 1,
      properties: Object.fromEntries(
        all.filter(({ group }) => group === title).map(({ key, setting }) => [key, setting]),
      ),
    })),
    restricted: all.filter(({ restricted }) => restricted).map(({ key }) => key),
  };
}

/** The settings as a table for people. */
export function settingsTable(): string {
  const rows = contributedSettings().configuration.flatMap(({ properties }) =>
    Object.entries(properties).map(([key, { default: initial, markdownDescription }]) => {
      const text = Array.isArray(initial) ? initial.map((glob) => `\`${glob}\``).join(", ") : `\`${initial}\``;
      return `| \`${key}\` | ${text === "``" ? "empty" : text} | ${markdownDescription} |`;
    }),
  );
  return ["| Setting | Default | |", "|---|---|---|", ...rows].join("\n");
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

interface Leaf {
  readonly key: string;
  readonly group: string;
  readonly restricted: boolean;
  readonly setting: ContributedSetting;
}

function leaves(schema: JsonSchema, prefix: string): readonly Leaf[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]): readonly Leaf[] => {
    if (typeof property === "boolean") return [];
    if (property.properties) return leaves(property, `${prefix}.${name}`);
    const { group, restricted, type, default: initial, markdownDescription, ...rest } = property;
    const setting = { type: String(type), ...rest, default: initial, markdownDescription: String(markdownDescription) };
    return [{ key: `${prefix}.${name}`, group: String(group), restricted: restricted === true, setting }];
  });
}
