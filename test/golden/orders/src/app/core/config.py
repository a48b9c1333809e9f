"""Settings of the application, read from the environment only."""

from functools import lru_cache
from typing import Final

from pydantic import Field, PostgresDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

VERSION: Final = "0.1.0"


class Settings(BaseSettings):
    """Typed view of ``APP_*`` in the environment; secrets have no default."""

    model_config = SettingsConfigDict(env_prefix="APP_", extra="ignore")

    database_url: PostgresDsn
    jwt_secret: SecretStr = Field(min_length=32)
    jwt_algorithm: str = "HS256"
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    cors_origins: list[str] = Field(default_factory=list)
    log_level: str = "INFO"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings; missing ones stop the application here."""
    return Settings()
