import { singular, snakeCase } from "../../support/words.ts";
import type { CopiedValue } from "../copiedValue.ts";
import { keyOfTable } from "../merge/tableShapes.ts";
import type { Column, DesignSpec, Endpoint, Schema, Table } from "../model.ts";
import { isText, isTimestamp, valueType } from "../sql/typeKinds.ts";
import type { AssumptionLedger, Inference } from "./assumptions.ts";
import { callerColumns } from "./callerColumns.ts";
import { keyColumns } from "./columnFacts.ts";
import { purposeOf } from "./operationPurpose.ts";
import { isMaker, ownerId } from "./ownership.ts";
import { isCompound, memberNamed, refersTo } from "./relations.ts";
import { canonicalName, type Resource } from "./resources.ts";
import { parentColumns, type ResourceWalk, type WalkContext, walkPath } from "./resourceWalk.ts";
import { isFilledByTrigger } from "./triggers.ts";

/** A row that a request makes: the one that its path is about, or one of a list in its body. */
interface NewRow {
  readonly endpoint: Endpoint;
  readonly resource: Resource;
  readonly table: Table;
  readonly body: Schema;
  /** Columns that the path or the row around it gives. */
  readonly given: ReadonlySet<string>;
  /** Tables of the lists in the body that cannot be empty. */
  readonly parts?: readonly Table[];
}

/**
 * Says where the values come from that a new row needs and no request gives: whoever is signed in placed the order, a line
 * of it has the price of its product, and the application makes its number.
 */
export function withNewRowValues(spec: DesignSpec, context: WalkContext, ledger: AssumptionLedger): DesignSpec {
  const filled = new Map<string, Column>();
  for (const endpoint of spec.api.endpoints) {
    const walk = walkPath(endpoint, context);
    const open = (walk ? newRows(endpoint, walk, context) : []).flatMap((row) =>
      openColumns(spec, row, context).map((column) => ({ row, column })),
    );
    for (const { row, column } of open) {
      const settled = filled.has(column.id) ? undefined : settledColumn(spec, column, { row, context, ledger });
      if (settled) filled.set(column.id, settled);
    }
  }
  if (filled.size === 0) return spec;
  const tables = spec.database.tables.map((table): Table => {
    if (!table.columns.some(({ id }) => filled.has(id))) return table;
    return { ...table, columns: table.columns.map((column) => filled.get(column.id) ?? column) };
  });
  return { ...spec, database: { ...spec.database, tables } };
}

function newRows(endpoint: Endpoint, walk: ResourceWalk, context: WalkContext): readonly NewRow[] {
  const { table } = walk.target;
  if (!table || !endpoint.request || purposeOf(endpoint.method, walk.resource).body !== "create") return [];
  const { resolve, resources, spec } = context;
  const outer = resolve(endpoint.request.schema);
  const body = outer.items ? resolve(outer.items) : outer;
  const { properties } = body;
  if (!properties) return [];
  const related = resources.filter((resource) => refersTo(resource, walk.target));
  const parts: Table[] = [];
  const inner = properties.flatMap(({ name, schema, required }): readonly NewRow[] => {
    const { items, minItems = 0 } = resolve(schema);
    const item = items && resolve(items);
    const child =
      memberNamed(spec, walk.target, name, related) ??
      related.find((resource) => isCompound(resource, walk.target, name));
    if (!child?.table || !item?.properties) return [];
    const keys = child.table.constraints.filter(({ references }) => references?.table === keyOfTable(table));
    const given = new Set(keys.flatMap(({ columns }) => columns));
    if (required && minItems > 0) parts.push(child.table);
    return [{ endpoint, resource: child, table: child.table, body: item, given }];
  });
  return [{ endpoint, resource: walk.target, table, body, given: parentColumns(walk), parts }, ...inner];
}

function openColumns(spec: DesignSpec, row: NewRow, { resolve }: WalkContext): readonly Column[] {
  const { table, given } = row;
  const keys = new Set(keyColumns(table));
  const callers = callerColumns(spec, table);
  return table.columns.filter(
    (column) =>
      !column.nullable &&
      [column.default, column.identity, column.generated].every((value) => value === undefined) &&
      !(column.fromCaller || column.fromApplication || column.type.name.endsWith("serial")) &&
      !(keys.has(column.name) || given.has(column.name) || callers.has(column.name)) &&
      !gives(row.body, column.name, resolve) &&
      !isFilledByTrigger(spec, table, column),
  );
}

/** `productId` and `product` give `product_id`, and an object `unitPrice` gives `unit_price_amount`. */
function gives({ properties = [] }: Schema, column: string, resolve: (schema: Schema) => Schema): boolean {
  return properties.some(({ name, schema }) => {
    const said = snakeCase(name);
    const isObject = resolve(schema).type === "object";
    return column === said || column === `${said}_id` || (isObject && column.startsWith(`${said}_`));
  });
}

interface Settling {
  readonly row: NewRow;
  readonly context: WalkContext;
  readonly ledger: AssumptionLedger;
}

function settledColumn(spec: DesignSpec, column: Column, settling: Settling): Column | undefined {
  const { row, ledger } = settling;
  if (isMaker(spec, row, column)) {
    const { value } = ledger.assume(makerInference(row, column));
    return /^request$/i.test(value) ? undefined : { ...column, fromCaller: true };
  }
  const copied = copiedValue(spec, column, settling) ?? currencyOfParts(column, row);
  if (!copied && !isNumber(spec, column, settling)) return undefined;
  const inference = copied ? copyInference(row, column, copied) : numberInference(row, column);
  const { value, state } = ledger.assume(inference);
  if (/^none$/i.test(value)) return undefined;
  if (state === "corrected" && value !== inference.value) return { ...column, default: value };
  return { ...column, ...(copied ? { copied } : { fromApplication: true }) };
}

function makerInference({ table, endpoint }: NewRow, column: Column): Inference {
  return {
    id: ownerId(table, column),
    kind: "owner",
    element: column.id,
    source: column.source,
    basis: endpoint.source,
    value: "caller",
    text: `${column.name} of a new row of ${keyOfTable(table)} is whoever is signed in; "request" would let the body say it.`,
  };
}

function copyInference({ table, endpoint }: NewRow, column: Column, copied: CopiedValue): Inference {
  const value = `${copied.table}.${copied.column}`;
  return {
    id: `default:${keyOfTable(table)}.${column.name}`,
    kind: "default",
    element: column.id,
    source: column.source,
    basis: endpoint.source,
    value,
    text: `A new row of ${table.name} takes ${column.name} from ${copied.ofParts ? `${value}, which is the same in all of its rows` : `${value} of the row that ${copied.by} names, as it is then`}; "none" would leave it open, SQL would be its default.`,
  };
}

function numberInference({ table, endpoint }: NewRow, column: Column): Inference {
  return {
    id: `default:${keyOfTable(table)}.${column.name}`,
    kind: "default",
    element: column.id,
    source: column.source,
    basis: endpoint.source,
    value: "application",
    text: `The application makes ${column.name} of a new row of ${table.name}, the date and random characters; "none" would leave it open, SQL would be its default.`,
  };
}

/** The one row that the request names and that has a value of this name and type. */
function copiedValue(spec: DesignSpec, column: Column, { row, context }: Settling): CopiedValue | undefined {
  const { table, body, given } = row;
  const isReference = table.constraints.some(
    ({ type, columns }) => type === "foreignKey" && columns.includes(column.name),
  );
  if (isReference || isOwnMatter(spec, column)) return undefined;
  const found = table.constraints.flatMap(({ references, columns: [by = "", ...more] }): readonly CopiedValue[] => {
    const key = table.columns.find(({ name }) => name === by);
    const isNamed = more.length === 0 && key?.nullable === false && !given.has(by) && gives(body, by, context.resolve);
    const target = isNamed ? spec.database.tables.find((other) => keyOfTable(other) === references?.table) : undefined;
    const [onKey] = target ? keyColumns(target) : [];
    if (!target || keyColumns(target).length !== 1 || (references?.columns[0] ?? onKey) !== onKey) return [];
    const names = namesThere(column.name, target);
    const source = target.columns.find(
      (other) =>
        names.includes(other.name) && !other.nullable && valueType(other.type).name === valueType(column.type).name,
    );
    const isOwn = source && (keyColumns(target).includes(source.name) || isTimestamp(source.type));
    return source && !isOwn ? [{ by, table: keyOfTable(target), column: source.name }] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** The currency of an order is that of its lines. */
function currencyOfParts({ name }: Column, { table, parts = [] }: NewRow): CopiedValue | undefined {
  const [part, ...more] = parts;
  const currencies = (part?.columns ?? []).filter((column) => isCurrency(column.name) && !column.nullable);
  const key = part?.constraints.find(({ references }) => references?.table === keyOfTable(table));
  const [by, ...others] = key?.columns ?? [];
  const [column, ...further] = currencies;
  const isOne = part && column && by !== undefined && [...more, ...others, ...further].length === 0;
  return isOne && isCurrency(name) ? { by, table: keyOfTable(part), column: column.name, ofParts: true } : undefined;
}

function isCurrency(name: string): boolean {
  return /(?:^|_)currency(?:_code)?$/.test(name);
}

/** What a row is or has come to by itself, which another row of the same design does not say. */
function isOwnMatter({ database }: DesignSpec, { name, type }: Column): boolean {
  const isValue = isText(type) || /^(?:int[248]|numeric|float[48]|money)$/.test(valueType(type).name);
  return !isValue || type.array || database.enums.some((closed) => closed.name === type.name) || ownMatter.test(name);
}

const ownMatter =
  /(?:^|_)(?:status|state|type|kind|role|version|position|rank|priority|quantity|qty|count|number|no|code|slug|email|password|hash|token|secret|key|note|notes|comment|description|reason)$|^(?:is|has)_/;

/** `unit_price` is the `price` of a product, `product_name` its `name`, `price_at_purchase` its `price`. */
function namesThere(column: string, { name }: Table): readonly string[] {
  const bare = column.replace(/_(?:at_[a-z]+|snapshot)$/, "");
  const entity = `${canonicalName(name)}_`;
  const stem = bare.startsWith(entity) ? bare.slice(entity.length) : bare.replace(/^unit_(?=price)/, "");
  return [column, bare, stem, stem.startsWith("price") ? `unit_${stem}` : stem];
}

/** Unique by itself, shown in the answer, and called like what people know the row by. */
function isNumber(spec: DesignSpec, column: Column, { row, context }: Settling): boolean {
  const { table, endpoint } = row;
  const [size = generatedSize] = valueType(column.type).arguments;
  if (!numberName.test(column.name) || !isText(column.type) || column.type.array || size < leastSize) return false;
  const isUnique =
    table.constraints.some(({ type, columns }) => type === "unique" && columns.join() === column.name) ||
    spec.database.indexes.some(
      ({ unique, table: owner, parts, where }) =>
        unique &&
        owner === keyOfTable(table) &&
        where === undefined &&
        parts.length === 1 &&
        parts[0]?.column === column.name,
    );
  const isLimited = table.constraints.some(
    ({ type, expression = "" }) => type === "check" && new RegExp(`\\b${column.name}\\b`).test(expression),
  );
  return isUnique && !isLimited && shows(endpoint, column, row, context);
}

const numberName = /^(?:\w+_)?(?:number|no|num|ref|reference|code)$/;
const generatedSize = 20;
/** The date and enough random characters that no two ever meet. */
const leastSize = 18;

/** `number`, or `orderNumber` of an order, in the answer or in the first level of an envelope around it. */
function shows({ responses }: Endpoint, column: Column, { resource }: NewRow, { resolve }: WalkContext): boolean {
  const answer = responses.find(({ status }) => status >= 200 && status < 300)?.schema;
  const outer = (answer && resolve(answer).properties) ?? [];
  const all = [...outer, ...outer.flatMap(({ schema }) => resolve(schema).properties ?? [])].map(({ name }) =>
    snakeCase(name),
  );
  const names = [column.name, ...[...resource.names].map((name) => `${singular(name)}_${column.name}`)];
  return names.some((name) => all.includes(name));
}
