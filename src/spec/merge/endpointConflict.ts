import type { Endpoint, Schema } from "../model.ts";
import type { Problem } from "../reading.ts";
import type { Ranked } from "./ranking.ts";

/**
 * The first other version that promises another answer with equal authority, so that only a person can
 * say which is meant. Where one form says more than the other (OpenAPI and prose), or a part of a
 * document more than the whole, the one that counts is known.
 */
export function conflictingVersion(
  first: Ranked<Endpoint>,
  others: readonly Ranked<Endpoint>[],
): Ranked<Endpoint> | undefined {
  const isEqual = ({ fragment }: Ranked<Endpoint>): boolean =>
    fragment.path !== first.fragment.path &&
    fragment.rank === first.fragment.rank &&
    (fragment.superseded ?? false) === (first.fragment.superseded ?? false);
  return others.find((other) => isEqual(other) && differingStatus(first.value, other.value) !== undefined);
}

export function conflictProblem(kept: Endpoint, other: Endpoint): Problem {
  const status = differingStatus(kept, other) ?? 200;
  const [own, theirs] = [kept, other].map((endpoint) => answerOf(endpoint, status));
  const { path, line } = kept.source;
  return {
    path: other.source.path,
    line: other.source.line,
    severity: "error",
    code: "SPEC-CONFLICT",
    message: `Endpoint ${other.name} answers ${status} with ${theirs} here and with ${own} in ${path}:${line}, so it is not implemented; let both say the same, or remove one of the two.`,
  };
}

function differingStatus(left: Endpoint, right: Endpoint): number | undefined {
  return left.responses
    .map(({ status }) => status)
    .find((status) => {
      const [own, other] = [answerOf(left, status), answerOf(right, status)];
      return status < 300 && own !== undefined && other !== undefined && plainName(own) !== plainName(other);
    });
}

function answerOf({ responses }: Endpoint, status: number): string | undefined {
  const schema = responses.find((response) => response.status === status)?.schema;
  return schema && typeName(schema);
}

/** Undefined for what has no name: an object whose fields are listed is compared with nothing. */
function typeName({ ref, type, items }: Schema): string | undefined {
  if (ref !== undefined) return ref;
  if (["string", "integer", "number", "boolean"].includes(type)) return type;
  const item = type === "array" && items ? typeName(items) : undefined;
  return item === undefined ? undefined : `${item}[]`;
}

/** `OrderResponse` is another document's name for `Order`. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/(?:_?(?:response|out|dto))(?=(?:\[\])*$)/, "");
}
