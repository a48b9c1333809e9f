import type { Parameter } from "../spec/model.ts";
import type { OperationPlan } from "./apiPlan.ts";
import { docstring, stringLiteral } from "./python.ts";
import { scalarType } from "./wireTypes.ts";

/** `Annotated[str, Header(alias="If-Match", max_length=100)]`: a header as the contract has it, with its default. */
export function headerType({ name, schema, required }: Parameter): string {
  const limits = scalarType({ ...schema, type: "string" }, undefined, "query").arguments;
  const alias = `alias=${stringLiteral(name)}`;
  if (required) return `Annotated[str, Header(${[alias, ...limits].join(", ")})]`;
  const value = limits.length > 0 ? `Annotated[str, Field(${limits.join(", ")})]` : "str";
  return `Annotated[Omittable[${value}], Header(${alias})] = None`;
}

/** Name of the dependency that tells requests with an idempotency key apart. */
export function onceDependency({ access, once }: OperationPlan): string {
  return `${access.public ? "Public" : ""}${once?.required ? "" : "Optional"}OnceDep`;
}

/** The dependencies of {@link onceDependency}, one for each way in which the contract asks for a key. */
export function onceFunctions(operations: readonly OperationPlan[]): readonly string[] {
  const byName = new Map(
    operations.filter(({ once }) => once).map((operation) => [onceDependency(operation), operation]),
  );
  return [...byName].map(([name, operation]) => onceFunction(name, operation));
}

function onceFunction(name: string, { access, once }: OperationPlan): string {
  if (!once) return "";
  const parameters = [
    "request: Request",
    ...(access.public ? [] : ["principal: CurrentPrincipal"]),
    `key: ${headerType(once)}`,
  ];
  const getter = `get_${name
    .replace(/Dep$/, "")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()}`;
  const type = once.required ? "OnceRequest" : "OnceRequest | None";
  return [
    `async def ${getter}(${parameters.join(", ")}) -> ${type}:`,
    docstring("Return the key of the request together with what it asks for.", 1),
    ...(once.required ? [] : ["    if key is None:", "        return None"]),
    "    asked = [request.method.encode(), request.url.path.encode(), await request.body()]",
    '    request_hash = sha256(b"\\n".join(asked)).hexdigest()',
    `    return OnceRequest(caller=${access.public ? '""' : "principal.user_id"}, key=key, request_hash=request_hash)`,
    "",
    "",
    `${name} = Annotated[${type}, Depends(${getter})]`,
  ].join("\n");
}
