import { isOptionalOnCreation } from "../spec/join/columnFacts.ts";
import type { DesignSpec, Endpoint, Schema } from "../spec/model.ts";
import type { ApiPlan, ExternalValue, ModelPlan, OperationPlan, UploadPlan } from "./apiPlan.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { givenColumns, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, FieldPlan, FilePlan } from "./plan.ts";
import { resourcePath, targetOf } from "./resourcePaths.ts";

/** Marks the aggregates whose rows stand for files: some endpoint takes the file, and a column says where it is kept. */
export function withFiles(spec: DesignSpec, aggregates: readonly AggregatePlan[]): readonly AggregatePlan[] {
  const names = new Set(
    spec.api.endpoints
      .filter(takesForm)
      .flatMap((endpoint) => targetOf(resourcePath(endpoint, aggregates, spec.api))?.aggregate.className ?? []),
  );
  return aggregates.map((aggregate) => {
    const file = names.has(aggregate.className) ? fileColumns(aggregate) : undefined;
    return file ? { ...aggregate, file } : aggregate;
  });
}

/** A form with parts, as browsers send files. */
export function takesForm({ request }: Pick<Endpoint, "request">): boolean {
  return /^multipart\/form-data\b/.test(request?.contentType ?? "");
}

/** The bytes of a file, as every version of OpenAPI writes them once they are read. */
export function isFile({ type, format }: Schema): boolean {
  return type === "string" && format === "binary";
}

/** A list of files, each a part of the same name. */
export function isFileList(spec: DesignSpec, { type, items }: Schema): boolean {
  return type === "array" && items !== undefined && isFile(resolveSchema(spec, items));
}

/** Whether the form has a list of files. */
export function takesSeveralFiles({ endpoint, spec }: Pick<OperationDraft, "endpoint" | "spec">): boolean {
  const parts = endpoint.request ? (resolveSchema(spec, endpoint.request.schema).properties ?? []) : [];
  return takesForm(endpoint) && parts.some(({ schema }) => isFileList(spec, resolveSchema(spec, schema)));
}

/** The file of a form and its limits; undefined, with a gap in the draft, when no document says where it goes. */
export function planUpload(
  draft: OperationDraft,
  { file, table }: AggregatePlan,
  { tooLarge, mediaType }: ErrorCatalogue,
): UploadPlan | undefined {
  const { request } = draft.endpoint;
  const parts = request ? (resolveSchema(draft.spec, request.schema).properties ?? []) : [];
  const files = parts
    .map((part) => ({ ...part, schema: resolveSchema(draft.spec, part.schema) }))
    .filter(({ schema }) => isFile(schema) || isFileList(draft.spec, schema));
  const [part] = files;
  if (!part || files.length > 1) {
    draft.gaps.push(`a form is stored when it has one file or one list of files, and this one has ${files.length}`);
  } else if (!file) draft.gaps.push(`no column of ${table.name} says where a file is kept`);
  if (!part || !file || !tooLarge || !mediaType) return undefined;
  const { items } = part.schema;
  const mayMiss = !part.required && items === undefined;
  if (mayMiss) checkMissing(draft, file);
  const { maxLength } = items ? resolveSchema(draft.spec, items) : part.schema;
  return {
    attribute: pythonName(part.name),
    number: items ? "list" : mayMiss ? "optional" : "one",
    mediaTypes: request?.partTypes?.[part.name] ?? [],
    ...(maxLength !== undefined && { most: maxLength }),
    tooLarge,
    mediaType,
  };
}

function checkMissing({ gaps }: OperationDraft, file: FilePlan): void {
  const needed = columnsOf(file).find(([, field]) => !isOptionalOnCreation(field));
  if (needed) gaps.push(`the file may be left out, and ${needed[1].column.name} must not be null`);
}

/** Columns that the file fills and the other parts of the form do not. */
export function fileValues(
  { file }: AggregatePlan,
  model: ModelPlan,
  { number }: UploadPlan,
): readonly ExternalValue[] {
  const inForm = new Set(model.fields.flatMap(givenColumns));
  return columnsOf(file)
    .filter(([, field]) => !inForm.has(field.name))
    .map(([parameter, field]) => ({
      field,
      source: "file",
      parameter,
      ...(number === "optional" && { optional: true }),
    }));
}

/** Whether any operation reads, writes or deletes files. */
export function keepsFiles({ operations }: ApiPlan): boolean {
  return operations.some(usesStore);
}

export function usesStore({ request, kind, target }: OperationPlan): boolean {
  const isDeleted = (kind === "delete" || kind === "deleteMany") && target !== undefined && deletesFile(target);
  return request?.upload !== undefined || kind === "download" || isDeleted;
}

/** Whether deleting the row deletes the file; a row that is only marked keeps it. */
export function deletesFile({ file, fields }: AggregatePlan): boolean {
  return file !== undefined && !fields.some(({ role }) => role === "deletedAt");
}

const columnNames = {
  key: /^(?:storage|object|file|blob)_(?:key|path)$|^path$/,
  name: /^(?:original_)?(?:file_?)name$/,
  mediaType: /^(?:media|mime|content|file)_type$/,
  size: /^(?:file_|byte_)?size(?:_in)?(?:_bytes)?$|^content_length$/,
  sha256: /^(?:content_|file_)?sha_?256$/,
} satisfies Readonly<Record<keyof FilePlan, RegExp>>;

function fileColumns({ fields }: AggregatePlan): FilePlan | undefined {
  const find = (part: keyof FilePlan, type: string): FieldPlan | undefined =>
    fields.find((field) => columnNames[part].test(field.column.name) && field.type.expression === type && !field.isKey);
  const [key, name, mediaType] = [find("key", "str"), find("name", "str"), find("mediaType", "str")];
  const [size, sha256] = [find("size", "int"), find("sha256", "str")];
  if (!key) return undefined;
  return {
    key,
    ...(name && { name }),
    ...(mediaType && { mediaType }),
    ...(size && { size }),
    ...(sha256 && { sha256 }),
  };
}

/** By the attribute of the generated `KeptFile`. */
function columnsOf(file: FilePlan | undefined): readonly (readonly [string, FieldPlan])[] {
  if (!file) return [];
  const { key, name, mediaType, size, sha256 } = file;
  const all = { key, name, media_type: mediaType, size, sha256 };
  return Object.entries(all).flatMap(([attribute, field]): (readonly [string, FieldPlan])[] =>
    field ? [[attribute, field]] : [],
  );
}
