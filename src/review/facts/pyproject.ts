import type { isortFiles } from "../isortFiles.ts";

/** What `pyproject.toml` says of style and Python version. Absent settings are ruff's and black's own defaults. */
export interface StyleSettings {
  readonly lineLength: number;
  /** `py311`; undefined when the project does not say which Python it needs. */
  readonly targetVersion: string | undefined;
  readonly knownFirstParty: readonly string[];
  /** How imports are ordered, in ruff's names: only what the project says itself. */
  readonly isort: Readonly<Record<string, boolean | number>>;
}

/** Settings of isort that ruff has under the same name. */
const ordering = [
  ...["force-single-line", "force-sort-within-sections", "combine-as-imports", "order-by-type"],
  ...["lines-after-imports", "lines-between-types", "case-sensitive", "split-on-trailing-comma"],
];

/** The other files beside `pyproject.toml` that isort reads, by their name. */
export type IsortFiles = Readonly<Partial<Record<(typeof isortFiles)[number], string | undefined>>>;

/**
 * Reads the few settings that decide how the code must look. The project's own ruff section wins
 * over black's and isort's. A file that is not TOML yields the defaults.
 *
 * isort takes the first of `.isort.cfg`, `pyproject.toml`, `setup.cfg` and `tox.ini` that has a section for it and merges none
 * (https://pycqa.github.io/isort/docs/configuration/config_files); `.editorconfig`, its last, is not read.
 */
export function readStyleSettings(pyproject: string | undefined, others: IsortFiles = {}): StyleSettings {
  const values = new Map([...readToml(pyproject ?? "")]);
  takeIsort(values, others);
  const lineLength = Number(values.get("tool.ruff.line-length") ?? values.get("tool.black.line-length") ?? 88);
  const requires = values.get("project.requires-python") ?? values.get("tool.poetry.dependencies.python");
  const minor = requires?.match(/3\.(\d+)/)?.[1];
  const target = values.get("tool.ruff.target-version")?.match(/py3\d+/)?.[0];
  const firstParty =
    values.get("tool.ruff.lint.isort.known-first-party") ?? values.get("tool.isort.known_first_party") ?? "";
  return {
    lineLength: Number.isInteger(lineLength) && lineLength > 0 ? Math.min(lineLength, longestLine) : 88,
    targetVersion: target ?? (minor === undefined ? undefined : `py3${minor}`),
    knownFirstParty: firstParty.match(/[\w.]+/g) ?? [],
    isort: Object.fromEntries(ordering.flatMap((name) => orderingSetting(values, name))),
  };
}

/** The most that ruff takes. */
const longestLine = 65_535;

const sections = { ".isort.cfg": ["settings", "isort"], ini: ["isort", "tool:isort"] } as const;

/** Puts what isort goes by under `tool.isort`. */
function takeIsort(values: Map<string, string>, others: IsortFiles): void {
  const own = sectionOf(others[".isort.cfg"], sections[".isort.cfg"]);
  const isInPyproject = [...values.keys()].some((key) => key.startsWith("tool.isort."));
  const shared = () => sectionOf(others["setup.cfg"], sections.ini) ?? sectionOf(others["tox.ini"], sections.ini);
  const chosen = own ?? (isInPyproject ? undefined : shared());
  if (!chosen) return;
  for (const key of [...values.keys()]) if (key.startsWith("tool.isort.")) values.delete(key);
  for (const [key, value] of chosen) values.set(`tool.isort.${key}`, value);
}

/** The settings of the sections of an INI file, in the form that TOML has them; undefined where it has none. */
function sectionOf(text: string | undefined, names: readonly string[]): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  let section = "";
  let last = "";
  for (const line of (text ?? "").replace(/\r/g, "").split("\n")) {
    section = line.match(/^\[([^\]]+)\]/)?.[1] ?? section;
    const [, key, value = ""] = line.match(/^(\w[\w-]*)\s*[=:]\s*(.*)$/) ?? [];
    if (!names.includes(section) || /^\s*[#;]/.test(line)) continue;
    if (key !== undefined) {
      last = key;
      found.set(
        key,
        value.trim().replace(/^(true|false)$/i, (word) => word.toLowerCase()),
      );
    } else if (/^\s+\S/.test(line)) found.set(last, `${found.get(last) ?? ""} ${line.trim()}`.trim());
  }
  return found.size > 0 ? found : undefined;
}

function orderingSetting(values: ReadonlyMap<string, string>, name: string): (readonly [string, boolean | number])[] {
  const value = values.get(`tool.ruff.lint.isort.${name}`) ?? values.get(`tool.isort.${name.replaceAll("-", "_")}`);
  if (value === "true" || value === "false") return [[name, value === "true"]];
  return value !== undefined && /^\d+$/.test(value) ? [[name, Number(value)]] : [];
}

/** `section.key` → value as written. Enough TOML for flat settings; multi-line strings are not followed. */
function readToml(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let section = "";
  for (const line of joinArrays(text).split("\n")) {
    const header = line.match(/^\s*\[+\s*([^\]]+?)\s*\]+\s*(#.*)?$/)?.[1];
    const setting = line.match(/^\s*([\w-]+)\s*=\s*(.*)$/);
    if (header !== undefined) section = header;
    else if (setting) values.set(`${section}.${setting[1]}`, (setting[2] ?? "").replace(/\s#.*$/, "").trim());
  }
  return values;
}

/** Arrays over several lines become one line. */
function joinArrays(text: string): string {
  return text.replace(/\r/g, "").replace(/=\s*\[[^\]]*\]/g, (array) => array.replace(/\n/g, " "));
}
