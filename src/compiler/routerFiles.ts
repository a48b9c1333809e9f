import { headerArguments, headerLines } from "./answerHeaders.ts";
import type { ApiPlan, ListBody, OperationPlan, PathParameter, RequestPlan, ResponseShape } from "./apiPlan.ts";
import { keyCheck, keyInBody } from "./bodyKeys.ts";
import { bulkArgument } from "./bulkWrites.ts";
import { callerDependency, callersOf } from "./callers.ts";
import type { GeneratedFile } from "./compilation.ts";
import { conditionalLines, tagParameter } from "./conditionalReads.ts";
import { accessName, serviceDependency } from "./dependencyFiles.ts";
import { downloadDocumentation, downloadLines, uploadLines } from "./fileStoreFiles.ts";
import { headerType, onceDependency } from "./headerParameters.ts";
import { jobLines, jobParameters, startsJob } from "./jobs.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, ErrorClassPlan } from "./plan.ts";
import { docstring, longString, pythonModule, stringLiteral } from "./python.ts";
import { filterExpression, pageExpression } from "./queryModels.ts";
import { limitGuard } from "./rateLimits.ts";
import { routeImports } from "./routeImports.ts";
import { inRouteOrder, isTakenFor, type Route } from "./routeOrder.ts";
import { sentText } from "./sentParameters.ts";
import { serviceArguments } from "./serviceArguments.ts";
import { countsRows } from "./serviceFiles.ts";
import { signInLines, signInParameters } from "./signInFiles.ts";
import { summaryOf } from "./summaries.ts";
import { deletesFile, usesStore } from "./uploads.ts";
import { scalarType } from "./wireTypes.ts";

/** One router an aggregate; paths, ids, statuses and errors stand as literals, as the contract has them. */
export function routerFiles(api: ApiPlan): readonly GeneratedFile[] {
  return [
    { path: "src/app/api/__init__.py", text: "", step: 5 },
    { path: "src/app/api/routers/__init__.py", text: "", step: 5 },
    ...routerModules(api).map((module) => routerModule(api, module)),
  ];
}

/** Names of the router modules in the order in which they are asked, which is that of the contract where it can be. */
export function routerModules({ operations }: ApiPlan): readonly string[] {
  const routes = new Map<string, Route[]>();
  for (const operation of operations) {
    const ofModule = routes.get(moduleOf(operation)) ?? [];
    ofModule.push({ method: operation.endpoint.method, path: operation.path.template });
    routes.set(moduleOf(operation), ofModule);
  }
  return inRouteOrder([...routes.keys()], (module, other) =>
    (routes.get(module) ?? []).some((own) => routes.get(other)?.some((route) => isTakenFor(own, route))),
  );
}

/** A health check that says how the database is. */
export function asksDatabase(operation: OperationPlan): boolean {
  return isHealthCheck(operation) && /\blatency\b|database=|db=/.test(healthAnswer(operation));
}

/** A health check that says where the application runs. */
export function namesEnvironment(operation: OperationPlan): boolean {
  return isHealthCheck(operation) && healthAnswer(operation).includes("get_settings().environment");
}

function moduleOf({ target }: OperationPlan): string {
  return target?.plural ?? "health";
}

function routerModule(api: ApiPlan, module: string): GeneratedFile {
  const operations = api.operations.filter((operation) => moduleOf(operation) === module);
  const prefix = commonPrefix(operations);
  const tags = [...new Set(operations.flatMap(({ endpoint }) => endpoint.tag ?? []))];
  const tag = tags.length > 0 ? tags : [module];
  const options = [
    ...(prefix === "" ? [] : [`prefix=${stringLiteral(prefix)}`]),
    ...(tag.length === 1 ? [`tags=[${stringLiteral(tag[0] ?? module)}]`] : []),
  ];
  const routes = operations.map((operation) =>
    route(operation, { prefix, ownTag: tag.length > 1, operations: api.operations }),
  );
  const text = pythonModule({
    docstring: module === "health" ? "Health of the service." : `Endpoints of ${module.replaceAll("_", " ")}.`,
    imports: operations.flatMap((operation) => routeImports(api, operation)),
    body: [`router = APIRouter(${options.join(", ")})`, ...routes],
  });
  return { path: `src/app/api/routers/${module}.py`, text, step: 5 };
}

/** The longest part, in whole segments and without parameters, that all paths begin with. */
function commonPrefix(operations: readonly OperationPlan[]): string {
  const paths = operations.map(({ path }) => path.template.split("/"));
  const [first = []] = paths;
  const length = first.findIndex(
    (segment, index) => segment.startsWith("{") || paths.some((path) => path[index] !== segment),
  );
  const common = (length === -1 ? first : first.slice(0, length)).join("/");
  return common === "/" ? "" : common;
}

interface RouterText {
  readonly prefix: string;
  readonly ownTag: boolean;
  readonly operations: readonly OperationPlan[];
}

function route(operation: OperationPlan, { prefix, ownTag, operations }: RouterText): string {
  const { endpoint, operationId, path, status, name, response, access, limit } = operation;
  const method = endpoint.method.toLowerCase();
  const guards = [...(accessName(access) ?? []), ...(limit ? [limitGuard(operationId, limit)] : [])];
  const options = [
    stringLiteral(path.template.slice(prefix.length)),
    `operation_id=${stringLiteral(operationId)}`,
    ...(endpoint.summary ? [`summary=${longString(endpoint.summary)}`] : []),
    ...(status === 200 ? [] : [`status_code=${statusName(status)}`]),
    ...(ownTag && endpoint.tag ? [`tags=[${stringLiteral(endpoint.tag)}]`] : []),
    ...(guards.length > 0 ? [`dependencies=[${guards.join(", ")}]`] : []),
    ...(operation.kind === "download" ? ["response_class=StreamingResponse"] : []),
    ...(operation.conditionalRead && response ? [`response_model=${response.annotation}`] : []),
    ...documentation(operation),
  ];
  const annotation = answerAnnotation(operation);
  return [
    `@router.${method}(${options.join(", ")})`,
    `async def ${name}(${parameters(operation).join(", ")}) -> ${annotation}:`,
    docstring(endpoint.description ?? summaryOf(operation), 1),
    ...handler(operation, operations).map((line) => `    ${line}`),
  ].join("\n");
}

function answerAnnotation({ kind, response, conditionalRead }: OperationPlan): string {
  if (kind === "download") return "StreamingResponse";
  const answer = response?.annotation ?? "None";
  return conditionalRead ? `${answer} | Response` : answer;
}

/** Errors by status, and the headers of the successful answer. */
function documentation(operation: OperationPlan): readonly string[] {
  const { errors, headers, status, kind } = operation;
  const failures = errors.length > 0 ? `error_responses(${errorNames(errors)})` : undefined;
  const isFile = kind === "download";
  if (headers.length === 0 && !isFile) return failures === undefined ? [] : [`responses=${failures}`];
  if (isFile)
    return [`responses={${[downloadDocumentation(operation), ...(failures ? [`**${failures}`] : [])].join(", ")}}`];
  const answers = [
    `answer_headers(${[status, ...headerArguments(headers)].join(", ")})`,
    ...(operation.conditionalRead ? [`answer_headers(304, "ETag")`] : []),
    ...(failures === undefined ? [] : [failures]),
  ];
  return [`responses=${answers.length === 1 ? answers[0] : `{${answers.map((part) => `**${part}`).join(", ")}}`}`];
}

function errorNames(errors: readonly ErrorClassPlan[]): string {
  return errors.map(({ className }) => className).join(", ");
}

const statusNames: Readonly<Record<number, string>> = {
  201: "HTTP_201_CREATED",
  202: "HTTP_202_ACCEPTED",
  204: "HTTP_204_NO_CONTENT",
};

function statusName(status: number): string {
  const name = statusNames[status];
  return name === undefined ? String(status) : `status.${name}`;
}

function parameters(operation: OperationPlan): readonly string[] {
  const sent = operation.sent ?? [];
  const { path, request, query, target, access } = operation;
  const keys = path.steps.flatMap(({ parameter }) =>
    parameter && !parameter.inBody ? [pathParameter(operation, parameter)] : [],
  );
  const body = request ? [`body: ${bodyType(request)}`] : [];
  const page = query && query.model.fields.length > 0 ? [`query: Annotated[${query.model.name}, Query()]`] : [];
  const service = target ? [`service: ${serviceDependency(target, access)}`] : [];
  return [
    ...keys,
    ...body,
    ...(operation.bulk?.keys?.parameter ? [operation.bulk.keys.parameter] : []),
    ...page,
    ...callersOf(operation).map((caller) => `${caller.parameter}: ${caller.name}`),
    ...(operation.once ? [`once: ${onceDependency(operation)}`] : []),
    ...(usesStore(operation) ? ["store: FileStoreDep"] : []),
    ...signInParameters(operation),
    ...httpParameters(operation),
    ...jobParameters(operation),
    ...sent.filter((item) => item.default === undefined).map(sentText),
    ...service,
    ...optionalParameters(operation),
    ...tagParameter(operation),
    ...sent.filter((item) => item.default !== undefined).map(sentText),
  ];
}

/** A body that may be left out is one that names nothing. */
function bodyType({ model, optional, many, upload, inQuery }: RequestPlan): string {
  if (inQuery) return `Annotated[${model.name}, Query()]`;
  if (upload) return `Annotated[${model.name}, Form(media_type="multipart/form-data")]`;
  if (many) return many.wrapper?.model.name ?? listBody(model.name, many);
  return optional ? `Annotated[${model.name}, Body(default_factory=${model.name})]` : model.name;
}

function listBody(name: string, { least, most }: ListBody): string {
  const limits = [
    ...(least === undefined ? [] : [`min_length=${least}`]),
    ...(most === undefined ? [] : [`max_length=${most}`]),
  ];
  return limits.length > 0 ? `Annotated[list[${name}], Body(${limits.join(", ")})]` : `list[${name}]`;
}

/** Parameters that the route itself asks for, because an answer or a condition needs them. */
function httpParameters({ headers, once, precondition }: OperationPlan): readonly string[] {
  return [
    ...(headers.some(({ value }) => value === "location") ? ["request: Request"] : []),
    ...(headers.length > 0 || once ? ["response: Response"] : []),
    ...(precondition?.parameter.required ? [`condition: ${headerType(precondition.parameter)}`] : []),
  ];
}

/** A parameter with a default stands behind all that have none. */
function optionalParameters({ precondition }: OperationPlan): readonly string[] {
  if (!precondition || precondition.parameter.required) return [];
  return [`condition: ${headerType(precondition.parameter)}`];
}

/** Under the name that the contract gives it, and within the limits of the contract. */
function pathParameter({ endpoint }: OperationPlan, { name, wire, field }: PathParameter): string {
  const described = endpoint.parameters.find(
    (parameter) => parameter.in === "path" && pythonName(parameter.name) === pythonName(wire),
  );
  const type = field.type.expression;
  const limits = /^(?:str|int)$/.test(type) && described ? scalarType(described.schema, field, "query").arguments : [];
  const options = [...(name === wire ? [] : [`alias=${stringLiteral(wire)}`]), ...limits];
  return options.length > 0 ? `${name}: Annotated[${type}, Path(${options.join(", ")})]` : `${name}: ${type}`;
}

function handler(operation: OperationPlan, operations: readonly OperationPlan[]): readonly string[] {
  const { kind, response, target } = operation;
  if (isHealthCheck(operation) || !target) return healthBody(operation);
  if (operation.once && response) return onceHandler(operation, operations);
  const headers = headerLines(operation, operations);
  const page = operation.query ? [`page = ${pageExpression(operation)}`] : [];
  const call = `await service.${operation.name}(${serviceArguments(operation)
    .map(({ name }) => argument(operation, name))
    .join(", ")})`;
  if (kind === "download") return downloadLines(operation, call);
  if (operation.signIn && response) return [...signInLines(operation), `return ${expression(response.shape)}`];
  const answer = response ? [`return ${expression(response.shape)}`] : [];
  if (kind === "delete" || kind === "deleteMany") return [...deletion(operation, target, call), ...headers, ...answer];
  if (!response) return [...page, ...keyCheck(operation), ...withoutAnswer(operation, call), ...headers];
  if (operation.conditionalRead) {
    const read = conditionalLines(operation, expression(response.shape));
    return [...page, ...fetched(operation, call), ...read, ...headers, "return answer"];
  }
  if (kind === "list") return [...page, ...fetched(operation, call), ...headers, ...answer];
  const made = uploadLines(operation, [`${resultName(operation)} = ${call}`]);
  return [...page, ...keyCheck(operation), ...made, ...jobLines(operation), ...headers, ...answer];
}

function deletion({ kind, bulk }: OperationPlan, target: AggregatePlan, call: string): readonly string[] {
  if (bulk?.tellsMissing) return [`deleted = ${call}`];
  if (!deletesFile(target)) return [call];
  if (kind === "deleteMany") return [`for key in ${call}:`, "    await store.delete(key)"];
  if (!target.file?.key.optional) return [`await store.delete(${call})`];
  return [`key = ${call}`, "if key is not None:", "    await store.delete(key)"];
}

function withoutAnswer(operation: OperationPlan, call: string): readonly string[] {
  const needsRow = operation.headers.length > 0 || startsJob(operation);
  return [needsRow ? `found = ${call}` : call, ...jobLines(operation)];
}

function fetched(operation: OperationPlan, call: string): readonly string[] {
  if (operation.query?.paging.style === "cursor") return [`part = ${call}`, "rows = part.rows"];
  return [`${resultName(operation)} = ${call}`];
}

function resultName(operation: OperationPlan): string {
  if (operation.kind === "createMany" || operation.kind === "updateMany") return "rows";
  if (operation.kind === "tally") return "counts";
  if (operation.kind !== "list") return "found";
  return countsRows(operation) ? "rows, total" : "rows";
}

/** The whole answer is kept with the key, so that it can be given again as it was. */
function onceHandler(operation: OperationPlan, operations: readonly OperationPlan[]): readonly string[] {
  const { name, target, response } = operation;
  if (!response || !target) return [];
  const headers = headerLines(operation, operations).map((line) =>
    line.replace(/^response\.headers\[(".+?")\] = (.*)$/, "$1: $2,"),
  );
  const model = response.annotation;
  const args = serviceArguments(operation).map((item) => argument(operation, item.name));
  return [
    `def answer(found: ${target.className}Entity) -> dict[str, Any]:`,
    ...jobLines(operation).map((line) => `    ${line}`),
    `    shown = ${expression(response.shape)}`,
    "    return {",
    `        "headers": {${headers.join(" ")}},`,
    '        "body": shown.model_dump(mode="json", by_alias=True),',
    "    }",
    "",
    `kept = await service.${name}(${args.join(", ")})`,
    'response.headers.update(kept["headers"])',
    `return ${model}.model_validate(kept["body"])`,
  ];
}

function argument(operation: OperationPlan, name: string): string {
  const { kind, request } = operation;
  const key = keyInBody(operation);
  if (key && name === operation.path.steps.at(-1)?.parameter?.name) return `body.${key.name}`;
  if (name === "criteria") return filterExpression(operation);
  if (name === "data" && request?.upload?.number === "list") {
    return `[body.to_new(${externalArguments(operation)}) for file in files]`;
  }
  if (name === "data" && request?.many) {
    const items = request.many.wrapper ? `body.${request.many.wrapper.attribute}` : "body";
    return `[item.to_new(${externalArguments(operation)}) for item in ${items}]`;
  }
  if (name === "data") return `body.to_new(${externalArguments(operation)})`;
  if (name === "changes") return replacing.has(kind) ? "body.to_replacement()" : "body.to_changes()";
  return plainArgument(operation, name);
}

function plainArgument(operation: OperationPlan, name: string): string {
  if (name === "items") return bulkArgument(operation);
  if (name === "keys") return operation.bulk?.keys?.name ?? name;
  return name === operation.adjustment?.amount ? `body.${name}` : name;
}

const replacing: ReadonlySet<OperationPlan["kind"]> = new Set(["replace", "upsert"]);

function externalArguments({ request }: OperationPlan): string {
  return (request?.externals ?? [])
    .map((external) => {
      const isFile = external.source === "file";
      const ofFile = `file.${external.parameter}${external.optional ? " if file else None" : ""}`;
      const hash = `await to_thread(hash_password, body.${external.parameter})`;
      const named = isFile ? ofFile : external.source === "password" ? hash : external.parameter;
      const value = named ?? callerDependency(external)?.parameter ?? "caller_id";
      return `${external.field.name}=${value}`;
    })
    .join(", ");
}

function expression(shape: ResponseShape): string {
  switch (shape.kind) {
    case "entity":
      return `${shape.model}.model_validate(found)`;
    case "entities":
      return `[${shape.model}.model_validate(row) for row in rows]`;
    case "object":
      return `${shape.model}(${shape.fields.map((field) => `${field.name}=${expression(field.shape)}`).join(", ")})`;
    case "value":
      return shape.expression;
  }
}

function healthBody(operation: OperationPlan): readonly string[] {
  const text = healthAnswer(operation);
  const call = "await measure_latency()";
  const measures = /\blatency\b/.test(text) ? [`latency = ${call}`] : asksDatabase(operation) ? [call] : [];
  return [...measures, `return ${text}`];
}

function isHealthCheck({ kind, target }: OperationPlan): boolean {
  return kind === "health" || !target;
}

function healthAnswer({ response }: OperationPlan): string {
  return response ? expression(response.shape) : "None";
}
