import type { Direction } from "./typePlace.ts";

/** How names of fields become names in JSON; `hidden` for a function that its name does not tell. */
export type AliasStyle = "none" | "camel" | "pascal" | "snake" | "kebab" | "hidden";

/** What a generator does, by its name: `to_camel`, `AliasGenerator(serialization_alias=to_camel)`, `stringcase.camelcase`. */
export function aliasStyle(generator: string, direction: Direction): AliasStyle {
  const named = (keyword: string) => new RegExp(`(?<!\\w)${keyword}\\s*=\\s*([\\w.]+)`).exec(generator)?.[1];
  const isTable = generator.includes("(");
  const own = direction === "request" ? named("validation_alias") : named("serialization_alias");
  const name = isTable ? (own ?? named("alias") ?? "") : generator;
  if (name === "" || name === "None") return "none";
  if (/pascal|upper_?camel/i.test(name)) return "pascal";
  if (/camel/i.test(name)) return "camel";
  if (/kebab|dash|hyphen/i.test(name)) return "kebab";
  return /snake/i.test(name) ? "snake" : "hidden";
}

/** Undefined where nobody can say. */
export function aliased(name: string, style: AliasStyle): string | undefined {
  if (style === "none" || style === "snake") return name;
  if (style === "hidden") return undefined;
  if (style === "kebab") return name.replaceAll("_", "-");
  const pascal = titled(name);
  return style === "pascal" ? pascal : pascal.replace(/^_*[A-Z]/, (first) => first.toLowerCase());
}

/** As Pydantic: `str.title` raises every first letter of a run of letters, and an underscore between two characters goes. */
function titled(name: string): string {
  if (/^[a-z]+[A-Za-z0-9]*$/.test(name) && !/\d[a-z]/.test(name))
    return name.replace(/^[a-z]/, (first) => first.toUpperCase());
  const title = name.replace(/[A-Za-z]+/g, (run) => `${run[0]?.toUpperCase()}${run.slice(1).toLowerCase()}`);
  return title.replace(/([0-9A-Za-z])_(?=[0-9A-Z])/g, "$1");
}
