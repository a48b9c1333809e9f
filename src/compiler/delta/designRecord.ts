import { createHash } from "node:crypto";
import * as z from "zod";
import type { DatabaseDesign, DesignSpec, SourceSpan } from "../../spec/model.ts";
import { UserFacingError } from "../../support/errors.ts";
import { fileName } from "../../support/fileName.ts";
import type { ProjectShape } from "../brownfield/projectShape.ts";
import { recordPath } from "./recordPath.ts";

/**
 * What the engine remembers of an implementation, as a file of the project that is proposed, accepted
 * and committed with the rest: so it always belongs to the code beside it, on every branch.
 *
 * It holds the design and not what was generated: the same design compiles to the same bytes. The
 * hashes tell which files nobody has edited since, also when another version of the engine wrote them.
 */
export interface DesignRecord {
  /** Elements know the name of their document, but neither its folder nor their lines. */
  readonly spec: DesignSpec;
  /** Alembic revision that brings a database to this design; undefined when the design has no table. */
  readonly revision?: string;
  /** What migrations keep of earlier designs until `revision` drops it; undefined when there is nothing. */
  readonly retained?: { readonly database: DatabaseDesign; readonly revision: string };
  /** The project as it was before the engine added to it; undefined for one that the engine began. */
  readonly shape?: ProjectShape;
  /** Changes of the design that were accepted without being implemented anew: hashes of elements by id (`designDrift`). */
  readonly accepted?: Readonly<Record<string, string>>;
  /** {@link textHash} of every generated file, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Equal texts have equal hashes, whatever their line ends. */
export function textHash(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex").slice(0, 16);
}

/** Canonical: equal records give equal bytes, and a small change of the design is a small difference. */
export function writeRecord({ spec, files, shape, ...rest }: DesignRecord): string {
  const sorted = Object.fromEntries(Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1)));
  const record = { format, ...rest, ...(shape ? { shape: withSortedKeys(shape) } : {}), files: sorted, design: spec };
  return `${layOut(JSON.parse(withoutLines(record)), "")}\n`;
}

/** What a project's record says: nothing where it has none, else the record, or why it cannot be used and what to do. */
export interface RecordReading {
  readonly record?: DesignRecord;
  readonly problem?: string;
}

/**
 * Reads the text of {@link recordPath}; undefined where there is no such file.
 *
 * @throws {UserFacingError} `DESIGN_RECORD_NEWER` for a record of a later version: going on would replace it with
 * one that knows less.
 */
export function readRecord(text: string | undefined): RecordReading {
  if (text === undefined) return {};
  const json = parseJson(text);
  const parsed = recordShape.safeParse(json);
  return parsed.success ? { record: recordFrom(parsed.data) } : { problem: problemOf(json) };
}

function problemOf(json: unknown): string {
  const version = z.object({ format: z.int() }).safeParse(json).data?.format ?? format;
  if (version > format) {
    throw new UserFacingError(
      "DESIGN_RECORD_NEWER",
      `${recordPath} was written by a later version of Backend Implementer (format ${version}, this one reads ${format}), so it is left alone; update the extension.`,
    );
  }
  const unknown = "so it is not known what was generated and what was edited since.";
  return version < format
    ? `${recordPath} is of an earlier version of Backend Implementer (format ${version}, this one reads ${format}), ${unknown} ` +
        "Implement the design that stands first, review every difference and accept; changes of the design are proposed alone from then on."
    : `${recordPath} cannot be read, ${unknown} Restore it from version control (after a merge conflict take either side), ` +
        "or review every difference.";
}

function recordFrom({ design, revision, retained, shape, accepted, files }: z.infer<typeof recordShape>): DesignRecord {
  return {
    spec: design as unknown as DesignSpec,
    files,
    ...(revision === undefined ? {} : { revision }),
    ...(accepted === undefined ? {} : { accepted }),
    ...(shape === undefined ? {} : { shape: shape as unknown as ProjectShape }),
    ...(retained === undefined ? {} : { retained: retained as unknown as NonNullable<DesignRecord["retained"]> }),
  };
}

/** Whether two specifications say the same, wherever their documents say it. */
export function sameDesign(left: DesignSpec, right: DesignSpec): boolean {
  return withoutLines(left) === withoutLines(right);
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
  revision: z.string().optional(),
  shape: z
    .looseObject({
      folder: z.string(),
      package: z.string(),
      layout: z.looseObject({ kind: z.enum(["layers", "features"]) }),
      application: z.looseObject({ path: z.string(), variable: z.string() }),
      models: elements,
      implemented: z.array(z.string()),
    })
    .optional(),
  retained: z.object({ database, revision: z.string() }).optional(),
  accepted: z.record(z.string(), z.string()).optional(),
  files: z.record(z.string(), z.string()),
  design: z.object({
    api: z.looseObject({ basePath: z.string(), endpoints: elements, schemas: elements, securitySchemes: elements }),
    database,
    domain: z.looseObject({
      entities: elements,
      valueObjects: elements,
      rules: elements,
      stateMachines: elements,
      // Records of before there were events have none.
      events: elements.default([]),
    }),
    errors: z.looseObject({ codes: elements }),
  }),
});

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withSortedKeys(inner)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) =>
      key === "source" && typeof value === "string" && value.startsWith(documentMark)
        ? { path: value.slice(documentMark.length), line: 1, endLine: 1 }
        : value,
    );
  } catch {
    return undefined;
  }
}

/**
 * Before the name of an element's document. Lines change all the time, and folders are other ones on the command line
 * and in the editor; nothing follows from either.
 */
const documentMark = "doc:";

/** Nor what says where the code is: a rule's link is a decision of its own file. */
function withoutLines(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === "linkedTo") return undefined;
    return key === "source" && isSpan(inner) ? `${documentMark}${fileName(inner.path)}` : inner;
  });
}

function isSpan(value: unknown): value is SourceSpan {
  return typeof value === "object" && value !== null && "path" in value && "line" in value && "endLine" in value;
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
