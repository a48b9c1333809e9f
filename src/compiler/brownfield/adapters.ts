import type { ExistingProject } from "../existingProject.ts";
import { importsFrom, pythonModule } from "../python.ts";
import type { NamedObject, ProjectShape } from "./projectShape.ts";

/**
 * A generated row class for a table that the project declares itself: the same class over the
 * project's own `Table`, so that the table is declared once. Types stay known to the type checker.
 */
export function mapOntoTable(text: string, { module, name }: NamedObject, isSqlModel: boolean): string {
  const [head = "", body = ""] = splitOnce(text, /^class \w+\(Base\):\n/m);
  const items = body.match(/^ {4}\S[\s\S]*?(?=^ {4}[^\s)\]}]|(?![\s\S]))/gm) ?? [];
  const columns = items.flatMap((item) => /^ {4}(\w+: Mapped\[.+?\])(?: = mapped_column|\n)/s.exec(item)?.[1] ?? []);
  const relationships = items.filter((item) => /= relationship\(/.test(item));
  const docstring = items.find((item) => item.startsWith('    """')) ?? "";
  const annotations = columns.map((column) => `        ${column.replace(/\s+/g, " ")}\n`).join("");
  const owner = name.endsWith("Row") ? "Standing" : name;
  // To a type checker a SQLModel has no table.
  const table = isSqlModel ? `inspect(${owner}).local_table` : `${owner}.__table__`;
  const inspect = isSqlModel ? "from sqlalchemy import inspect\n" : "";
  const rest = [`    __table__ = ${table}\n`, `    if TYPE_CHECKING:\n${annotations}`, ...relationships].join("\n");
  const imports = `from typing import TYPE_CHECKING\n\n${inspect}from ${module} import ${name}${owner === name ? "" : ` as ${owner}`}\n`;
  return `${head.replace(/^(?=from |import )/m, imports)}${docstring.trimEnd()}\n\n${rest}`;
}

/** The names of the row classes and the base, on the metadata that the project's own tables are in. */
export function baseOnProject(text: string, { module, name }: NamedObject): string {
  return text
    .replace(/^NAMING_CONVENTION = \{[\s\S]*?^\}\n+/m, "")
    .replace(/^# PostgreSQL's own names.*\n/m, "")
    .replace(/metadata = sa\.MetaData\([^)]*\)/, "metadata = ProjectBase.metadata")
    .replace(/^(?=from |import )/m, `from ${module} import ${name} as ProjectBase\n`);
}

/**
 * The engine of the project; one that blocks is opened a second time for asyncio, with the same address.
 * `isLate`: its module imports this one, so it is asked for when it is needed.
 */
export function databaseOnProject(
  { module, name, isAsync }: NonNullable<ProjectShape["engine"]>,
  isLate: boolean,
  existing: ExistingProject,
): string {
  const statement = `from ${module} import ${name} as project_engine`;
  const isForbidden = /"(?:ALL|PL|PLC\d*)"/.test(existing["pyproject.toml"] ?? "");
  const engine = isAsync
    ? "    return project_engine"
    : '    url = project_engine.url.set(drivername="postgresql+asyncpg")\n    return create_async_engine(url, pool_pre_ping=True)';
  const names = ["AsyncEngine", "AsyncSession", "async_sessionmaker", ...(isAsync ? [] : ["create_async_engine"])];
  return pythonModule({
    docstring: "Engine and session factory, on the project's own engine.",
    imports: [
      ...importsFrom("functools", "lru_cache"),
      ...importsFrom("sqlalchemy.ext.asyncio", ...names),
      ...(isLate ? [] : [statement]),
    ],
    body: [
      `@lru_cache(maxsize=1)\ndef get_engine() -> AsyncEngine:\n    """Return the engine."""\n${isLate ? `    ${statement}${isForbidden ? "  # noqa: PLC0415" : ""}\n\n` : ""}${engine}`,
      '@lru_cache(maxsize=1)\ndef get_session_factory() -> async_sessionmaker[AsyncSession]:\n    """Return the session factory, created on first use."""\n    return async_sessionmaker(get_engine(), expire_on_commit=False)',
    ],
  });
}

function splitOnce(text: string, pattern: RegExp): readonly [string, string] {
  const match = pattern.exec(text);
  const end = match ? match.index + match[0].length : text.length;
  return [text.slice(0, end), text.slice(end)];
}
