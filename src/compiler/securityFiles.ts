import type { DesignSpec } from "../spec/model.ts";
import type { SecurityScheme } from "../spec/security.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import type { BackendPlan } from "./plan.ts";
import { importBlock, importsFrom } from "./python.ts";
import { signingParts } from "./signInFiles.ts";

/** Verification of bearer tokens, and of API keys where the contract has them. */
export function securityFile({ spec, aggregates }: BackendPlan, errors: ErrorCatalogue): GeneratedFile {
  const error = errors.unauthenticated.className;
  const withKeys = apiKeySchemes(spec).length > 0;
  const signing = signingParts(aggregates);
  const imports = importBlock([
    ...(withKeys ? ["import hmac"] : []),
    ...importsFrom("collections.abc", "Mapping"),
    ...importsFrom("typing", "Any"),
    "import jwt",
    ...importsFrom("app.core.config", "Settings"),
    ...importsFrom("app.core.errors", error),
    ...importsFrom("app.domain.principal", "Principal"),
    ...signing.imports,
  ]);
  const text = `"""Verification of the caller's credentials."""

${imports}${signing.constant}


def verify_token(token: str, settings: Settings) -> Principal:
    """Return the caller that the token names; refuse expired and foreign tokens."""
    try:
        claims = jwt.decode(
            token,
            settings.jwt_secret.get_secret_value(),
            algorithms=[settings.jwt_algorithm],
            audience=settings.jwt_audience,
            issuer=settings.jwt_issuer,
            options={"require": ["exp", "sub"], "verify_aud": settings.jwt_audience is not None},
        )
    except jwt.InvalidTokenError as error:
        raise ${error}() from error
    tenant = claims.get("tenant_id")
    return Principal(
        user_id=str(claims["sub"]),
        tenant_id=None if tenant is None else str(tenant),
        roles=_roles(claims),
    )


def _roles(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Collect \`\`role\`\`, \`\`roles\`\` and the scopes of \`\`scope\`\`, in this order."""
    single = [claims["role"]] if isinstance(claims.get("role"), str) else []
    listed = claims.get("roles")
    several = [role for role in listed if isinstance(role, str)] if isinstance(listed, list) else []
    scope = claims.get("scope")
    scopes = scope.split() if isinstance(scope, str) else []
    return tuple(dict.fromkeys([*single, *several, *scopes]))
${withKeys ? keyFunction(error) : ""}${signing.functions}`;
  return { path: "src/app/core/security.py", text, step: 6 };
}

export function apiKeySchemes(spec: DesignSpec): readonly SecurityScheme[] {
  const used = new Set(spec.api.endpoints.flatMap(({ security }) => (security ?? []).map(({ scheme }) => scheme)));
  return spec.api.securitySchemes.filter(({ type, name }) => type === "apiKey" && used.has(name));
}

function keyFunction(error: string): string {
  return `

def principal_of_key(key: str, settings: Settings) -> Principal:
    """Return the caller that the API key belongs to, compared in constant time."""
    for subject, secret in settings.api_keys.items():
        if hmac.compare_digest(secret.get_secret_value().encode(), key.encode()):
            return Principal(user_id=subject)
    raise ${error}()
`;
}
