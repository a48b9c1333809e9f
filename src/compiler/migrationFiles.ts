import type { GeneratedFile } from "./compilation.ts";
import { externalTables } from "./externalTables.ts";
import { migrationSteps } from "./migrationSteps.ts";
import {
  fitsFunction,
  functionText,
  groupStatements,
  lineCount,
  type MigrationSection,
  type MigrationStep,
  statementText,
} from "./migrationText.ts";
import { designedType } from "./modelFiles.ts";
import type { BackendPlan } from "./plan.ts";
import { importsFrom, pythonModule, stringLiteral } from "./python.ts";
import { relationOf } from "./schemaText.ts";
import { migrationConstants } from "./tableSteps.ts";

/** The Alembic environment and the design's database as one chain of revisions. */
export function migrationFiles(plan: BackendPlan): readonly GeneratedFile[] {
  const revisions = inRevisions(migrationSteps(plan));
  return [
    { path: "alembic.ini", text: alembicIni, step: 2 },
    { path: "migrations/env.py", text: environment(plan), step: 2 },
    { path: "migrations/script.py.mako", text: revisionTemplate, step: 2 },
    ...revisions.map((steps, index) => firstRevision(steps, index, revisions.length)),
  ];
}

/** What one revision carries out; {@link revisionFile} writes it. */
export type RevisionSteps = readonly WrittenStep[];

/** Steps in files of a readable length. */
export function inRevisions(steps: readonly MigrationStep[]): readonly RevisionSteps[] {
  return revisionsOf(steps.flatMap(splitStep));
}

/** Where a revision stands in the chain, and what it is called. */
export interface RevisionPlace {
  readonly revision: string;
  /** More than one where branches come together. */
  readonly down: readonly string[];
  readonly folder: string;
  /** Behind the revision in the name of the file, in snake_case. */
  readonly slug: string;
  readonly docstring: string;
}

/** Lines of a revision file that are not exceeded while there is a way to split. */
const maxFileLines = 360;

interface WrittenStep extends MigrationStep {
  readonly text: string;
  readonly lines: number;
}

function revisionsOf(steps: readonly WrittenStep[]): readonly (readonly WrittenStep[])[] {
  const revisions: WrittenStep[][] = [[]];
  let lines = 0;
  for (const step of steps) {
    const current = revisions.at(-1);
    const needed = step.lines + step.down.length * 2 + 4;
    if (!current || (current.length > 0 && lines + needed > maxFileLines)) {
      revisions.push([step]);
      lines = needed;
    } else {
      current.push(step);
      lines += needed;
    }
  }
  return revisions;
}

/** Cuts a step at its statements into functions of a readable length; the first one carries the downgrade. */
function splitStep(step: MigrationStep): readonly WrittenStep[] {
  const groups = groupStatements(step.up);
  return groups.map((up, index) => {
    const name = index === 0 ? step.name : `${step.name}_${index + 1}`;
    const text = stepText(name, up);
    return { ...step, name, up, down: index === 0 ? step.down : [], text, lines: lineCount(text) };
  });
}

/** A single piece of SQL that is too long for a function stands beside it as a constant. */
function stepText(name: string, up: readonly string[]): string {
  const [only = ""] = up;
  const sql = /^op\.execute\((""[\s\S]*)\)$/.exec(only)?.[1];
  if (sql === undefined || up.length > 1 || fitsFunction(up)) return functionText(name, up);
  const constant = name.toUpperCase();
  return `${constant} = ${sql}\n\n\n${functionText(name, [`op.execute(${constant})`])}`;
}

function firstRevision(steps: RevisionSteps, index: number, count: number): GeneratedFile {
  const sections = [...new Set(steps.map(({ section }) => section))];
  const part = `Initial schema, part ${index + 1}: ${sections.map(sectionTitle).join(", ")}.`;
  return revisionFile(steps, {
    revision: revisionId(index),
    down: index === 0 ? [] : [revisionId(index - 1)],
    folder: "migrations/versions",
    slug: index === 0 ? "initial" : (sections[0] ?? "tables"),
    docstring: count === 1 ? "Initial schema." : part,
  });
}

export function revisionFile(steps: RevisionSteps, place: RevisionPlace): GeneratedFile {
  const { revision, down, folder, slug, docstring } = place;
  const text = steps.map((step) => step.text).join("\n\n\n");
  const undo = downgrade(steps);
  const code = [text, ...undo.functions, ...undo.statements].join("\n");
  const constants = migrationConstants.filter(([name]) => new RegExp(`\\b${name}\\b`).test(code));
  const body = [
    [
      `revision = ${stringLiteral(revision)}`,
      `down_revision = ${downRevision(down)}`,
      "branch_labels = None",
      "depends_on = None",
      ...(constants.length > 0 ? ["", ...constants.map(([name, value]) => `${name} = ${value}`)] : []),
    ].join("\n"),
    ...(code.includes("DesignedType(") ? [designedType] : []),
    text,
    ...undo.functions,
    ["def upgrade() -> None:", '    """Apply the design."""', ...steps.map(({ name }) => `    _${name}()`)].join("\n"),
    ["def downgrade() -> None:", '    """Take it back, last things first."""', ...undo.statements].join("\n"),
  ];
  const imports = [
    "import sqlalchemy as sa",
    ...importsFrom("alembic", "op"),
    ...importsFrom("sqlalchemy.dialects", "postgresql"),
  ];
  return { path: `${folder}/${revision}_${slug}.py`, text: pythonModule({ docstring, imports, body }), step: 2 };
}

function downRevision(down: readonly string[]): string {
  const [only] = down;
  if (only === undefined) return "None";
  return down.length === 1 ? stringLiteral(only) : `(${down.map(stringLiteral).join(", ")})`;
}

/** The statements that undo the steps, last step first; in functions of their own when they are many. */
function downgrade(steps: readonly WrittenStep[]): {
  readonly functions: readonly string[];
  readonly statements: readonly string[];
} {
  const undone = [...steps].reverse().filter(({ down }) => down.length > 0);
  const statements = undone.flatMap(({ down }) => [...down].reverse());
  if (statements.length === 0) {
    return { functions: [], statements: ["    # What this revision does goes with what the ones before it create."] };
  }
  if (fitsFunction(statements)) return { functions: [], statements: statements.map(statementText) };
  const parts = groupStatements(statements);
  const names = parts.map((_, index) => `undo_part_${index + 1}`);
  return {
    functions: parts.map((part, index) => functionText(names[index] ?? "", part)),
    statements: names.map((name) => `    _${name}()`),
  };
}

function sectionTitle(section: MigrationSection): string {
  return section.replaceAll("_", " ");
}

function revisionId(index: number): string {
  return String(index + 1).padStart(4, "0");
}

const alembicIni = `[alembic]
script_location = migrations
prepend_sys_path = src
path_separator = os
file_template = %%(rev)s_%%(slug)s
`;

function environment(plan: BackendPlan): string {
  const schemas = plan.aggregates.some(({ table }) => relationOf(table).schema !== undefined);
  const external = externalTables(plan.spec).length > 0 || plan.aggregates.some(({ table }) => table.external);
  const named = plan.aggregates.some(({ table }) => table.columns.some(({ type }) => type.name === "name"));
  const partitioned = plan.aggregates.some(({ table }) => table.storage?.partitionBy !== undefined);
  const body = [
    ...(schemas
      ? [
          [
            "def include_name(name: str | None, kind: str, _: object) -> bool:",
            '    """Look only into the schemas that the models name."""',
            "    schemas = {table.schema for table in Base.metadata.tables.values()}",
            '    return kind != "schema" or name in schemas',
          ].join("\n"),
        ]
      : []),
    ...(external && !partitioned ? [includeObject] : []),
    ...(partitioned ? [designedTables] : []),
    ...(named ? [compareType] : []),
    environmentText([
      `compare_type=${named ? "compare_type" : "True"}`,
      ...(schemas ? ["include_schemas=True", "include_name=include_name"] : []),
      ...(partitioned ? ["include_object=designed_tables(connection)"] : []),
      ...(external && !partitioned ? ["include_object=include_object"] : []),
    ]),
  ];
  const imports = [
    "import asyncio",
    "import sqlalchemy as sa",
    ...importsFrom("collections.abc", "Callable"),
    ...importsFrom("typing", "Any"),
    ...importsFrom("alembic", "context"),
    ...importsFrom("alembic.runtime.migration", "MigrationContext"),
    ...importsFrom("sqlalchemy", "Connection"),
    ...importsFrom("sqlalchemy.schema", "SchemaItem"),
    ...importsFrom("app.core.database", "get_engine"),
    ...importsFrom("app.persistence.models", "Base"),
  ];
  return pythonModule({ docstring: "Alembic environment on the application's own engine.", imports, body });
}

const includeObject = `def include_object(
    item: SchemaItem, _name: str | None, _kind: str, _reflected: bool, _other: object
) -> bool:
    """Leave alone the tables that somebody else creates."""
    return not getattr(item, "info", {}).get("external", False)`;

const designedTables = `def designed_tables(
    connection: Connection,
) -> Callable[[SchemaItem, str | None, str, bool, object], bool]:
    """Leave alone what partitions have, and the tables that somebody else creates."""
    query = sa.text("SELECT relname FROM pg_class WHERE relispartition")
    partitions = set(connection.scalars(query))

    def include_object(
        item: SchemaItem, _name: str | None, _kind: str, reflected: bool, _other: object
    ) -> bool:
        table = getattr(item, "table", item)
        partition = reflected and getattr(table, "name", None) in partitions
        return not partition and not getattr(item, "info", {}).get("external", False)

    return include_object`;

const compareType = `def compare_type(
    _context: MigrationContext,
    _reflected: sa.Column[Any],
    _designed: sa.Column[Any],
    _reflected_type: object,
    designed_type: object,
) -> bool | None:
    """Take PostgreSQL's type name for itself: it is reflected as a string."""
    return False if getattr(designed_type, "sql_name", "") == "name" else None`;

function environmentText(options: readonly string[]): string {
  return `def run_offline() -> None:
    """Write the SQL instead of running it."""
    context.configure(
        url=get_engine().url, target_metadata=Base.metadata, literal_binds=True
    )
    with context.begin_transaction():
        context.run_migrations()


def run(connection: Connection) -> None:
    """Run the migrations in one transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata, ${options.join(", ")})
    with context.begin_transaction():
        context.run_migrations()


async def run_online() -> None:
    """Connect, migrate, and close."""
    engine = get_engine()
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


if context.is_offline_mode():
    run_offline()
else:
    asyncio.run(run_online())`;
}

const revisionTemplate = `"""\${message}."""

import sqlalchemy as sa
from alembic import op
\${imports if imports else ""}
revision = \${repr(up_revision)}
down_revision = \${repr(down_revision)}
branch_labels = \${repr(branch_labels)}
depends_on = \${repr(depends_on)}


def upgrade() -> None:
    """Apply the change."""
    \${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take the change back."""
    \${downgrades if downgrades else "pass"}
`;
