import type { ApiPlan, OperationPlan, ResponseShape } from "./apiPlan.ts";
import { callersOf } from "./callers.ts";
import { tagImports } from "./conditionalReads.ts";
import { accessName, serviceDependency } from "./dependencyFiles.ts";
import { storeImports } from "./fileStoreFiles.ts";
import { onceDependency } from "./headerParameters.ts";
import type { PythonImport } from "./plan.ts";
import { importsFrom } from "./python.ts";
import { limitName } from "./rateLimits.ts";
import { signInRouteImports } from "./signInFiles.ts";

/** Whatever some route may mention; those that none does are dropped when the module is written. */
export function routeImports(api: ApiPlan, operation: OperationPlan): readonly PythonImport[] {
  const { request, query, response, target, errors, access } = operation;
  const shapes = response ? shapeImports(response.shape) : [];
  return [
    ...importsFrom("typing", "Annotated", "Any"),
    ...importsFrom("fastapi", "APIRouter", "Body", "Depends", "Path", "Query", "status"),
    ...importsFrom("fastapi", "Form", "Header", "Request", "Response"),
    ...tagImports,
    ...signInRouteImports,
    ...importsFrom("asyncio", "to_thread"),
    ...importsFrom("app.core.passwords", "hash_password"),
    ...importsFrom("fastapi", "BackgroundTasks"),
    ...(operation.sent ?? []).flatMap(({ imports }) => imports),
    ...storeImports,
    ...importsFrom("pydantic", "Field"),
    ...importsFrom("app.api.schemas.common", "Omittable"),
    ...importsFrom("app.api.schemas.errors", "answer_headers", "error_responses"),
    ...importsFrom("app.domain.versions", "entity_tag"),
    ...(target ? importsFrom(`app.domain.${target.module}`, `${target.className} as ${target.className}Entity`) : []),
    ...(request?.many?.wrapper
      ? importsFrom(`app.api.schemas.${request.many.wrapper.model.module}`, request.many.wrapper.model.name)
      : []),
    ...importsFrom("app.core.errors", ...errors.map(({ className }) => className)),
    ...importsFrom("app.core.errors", ...(target ? [target.notFound.className] : [])),
    ...importsFrom("app.domain.paging", "PageRequest"),
    ...importsFrom("app.persistence.health", "measure_latency"),
    ...importsFrom("app.api.deps", ...dependencyNames(operation), ...(accessName(access) ?? [])),
    ...(target ? importsFrom(`app.domain.${target.module}`, `${target.className}Filter`) : []),
    ...(operation.bulk ? (target?.key ?? []).flatMap(({ type }) => type.imports) : []),
    ...(request ? importsFrom(`app.api.schemas.${request.model.module}`, request.model.name) : []),
    ...(query ? importsFrom(`app.api.schemas.${query.model.module}`, query.model.name) : []),
    ...operation.path.steps.flatMap(({ parameter }) => parameter?.field.type.imports ?? []),
    ...(query?.filters ?? []).flatMap(({ filter, source }) => (source === "value" ? filter.field.type.imports : [])),
    ...(response?.imports ?? []),
    ...shapes,
    ...(response ? modelImports(api, response.shape) : []),
  ];
}

function dependencyNames(operation: OperationPlan): readonly string[] {
  const service = operation.target ? [serviceDependency(operation.target, operation.access)] : [];
  return [
    ...callersOf(operation).map((dependency) => dependency.name),
    ...service,
    ...(operation.once ? [onceDependency(operation)] : []),
    ...(operation.limit ? [limitName(operation.limit.perAddress)] : []),
    "FileStoreDep",
    ...(operation.target ? [`${operation.target.className}WorkDep`] : []),
    "CurrentPrincipal",
    "get_principal",
  ];
}

function shapeImports(shape: ResponseShape): readonly PythonImport[] {
  if (shape.kind === "value") return shape.imports;
  return shape.kind === "object" ? shape.fields.flatMap((field) => shapeImports(field.shape)) : [];
}

function modelImports(api: ApiPlan, shape: ResponseShape): readonly PythonImport[] {
  if (shape.kind === "value") return [];
  const model = api.models.find(({ name }) => name === shape.model);
  const own = model ? importsFrom(`app.api.schemas.${model.module}`, model.name) : [];
  return shape.kind === "object" ? [...own, ...shape.fields.flatMap((field) => modelImports(api, field.shape))] : own;
}
