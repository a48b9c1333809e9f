/**
 * Completes a TOML document by what another one has and it lacks, as text, so that comments, order
 * and formatting of the document stay. Values that both have stay the document's; arrays of
 * requirements get the packages that are missing.
 */
export function mergeToml(present: string, additions: string): string {
  const sections = readSections(present);
  for (const addition of readSections(additions)) {
    const section = sections.find(({ name }) => name === addition.name);
    if (section) complete(section, addition);
    else if (addition.name !== "") sections.push(addition);
  }
  return `${sections
    .map(sectionText)
    .filter((text) => text !== "")
    .join("\n\n")}\n`;
}

/** A value as written; undefined when the section or the key is missing. */
export function readTomlValue(text: string, section: string, key: string): string | undefined {
  const setting = readSections(text)
    .find(({ name }) => name === section)
    ?.settings.find((candidate) => candidate.key === key);
  return setting?.lines
    .join("\n")
    .replace(/^[^=]*=\s*/, "")
    .replace(/\s+#.*$/, "");
}

interface Section {
  /** Empty for what stands before the first header. */
  readonly name: string;
  readonly header: readonly string[];
  readonly settings: Setting[];
}

/** A key with its value and the comments and blank lines above it; the key is empty at a section's end. */
interface Setting {
  readonly key: string;
  readonly above: readonly string[];
  readonly lines: readonly string[];
}

function readSections(text: string): Section[] {
  const sections: Section[] = [{ name: "", header: [], settings: [] }];
  const lines = text.replace(/\r\n/g, "\n").replace(/\n+$/, "").split("\n");
  let above: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const name = /^\s*\[+([^\]]+)\]+/.exec(line)?.[1]?.trim();
    const key = /^\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=/.exec(line)?.[1]?.replace(/["']/g, "");
    if (name !== undefined) {
      sections.push({ name, header: [...trimmed(above), line], settings: [] });
      above = [];
    } else if (key === undefined) {
      above.push(line);
    } else {
      const end = valueEnd(lines, at);
      sections.at(-1)?.settings.push({ key, above, lines: lines.slice(at, end + 1) });
      above = [];
      at = end;
    }
  }
  if (above.some((line) => line.trim() !== "")) sections.at(-1)?.settings.push({ key: "", above, lines: [] });
  return sections;
}

/** Index of the last line of the value that starts on line `start`: brackets closed, outside of strings. */
function valueEnd(lines: readonly string[], start: number): number {
  let depth = 0;
  for (let at = start; at < lines.length; at++) {
    const bare = (lines[at] ?? "").replace(/"(\\.|[^"\\])*"|'[^']*'/g, "").replace(/#.*$/, "");
    depth += (bare.match(/[[{]/g)?.length ?? 0) - (bare.match(/[\]}]/g)?.length ?? 0);
    if (depth <= 0) return at;
  }
  return lines.length - 1;
}

function complete(section: Section, addition: Section): void {
  for (const setting of addition.settings) {
    const at = section.settings.findIndex(({ key }) => key === setting.key);
    const present = section.settings[at];
    if (!present) section.settings.push({ ...setting, above: trimmed(setting.above) });
    else section.settings[at] = withRequirements(present, setting);
  }
}

/** Adds the requirements and extras that the array does not name yet. Other values stay as they are. */
function withRequirements(listed: Setting, addition: Setting): Setting {
  if (!isRequirements(listed)) return listed;
  const present = withExtras(listed, requirements(addition));
  const known = new Set(requirements(present).map(packageName));
  const missing = requirements(addition).filter((requirement) => !known.has(packageName(requirement)));
  const last = present.lines.at(-1) ?? "";
  if (missing.length === 0 || !last.trimEnd().endsWith("]")) return present;
  const entries = missing.map((requirement) => `    "${requirement}",`);
  if (present.lines.length === 1) {
    const inside = requirements(present).map((requirement) => `    "${requirement}",`);
    return { ...present, lines: [`${present.key} = [`, ...inside, ...entries, "]"] };
  }
  const before = present.lines.slice(0, -1);
  const lastEntry = before.at(-1) ?? "";
  const closed = /[[,]\s*(#.*)?$/.test(lastEntry) ? before : [...before.slice(0, -1), `${lastEntry.trimEnd()},`];
  return { ...present, lines: [...closed, ...entries, last] };
}

/** `pydantic>=2.10` becomes `pydantic[email]>=2.10` where the extra is needed; versions stay. */
function withExtras(present: Setting, needed: readonly string[]): Setting {
  const extras = new Map(needed.map((requirement) => [packageName(requirement), /\[[^\]]*\]/.exec(requirement)?.[0]]));
  const lines = present.lines.map((line) =>
    line.replace(/(["'])([A-Za-z0-9._-]+)(?=[^[\]"'A-Za-z0-9._-]|\1)/g, (found, quote: string, name: string) => {
      const extra = extras.get(packageName(name));
      return extra === undefined ? found : `${quote}${name}${extra}`;
    }),
  );
  return { ...present, lines };
}

function isRequirements({ key }: Setting): boolean {
  return key === "dependencies" || key === "dev";
}

function requirements({ lines }: Setting): readonly string[] {
  return [...lines.join("\n").matchAll(/"([^"]*)"|'([^']*)'/g)].map((match) => match[1] ?? match[2] ?? "");
}

/** Package names are compared as PEP 503 says; extras and versions do not count. */
function packageName(requirement: string): string {
  return (/^[A-Za-z0-9._-]+/.exec(requirement)?.[0] ?? "").toLowerCase().replace(/[-_.]+/g, "-");
}

function sectionText({ header, settings }: Section): string {
  return [...header, ...settings.flatMap(({ above, lines }) => [...above, ...lines])].join("\n").trim();
}

function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  return first < 0 ? [] : lines.slice(first);
}
