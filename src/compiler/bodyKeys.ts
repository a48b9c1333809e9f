import type { ModelField, OperationPlan, PathParameter, ResourcePath } from "./apiPlan.ts";
import { matchField } from "./fieldMatching.ts";
import { type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { parameterName, targetOf } from "./resourcePaths.ts";

/** `PUT /pets` is about the pet whose key is in the body. */
export function withKeyOfBody({ endpoint, spec }: OperationDraft, path: ResourcePath): ResourcePath {
  const target = targetOf(path);
  const isWhole = target && !target.parameter && !target.own && !target.single && path.rest.length === 0;
  if (!isWhole || !endpoint.request || !/^(?:PUT|PATCH)$/.test(endpoint.method)) return path;
  const [field, ...others] = target.aggregate.key;
  const property = resolveSchema(spec, endpoint.request.schema).properties?.find(
    ({ name }) => matchField(target.aggregate, name) === field,
  );
  if (!field || others.length > 0 || !property) return path;
  const name = parameterName(property.name, target.aggregate);
  const parameter: PathParameter = { name, wire: property.name, field, inBody: true };
  return { ...path, steps: [...path.steps.slice(0, -1), { ...target, parameter }] };
}

/** `PUT /pets` without a key is about no pet that there is. */
export function keyCheck(operation: OperationPlan): readonly string[] {
  const key = keyInBody(operation);
  if (!key?.annotation.endsWith("| None") || !operation.target) return [];
  return [`if body.${key.name} is None:`, `    raise ${operation.target.notFound.className}()`];
}

/** The property that names the row, where no parameter of the path does. */
export function keyInBody({ path, request }: OperationPlan): ModelField | undefined {
  const parameter = path.steps.at(-1)?.parameter;
  return parameter?.inBody && request?.model.fields.find(({ wire }) => wire === parameter.wire);
}
