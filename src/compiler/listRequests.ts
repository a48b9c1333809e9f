import type { Property } from "../spec/model.ts";
import { pascalCase, singular } from "../support/words.ts";
import type { ModelPlan, RequestPlan, ResourcePath } from "./apiPlan.ts";
import { modelName, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import { importsFrom } from "./python.ts";
import { planRequest } from "./requests.ts";

/** The body of a bulk operation: a list of what a single one takes, bare or as the only property of an object. */
export function planListRequest(
  draft: OperationDraft,
  name: string,
  path: ResourcePath,
  purpose: "create" | "update" = "create",
): RequestPlan | undefined {
  const { endpoint, spec } = draft;
  const body = endpoint.request && resolveSchema(spec, endpoint.request.schema);
  const property =
    body?.type === "array"
      ? undefined
      : (body?.properties ?? []).find((item) => resolveSchema(spec, item.schema).type === "array");
  const list = property ? resolveSchema(spec, property.schema) : body;
  if (!endpoint.request || !list?.items || (property && body?.properties?.length !== 1)) {
    draft.gaps.push("the request body is not a list of what a single operation takes");
    return undefined;
  }
  const one = { ...draft, endpoint: { ...endpoint, request: { ...endpoint.request, schema: list.items } } };
  const request = planRequest(one, singular(name), path, purpose);
  if (!request) return undefined;
  if (request.externals.some(({ source }) => source === "password")) {
    draft.gaps.push("no document says that several passwords may be set at once");
  }
  const { minItems: least, maxItems: most } = list;
  const wrapper = property && {
    model: wrapperModel(draft, name, request.model, property),
    attribute: pythonName(property.name),
  };
  return {
    ...request,
    many: { ...(least !== undefined && { least }), ...(most !== undefined && { most }), ...(wrapper && { wrapper }) },
  };
}

function wrapperModel(
  draft: OperationDraft,
  name: string,
  item: ModelPlan,
  { name: wire, schema }: Property,
): ModelPlan {
  const { endpoint } = draft;
  const { minItems, maxItems } = resolveSchema(draft.spec, schema);
  const model: ModelPlan = {
    name: modelName(draft, endpoint.request?.schema.ref ?? `${pascalCase(name)}Request`, "request"),
    module: item.module,
    direction: "request",
    summary: `Body of \`\`${endpoint.method} ${endpoint.path}\`\``,
    fields: [
      {
        name: pythonName(wire),
        wire,
        annotation: `list[${item.name}]`,
        imports: importsFrom(`app.api.schemas.${item.module}`, item.name),
        arguments: [
          ...(minItems === undefined ? [] : [`min_length=${minItems}`]),
          ...(maxItems === undefined ? [] : [`max_length=${maxItems}`]),
        ],
        omittable: false,
      },
    ],
  };
  draft.models.set(model.name, model);
  return model;
}
