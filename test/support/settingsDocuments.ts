import * as z from "zod";
import { settingsSchema } from "../../src/session/settings.ts";
import { camelCase } from "../../src/support/words.ts";

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

/** What the schema says, in the words of the manifest. */
export interface SettingsContribution {
  /** `contributes.configuration`, with a key of `package.nls.json` in place of each text. */
  readonly configuration: readonly SettingsGroup[];
  /** What of it Restricted Mode leaves out. */
  readonly restricted: readonly string[];
  /** The texts by their keys, all of which begin with `settings.`. */
  readonly texts: Readonly<Record<string, string>>;
}

export function contributedSettings(): SettingsContribution {
  const all = leaves(z.toJSONSchema(settingsSchema, { io: "input" }), "");
  const groups = [...new Set(all.map(({ group }) => group))];
  return {
    configuration: groups.map((title, index) => ({
      title: `%${groupKey(title)}%`,
      order: index + 1,
      properties: Object.fromEntries(
        all
          .filter(({ group }) => group === title)
          .map((leaf, place) => [`backendImplementer.${leaf.name}`, { ...keyed(leaf), order: place + 1 }]),
      ),
    })),
    restricted: all.filter(({ restricted }) => restricted).map(({ name }) => `backendImplementer.${name}`),
    texts: Object.assign(Object.fromEntries(groups.map((title) => [groupKey(title), title])), ...all.map(textsOf)),
  };
}

/** The settings as a table for people. */
export function settingsTable(): string {
  const { configuration, texts } = contributedSettings();
  const rows = configuration.flatMap(({ properties }) =>
    Object.entries(properties).map(([key, { default: initial, markdownDescription }]) => {
      const text = Array.isArray(initial) ? initial.map((glob) => `\`${glob}\``).join(", ") : `\`${initial}\``;
      return `| \`${key}\` | ${text === "``" ? "empty" : text} | ${texts[markdownDescription.slice(1, -1)]} |`;
    }),
  );
  return ["| Setting | Default | |", "|---|---|---|", ...rows].join("\n");
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

interface Leaf {
  readonly name: string;
  readonly group: string;
  readonly restricted: boolean;
  readonly setting: ContributedSetting;
  readonly enumDescriptions: readonly string[];
}

function leaves(schema: JsonSchema, prefix: string): readonly Leaf[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]): readonly Leaf[] => {
    if (typeof property === "boolean") return [];
    const name = `${prefix}${key}`;
    if (property.properties) return leaves(property, `${name}.`);
    const { group, restricted, type, default: initial, markdownDescription, enumDescriptions, ...rest } = property;
    const setting = { type: String(type), ...rest, default: initial, markdownDescription: String(markdownDescription) };
    const described = Array.isArray(enumDescriptions) ? enumDescriptions.map(String) : [];
    return [{ name, group: String(group), restricted: restricted === true, setting, enumDescriptions: described }];
  });
}

function keyed({ name, setting, enumDescriptions }: Leaf): ContributedSetting {
  return {
    ...setting,
    markdownDescription: `%${settingKey(name)}%`,
    ...(enumDescriptions.length > 0 && {
      enumDescriptions: enumDescriptions.map((_, index) => `%${valueKey(name, setting, index)}%`),
    }),
  };
}

function textsOf({ name, setting, enumDescriptions }: Leaf): Record<string, string> {
  return {
    [settingKey(name)]: setting.markdownDescription,
    ...Object.fromEntries(enumDescriptions.map((text, index) => [valueKey(name, setting, index), text])),
  };
}

function groupKey(title: string): string {
  return `settings.group.${camelCase(title)}`;
}

function settingKey(name: string): string {
  return `settings.${name}`;
}

function valueKey(name: string, { enum: values }: ContributedSetting, index: number): string {
  return `settings.${name}.${Array.isArray(values) ? values[index] : index}`;
}
