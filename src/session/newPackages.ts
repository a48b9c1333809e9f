import type { ChangeSet } from "../changes/model.ts";

export interface NewPackages {
  readonly path: string;
  readonly names: readonly string[];
}

/**
 * The packages that what is proposed adds to the requirements of a project, for the report: a name that
 * only looks like a well-known one is seen there and not after its installation (research/security.md F12).
 */
export function newPackages(changes: ChangeSet): readonly NewPackages[] {
  return changes.files().flatMap(({ path, base }) => {
    if (!requirements.test(path)) return [];
    const known = new Set(packagesIn(path, base ?? ""));
    const names = packagesIn(path, changes.proposedText(path) ?? "").filter((name) => !known.has(name));
    return names.length === 0 ? [] : [{ path, names }];
  });
}

const requirements = /(?:^|\/)(?:pyproject\.toml|requirements[^/]*\.(?:txt|in)|requirements\/[^/]+\.(?:txt|in))$/i;

/** Names in the form in which PyPI compares them (PEP 503), each once; what is no name stays as it is written. */
function packagesIn(path: string, text: string): readonly string[] {
  const found = path.endsWith(".toml") ? inToml(text) : text.split("\n").map((line) => line.replace(/(^|\s)#.*$/, ""));
  const names = found.map((requirement) => nameOf(requirement.trim())).filter((name) => name !== "");
  return [...new Set(names)];
}

function nameOf(requirement: string): string {
  // Where packages come from matters as much as their names.
  if (/^-(?:e|i|f|-editable|-(?:extra-)?index-url|-find-links)[\s=]/.test(requirement)) return requirement;
  const [, name = "", rest = ""] = /^([A-Za-z0-9][\w.-]*)(.*)$/.exec(requirement) ?? [];
  // An address takes whatever stands there, so all of it matters.
  if (rest.startsWith(":") || rest.startsWith("+") || rest.includes("@")) return requirement;
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** Strings of lists of requirements, and the keys of Poetry's tables, wherever such lists stand. */
function inToml(text: string): readonly string[] {
  const found: string[] = [];
  let section = "";
  let isInList = false;
  for (const line of text.split("\n")) {
    const header = /^\s*\[+([^\]]+)\]+\s*(?:#.*)?$/.exec(line)?.[1];
    if (header !== undefined && !isInList) {
      section = header;
      continue;
    }
    const [, key = "", value = line] = /^\s*["']?([\w.-]+)["']?\s*=\s*(.*)$/.exec(line) ?? [];
    if (poetry.test(section) && key !== "" && key !== "python") found.push(key);
    if (key !== "") isInList = listsRequirements(section, key) && value.startsWith("[");
    if (!isInList) continue;
    found.push(...[...value.matchAll(/"([^"]+)"|'([^']+)'/g)].map(([, double, single]) => double ?? single ?? ""));
    if (/\]\s*(?:#.*)?$/.test(value)) isInList = false;
  }
  return found;
}

const poetry = /^tool\.poetry\.(?:.+\.)?(?:dev-)?dependencies$/;

function listsRequirements(section: string, key: string): boolean {
  if (section === "project") return key === "dependencies";
  if (section === "build-system") return key === "requires";
  return section === "project.optional-dependencies" || section === "dependency-groups";
}
