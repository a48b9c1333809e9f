import type { Parameter } from "../spec/model.ts";
import type { ConditionalReadPlan, OperationPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import { headerType } from "./headerParameters.ts";
import type { OperationDraft } from "./modelBuilding.ts";
import type { AggregatePlan, OperationKind, PythonImport } from "./plan.ts";
import { importsFrom, pythonModule } from "./python.ts";
import { successResponse } from "./responses.ts";

/**
 * A read that is answered with 304 when the caller has what would be answered (RFC 9110, section 13.1.2).
 *
 * The contract has it where it names the header or the status, or promises a tag for rows that have no version.
 */
export function planConditionalRead(
  draft: OperationDraft,
  kind: OperationKind,
  target: AggregatePlan,
): ConditionalReadPlan | undefined {
  if (kind !== "get" && kind !== "list") return undefined;
  const { parameters, responses } = draft.endpoint;
  const success = successResponse(responses);
  const parameter = parameters.find(isReadCondition);
  const version = kind === "get" ? target.version : undefined;
  const promisesTag = success?.headers?.some((name) => name.toLowerCase() === "etag") === true;
  const isAsked =
    parameter !== undefined || responses.some(({ status }) => status === 304) || (promisesTag && !version);
  if (!isAsked || !success?.schema) return undefined;
  return { ...(parameter && { parameter }), ...(version && { version }) };
}

export function isReadCondition({ in: place, name }: Parameter): boolean {
  return place === "header" && name.toLowerCase() === "if-none-match";
}

/** The parameter of the route; one that the contract does not name works without being documented. */
export function tagParameter({ conditionalRead }: OperationPlan): readonly string[] {
  if (!conditionalRead) return [];
  const { parameter } = conditionalRead;
  return [`known_tag: ${parameter ? headerType({ ...parameter, required: false }) : hiddenHeader}`];
}

/** Lines behind the call of the service: what is answered, and whether the caller has it already. */
export function conditionalLines({ conditionalRead }: OperationPlan, answer: string): readonly string[] {
  const { version } = conditionalRead ?? {};
  return [
    `answer = ${answer}`,
    `tag = ${version ? `entity_tag(found.${version.name})` : "content_tag(answer)"}`,
    "if is_known(known_tag, tag):",
    '    return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})',
  ];
}

export const tagImports: readonly PythonImport[] = importsFrom("app.api.entity_tags", "content_tag", "is_known");

/** `app.api.entity_tags`: whether an answer is what the caller has. */
export function tagFiles(operations: readonly OperationPlan[]): readonly GeneratedFile[] {
  const reads = operations.flatMap(({ conditionalRead }) => conditionalRead ?? []);
  if (reads.length === 0) return [];
  const text = pythonModule({
    docstring: "Entity tags of answers (RFC 9110, section 8.8.3).",
    imports: [...importsFrom("hashlib", "sha256"), ...importsFrom("pydantic_core", "to_json")],
    body: [...(reads.every(({ version }) => version) ? [] : [contentText]), knownText],
  });
  return [{ path: "src/app/api/entity_tags.py", text, step: 5 }];
}

const hiddenHeader = 'Annotated[str | None, Header(alias="If-None-Match", include_in_schema=False)] = None';

const contentText = `def content_tag(answer: object) -> str:
    """Return the tag of an answer without a version: it changes with what is said."""
    return f'"{sha256(to_json(answer, by_alias=True)).hexdigest()[:32]}"'`;

const knownText = `def is_known(condition: str | None, tag: str) -> bool:
    """Whether the caller has the answer with this tag; weak tags count as well."""
    if condition is None:
        return False
    known = {item.strip().removeprefix("W/") for item in condition.split(",")}
    return tag in known or "*" in known`;
