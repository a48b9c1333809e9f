import type { SourceText } from "../../../../src/review/model.ts";
import { type Backend, callsOf, escaped, type Mutated, type Operator, pathOf, replaced, textOf } from "./operator.ts";

/** Where the model and the migration of a table stand, and what of them is the table's. */
interface TablePlace {
  readonly model: string | undefined;
  readonly migration: string | undefined;
  /** The call of `op.create_table`. */
  readonly created: string;
}

export function placeOfTable({ files }: Backend, table: string): TablePlace {
  const model = pathOf(files, "persistence/models", new RegExp(`__tablename__ = "${escaped(table)}"`));
  const creates = new RegExp(`create_table\\(\\s*"${escaped(table)}"`);
  const migration = pathOf(files, "migrations/versions", creates);
  const created = callsOf(textOf(files, migration), "op.create_table").find((call) => creates.test(call)) ?? "";
  return { model, migration, created };
}

function nameOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

function ownSecurity(what: string, verb: "ENABLE" | "FORCE"): Operator {
  return {
    what,
    kind: "table",
    apply: ({ files }, id) => {
      const statement = `ALTER TABLE ${nameOf(id)} ${verb} ROW LEVEL SECURITY`;
      const path = pathOf(files, "migrations/versions", new RegExp(statement));
      const without = replaced(files, path, statement, "SELECT 1");
      if (!without) return undefined;
      return {
        files: without,
        expected: [{ id, status: "mismatched", difference: "Row level security", path: path ?? "" }],
      };
    },
  };
}

/** Nobody else may point at the table, or its going would change more than itself. */
function renamedTable(backend: Backend, id: string): Mutated | undefined {
  const table = nameOf(id);
  const { model, migration, created } = placeOfTable(backend, table);
  const other = `${table}_other`;
  const renamed = replaced(backend.files, model, `__tablename__ = "${table}"`, `__tablename__ = "${other}"`);
  const both = renamed && replaced(renamed, migration, created, created.replace(`"${table}"`, `"${other}"`));
  if (!both) return undefined;
  return {
    files: both,
    expected: [
      { id, status: "missing" },
      { id: `table:${other}`, status: "extra", path: model ?? "", shows: other },
    ],
  };
}

const added = `from app.persistence.base import Base
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column


class LeftoverRow(Base):
    __tablename__ = "leftovers"

    id: Mapped[int] = mapped_column(primary_key=True)
`;

function addedTable({ files }: Backend): Mutated {
  const path = "src/app/persistence/models/leftover.py";
  const file: SourceText = { path, text: added };
  return {
    files: [...files, file],
    expected: [{ id: "table:leftovers", status: "extra", path, shows: "LeftoverRow" }],
  };
}

function policyStatement({ files }: Backend, id: string): { path: string | undefined; statement: string } {
  const [table = "", policy = ""] = nameOf(id).split(".");
  const pattern = new RegExp(`CREATE POLICY "?${escaped(policy)}"? ON "?${escaped(table)}"?[\\s\\S]*?(?=""")`);
  const path = pathOf(files, "migrations/versions", pattern);
  return { path, statement: pattern.exec(textOf(files, path))?.[0] ?? "" };
}

function policyOperator(what: string, difference: string, change: (statement: string) => string): Operator {
  return {
    what,
    kind: "policy",
    apply: (backend, id) => {
      const { path, statement } = policyStatement(backend, id);
      const changed = change(statement);
      const files = changed === statement ? undefined : replaced(backend.files, path, statement, changed);
      return (
        files && {
          files,
          expected: [{ id, status: "mismatched", difference, path: path ?? "", shows: "CREATE POLICY" }],
        }
      );
    },
  };
}

const droppedPolicy: Operator = {
  what: "a policy that is gone",
  kind: "policy",
  apply: (backend, id) => {
    const { path, statement } = policyStatement(backend, id);
    const files = replaced(backend.files, path, statement, "SELECT 1\n");
    return files && { files, expected: [{ id, status: "missing" }] };
  },
};

const addedPolicy: Operator = {
  what: "a policy that lets everybody in beside those of the design",
  kind: "policy",
  apply: (backend, id) => {
    const [table = ""] = nameOf(id).split(".");
    const { path, statement } = policyStatement(backend, id);
    const open = `${statement};\nCREATE POLICY let_in ON ${table} USING (true)\n`;
    const files = replaced(backend.files, path, statement, open);
    return files && { files, expected: [{ id: `policy:${table}.let_in`, status: "extra", path: path ?? "" }] };
  },
};

export const tableOperators: readonly Operator[] = [
  ownSecurity("row level security that is not enabled", "ENABLE"),
  ownSecurity("row level security that the owner escapes", "FORCE"),
  { what: "a table of another name", kind: "table", apply: renamedTable },
  { what: "a table beyond the design", kind: "table", apply: addedTable },
  policyOperator("a policy whose rows are everybody's", "USING is true", (sql) =>
    sql.replace(/USING \([\s\S]*?\)(?=\s*(?:WITH CHECK|$))/, "USING (true)"),
  ),
  policyOperator("a policy that checks nothing that is written", "WITH CHECK is true", (sql) =>
    sql.replace(/WITH CHECK \([\s\S]*\)(?=\s*$)/, "WITH CHECK (true)"),
  ),
  policyOperator("a policy for every command", "Is for all", (sql) =>
    sql.replace(/FOR (SELECT|INSERT|UPDATE|DELETE)/, "FOR ALL"),
  ),
  policyOperator("a policy for another role", "Is for role", (sql) =>
    sql.replace(/(ON "?\w+"?(?: FOR \w+)?)(?: TO \w+)?/, "$1 TO somebody"),
  ),
  policyOperator("a policy that restricts", "Is restrictive", (sql) =>
    sql.replace(/(ON "?\w+"?)(?: AS PERMISSIVE)?(?! AS)/, "$1 AS RESTRICTIVE"),
  ),
  droppedPolicy,
  addedPolicy,
];
