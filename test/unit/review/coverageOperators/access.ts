import { placeOf } from "./endpoints.ts";
import { type Backend, type Mutated, type Operator, replaced, textOf } from "./operator.ts";

const dependencies = "src/app/api/deps.py";

/** The parameters of the handler below a declaration. */
function parametersOf({ files }: Backend, { path, declaration }: NonNullable<ReturnType<typeof placeOf>>): string {
  const text = textOf(files, path);
  const from = text.slice(text.indexOf(declaration) + declaration.length);
  return /^\s*async def \w+\(([\s\S]*?)\) -> /.exec(from)?.[1] ?? "";
}

function mismatched(backend: Backend, id: string, difference: string, files: Mutated["files"] | undefined) {
  const path = placeOf(backend, id)?.path;
  return files && path !== undefined
    ? { files, expected: [{ id, status: "mismatched", difference, path, shows: "router." } as const] }
    : undefined;
}

/** The service of the endpoint is for anybody: the only thing that asked who calls is gone. */
function unguarded(backend: Backend, id: string): Mutated | undefined {
  const place = placeOf(backend, id);
  if (!place?.endpoint.security?.length || place.declaration.includes("dependencies=")) return undefined;
  const parameters = parametersOf(backend, place);
  const service = /service: (\w+)ServiceDep/.exec(parameters)?.[1]?.replace(/(?<=[a-z])(?=[A-Z])/g, "_");
  if (service === undefined || /Caller|Tenant|Principal/.test(parameters)) return undefined;
  const head = `def get_${service.toLowerCase()}_service(`;
  const files = ["principal: CurrentPrincipal", "\n    principal: CurrentPrincipal,\n"]
    .map((parameter) => replaced(backend.files, dependencies, `${head}${parameter})`, `${head})`))
    .find((changed) => changed !== undefined);
  return mismatched(backend, id, "Anybody may call it", files);
}

function guarded(backend: Backend, id: string): Mutated | undefined {
  const place = placeOf(backend, id);
  if (place?.endpoint.security?.length !== 0) return undefined;
  const call = place.declaration.replace(/,?\s*\)$/, ", dependencies=[Depends(get_principal)])");
  const imported = replaced(backend.files, place.path, place.declaration, call)?.map(({ path, text }) => ({
    path,
    text: path === place.path ? `from app.api.deps import get_principal\n${text}` : text,
  }));
  return mismatched(backend, id, "Needs a caller, the design has it public", imported);
}

const needed = /\n? *dependencies=\[Requires\w+\],?/;

function withoutRole(backend: Backend, id: string): Mutated | undefined {
  const place = placeOf(backend, id);
  const call = place?.declaration.replace(needed, "");
  if (!place || call === place.declaration) return undefined;
  const files = replaced(backend.files, place.path, place.declaration, call ?? "");
  return mismatched(backend, id, "Asks for no role or scope, the design says", files);
}

function otherRole(backend: Backend, id: string): Mutated | undefined {
  const name = /dependencies=\[(Requires\w+)\]/.exec(placeOf(backend, id)?.declaration ?? "")?.[1];
  const text = textOf(backend.files, dependencies);
  const line = new RegExp(`\\n${name} = [\\s\\S]*?\\)\\n`).exec(text)?.[0];
  if (name === undefined || line === undefined) return undefined;
  const files = replaced(backend.files, dependencies, line, line.replace(/"[\w:]+"/, '"anotherRole"'));
  return mismatched(backend, id, "Asks for anotherRole", files);
}

const operators: readonly (readonly [string, Operator["apply"]])[] = [
  ["an endpoint that anybody may call", unguarded],
  ["a public endpoint that needs a caller", guarded],
  ["an endpoint that asks for no role", withoutRole],
  ["an endpoint that asks for another role", otherRole],
];

export const accessOperators: readonly Operator[] = operators.map(([what, apply]) => ({
  what,
  kind: "endpoint",
  apply,
}));
