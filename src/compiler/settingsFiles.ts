import type { ApiPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { BackendPlan } from "./plan.ts";
import { stringLiteral } from "./python.ts";
import { namesEnvironment } from "./routerFiles.ts";
import { apiKeySchemes } from "./securityFiles.ts";
import { keepsFiles } from "./uploads.ts";

/** Typed settings from the environment; what is secret or differs between places has no default. */
export function settingsFile({ spec, aggregates, hasCallers }: BackendPlan, api: ApiPlan): GeneratedFile {
  const keys =
    apiKeySchemes(spec).length > 0 ? "\n    api_keys: dict[str, SecretStr] = Field(default_factory=dict)" : "";
  const lifetime = aggregates.some(({ account }) => account)
    ? "\n    jwt_lifetime_seconds: int = Field(default=900, gt=0)"
    : "";
  const environments = environmentsOf(spec.api.schemas);
  const environment =
    environments.length > 0
      ? `Literal[${environments.map(stringLiteral).join(", ")}] = ${stringLiteral(environments.at(-1) ?? "production")}`
      : 'str = "production"';
  const place = api.operations.some(namesEnvironment) ? `\n    environment: ${environment}` : "";
  const path = keepsFiles(api) ? "\nfrom pathlib import Path" : "";
  const text = `"""Settings of the application, read from the environment only."""

from functools import lru_cache${path}
from typing import Final, Literal

from pydantic import Field, PostgresDsn${hasCallers ? ", SecretStr" : ""}
from pydantic_settings import BaseSettings, SettingsConfigDict

VERSION: Final = "0.1.0"


class Settings(BaseSettings):
    """Typed view of \`\`APP_*\`\` in the environment; secrets have no default."""

    model_config = SettingsConfigDict(env_prefix="APP_", extra="ignore")

    database_url: PostgresDsn${hasCallers ? tokenSettings : ""}${lifetime}${keys}${keepsFiles(api) ? "\n    files_folder: Path" : ""}
    cors_origins: list[str] = Field(default_factory=list)${place}
    log_level: str = "INFO"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings; missing ones stop the application here."""
    return Settings()
`;
  return { path: "src/app/core/config.py", text, step: 6 };
}

const tokenSettings = `
    jwt_secret: SecretStr = Field(min_length=32)
    jwt_algorithm: str = "HS256"
    jwt_issuer: str | None = None
    jwt_audience: str | None = None`;

/** The environments that the health check of the contract may name. */
function environmentsOf(schemas: BackendPlan["spec"]["api"]["schemas"]): readonly string[] {
  const properties = schemas.flatMap(({ schema }) => schema.properties ?? []);
  const environment = properties.find(({ name, schema }) => /^env(?:ironment)?$/i.test(name) && schema.enum);
  return (environment?.schema.enum ?? []).filter((value) => typeof value === "string");
}
