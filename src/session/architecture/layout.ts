import { Graph, layout } from "@dagrejs/dagre";
import type { ArchitectureDiagram, Relation, TableBox } from "./diagram.ts";

/** Pixels from the left upper corner. */
export interface PlacedTable {
  readonly table: TableBox;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedRelation {
  readonly relation: Relation;
  /** The path of an SVG, from the table that points to the one that is pointed at. */
  readonly path: string;
}

export interface PlacedDiagram {
  readonly width: number;
  readonly height: number;
  readonly tables: readonly PlacedTable[];
  readonly relations: readonly PlacedRelation[];
}

/** Sizes of what is drawn in a box; the drawing takes them from here. */
export const boxSizes = { header: 28, line: 18, padding: 10, character: 7.2, narrowest: 120 } as const;

const margin = 16;
const gap = { tables: 20, columns: 28, layers: 72 } as const;

/**
 * Places the tables in layers, from those that point to those that are pointed at; dagre says which layer and which
 * order crosses least. A layer that is far taller than the drawing is wide is broken into columns, because nearly every
 * design has a table that all others point to. Deterministic: the same diagram, the same places.
 */
export function placeTables({ tables, relations }: Pick<ArchitectureDiagram, "tables" | "relations">): PlacedDiagram {
  const sized = tables.map((table) => ({ table, ...sizeOf(table) }));
  const area = sized.reduce((sum, { width, height }) => sum + (width + gap.layers) * (height + gap.tables), 0);
  const tallest = Math.max(480, 1.1 * Math.sqrt(area), ...sized.map(({ height }) => height));
  const columns: (readonly PlacedTable[])[] = [];
  let x = margin;
  for (const layer of layersOf(sized, relations)) {
    for (const column of columnsOf(layer, tallest)) {
      columns.push(stack(column, x));
      x += Math.max(...column.map(({ width }) => width)) + gap.columns;
    }
    x += gap.layers - gap.columns;
  }
  const placed = columns.flat();
  const byId = new Map(placed.map((place) => [place.table.id, place]));
  return {
    width: placed.length === 0 ? 0 : x - gap.layers + margin,
    height: Math.max(0, ...placed.map(({ y, height }) => y + height)) + margin,
    tables: placed,
    relations: relations.flatMap((relation) => {
      const [from, to] = [byId.get(relation.from), byId.get(relation.to)];
      return from && to ? [{ relation, path: pathBetween(from, to, columns) }] : [];
    }),
  };
}

type Sized = Omit<PlacedTable, "x" | "y">;

function sizeOf({ name, columns, more }: TableBox): Pick<PlacedTable, "width" | "height"> {
  const longest = Math.max(name.length + 4, ...columns.map((column) => column.name.length + column.type.length + 5));
  const lines = columns.length + (more > 0 ? 1 : 0);
  return {
    width: Math.max(boxSizes.narrowest, Math.round(longest * boxSizes.character) + 2 * boxSizes.padding),
    height: boxSizes.header + lines * boxSizes.line + boxSizes.padding,
  };
}

/** Each in its order from above; the tables without any relation are the last layer. */
function layersOf(tables: readonly Sized[], relations: readonly Relation[]): readonly (readonly Sized[])[] {
  const drawn = relations.filter(({ from, to }) => from !== to);
  const related = new Set(drawn.flatMap(({ from, to }) => [from, to]));
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", ranker: "tight-tree" });
  graph.setDefaultEdgeLabel(() => ({}));
  const isRelated = ({ table }: Sized): boolean => related.has(table.id);
  for (const { table, width, height } of tables.filter(isRelated)) graph.setNode(table.id, { width, height });
  for (const { from, to } of drawn) graph.setEdge(from, to);
  if (related.size > 0) layout(graph);
  const layers = new Map<number, Sized[]>();
  const placeOf = ({ table }: Sized) => graph.node(table.id);
  for (const table of tables
    .filter(isRelated)
    .sort((left, right) => (placeOf(left).y ?? 0) - (placeOf(right).y ?? 0))) {
    const rank = Math.round(placeOf(table).x ?? 0);
    layers.set(rank, [...(layers.get(rank) ?? []), table]);
  }
  const inOrder = [...layers].sort(([left], [right]) => left - right).map(([, layer]) => layer);
  const others = tables.filter((table) => !isRelated(table));
  return others.length === 0 ? inOrder : [...inOrder, others];
}

function columnsOf(layer: readonly Sized[], tallest: number): readonly (readonly Sized[])[] {
  const columns: Sized[][] = [];
  let height = Number.POSITIVE_INFINITY;
  for (const table of layer) {
    if (height + table.height > tallest) {
      columns.push([]);
      height = 0;
    }
    columns.at(-1)?.push(table);
    height += table.height + gap.tables;
  }
  return columns;
}

function stack(column: readonly Sized[], x: number): readonly PlacedTable[] {
  let y = margin;
  return column.map((table) => {
    const placed = { ...table, x, y };
    y += table.height + gap.tables;
    return placed;
  });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve from side to side, between the tables on its way and not behind them; one of a table to itself is a loop at its right. */
function pathBetween(from: PlacedTable, to: PlacedTable, columns: readonly (readonly PlacedTable[])[]): string {
  const [start, end] = [header(from), header(to)];
  if (from === to) {
    const right = from.x + from.width;
    return `M${right} ${start} C${right + 30} ${start} ${right + 30} ${start + 26} ${right} ${start + 26}`;
  }
  const isForward = from.x + from.width < to.x;
  if (!isForward && to.x + to.width >= from.x) {
    return `M${from.x} ${start} C${from.x - bend} ${start} ${to.x - bend} ${end} ${to.x} ${end}`;
  }
  const first = { x: isForward ? from.x + from.width : from.x, y: start };
  const last = { x: isForward ? to.x : to.x + to.width, y: end };
  const [low, high] = [Math.min(first.x, last.x), Math.max(first.x, last.x)];
  const between = columns.filter((column) => edgesOf(column).left > low && edgesOf(column).right < high);
  const lanes = (isForward ? between : between.toReversed()).flatMap((column) => lane(column, first, last));
  const side = isForward ? "right" : "left";
  const other = isForward ? "left" : "right";
  const points = [first, besideColumn(from, columns, side), ...lanes, besideColumn(to, columns, other), last];
  return `M${first.x} ${first.y}${curves(points, isForward ? bend : -bend)}`;
}

/** At the level of a table, where no wider one of its column is in the way any more. */
function besideColumn(table: PlacedTable, columns: readonly (readonly PlacedTable[])[], side: "left" | "right"): Point {
  const column = columns.find((each) => each.includes(table)) ?? [table];
  return { x: edgesOf(column)[side], y: header(table) };
}

/** Where a column is crossed: in the gap between two of its tables that is nearest to the straight line. */
function lane(column: readonly PlacedTable[], first: Point, last: Point): readonly Point[] {
  const { left, right } = edgesOf(column);
  const straight = first.y + ((last.y - first.y) * ((left + right) / 2 - first.x)) / (last.x - first.x);
  const gaps = [margin / 2, ...column.map(({ y, height }) => y + height + gap.tables / 2)];
  const y = gaps.reduce((best, each) => (Math.abs(each - straight) < Math.abs(best - straight) ? each : best));
  const across = [
    { x: left, y },
    { x: right, y },
  ];
  return first.x < last.x ? across : across.toReversed();
}

/** How far a curve keeps the direction in which it leaves a table. */
const bend = 36;

function edgesOf(column: readonly PlacedTable[]): { readonly left: number; readonly right: number } {
  return {
    left: Math.min(...column.map(({ x }) => x)),
    right: Math.max(...column.map(({ x, width }) => x + width)),
  };
}

function curves(points: readonly Point[], bent: number): string {
  return points
    .slice(1)
    .map((point, index) => {
      const before = points[index] ?? point;
      const reach = Math.abs(point.x - before.x) < Math.abs(bent) ? (point.x - before.x) / 2 : bent;
      return ` C${before.x + reach} ${before.y} ${point.x - reach} ${point.y} ${point.x} ${point.y}`;
    })
    .join("");
}

function header({ y }: PlacedTable): number {
  return y + boxSizes.header / 2;
}
