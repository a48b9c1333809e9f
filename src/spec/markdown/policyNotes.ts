import type { Policy } from "../model.ts";
import type { NoteContext } from "./databaseNotes.ts";
import type { Item, TableBlock } from "./document.ts";
import { readComposed, sqlName } from "./generatedSql.ts";
import { readHeaders } from "./headers.ts";
import { spanOf } from "./reading.ts";
import { cellAt, codeSpans, isBlank, plainText } from "./text.ts";

const commands = ["all", "select", "insert", "update", "delete"] as const;

/** `Policy | Table | Command | Using`: compilable where the cell holds SQL, else the policy's existence. */
export function readPolicyTable(context: NoteContext, table: TableBlock): boolean {
  const headers = readHeaders(table.header);
  const nameColumn = headers.find("policy");
  if (nameColumn === undefined) return false;
  const using = table.header.findIndex((title) => /using|expression|predicate|condition|rule/i.test(title));
  const check = table.header.findIndex((title) => /with check/i.test(title) && !/using/i.test(title));
  let found = false;
  for (const row of table.rows) {
    const owner = plainText(cellAt(row.cells, headers.find("table")));
    const name = plainText(cellAt(row.cells, nameColumn));
    const on = owner === "" ? context.table : owner;
    if (name === "" || on === undefined) continue;
    found = true;
    addPolicy(
      context,
      { name, table: on, line: row.line },
      {
        command: commandIn(cellAt(row.cells, headers.find("command"))),
        using: sqlIn(cellAt(row.cells, using)),
        check: sqlIn(cellAt(row.cells, check)),
      },
    );
  }
  return found;
}

/** `- SELECT: own rows only` under a heading on row level security. */
export function readPolicyItem(context: NoteContext, item: Item): boolean {
  const match = /^[`*]*(SELECT|INSERT|UPDATE|DELETE|ALL)[`*]*\s*[:：—–-]/i.exec(item.raw);
  if (
    !match?.[1] ||
    context.table === undefined ||
    !/rls|row[- ]level|polic|行レベル/i.test(`${context.label} ${context.section.title}`)
  )
    return false;
  const command = commandIn(match[1]);
  const target = { name: `${context.table}_${command}`, table: context.table, line: item.line };
  addPolicy(context, target, { command, using: undefined, check: undefined });
  return true;
}

const securityTopic = /\brls\b|row[- ]level|polic|行レベル|tenant isolation/i;
const everyTable = /^(?:every|each|all) tables?\b(?: (?:with|that has|that have|having) (?:an? )?`(\w+)`)?/i;

/** `` `orders`, `lines`: tenant isolation — `tenant_id = current_setting('app.tenant_id')::uuid` ``, the same policy for each table. */
export function readPolicySentence(context: NoteContext, raw: string, line: number): boolean {
  const { reading } = context;
  if (!securityTopic.test(`${context.label} ${context.section.title} ${raw}`)) return false;
  const using = codeSpans(raw).find((span) => /=/.test(span) && /current_setting|auth\.|current_user/i.test(span));
  const head = raw.split(/[:：]|\s[–—-]\s/)[0] ?? "";
  if (using === undefined || head.includes(using)) return false;
  const names = codeSpans(head);
  const isList = names.length > 0 && head.replace(/`\w+`/g, "").replace(/\band\b|[-*,&\s]/g, "") === "";
  const general = everyTable.exec(head);
  if (!isList && !general) return false;
  const compared = general?.[1] ?? /^\s*(\w+)/.exec(using)?.[1] ?? "";
  const tables = [...reading.prose.tables, ...reading.sql.tables].filter(({ name, columns }) =>
    isList ? names.includes(name) : columns.some((own) => own.name === compared),
  );
  const words = plainText(raw.slice(head.length).split("`")[0] ?? "").match(/[a-z]+/gi) ?? [];
  const name = words.length > 0 && words.length <= 4 ? words.join("_").toLowerCase() : "policy";
  for (const table of tables)
    addPolicy(
      context,
      { name: `${table.name}_${name}`, table: table.name, line },
      { command: "all", using, check: undefined },
    );
  return tables.length > 0;
}

interface PolicyTarget {
  readonly name: string;
  readonly table: string;
  readonly line: number;
}

interface PolicyText {
  readonly command: Policy["command"];
  readonly using: string | undefined;
  readonly check: string | undefined;
}

function addPolicy(context: NoteContext, target: PolicyTarget, text: PolicyText): void {
  const { reading } = context;
  reading.prose.tableChanges.push({
    table: target.table,
    source: spanOf(reading, target),
    change: { type: "rowSecurity", rowSecurity: "enabled" },
  });
  const isInsert = text.command === "insert";
  const using = isInsert || text.using === undefined ? "" : ` USING (${text.using})`;
  const checked = text.check ?? (isInsert ? text.using : undefined);
  const check = checked === undefined ? "" : ` WITH CHECK (${checked})`;
  const sql = `CREATE POLICY ${sqlName(target.name)} ON ${sqlName(target.table)} FOR ${text.command.toUpperCase()}${using}${check}`;
  const isCompilable = using !== "" || check !== "";
  if (isCompilable && readComposed(reading, [{ text: sql, line: target.line }], reading.prose)) return;
  reading.prose.policies.push({
    id: `policy:${target.table}.${target.name}`,
    kind: "policy",
    name: target.name,
    source: spanOf(reading, target),
    confidence: "declared",
    table: target.table,
    command: text.command,
    permissive: true,
    roles: [],
  });
}

function commandIn(text: string): Policy["command"] {
  const word = plainText(text).toLowerCase();
  return commands.find((command) => word === command) ?? "all";
}

/** Code in a cell is SQL; words outside backticks describe. */
function sqlIn(cell: string): string | undefined {
  const span = codeSpans(cell)[0];
  if (span !== undefined) return span;
  const text = plainText(cell);
  return !isBlank(text) && /[=()]|\bIN\b|^(?:true|false)$/i.test(text) ? text : undefined;
}
