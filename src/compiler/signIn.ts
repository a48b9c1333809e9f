import type { DesignSpec, Endpoint, Property } from "../spec/model.ts";
import { pascalCase, words } from "../support/words.ts";
import { type AskedScope, accountOf, scopeAsked } from "./accounts.ts";
import type { RequestPlan, ResponsePlan } from "./apiPlan.ts";
import { buildModel } from "./apiSchemas.ts";
import { type ErrorCatalogue, findCode } from "./errorClasses.ts";
import { assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import { passwordOf } from "./passwords.ts";
import type { AccountPlan, AggregatePlan, ErrorClassPlan } from "./plan.ts";
import { planResponse, successResponse } from "./responses.ts";

/** An operation that gives a token for a name and a password. */
export interface SignInPlan {
  readonly account: AccountPlan;
  readonly error: ErrorClassPlan;
  /** Attributes of the request: those of OAuth2's form, or of the model of the body. */
  readonly name: string;
  readonly password: string;
  /** Attribute of what the account belongs to, where names are those of one account only with it. */
  readonly scope?: string;
  /** Raised instead of `error` for somebody who is known and may not sign in. */
  readonly refusal?: ErrorClassPlan;
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
  if (!target) {
    draft.gaps.push("no table has a column for the hash of a password");
    return undefined;
  }
  const asking = scopeAsked(draft, target, asked);
  const account = accountOf(draft, target, { login, within: asking?.scope, tokenType: tokenTypeOf(draft) });
  if (!account) return undefined;
  const isForm = /^application\/x-www-form-urlencoded\b/.test(endpoint.request?.contentType ?? "");
  const placed = { ...draft, module: target.module };
  const request = isForm ? undefined : bodyOf(placed, name, asking?.property);
  const values = answerValues(account);
  const response = planResponse(placed, { kind: "entity", aggregate: target, name, values });
  if (!response) return undefined;
  assume(draft, `Passwords in ${target.table.name}.${account.password.column.name} are Argon2id hashes.`);
  const signIn: SignInPlan = {
    ...errorsOf(endpoint, account, errors),
    account,
    name: isForm ? "username" : pythonName(login.name),
    password: isForm ? "password" : pythonName(password.name),
    ...(account.within && scopeOf(asking)),
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

function bodyOf(draft: OperationDraft, name: string, scope: Property | undefined): RequestPlan | undefined {
  const { request } = draft.endpoint;
  if (!request) return undefined;
  const body = resolveSchema(draft.spec, request.schema);
  const properties = (body.properties ?? []).map((property) =>
    property === scope && property.schema.type === "any"
      ? { ...property, schema: { type: "string" as const } }
      : property,
  );
  const model = buildModel(draft, {
    schema: scope?.schema.type === "any" ? { ...body, properties } : request.schema,
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

function scopeOf(asking: AskedScope | undefined): Pick<SignInPlan, "scope"> {
  return asking ? { scope: pythonName(asking.property.name) } : {};
}

function errorsOf(
  endpoint: Endpoint,
  { allowedIf, refusedIf }: AccountPlan,
  errors: ErrorCatalogue,
): Pick<SignInPlan, "error" | "refusal"> {
  const refusal = (allowedIf ?? refusedIf) ? refusalOf(endpoint, errors) : undefined;
  return { error: credentialsError(endpoint, errors), ...(refusal && { refusal }) };
}

/** The code that the endpoint has for an account that is switched off. */
function refusalOf({ errorCodes }: Endpoint, { classes }: ErrorCatalogue): ErrorClassPlan | undefined {
  const named = classes.filter(({ code }) => errorCodes.includes(code));
  return findCode(named, /inactive|disabled|deactivated|blocked|locked|suspended|banned|not active|switched off/);
}

function credentialsError(endpoint: Endpoint, errors: ErrorCatalogue): ErrorClassPlan {
  const pattern =
    /(?:invalid|bad|wrong|incorrect) (?:credentials|login|grant|password|user)|(?:login|sign in|authentication) failed/;
  const named = errors.classes.filter(({ code }) => endpoint.errorCodes.includes(code));
  return findCode(named, pattern) ?? findCode(errors.classes, pattern) ?? errors.unauthenticated;
}
