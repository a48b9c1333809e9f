import { singular, words } from "../support/words.ts";
import { attributePath } from "./heldColumns.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";

/** `found.on_hand - found.reserved`: columns of one row, put together. */
export interface Arithmetic {
  readonly fields: readonly [FieldPlan, ...FieldPlan[]];
  /** Between one field and the next. */
  readonly operators: readonly ("+" | "-" | "*")[];
}

const operatorWords: readonly (readonly [RegExp, "+" | "-" | "*"])[] = [
  [/^(?:minus|less|-|−|–)$/i, "-"],
  [/^(?:plus|\+)$/i, "+"],
  [/^(?:times|multiplied by|×|x|\*|·)$/i, "*"],
];
const operator = /\s+(minus|less|plus|times|multiplied by|x|-|−|–)\s+|\s*([×*·+])\s*/i;

/**
 * What a description defines as the arithmetic of columns, `onHand minus reserved`, and nothing besides. Undefined where a
 * part is no column of the row that always has a number.
 */
export function arithmeticIn(text: string, aggregate: AggregatePlan): Arithmetic | undefined {
  const plain = text
    .replace(/[`*_]{1,2}(?=\w)|(?<=\w)[`*]{1,2}/g, "")
    .replace(/^\s*(?:(?:is |always )?(?:computed|calculated|derived)(?: as| from| by)?|equals|=)?\s*:?\s*/i, "")
    .replace(/\.?\s*$/, "");
  const parts = plain.split(operator).filter((part) => part !== undefined);
  const operands = parts.filter((_, index) => index % 2 === 0).map((part) => numberNamed(part, aggregate));
  const signs = parts.filter((_, index) => index % 2 === 1).map(operatorOf);
  const [first, ...others] = operands;
  if (!first || others.length === 0 || signs.length !== others.length) return undefined;
  const fields = others.flatMap((field) => field ?? []);
  const operators = signs.flatMap((sign) => sign ?? []);
  return fields.length === others.length && operators.length === signs.length
    ? { fields: [first, ...fields], operators }
    : undefined;
}

/** A field of the type of the result, which is exact as soon as one part is. */
export function exactestOf({ fields }: Arithmetic): FieldPlan {
  return fields.find(({ type }) => type.expression === "Decimal") ?? fields[0];
}

/** In Python, of an object of the domain. */
export function arithmeticText({ fields, operators }: Arithmetic, aggregate: AggregatePlan, variable: string): string {
  return fields
    .map((field, index) => {
      const sign = index === 0 ? "" : ` ${operators[index - 1]} `;
      return `${sign}${variable}.${attributePath(aggregate, field)}`;
    })
    .join("");
}

function operatorOf(word: string): "+" | "-" | "*" | undefined {
  return operatorWords.find(([form]) => form.test(word))?.[1];
}

/** `the unit price`, `unitPrice`, `line.unit_price`: the number that is called so, or the amount of it. */
function numberNamed(text: string, aggregate: AggregatePlan): FieldPlan | undefined {
  const said = words(text.replace(/^\s*(?:the|its|their|each|every)\s+/i, "").replace(/^\w+\.(?=\w)/, ""))
    .map(singular)
    .join(" ");
  const numbers = aggregate.fields.filter(
    ({ type, optional }) => /^(?:int|Decimal|float)$/.test(type.expression) && !optional,
  );
  const named = (suffix: string): FieldPlan | undefined =>
    numbers.find(({ column }) => words(column.name).map(singular).join(" ") === `${said}${suffix}`);
  return said === "" ? undefined : (named("") ?? named(" amount") ?? named(" cent"));
}
