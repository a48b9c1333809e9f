import { claimOfSetting, policySql } from "../spec/join/callerColumns.ts";
import type { DesignSpec, Property } from "../spec/model.ts";
import { sameThing, words } from "../support/words.ts";
import { foreignKeyTo, isOneRow, isUnique, matchField } from "./fieldMatching.ts";
import { assume, type OperationDraft } from "./modelBuilding.ts";
import { passwordOf } from "./passwords.ts";
import type { AccountPlan, AccountScope, AggregatePlan, FieldPlan } from "./plan.ts";
import { tableKey } from "./schemaText.ts";

/** What of a request says where the account is looked for, beside its name. */
export interface AskedScope {
  readonly property: Property;
  readonly scope: AccountScope;
}

/** `tenant` among what is asked: a row of another table, by its key in words, that accounts refer to. */
export function scopeAsked(
  draft: OperationDraft,
  accounts: AggregatePlan,
  asked: readonly Property[],
): AskedScope | undefined {
  for (const property of asked) {
    const [head = "", ...rest] = words(property.name);
    const aggregate = draft.aggregates.find(({ table }) => table !== accounts.table && sameThing(head, table.name));
    const [column, ...more] = aggregate ? foreignKeyTo(accounts, aggregate) : [];
    const [key, ...others] = aggregate?.key ?? [];
    const by = aggregate && nameOfScope(aggregate, rest.join("_"));
    if (!aggregate || !column || !key || !by || more.length > 0 || others.length > 0) continue;
    assume(draft, `${property.name} of the request is the ${by.column.name} of ${aggregate.table.name}.`);
    return { property, scope: { aggregate, by, key, column, isHidden: accounts.table.rowSecurity !== "off" } };
  }
  return undefined;
}

/** The column that the rest of the name says, else the only one in words that tells rows apart. */
function nameOfScope(aggregate: AggregatePlan, rest: string): FieldPlan | undefined {
  if (rest !== "") {
    const said = matchField(aggregate, rest);
    return said && isUnique(aggregate, said) ? said : undefined;
  }
  const names = aggregate.fields.filter(
    (field) => !field.isKey && field.type.expression === "str" && isUnique(aggregate, field),
  );
  return names.length === 1 ? names[0] : undefined;
}

interface AskedAccount {
  readonly login: Property;
  readonly within: AccountScope | undefined;
  readonly tokenType: string;
}

/** The columns of the account; undefined, or with gaps in the draft, where they do not say who signs in. */
export function accountOf(
  draft: OperationDraft,
  aggregate: AggregatePlan,
  { login, within, tokenType }: AskedAccount,
): AccountPlan | undefined {
  const { key, table, fields } = aggregate;
  const password = passwordOf(aggregate);
  const named =
    matchField(aggregate, login.name) ?? matchField(aggregate, "email") ?? matchField(aggregate, "username");
  const [id, ...others] = key;
  const scoped = named && !isUnique(aggregate, named) ? within : undefined;
  if (!password || !named || !isOneRow(aggregate, [named, ...(scoped ? [scoped.column] : [])])) {
    draft.gaps.push(`no unique column of ${table.name} is the ${login.name} that somebody signs in with`);
    return undefined;
  }
  if (!id || others.length > 0) draft.gaps.push(`no single column of ${table.name} names the caller in a token`);
  checkVisible(draft, aggregate, scoped);
  const tenant = fields.find((field) => field.role === "tenant") ?? scoped?.column;
  return (
    id && {
      id,
      login: named,
      tokenType,
      password,
      ...grantsOf(draft, aggregate),
      ...(tenant && { tenant }),
      ...(scoped && { within: scoped }),
      ...switchesOf(aggregate),
    }
  );
}

function checkVisible(draft: OperationDraft, aggregate: AggregatePlan, scoped: AccountScope | undefined): void {
  const { table } = aggregate;
  if (table.rowSecurity === "off" || (scoped && hidesByTenant(draft.spec, aggregate))) return;
  draft.gaps.push(`the row policies of ${table.name} hide every row from a caller who has no token yet`);
}

/** The column that says what somebody may do. */
function grantsOf(draft: OperationDraft, { fields, table }: AggregatePlan): Pick<AccountPlan, "scopes" | "role"> {
  const granted = fields.find(
    ({ column, type }) => /^(?:scopes|permissions|roles)$/.test(column.name) && type.expression === "list[str]",
  );
  const role = fields.find(({ column }) => /^(?:role|user_role)$/.test(column.name) && !column.type.array);
  const needsScopes = draft.spec.api.endpoints.some(({ security }) =>
    security?.some(({ scopes }) => scopes.length > 0),
  );
  if (needsScopes && !granted && !role) {
    draft.gaps.push(`operations need scopes, and no column of ${table.name} says which of them somebody has`);
  }
  if (granted) return { scopes: granted };
  return role ? { role } : {};
}

/** The columns that say whether somebody may sign in at all. */
function switchesOf({ fields }: AggregatePlan): Pick<AccountPlan, "refusedIf" | "allowedIf"> {
  const off = fields.find(({ column, type }) => disabledName.test(column.name) && type.expression === "bool");
  const on = fields.find(({ column, type }) => enabledName.test(column.name) && type.expression === "bool");
  return { ...(off && { refusedIf: off }), ...(on && { allowedIf: on }) };
}

const disabledName = /^(?:is_)?(?:disabled|blocked|locked|suspended|banned|deactivated)$/;
const enabledName = /^(?:is_)?(?:active|enabled)$/;

/** Whether all that the row policies of the accounts ask for is the tenant. */
function hidesByTenant(spec: DesignSpec, { table }: AggregatePlan): boolean {
  const policies = spec.database.policies.filter((policy) => policy.table === tableKey(table)).map(policySql);
  const settings = policies.flatMap((sql) =>
    [...sql.matchAll(/current_setting\(\s*'([^']+)'/gi)].map(([, name = ""]) => name),
  );
  const others = policies.some((sql) => /\bauth\.\w+\(|\bcurrent_user\b/i.test(sql));
  return settings.length > 0 && !others && settings.every((name) => claimOfSetting(spec, name) === "tenant_id");
}
