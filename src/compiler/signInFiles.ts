import { singular } from "../support/words.ts";
import type { OperationPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { AccountPlan, AccountScope, AggregatePlan, FieldPlan, PythonImport } from "./plan.ts";
import { docstring, importsFrom, pythonModule, stringLiteral } from "./python.ts";
import { policyCalls } from "./rules/policyCalls.ts";
import { summaryOf } from "./summaries.ts";

/** `app.core.passwords`: hashes of passwords, and nothing that could be turned back. */
export function passwordFiles(aggregates: readonly AggregatePlan[]): readonly GeneratedFile[] {
  if (!keepsPasswords(aggregates)) return [];
  return [{ path: "src/app/core/passwords.py", text: passwordText, step: 6 }];
}

/** Whether anybody signs in with a password, or is given one. */
export function keepsPasswords(aggregates: readonly AggregatePlan[]): boolean {
  return aggregates.some(({ account, hashes }) => account !== undefined || hashes === true);
}

/** Whether somebody is looked for whom row policies show only to those who act for the same tenant. */
export function actsForTenants(aggregates: readonly AggregatePlan[]): boolean {
  return aggregates.some(({ account }) => account?.within?.isHidden);
}

/** The method of the service that finds who signs in. */
export function signInMethod(aggregate: AggregatePlan, operation: OperationPlan): string {
  const { signIn, name } = operation;
  if (!signIn) return "";
  const { className } = aggregate;
  const { login, password, refusedIf, allowedIf, within } = signIn.account;
  const { refusal } = signIn;
  const checks = policyCalls(aggregate, operation, "before", "found");
  const ruled = (aggregate.policies ?? []).flatMap(({ check }) =>
    check?.kind === "signIn" ? check.refused.field.name : [],
  );
  const isOpen = (field: FieldPlan | undefined): field is FieldPlan =>
    field !== undefined && !ruled.includes(field.name);
  const switchedOff = [
    ...(isOpen(refusedIf) ? [`found.${refusedIf.name}`] : []),
    ...(isOpen(allowedIf) ? [`not found.${allowedIf.name}`] : []),
  ];
  const refusals = ["found is None", ...(refusal ? [] : switchedOff)];
  const scope = within ? [`${scopeParameter(within)}: str`] : [];
  return [
    `    async def ${name}(${["self", ...scope, `${login.name}: str`, "password: str"].join(", ")}) -> ${className}:`,
    docstring(summaryOf(operation), 2),
    "        async with self._uow_factory() as uow:",
    ...(within ? foundWithin(aggregate, login, within) : found(aggregate, login)),
    `        stored = None if found is None else found.${password.name}`,
    "        is_known = await to_thread(verify_password, password, stored)",
    `        if not is_known or ${refusals.join(" or ")}:`,
    `            raise ${signIn.error.className}()`,
    ...checks.map((line) => `        ${line}`),
    ...(refusal && switchedOff.length > 0
      ? [`        if ${switchedOff.join(" or ")}:`, `            raise ${refusal.className}()`]
      : []),
    "        return found",
  ].join("\n");
}

function found({ className, plural }: AggregatePlan, { name }: FieldPlan): readonly string[] {
  return [
    `            criteria = ${className}Filter(${name}=${name})`,
    `            rows = await uow.${plural}.find_all(criteria, PageRequest(limit=1))`,
    "        found = rows[0] if rows else None",
  ];
}

/** First what the account belongs to, then the account in it. */
function foundWithin(
  { className, plural }: AggregatePlan,
  { name }: FieldPlan,
  within: AccountScope,
): readonly string[] {
  const { aggregate: outer, by, key, column, isHidden } = within;
  const parameter = scopeParameter(within);
  const acting = `Principal(user_id="", tenant_id=str(owners[0].${key.name}))`;
  return [
    "            found = None",
    `            owner = ${outer.className}Filter(${by.name}=${parameter})`,
    `            owners = await uow.${outer.plural}.find_all(owner, PageRequest(limit=1))`,
    "            if owners:",
    ...(isHidden ? [`                await uow.act_as(${acting})`] : []),
    `                criteria = ${className}Filter(${column.name}=owners[0].${key.name}, ${name}=${name})`,
    `                rows = await uow.${plural}.find_all(criteria, PageRequest(limit=1))`,
    "                found = rows[0] if rows else None",
  ];
}

/** `tenant_slug`. */
function scopeParameter({ aggregate, by }: AccountScope): string {
  return `${singular(aggregate.plural)}_${by.name}`;
}

/** What the services of accounts need besides. */
export function signInScopeImports({ account }: AggregatePlan): readonly PythonImport[] {
  const within = account?.within;
  if (!within) return [];
  return [
    ...importsFrom("app.domain.principal", "Principal"),
    ...importsFrom(`app.domain.${within.aggregate.module}`, `${within.aggregate.className}Filter`),
  ];
}

export const signInServiceImports: readonly PythonImport[] = [
  ...importsFrom("asyncio", "to_thread"),
  ...importsFrom("app.core.passwords", "verify_password"),
];

const strictForm = "OAuth2PasswordRequestFormStrict";

/** Parameters of the route that come before the service. */
export function signInParameters({ signIn }: OperationPlan): readonly string[] {
  if (!signIn) return [];
  const form = signIn.isForm
    ? [`form: Annotated[${signIn.isStrict ? strictForm : "OAuth2PasswordRequestForm"}, Depends()]`]
    : [];
  return [...form, "response: Response", "settings: Annotated[Settings, Depends(get_settings)]"];
}

/** Lines of the route, in front of its answer. */
export function signInLines({ signIn, name }: OperationPlan): readonly string[] {
  if (!signIn) return [];
  const { account, isForm, scope } = signIn;
  const from = isForm ? "form" : "body";
  const asked = isForm ? "form.scopes" : "()";
  const granted = account.scopes
    ? [`granted = granted_scopes(found.${account.scopes.name}, ${asked})`]
    : account.role
      ? [`granted = (str(found.${account.role.name}),)`]
      : [];
  return [
    `found = await service.${name}(${[...(scope ? [scope] : []), signIn.name, signIn.password].map((part) => `${from}.${part}`).join(", ")})`,
    ...granted,
    `caller = Principal(${principalArguments(account).join(", ")})`,
    "token = signed_token(caller, settings)",
    'response.headers["Cache-Control"] = "no-store"',
  ];
}

export const signInRouteImports: readonly PythonImport[] = [
  ...importsFrom("fastapi.security", "OAuth2PasswordRequestForm", strictForm),
  ...importsFrom("app.core.config", "Settings", "get_settings"),
  ...importsFrom("app.core.security", "BEARER", "granted_scopes", "signed_token"),
  ...importsFrom("app.domain.principal", "Principal"),
];

function principalArguments({ id, tenant, scopes, role }: AccountPlan): readonly string[] {
  const named = tenant && `str(found.${tenant.name})`;
  const tenantValue = tenant?.optional ? `None if found.${tenant.name} is None else ${named}` : named;
  return [
    `user_id=str(found.${id.name})`,
    ...(tenantValue ? [`tenant_id=${tenantValue}`] : []),
    ...(scopes || role ? ["roles=granted"] : []),
  ];
}

/** What `app.core.security` has besides the verification: the tokens that it verifies are made here. */
export function signingParts(aggregates: readonly AggregatePlan[]): SigningParts {
  const accounts = aggregates.flatMap(({ account }) => account ?? []);
  const [first] = accounts;
  if (!first) return { imports: [], constant: "", functions: "" };
  const functions = [signedText, ...(accounts.some(({ scopes }) => scopes) ? [grantedText] : [])];
  return {
    imports: [
      ...importsFrom("datetime", "UTC", "datetime", "timedelta"),
      ...importsFrom("typing", "Final"),
      ...(functions.includes(grantedText) ? importsFrom("collections.abc", "Sequence") : []),
    ],
    constant: `\n\nBEARER: Final = ${stringLiteral(first.tokenType)}`,
    functions: functions.map((text) => `\n\n${text}\n`).join(""),
  };
}

interface SigningParts {
  readonly imports: readonly PythonImport[];
  readonly constant: string;
  readonly functions: string;
}

const signedText = `def signed_token(caller: Principal, settings: Settings) -> str:
    """Return a token that names the caller until it expires."""
    now = datetime.now(UTC)
    lifetime = timedelta(seconds=settings.jwt_lifetime_seconds)
    optional = {
        "iss": settings.jwt_issuer,
        "aud": settings.jwt_audience,
        "tenant_id": caller.tenant_id,
        "scope": " ".join(caller.roles) or None,
    }
    claims = {"sub": caller.user_id, "iat": now, "exp": now + lifetime}
    claims |= {name: value for name, value in optional.items() if value is not None}
    secret = settings.jwt_secret.get_secret_value()
    return jwt.encode(claims, secret, algorithm=settings.jwt_algorithm)`;

const grantedText = `def granted_scopes(held: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    """Return what is asked for of what is held; all of it when nothing is asked for."""
    return tuple(scope for scope in held if not asked or scope in asked)`;

const passwordText = pythonModule({
  docstring: "Passwords: only their Argon2id hashes are stored.",
  imports: [
    ...importsFrom("functools", "lru_cache"),
    ...importsFrom("secrets", "token_urlsafe"),
    ...importsFrom("typing", "Final"),
    ...importsFrom("pwdlib", "PasswordHash"),
    ...importsFrom("pwdlib.exceptions", "UnknownHashError"),
  ],
  body: [
    "_HASHES: Final = PasswordHash.recommended()",
    `def hash_password(password: str) -> str:
    """Return the hash that is stored."""
    return _HASHES.hash(password)`,
    `def verify_password(password: str, stored: str | None) -> bool:
    """Whether it is the password; takes as long when there is nobody."""
    try:
        matches = _HASHES.verify(password, stored or _nobody())
    except UnknownHashError:
        return False
    return matches and stored is not None`,
    `@lru_cache(maxsize=1)
def _nobody() -> str:
    return hash_password(token_urlsafe())`,
  ],
});
