/**
 * Import statements as ruff would leave them, so that it finds nothing to sort: a section each for the
 * standard library, for packages and for the project; in it `import` first, then `from` by module.
 * What is ordered differently here costs a second pass of the formatter, nothing else.
 */
export function orderedImports(
  statements: ReadonlySet<string>,
  members: ReadonlyMap<string, ReadonlySet<string>>,
  width: number,
): string {
  const plain = [...statements].map((text) => ({ module: /^(?:import|from) ([\w.]+)/.exec(text)?.[1] ?? "", text }));
  const from = [...members].map(([module, names]) => ({
    module,
    text: fromImport(module, [...names].sort(byKind), width),
  }));
  const sections = [0, 1, 2].map((section) =>
    [plain, from].flatMap((group) =>
      group
        .filter(({ module }) => sectionOf(module) === section)
        .sort((left, right) => compare(left.module, right.module))
        .map(({ text }) => text),
    ),
  );
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function fromImport(module: string, names: readonly string[], width: number): string {
  const line = `from ${module} import ${names.join(", ")}`;
  return line.length <= width ? line : `from ${module} import (\n${names.map((name) => `    ${name},\n`).join("")})`;
}

const packages = new Set([
  "alembic",
  "fastapi",
  "jwt",
  "pydantic",
  "pydantic_core",
  "pydantic_settings",
  "sqlalchemy",
  "starlette",
]);

function sectionOf(module: string): number {
  const [top = ""] = module.split(".");
  if (top === "app") return 2;
  return packages.has(top) ? 1 : 0;
}

/** Constants, then classes, then the rest. */
function byKind(left: string, right: string): number {
  return kindOf(left) - kindOf(right) || compare(left, right);
}

function kindOf(name: string): number {
  if (name.length > 1 && name === name.toUpperCase() && name !== name.toLowerCase()) return 0;
  return /^\p{Lu}/u.test(name) ? 1 : 2;
}

function compare(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  if (a === b) return left < right ? -1 : 1;
  return a < b ? -1 : 1;
}
