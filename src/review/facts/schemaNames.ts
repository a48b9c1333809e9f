import type { PythonNode } from "../pythonParser.ts";
import { bindingsOf } from "./bindings.ts";
import { ofSchema } from "./loopItems.ts";
import type { FunctionFact } from "./pythonFile.ts";
import { fieldOf } from "./syntax.ts";

/** The tables of a metadata and their columns, which the models name. */
export function isOfSchema(within: FunctionFact | undefined, items: PythonNode | undefined): boolean {
  if (!items || ofSchema.test(items.text)) return items !== undefined;
  const table = items.text.match(/^(\w+)(\.primary_key)?\.(columns|c)$/)?.[1];
  return table !== undefined && isNamedBySchema(within, table);
}

/** `column.name` in a loop over the columns of a table, `table.name` in one over the tables. */
export function isNamedBySchema(within: FunctionFact | undefined, item: string): boolean {
  const loops = within ? bindingsOf(within, item) : [];
  return loops.length > 0 && loops.every((loop) => isOfSchema(within, fieldOf(loop, "right")));
}

/** `column.type.compile(dialect)`, `sa.false().compile(bind)`: a type or a constant as the database calls it. */
export function isTypeOfSchema(call: PythonNode): boolean {
  return /(\.type|^(sa|sqlalchemy)\.(true|false|null|func\.\w+)\(\))\.compile$/.test(
    fieldOf(call, "function")?.text ?? "",
  );
}
