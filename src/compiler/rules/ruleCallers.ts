import { words } from "../../support/words.ts";
import type { OperationPlan } from "../apiPlan.ts";
import type { AggregatePlan, FieldPlan } from "../plan.ts";
import type { PolicyCheck } from "./rulePlan.ts";
import type { RuleAct } from "./ruleStatement.ts";

export const creations: ReadonlySet<string> = new Set(["create", "createMany", "upsert", "link"]);
export const updates: ReadonlySet<string> = new Set(["update", "updateMany", "replace", "upsert"]);
export const deletions: ReadonlySet<string> = new Set(["delete", "deleteMany"]);

export function isAbout({ target }: OperationPlan, { className }: AggregatePlan): boolean {
  return target?.className === className;
}

/** Whether the operation can break what is checked. */
export function canBreak(operation: OperationPlan, acts: readonly RuleAct[], check: PolicyCheck): boolean {
  const { kind } = operation;
  if (check.kind === "signIn") return operation.signIn !== undefined;
  if (deletions.has(kind)) return acts.includes("delete");
  if (!acts.includes("change")) return false;
  switch (check.kind) {
    case "children":
      return kind === "create";
    case "count":
      return creations.has(kind) || addsTo(operation, check);
    case "refers":
      if (creations.has(kind)) return check.at !== "change";
      return check.at === "reference" ? canSet(operation, check.foreignKey) : updates.has(kind);
    case "ahead":
      return creations.has(kind) || canSet(operation, check.field);
    case "needs":
      return reaches(operation, check);
    case "window":
      return isMove(operation, check) || (updates.has(kind) && canSet(operation, check.reached.field));
    case "state":
      return updates.has(kind);
    default:
      return updates.has(kind) || creations.has(kind);
  }
}

/** The attribute of the parent under which a request for one brings the rows, where it does. */
export function broughtWith(
  operation: OperationPlan,
  parent: AggregatePlan,
  { className }: AggregatePlan,
): string | undefined {
  if (operation.kind !== "create" || !isAbout(operation, parent)) return undefined;
  const attributes = parent.children
    .filter(({ aggregate }) => aggregate === className)
    .map(({ attribute }) => attribute);
  return operation.request?.model.fields
    .flatMap(({ children }) => children?.attribute ?? [])
    .find((name) => attributes.includes(name));
}

/** Whether the body of a change may have the field. */
export function canSet({ kind, request }: OperationPlan, { name }: Pick<FieldPlan, "name">): boolean {
  const changes = updates.has(kind) || kind === "transition" || kind === "mark";
  return changes && (request?.model.fields ?? []).some(({ target }) => target?.name === name);
}

function reaches(operation: OperationPlan, { reached }: Extract<PolicyCheck, { readonly kind: "needs" }>): boolean {
  const { transition, mark } = operation;
  if (canSet(operation, reached.field)) return true;
  if (reached.kind === "moment") {
    const isStamped = transition?.stamps.some(({ name }) => name === reached.field.name);
    return (
      isStamped === true ||
      (mark?.values ?? []).some(({ field, value }) => field.name === reached.field.name && value === "now")
    );
  }
  return reached.members.some(({ value }) => value === transition?.to);
}

function isMove(
  { kind, transition, path }: OperationPlan,
  { reached, verb }: Extract<PolicyCheck, { readonly kind: "window" }>,
): boolean {
  const [said = ""] = words(path.rest.at(-1) ?? "");
  const stem = said.replace(/(?:e|y)$/, "");
  const isReached = reached.members.some(({ value }) => value === transition?.to);
  return kind === "transition" && isReached && stem.length > 2 && verb.toLowerCase().startsWith(stem);
}

/** Whether a row can come under the owner, or into the state, that is counted. */
function addsTo(
  { kind, request, transition }: OperationPlan,
  { foreignKey, narrowed }: Extract<PolicyCheck, { readonly kind: "count" }>,
): boolean {
  const member = transition?.field.enum?.members.find(({ value }) => value === transition.to)?.name;
  if (member !== undefined && narrowed?.value.endsWith(`.${member}`)) return true;
  const columns = [foreignKey.name, narrowed?.field.name];
  return updates.has(kind) && (request?.model.fields ?? []).some(({ target }) => columns.includes(target?.name));
}
