import { createHash } from "node:crypto";
import * as z from "zod";
import type { DatabaseDesign, DesignSpec } from "../../spec/model.ts";

/**
 * What the engine remembers of an implementation, as a file of the project that is proposed, accepted
 * and committed with the rest: so it always belongs to the code beside it, on every branch.
 *
 * It holds the design and not what was generated: the same design compiles to the same bytes. The
 * hashes tell which files nobody has edited since, also when another version of the engine wrote them.
 */
export interface DesignRecord {
  /** Elements have no `source` in it. */
  readonly spec: DesignSpec;
  readonly lineWidth: number;
  /** Alembic revision that brings a database to this design; undefined when the design has no table. */
  readonly revision?: string;
  /** What migrations keep of earlier designs until `revision` drops it; undefined when there is nothing. */
  readonly retained?: { readonly database: DatabaseDesign; readonly revision: string };
  /** {@link textHash} of every generated file, by path. */
  readonly files: Readonly<Record<string, string>>;
}

export const recordPath = ".backend/design.json";

/** Equal texts have equal hashes, whatever their line ends. */
export function textHash(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex").slice(0, 16);
}

/** Canonical: equal records give equal bytes, and a small change of the design is a small difference. */
export function writeRecord({ spec, files, ...rest }: DesignRecord): string {
  const sorted = Object.fromEntries(Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1)));
  const record = { format, ...rest, files: sorted, design: spec };
  return `${layOut(JSON.parse(withoutPlaces(record)), "")}\n`;
}

/** Undefined when the text is no record, as after a merge that left marks in it, or one of another format. */
export function readRecord(text: string): DesignRecord | undefined {
  const parsed = recordShape.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { design, lineWidth, revision, retained, files } = parsed.data;
  return {
    spec: design as unknown as DesignSpec,
    lineWidth,
    files,
    ...(revision === undefined ? {} : { revision }),
    ...(retained === undefined ? {} : { retained: retained as unknown as NonNullable<DesignRecord["retained"]> }),
  };
}

/** Whether two specifications say the same, wherever their documents say it. */
export function sameDesign(left: DesignSpec, right: DesignSpec): boolean {
  return withoutPlaces(left) === withoutPlaces(right);
}

const format = 1;

const elements = z.array(z.looseObject({}));

const database = z.looseObject({
  tables: elements,
  enums: elements,
  indexes: elements,
  policies: elements,
  statements: elements,
});

/** The outer shape; what lies deeper was written by {@link writeRecord}, and a compiler that it breaks is caught. */
const recordShape = z.object({
  format: z.literal(format),
  lineWidth: z.int().min(60).max(200),
  revision: z.string().optional(),
  retained: z.object({ database, revision: z.string() }).optional(),
  files: z.record(z.string(), z.string()),
  design: z.object({
    api: z.looseObject({ basePath: z.string(), endpoints: elements, schemas: elements, securitySchemes: elements }),
    database,
    domain: z.looseObject({ entities: elements, valueObjects: elements, rules: elements, stateMachines: elements }),
    errors: z.looseObject({ codes: elements }),
  }),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where something stands in its document says nothing about what is generated, and changes all the time. */
function withoutPlaces(value: unknown): string {
  return JSON.stringify(value, (key, inner) => (key === "source" ? undefined : inner));
}

const longestLine = 200;

/** Values that fit a line stand on one, so that a table is a few lines and not a page. */
function layOut(value: unknown, indentation: string): string {
  const flat = JSON.stringify(value);
  if (flat.length + indentation.length <= longestLine || typeof value !== "object" || value === null) return flat;
  const inner = `${indentation} `;
  const isArray = Array.isArray(value);
  const entries = isArray
    ? value.map((item) => layOut(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${layOut(item, inner)}`);
  const body = entries.map((entry) => `${inner}${entry}`).join(",\n");
  return isArray ? `[\n${body}\n${indentation}]` : `{\n${body}\n${indentation}}`;
}
