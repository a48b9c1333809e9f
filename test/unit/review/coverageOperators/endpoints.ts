import type { Endpoint } from "../../../../src/spec/model.ts";
import { type Backend, callsOf, escaped, type Mutated, type Operator, pathOf, replaced, textOf } from "./operator.ts";

export interface EndpointPlace {
  readonly endpoint: Endpoint;
  readonly path: string;
  /** The call of the decorator. */
  readonly declaration: string;
}

/** Where the declaration of an endpoint stands in a generated backend. */
export function placeOf({ spec, files }: Backend, id: string): EndpointPlace | undefined {
  const endpoint = spec.api.endpoints.find((one) => one.id === id);
  const operation = new RegExp(`operation_id="${escaped(endpoint?.operationId ?? "none")}"`);
  const path = pathOf(files, "api/routers", operation);
  const declaration = callsOf(textOf(files, path), `router.${endpoint?.method.toLowerCase()}`).find((call) =>
    operation.test(call),
  );
  return endpoint && path !== undefined && declaration !== undefined ? { endpoint, path, declaration } : undefined;
}

function changed(backend: Backend, id: string, change: (declaration: string) => string): Mutated["files"] | undefined {
  const place = placeOf(backend, id);
  const text = place && change(place.declaration);
  return place && text !== place.declaration
    ? replaced(backend.files, place.path, place.declaration, text ?? "")
    : undefined;
}

function gone(backend: Backend, id: string): Mutated | undefined {
  const place = placeOf(backend, id);
  const files = place && replaced(backend.files, place.path, `@${place.declaration}\n`, "");
  return files && { files, expected: [{ id, status: "missing" }] };
}

function elsewhere(backend: Backend, id: string): Mutated | undefined {
  const place = placeOf(backend, id);
  const files = changed(backend, id, (text) => text.replace(/\(\s*"([^"]*)"/, '("$1/elsewhere"'));
  return (
    place &&
    files && {
      files,
      expected: [
        { id, status: "missing" },
        { id: `extra ${place.endpoint.method} elsewhere`, status: "extra", path: place.path },
      ],
    }
  );
}

function otherMethod(backend: Backend, id: string): Mutated | undefined {
  const files = changed(backend, id, (text) => text.replace(/^router\.\w+/, "router.options"));
  return files && { files, expected: [{ id, status: "missing" }] };
}

function differing(difference: string, change: (text: string) => string): Operator["apply"] {
  return (backend, id) => {
    const place = placeOf(backend, id);
    const files = changed(backend, id, change);
    return (
      place &&
      files && { files, expected: [{ id, status: "mismatched", difference, path: place.path, shows: "router." }] }
    );
  };
}

function stub(backend: Backend, id: string): Mutated | undefined {
  const place = placeOf(backend, id);
  const text = textOf(backend.files, place?.path);
  const from = text.slice(text.indexOf(place?.declaration ?? "none"));
  const body = /\) -> [^\n]*:\n([\s\S]*?)(?=\n\n\n|$(?![\s\S]))/.exec(from)?.[1] ?? "";
  const files = place && replaced(backend.files, place.path, body, "    raise NotImplementedError");
  return (
    place && files && { files, expected: [{ id, status: "mismatched", difference: "only a stub", path: place.path }] }
  );
}

function notIncluded(backend: Backend, id: string): Mutated | undefined {
  const place = placeOf(backend, id);
  const module = /(\w+)\.py$/.exec(place?.path ?? "")?.[1] ?? "none";
  const files = replaced(backend.files, "src/app/main.py", `    app.include_router(${module}.router)\n`, "");
  return files && { files, expected: [{ id, status: "missing", difference: "not included" }] };
}

/** Health checks are never beyond the design. */
function added(backend: Backend, id: string): Mutated | undefined {
  const place = id.includes("/health") ? undefined : placeOf(backend, id);
  const files =
    place &&
    replaced(
      backend.files,
      place.path,
      `@${place.declaration}`,
      `@router.put("/leftover")\nasync def leftover() -> None:\n    """More than asked."""\n    print("leftover")\n\n\n@${place.declaration}`,
    );
  return place && files && { files, expected: [{ id: "extra PUT leftover", status: "extra", path: place.path }] };
}

const operators: readonly (readonly [string, Operator["apply"]])[] = [
  ["an endpoint that is gone", gone],
  ["an endpoint under another path", elsewhere],
  ["an endpoint with another method", otherMethod],
  [
    "another status",
    differing("Answers 202", (text) =>
      text.includes("status_code")
        ? text.replace(/status_code=[\w.]+/, "status_code=status.HTTP_202_ACCEPTED")
        : text.replace(/\)$/, ", status_code=202)").replace(/,\s*, /, ", "),
    ),
  ],
  [
    "another operation id",
    differing("Operation id is", (text) => text.replace(/operation_id="/, 'operation_id="other')),
  ],
  ["an endpoint that does nothing", stub],
  ["a router that no application includes", notIncluded],
  ["an endpoint beyond the design", added],
];

export const endpointOperators: readonly Operator[] = operators.map(([what, apply]) => ({
  what,
  kind: "endpoint",
  apply,
}));
