import type { DesignSpec, Endpoint } from "../spec/model.ts";
import type { Access, ApiPlan } from "./apiPlan.ts";
import { callersOf } from "./callers.ts";
import type { AggregatePlan, SessionSettingPlan } from "./plan.ts";

/** Whether the design knows callers at all, so that an endpoint that says nothing is protected. */
export function knowsCallers(
  spec: DesignSpec,
  session: SessionSettingPlan,
  aggregates: readonly AggregatePlan[],
): boolean {
  const owned = aggregates.some(({ fields }) => fields.some(({ role }) => role === "owner" || role === "tenant"));
  return (
    owned ||
    session.supabase ||
    session.settings.length > 0 ||
    spec.api.securitySchemes.length > 0 ||
    spec.api.endpoints.some(({ security }) => (security?.length ?? 0) > 0)
  );
}

/** Whether anything in the design asks who calls, be it only a policy or an endpoint that signs in. */
export function hasCallers(
  spec: DesignSpec,
  session: SessionSettingPlan,
  { api, aggregates }: { readonly api: ApiPlan; readonly aggregates: readonly AggregatePlan[] },
): boolean {
  return (
    knowsCallers(spec, session, aggregates) ||
    session.roles.length > 0 ||
    aggregates.some(({ account }) => account) ||
    api.operations.some((operation) => !operation.access.public || callersOf(operation).length > 0)
  );
}

/** Requirements are alternatives. Scopes of OAuth2 are needed all, roles of the other schemes one of them. */
export function accessOf(spec: DesignSpec, endpoint: Endpoint, isProtected: boolean): Access {
  const { security } = endpoint;
  if (security === undefined) return { public: !isProtected, anyOf: [], allOf: [] };
  if (security.length === 0) return { public: true, anyOf: [], allOf: [] };
  const open = security.some(({ scopes }) => scopes.length === 0);
  const isOauth = (name: string) =>
    spec.api.securitySchemes.some((scheme) => scheme.name === name && scheme.type === "oauth2");
  const scopes = open ? [] : security.flatMap((requirement) => requirement.scopes);
  const [only] = security;
  const needsAll = security.length === 1 && only !== undefined && isOauth(only.scheme);
  return { public: false, anyOf: needsAll ? [] : [...new Set(scopes)], allOf: needsAll ? [...new Set(scopes)] : [] };
}
