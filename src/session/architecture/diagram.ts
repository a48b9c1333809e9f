import type { CoverageElement, CoverageStatus, Review } from "../../review/model.ts";
import type { Column, DesignSpec, Endpoint, SourceSpan, Table } from "../../spec/model.ts";

/** How an element stands; `designed` before there is a review. */
export type ElementState = CoverageStatus | "designed";

/** The design as people draw it: tables with their relations, and the endpoints by what they are about. */
export interface ArchitectureDiagram {
  readonly tables: readonly TableBox[];
  readonly relations: readonly Relation[];
  readonly groups: readonly EndpointGroup[];
}

export interface TableBox {
  readonly id: string;
  readonly name: string;
  readonly state: ElementState;
  readonly source: SourceSpan;
  readonly columns: readonly ColumnLine[];
  /** How many columns are not among {@link columns}. */
  readonly more: number;
}

export interface ColumnLine {
  readonly name: string;
  readonly type: string;
  readonly key: "primary" | "foreign" | "none";
  readonly state: ElementState;
}

/** `from` holds the key of a row of `to`. Both are ids of {@link TableBox}es. */
export interface Relation {
  readonly from: string;
  readonly to: string;
  readonly columns: readonly string[];
  readonly optional: boolean;
}

export interface EndpointGroup {
  readonly title: string;
  readonly endpoints: readonly EndpointRow[];
}

export interface EndpointRow {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly state: ElementState;
  readonly source: SourceSpan;
}

/** More lines than these make boxes that no screen holds; keys always come first. */
const mostColumns = 12;

export function architectureDiagram(spec: DesignSpec, review: Review | undefined): ArchitectureDiagram {
  const states = new Map(review?.coverage.elements.map((element) => [element.id, element]));
  const stateOf = (id: string): ElementState => states.get(id)?.status ?? "designed";
  const { tables } = spec.database;
  return {
    tables: tables.map((table) => tableBox(table, stateOf, states)),
    relations: tables.flatMap((table) => relationsOf(table, tables)),
    groups: endpointGroups(spec.api.endpoints, stateOf),
  };
}

function tableBox(
  table: Table,
  stateOf: (id: string) => ElementState,
  states: ReadonlyMap<string, CoverageElement>,
): TableBox {
  const { id, name, source, columns } = table;
  const lines = columns.map((column) => ({
    name: column.name,
    type: typeText(column),
    key: keyOf(column, table),
    state: stateOf(column.id),
  }));
  const shown = [...lines.filter(({ key }) => key !== "none"), ...lines.filter(({ key }) => key === "none")];
  const differs = columns.some((column) => ["missing", "mismatched"].includes(states.get(column.id)?.status ?? ""));
  const own = stateOf(id);
  return {
    id,
    name,
    source,
    state: own === "implemented" && differs ? "mismatched" : own,
    columns: shown.slice(0, mostColumns),
    more: Math.max(0, shown.length - mostColumns),
  };
}

function typeText({ type, nullable }: Column): string {
  const size = type.arguments.length > 0 ? `(${type.arguments.join(",")})` : "";
  return `${type.name}${size}${type.array ? "[]" : ""}${nullable ? "?" : ""}`;
}

function keyOf({ name }: Column, { constraints }: Table): ColumnLine["key"] {
  const isIn = (type: string) => constraints.some((each) => each.type === type && each.columns.includes(name));
  return isIn("primaryKey") ? "primary" : isIn("foreignKey") ? "foreign" : "none";
}

/** Relations to tables that the design does not have are not drawn. */
function relationsOf({ id, columns, constraints }: Table, tables: readonly Table[]): readonly Relation[] {
  return constraints.flatMap((constraint) => {
    const to = tables.find(({ name }) => name === constraint.references?.table);
    if (constraint.type !== "foreignKey" || !to) return [];
    const optional = columns.some(({ name, nullable }) => nullable && constraint.columns.includes(name));
    return [{ from: id, to: to.id, columns: constraint.columns, optional }];
  });
}

function endpointGroups(
  endpoints: readonly Endpoint[],
  stateOf: (id: string) => ElementState,
): readonly EndpointGroup[] {
  const groups = new Map<string, EndpointRow[]>();
  for (const endpoint of endpoints) {
    const { id, method, path, summary = "", source } = endpoint;
    const title = groupOf(endpoint);
    groups.set(title, [...(groups.get(title) ?? []), { id, method, path, summary, state: stateOf(id), source }]);
  }
  return [...groups].map(([title, rows]) => ({ title, endpoints: rows }));
}

/** The contract's own tag, else the first segment of the path that says anything. */
function groupOf({ tag, path }: Endpoint): string {
  const segment = path.split("/").find((part) => part !== "" && !/^(?:api|v\d+)$|^\{/i.test(part));
  return tag ?? segment ?? "/";
}
