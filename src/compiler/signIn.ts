import type { DesignSpec, Endpoint, Property } from "../spec/model.ts";
import { pascalCase, words } from "../support/words.ts";
import type { RequestPlan, ResponsePlan } from "./apiPlan.ts";
import { buildModel } from "./apiSchemas.ts";
import { type ErrorCatalogue, findCode } from "./errorClasses.ts";
import { isUnique, matchField } from "./fieldMatching.ts";
import { assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import type { AccountPlan, AggregatePlan, ErrorClassPlan, FieldPlan } from "./plan.ts";
import { planResponse, successResponse } from "./responses.ts";

/** An operation that gives a token for a name and a password. */
export interface SignInPlan {
  readonly account: AccountPlan;
  readonly error: ErrorClassPlan;
  /** Attributes of the request: those of OAuth2's form, or of the model of the body. */
  readonly name: string;
  readonly password: string;
  /** The request is the form of OAuth2's password flow (RFC 6749, section 4.3.2), in which scopes are asked for. */
  readonly isForm: boolean;
  /** The form must say that it is of this flow. */
  readonly isStrict: boolean;
}

export interface SignInParts {
  readonly signIn: SignInPlan;
  readonly target: AggregatePlan;
  readonly request?: RequestPlan;
  readonly response: ResponsePlan;
}

/** Whether the operation takes a name and a password and gives a token. */
export function isSignIn({ spec, endpoint }: Pick<OperationDraft, "spec" | "endpoint">): boolean {
  const answer = successResponse(endpoint.responses)?.schema;
  if (endpoint.method !== "POST" || !endpoint.request || !answer) return false;
  const asked = propertiesOf(spec, endpoint.request.schema);
  const given = propertiesOf(spec, answer).flatMap((property) => [property, ...propertiesOf(spec, property.schema)]);
  return (
    find(asked, loginName) !== undefined &&
    find(asked, /^password$/) !== undefined &&
    find(given, tokenName) !== undefined &&
    !/regist|sign-?_?up|reset|invit/i.test(endpoint.path)
  );
}

/** Who signs in and what is answered; undefined, with gaps in the draft, when no table keeps passwords. */
export function planSignIn(draft: OperationDraft, name: string, errors: ErrorCatalogue): SignInParts | undefined {
  const { spec, endpoint } = draft;
  const asked = propertiesOf(spec, endpoint.request?.schema ?? { type: "any" });
  const [login, password] = [find(asked, loginName), find(asked, /^password$/)];
  if (!login || !password) return undefined;
  const target = draft.aggregates.find((aggregate) => passwordOf(aggregate) !== undefined);
  const account = target && accountOf(draft, target, login);
  if (!target || !account) {
    if (!target) draft.gaps.push("no table has a column for the hash of a password");
    return undefined;
  }
  const isForm = /^application\/x-www-form-urlencoded\b/.test(endpoint.request?.contentType ?? "");
  const placed = { ...draft, module: target.module };
  const request = isForm ? undefined : bodyOf(placed, name);
  const values = answerValues(account);
  const response = planResponse(placed, { kind: "entity", aggregate: target, name, values });
  if (!response) return undefined;
  assume(draft, `Passwords in ${target.table.name}.${account.password.column.name} are Argon2id hashes.`);
  const signIn: SignInPlan = {
    account,
    error: credentialsError(endpoint, errors),
    name: isForm ? "username" : pythonName(login.name),
    password: isForm ? "password" : pythonName(password.name),
    isForm,
    isStrict: asked.some((property) => property.required && words(property.name).join(" ") === "grant type"),
  };
  return { signIn, target, ...(request && { request }), response };
}

const loginName = /^(?:user ?name|e ?mail|email address|login|user|phone|phone number|mobile)$/;
const tokenName = /^(?:access token|token|jwt|bearer token|id token|auth token)$/;

function find(properties: readonly Property[], name: RegExp): Property | undefined {
  return properties.find((property) => name.test(words(property.name).join(" ")));
}

function propertiesOf(spec: DesignSpec, schema: Parameters<typeof resolveSchema>[1]): readonly Property[] {
  return resolveSchema(spec, schema).properties ?? [];
}

/** A column that says by its name that it holds a hash. */
function passwordOf({ fields }: AggregatePlan): FieldPlan | undefined {
  const isHash = /^(?:(?:hashed|encrypted)_password|password_(?:hash|digest)|pass(?:wd)?_hash|pwd_hash)$/;
  return fields.find(({ column, type }) => isHash.test(column.name) && type.expression === "str");
}

function accountOf(draft: OperationDraft, aggregate: AggregatePlan, login: Property): AccountPlan | undefined {
  const { fields, key, table } = aggregate;
  const password = passwordOf(aggregate);
  const named =
    matchField(aggregate, login.name) ?? matchField(aggregate, "email") ?? matchField(aggregate, "username");
  const [id, ...others] = key;
  if (!password || !named || !isUnique(aggregate, named)) {
    draft.gaps.push(`no unique column of ${table.name} is the ${login.name} that somebody signs in with`);
    return undefined;
  }
  if (!id || others.length > 0) draft.gaps.push(`no single column of ${table.name} names the caller in a token`);
  if (table.rowSecurity !== "off") {
    draft.gaps.push(`the row policies of ${table.name} hide every row from a caller who has no token yet`);
  }
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
  const off = fields.find(({ column, type }) => disabledName.test(column.name) && type.expression === "bool");
  const on = fields.find(({ column, type }) => enabledName.test(column.name) && type.expression === "bool");
  const tenant = fields.find((field) => field.role === "tenant");
  return (
    id && {
      id,
      login: named,
      tokenType: tokenTypeOf(draft),
      password,
      ...(granted && { scopes: granted }),
      ...(role && !granted && { role }),
      ...(tenant && { tenant }),
      ...(off && { refusedIf: off }),
      ...(on && { allowedIf: on }),
    }
  );
}

const disabledName = /^(?:is_)?(?:disabled|blocked|locked|suspended|banned|deactivated)$/;
const enabledName = /^(?:is_)?(?:active|enabled)$/;

function bodyOf(draft: OperationDraft, name: string): RequestPlan | undefined {
  const { request } = draft.endpoint;
  if (!request) return undefined;
  const model = buildModel(draft, {
    schema: request.schema,
    direction: "request",
    name: `${pascalCase(name)}Request`,
  });
  return { model, optional: false, externals: [] };
}

function tokenTypeOf({ spec, endpoint }: OperationDraft): string {
  const answer = successResponse(endpoint.responses)?.schema;
  const property = find(answer ? propertiesOf(spec, answer) : [], /^token type$/);
  const [said] = property ? (resolveSchema(spec, property.schema).enum ?? []) : [];
  return typeof said === "string" ? said : "bearer";
}

/** What the route knows when the token is made, by the words of the property that shows it. */
function answerValues({ scopes }: AccountPlan): Readonly<Record<string, string>> {
  const lifetime = "settings.jwt_lifetime_seconds";
  return {
    "access token": "token",
    token: "token",
    jwt: "token",
    "bearer token": "token",
    "auth token": "token",
    "token type": "BEARER",
    "expires in": lifetime,
    ...(scopes && { scope: '" ".join(granted)', scopes: "list(granted)" }),
  };
}

function credentialsError(endpoint: Endpoint, errors: ErrorCatalogue): ErrorClassPlan {
  const pattern =
    /(?:invalid|bad|wrong|incorrect) (?:credentials|login|grant|password|user)|(?:login|sign in|authentication) failed/;
  const named = errors.classes.filter(({ code }) => endpoint.errorCodes.includes(code));
  return findCode(named, pattern) ?? findCode(errors.classes, pattern) ?? errors.unauthenticated;
}
