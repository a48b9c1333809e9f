import type { PythonFile } from "./pythonFile.ts";
import type { TypeExpression } from "./typeText.ts";

/** What requests may hold and what answers do differ in names and in what is there. */
export type Direction = "request" | "response";

/** Where the names of a type expression stand, and what its type variables are bound to. */
export interface TypePlace {
  readonly file: PythonFile;
  readonly bindings: ReadonlyMap<string, BoundType>;
}

export interface BoundType {
  readonly expression: TypeExpression;
  readonly place: TypePlace;
}

/** Type variables in their order, bound to what is given for them. */
export function bind(
  variables: readonly string[],
  given: readonly TypeExpression[],
  place: TypePlace,
): ReadonlyMap<string, BoundType> {
  return new Map(
    variables.flatMap((name, at) => {
      const expression = given[at];
      return expression ? [[name, { expression, place }] as const] : [];
    }),
  );
}

/** What a type argument means, for telling uses of one generic model from each other. */
export function boundText(place: TypePlace, expression: TypeExpression): string {
  const bound = place.bindings.get(expression.name);
  return bound ? boundText(bound.place, bound.expression) : `${place.file.path}:${expression.text}`;
}
