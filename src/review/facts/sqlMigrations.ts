import type { SourceSpan } from "../../spec/model.ts";
import type { SourceText } from "../model.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { spanOf } from "./columns.ts";
import { moduleScope } from "./scopes.ts";
import { evaluateString } from "./staticValue.ts";
import { ancestor, descendants, positionalArguments } from "./syntax.ts";

const inMigrations = /(^|\/)(migrations?|migrate|alembic|versions)\/([^/]+\/)*[^/]+\.sql$/i;
const takesBack =
  /([._-](down|undo|rollback|revert)\.sql|(^|\/)U\d[^/]*__[^/]*|(^|\/)(down|undo|rollbacks?|downgrades?)\/[^/]*)$/i;
/** Where dbmate, goose, sql-migrate and others begin what takes a migration back. */
const endOfUp = /^--\s*(migrate:down|\+\w+\s+down|@?undo|rollback|down\b)/im;

/**
 * Files of SQL that are the migrations of a project without Alembic, oldest first: by the numbers in their names, those that
 * run again on every change last. What takes a migration back is left out, and so are documents of the design.
 */
export function sqlMigrations({ others, spec }: Project): readonly SourceText[] {
  const files = others.filter(({ path }) => inMigrations.test(path) && !takesBack.test(path));
  if (files.length === 0) return files;
  const designed = new Set(spec.database.tables.map(({ source }) => source.path));
  return files
    .filter(({ path }) => !designed.has(path))
    .sort((a, b) => Number(isRepeated(a)) - Number(isRepeated(b)) || order.compare(a.path, b.path))
    .map(({ path, text }) => ({ path, text: text.slice(0, endOfUp.exec(text)?.index) }));
}

const order = new Intl.Collator("en", { numeric: true });

/** Flyway's `R__views.sql`. */
function isRepeated({ path }: SourceText): boolean {
  return /(^|\/)R__[^/]*$/.test(path);
}

/** `step("CREATE TABLE …", "DROP TABLE …")` of the migrations that yoyo runs. */
export function yoyoSteps(project: Project): readonly { readonly sql: string; readonly span: SourceSpan }[] {
  const files = project.code.filter(({ imports }) => imports.some(({ module }) => module === "yoyo"));
  return [...files]
    .sort((a, b) => order.compare(a.path, b.path))
    .flatMap((file) => file.calls.filter(({ method }) => method === "step").map((call) => ({ file, call })))
    .flatMap(({ file, call }) => {
      const [applied] = positionalArguments(call.node);
      const sql = evaluateString(applied, moduleScope(project, file));
      return applied && sql !== undefined ? [{ sql, span: spanOf(file, applied) }] : [];
    });
}

/** The file that `op.execute(…)` reads: the one that the call, else the function around it, names. */
export function executedFile({ others }: Project, call: PythonNode): SourceText | undefined {
  const around = ancestor(call, ["function_definition"]);
  for (const node of [call, ...(around ? [around] : [])]) {
    const named = new Set(
      descendants(node)
        .filter(({ type, text }) => type === "string_content" && text.endsWith(".sql"))
        .map(({ text }) => text.replace(/^(\.?\/)+/, "")),
    );
    const [name, ...more] = named;
    const files = others.filter(({ path }) => name !== undefined && (path === name || path.endsWith(`/${name}`)));
    if (more.length === 0 && files.length === 1) return files[0];
    if (named.size > 0) return undefined;
  }
  return undefined;
}
