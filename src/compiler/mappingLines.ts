import { indent, stringLiteral } from "./python.ts";

/** A function has fifty lines at most, and its signature and docstring take some. */
const mostArguments = 40;

export interface Mapping {
  /** The parameter that the values are attributes of. */
  readonly from: string;
  /** The class of the result. */
  readonly to: string;
  /** A dictionary of the values that can be copied, where there are too many to write them out. */
  readonly copied: string;
  /** The keys of it. */
  readonly given: readonly string[];
}

/** The attributes of `from` that a dataclass, or an instance of one, has by the same names; it has others `without`. */
export function copiedFields(from: string, dataclass: string, without: readonly string[] = []): string {
  const others = without.length > 0 ? ` if field.name not in {${without.map(stringLiteral).join(", ")}}` : "";
  return `{field.name: getattr(${from}, field.name) for field in fields(${dataclass})${others}}`;
}

/**
 * The body of a function that turns one object into another, by argument and value in order.
 *
 * Each argument is written out, so that the type checker sees it. That would be too long for a very wide
 * table: there the attributes are copied by name, and only those written out that are not the same on both sides.
 */
export function mappingLines(
  values: readonly (readonly [name: string, value: string])[],
  { from, to, copied, given }: Mapping,
  level = 1,
): readonly string[] {
  const lines =
    values.length <= mostArguments
      ? [`return ${to}(`, ...values.map(([name, value]) => `    ${name}=${value},`), ")"]
      : [
          `values: dict[str, Any] = ${copied}`,
          ...given.filter((name) => !values.some(([wanted]) => wanted === name)).map((name) => `del values["${name}"]`),
          ...values
            .filter(([name, value]) => value !== `${from}.${name}` || !given.includes(name))
            .map(([name, value]) => `values["${name}"] = ${value}`),
          `return ${to}(**values)`,
        ];
  return lines.map((line) => indent(line, level));
}
