import type { FieldRow } from "./fieldTables.ts";
import { sqlName } from "./generatedSql.ts";
import { isBlank } from "./text.ts";
import { enumValues } from "./typeText.ts";

/** What a row of a column table says, as a column definition; `checked` parts may be dropped if they do not parse. */
export interface ColumnText {
  readonly definition: string;
  /** Name and type alone, when the constraints are not SQL. */
  readonly bare: string;
  readonly isKey: boolean;
  readonly foreignKey: string;
  readonly typeInferred: boolean;
}

const typeNames: Record<string, string> = {
  string: "text",
  str: "text",
  datetime: "timestamptz",
  "date-time": "timestamptz",
  instant: "timestamptz",
  localdatetime: "timestamp",
  localdate: "date",
  long: "bigint",
  short: "smallint",
  number: "numeric",
  float: "double precision",
  double: "double precision",
  object: "jsonb",
  dict: "jsonb",
  map: "jsonb",
  array: "jsonb",
  binary: "bytea",
  blob: "bytea",
  clob: "text",
  enum: "text",
  tinyint: "smallint",
  email: "text",
  url: "text",
  uri: "text",
  guid: "uuid",
};

const typeStart =
  /^([a-z_][\w.]*(?:\s+(?:precision|varying|with(?:out)? time zone))*)\s*(\(\s*\d+(?:\s*,\s*\d+)?\s*\))?(\s+with(?:out)? time zone)?\s*((?:\[\s*\])+)?/i;

export function columnText(row: FieldRow): ColumnText {
  const said = `${row.type} ${row.constraints}`;
  const hints = `${said} ${hintsIn(row.description)}`;
  const name = sqlName(row.name);
  const type = sqlTypeText(row);
  const values = closedValues(row.type, said);
  const isKey = /\b(?:PK|PRIMARY KEY)\b|主キー|主键|primärschlüssel/i.test(hints);
  const foreignKey = foreignKeyText(hints);
  const isNotNull =
    row.required === true || /NOT NULL|\bNN\b|必須|非空/i.test(said) || /^not null\b/i.test(row.description);
  const parts = [
    `${name} ${type.text}`,
    isNotNull && !isKey ? "NOT NULL" : "",
    /\bUNIQUE\b(?!\s*\(|\s+(?:per|within|with|across|together|among|in|for)\b)|ユニーク|唯一|eindeutig/i.test(hints) &&
    !isKey
      ? "UNIQUE"
      : "",
    identityText(`${hints} ${row.default}`, type.text) ?? defaultText(row, hints),
    values.length > 1 ? `CHECK (${name} IN (${values.map(quoted).join(", ")}))` : checkText(said),
  ];
  return {
    definition: parts.filter((part) => part !== "").join(" "),
    bare: `${name} ${type.text}`,
    isKey,
    foreignKey,
    typeInferred: type.inferred,
  };
}

/** Notes are prose; only their short clauses are taken for constraints. */
function hintsIn(description: string): string {
  return description
    .split(/[;,.。、]\s*/)
    .filter(
      (clause) =>
        clause.length < 60 &&
        /\b(?:PK|FK|UNIQUE|DEFAULT|PRIMARY KEY|FOREIGN KEY|REFERENCES)\b|→|->|\bON (?:DELETE|UPDATE)\b|\bCASCADE\b|主キー|primärschlüssel|eindeutig/i.test(
          clause,
        ),
    )
    .join(", ");
}

function sqlTypeText(row: FieldRow): { readonly text: string; readonly inferred: boolean } {
  const match = typeStart.exec(row.type);
  const word = match?.[1]?.toLowerCase() ?? "";
  if (!match || word === "" || /^(?:pk|fk|null|not)$/.test(word))
    return { text: inferredType(row.name), inferred: true };
  const [, raw = "", size = "", zone = "", array = ""] = match;
  const name =
    typeNames[word] ??
    (/^[a-z][\w.]*(?: |$)/i.test(raw) && /[a-z]/.test(raw) && /[A-Z]/.test(raw) ? snakeCase(raw) : raw.toLowerCase());
  return { text: `${name}${size}${zone}${array}`.replace(/\s+/g, " "), inferred: false };
}

/** `orderStatus` and `OrderStatus` → `order_status`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[\s-]+/g, "_")
    .toLowerCase();
}

/** What the name of a column says of its type, when the document does not. */
function inferredType(name: string): string {
  const plain = snakeCase(name);
  if (/(?:^|_)id$/.test(plain)) return "uuid";
  if (/_at$|^timestamp$/.test(plain)) return "timestamptz";
  if (/_date$|^date$|_on$/.test(plain)) return "date";
  if (/^(?:is|has|can)_/.test(plain)) return "boolean";
  if (/(?:^|_)(?:count|quantity|version|position|sort_order|number_of)(?:_|$)/.test(plain)) return "integer";
  if (/(?:^|_)(?:amount|price|total|balance|cost|rate)$/.test(plain)) return "numeric(12, 2)";
  return /(?:^|_)(?:metadata|payload|settings|config|data)$/.test(plain) ? "jsonb" : "text";
}

/** `enum(a, b)`, and the words of `CHECK in (a, b)`, which SQL would take for columns. */
function closedValues(type: string, said: string): string[] {
  const listed =
    /^enum\s*[:(]\s*(.+?)\)?$/i.exec(type)?.[1] ?? /\b(?:CHECK\b.{0,40})?\bIN\s*\(([^()']+)\)/i.exec(said)?.[1];
  const values = listed === undefined ? [] : enumValues(listed);
  return values.every((value) => !/^-?[\d.]+$/.test(value)) ? values : [];
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Only who says "always" forbids a number of one's own. */
function identityText(text: string, type: string): string | undefined {
  if (!/IDENTITY|AUTO[_ -]?INCREMENT|自動採番|自增/i.test(text) || !/int/i.test(type)) return undefined;
  const kind = /\bALWAYS\s+AS\s+IDENTITY\b|\bIDENTITY\s*\(?\s*ALWAYS\b/i.test(text) ? "ALWAYS" : "BY DEFAULT";
  return `GENERATED ${kind} AS IDENTITY`;
}

function defaultText(row: FieldRow, hints: string): string {
  const cell = isBlank(row.default) || /^null$/i.test(row.default) ? undefined : row.default;
  const clause = /\bDEFAULT:?\s+('(?:[^']|'')*'(?:::\w+)?|[\w.]+\s*\([^()]*\)|[\w.+-]+)/i.exec(hints)?.[1];
  const value = cell ?? clause;
  if (value === undefined || /^null$/i.test(value)) return "";
  const isExpression = /^'.*'|^-?[\d.]+$|\(|^(?:true|false|current_\w+)$|::/i.test(value);
  return `DEFAULT ${isExpression ? value : quoted(value.replace(/^["']|["']$/g, ""))}`;
}

function checkText(text: string): string {
  const at = text.search(/\bCHECK\s*\(/i);
  if (at === -1) return "";
  const open = text.indexOf("(", at);
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === "(") depth++;
    if (text[index] === ")" && --depth === 0) return `CHECK ${text.slice(open, index + 1)}`;
  }
  return "";
}

const reference =
  /(?:\bFK\b|FOREIGN KEY|REFERENCES|→|->)\s*(?:\bto\b|→|->|:|REFERENCES|\()?\s*"?([a-z_]\w*(?:\.[a-z_]\w*)?)"?\s*(?:\(\s*([\w\s,]+?)\s*\)|\.(\w+))?/i;

/** `FK → users(id) ON DELETE CASCADE`, `REFERENCES users`, `-> users.id`; empty when there is none. */
export function foreignKeyText(text: string): string {
  const match = reference.exec(text);
  if (!match?.[1] || /^(?:to|on|null|not|nullable)$/i.test(match[1])) return "";
  const [table = "", dotted] = match[1].split(".");
  const isColumn = dotted !== undefined && match[2] === undefined && !/^(?:auth|public|storage)$/.test(table);
  const target = isColumn ? table : match[1];
  const column = match[2] ?? match[3] ?? (isColumn ? dotted : undefined);
  const actions = [...text.matchAll(/\bON\s+(DELETE|UPDATE)\s+(CASCADE|RESTRICT|SET NULL|SET DEFAULT|NO ACTION)/gi)];
  const suffix = actions.map((action) => ` ON ${action[1]} ${action[2]}`.toUpperCase()).join("");
  const cascade = suffix === "" && /\bCASCADE\b/i.test(text) ? " ON DELETE CASCADE" : suffix;
  return `REFERENCES ${sqlName(target)}${
    column === undefined
      ? ""
      : ` (${column
          .split(/\s*,\s*/)
          .map(sqlName)
          .join(", ")})`
  }${cascade}`;
}
