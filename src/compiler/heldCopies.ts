import { attributePath, heldType, holderOf } from "./heldColumns.ts";
import type { AggregatePlan, FieldPlan, HeldValue, PythonImport } from "./plan.ts";

/** Columns of one aggregate with the columns of another that they are copied from. */
export interface CopiedColumns {
  readonly aggregate: AggregatePlan;
  readonly source: AggregatePlan;
  readonly values: readonly { readonly field: FieldPlan; readonly from: FieldPlan }[];
}

/** Keyword arguments for the attributes of the new row, from the object that `item` names in Python. */
export function copiedArguments({ aggregate, source, values }: CopiedColumns, item: string): readonly string[] {
  const told = new Set<HeldValue>();
  return values.flatMap(({ field, from }) => {
    const held = holderOf(aggregate, field)?.value;
    if (!held) return [`${field.name}=${item}.${attributePath(source, from)}`];
    if (told.has(held)) return [];
    told.add(held);
    return [`${held.name}=${wholeValue({ aggregate, source, values }, held, item)}`];
  });
}

/** The classes of what has to be made anew, because the source does not have it as a whole. */
export function copiedImports({ aggregate, values }: CopiedColumns): readonly PythonImport[] {
  return values.flatMap(({ field }) => {
    const held = holderOf(aggregate, field)?.value;
    return held ? heldType(held).imports : [];
  });
}

function wholeValue({ source, values }: CopiedColumns, held: HeldValue, item: string): string {
  const parts = held.parts.map((part) => {
    const from = values.find(({ field }) => field.column === part.field.column)?.from;
    return { part, from, holder: from && holderOf(source, from) };
  });
  const [whole] = parts.map(({ holder }) => holder?.value);
  const isSame = parts.every(({ part, holder }) => holder?.value === whole && holder?.part.name === part.name);
  if (whole && isSame && whole.className === held.className) return `${item}.${whole.name}`;
  const made = parts.map(
    ({ part, from }) => `${part.name}=${from ? `${item}.${attributePath(source, from)}` : "None"}`,
  );
  return `${held.className}(${made.join(", ")})`;
}
