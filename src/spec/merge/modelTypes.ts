import type { Field } from "../model.ts";

/** ``- `pickup` – Address``: what looks like a description is the type, where it opens with the name of a model. */
export function withModelTypes<Model extends { readonly fields: readonly Field[] }>(
  model: Model,
  names: ReadonlySet<string>,
): Model {
  const fields = model.fields.map((field) => (field.type === "" ? typed(field, names) : field));
  return fields.some((field, index) => field !== model.fields[index]) ? { ...model, fields } : model;
}

function typed(field: Field, names: ReadonlySet<string>): Field {
  const [, name = "", list = "", said = ""] =
    /^([A-Z]\w*)(\[\])?(?:\s*[,;]\s*(.+)|\s*\((.+)\))?$/s.exec(field.description ?? "") ?? [];
  if (!names.has(name)) return field;
  const { description: _, ...bare } = field;
  return { ...bare, type: `${name}${list}`, ...(said !== "" && { description: said }) };
}
