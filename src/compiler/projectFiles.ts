import type { GeneratedFile } from "./compilation.ts";
import type { BackendPlan } from "./plan.ts";
import { keepsPasswords } from "./signInFiles.ts";

/** What makes the files a project: packages, dependencies, tool settings, environment, README. */
export function projectFiles(plan: BackendPlan, width: number): readonly GeneratedFile[] {
  return [
    ...packages.map((path): GeneratedFile => ({ path: `src/app/${path}__init__.py`, text: "", step: 1 })),
    { path: ".env.example", text: environmentExample(plan), step: 6 },
    { path: ".gitignore", text: ignored, step: 1 },
    { path: "README.md", text: readme(plan), step: 7 },
    { path: "pyproject.toml", text: pyproject(plan, width), step: 1 },
  ];
}

/** The packages of the persistence half; those of the API half come with their modules. */
const packages = ["", "core/", "domain/", "domain/ports/", "persistence/", "persistence/repositories/"];

function pyproject({ name, aggregates, hasCallers }: BackendPlan, width: number): string {
  return `[project]
name = "${name}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = [
    "fastapi>=0.115",
    "uvicorn>=0.32",
    "sqlalchemy[asyncio]>=2.0.40",
    "asyncpg>=0.30",
    "alembic>=1.13",
    "pydantic[email]>=2.10",
    "pydantic-settings>=2.8",${hasCallers ? '\n    "pyjwt>=2.10",' : ""}
    "python-multipart>=0.0.18",${keepsPasswords(aggregates) ? '\n    "pwdlib[argon2]>=0.3",' : ""}
]

[project.optional-dependencies]
dev = [
    "bandit>=1.8",
    "black>=25.1",
    "isort>=6.0",
    "mypy>=1.15",
    "ruff>=0.9",
]

[build-system]
requires = ["setuptools>=75"]
build-backend = "setuptools.build_meta"

[tool.setuptools.packages.find]
where = ["src"]

[tool.black]
line-length = ${width}
target-version = ["py311"]

[tool.isort]
profile = "black"
line_length = ${width}
src_paths = ["src"]
known_first_party = ["app"]

[tool.ruff]
line-length = ${width}
target-version = "py311"
src = ["src"]

[tool.ruff.lint]
select = ["E", "W", "F", "I", "UP", "B", "S", "ANN", "C4", "SIM", "ASYNC", "DTZ", "PL", "RUF"]
# Keys, filters and pages are parameters of their own; names and docstrings keep the language of the design.
ignore = ["PLC2401", "PLC2403", "PLR0913", "PLR0917", "RUF001", "RUF002", "RUF003"]

[tool.ruff.lint.per-file-ignores]
# SQL stands as the design has it.
"migrations/versions/*" = ["E501"]

[tool.ruff.lint.flake8-bugbear]
extend-immutable-calls = ["fastapi.Body", "fastapi.Depends", "fastapi.Header", "fastapi.Path", "fastapi.Query"]

[tool.mypy]
python_version = "3.11"
strict = true
mypy_path = "src"
explicit_package_bases = true
plugins = ["pydantic.mypy"]
`;
}

function environmentExample({ aggregates, hasCallers }: BackendPlan): string {
  const files = aggregates.some(({ file }) => file) ? "\nAPP_FILES_FOLDER=/var/lib/app/files" : "";
  return `# Copy to .env and fill in.
APP_DATABASE_URL=postgresql://app:change-me@localhost:5432/app${hasCallers ? "\nAPP_JWT_SECRET=change-me-to-at-least-32-random-characters" : ""}${files}

# These have defaults (src/app/core/config.py).${hasCallers ? tokenVariables : ""}${aggregates.some(({ account }) => account) ? "\n# APP_JWT_LIFETIME_SECONDS=900" : ""}
# APP_CORS_ORIGINS=["http://localhost:3000"]
# APP_LOG_LEVEL=INFO
`;
}

const tokenVariables = `
# APP_JWT_ALGORITHM=HS256
# APP_JWT_ISSUER=
# APP_JWT_AUDIENCE=`;

const ignored = `.env
.venv/
__pycache__/
*.egg-info/
.mypy_cache/
.ruff_cache/
`;

function readme(plan: BackendPlan): string {
  const { title, session } = plan;
  const secured = plan.aggregates.some(({ table }) => table.rowSecurity !== "off");
  const roles = session.roles.map((role) => `\`${role}\``).join(", ");
  const security = [
    "## Row-level security",
    "",
    "Every transaction tells PostgreSQL who is calling (`src/app/persistence/session_settings.py`), and the policies of",
    "the design decide which rows are visible. Superusers and roles with `BYPASSRLS` are exempt: run the application as",
    "neither. The policies hold for the owner of the tables, too.",
    ...(roles
      ? ["", `The first migration creates the roles ${roles} where they are missing, which needs \`CREATEROLE\`.`]
      : []),
    "",
  ];
  return [
    `# ${title}`,
    "",
    "FastAPI, SQLAlchemy 2 (asyncio) and PostgreSQL.",
    "",
    "## Run it",
    "",
    "```sh",
    "python -m venv .venv && . .venv/bin/activate",
    'pip install -e ".[dev]"',
    "cp .env.example .env            # then fill it in",
    "set -a && . ./.env && set +a",
    "alembic upgrade head",
    "uvicorn --factory app.main:create_app --reload",
    "```",
    "",
    "## Where things are",
    "",
    "| Folder | What it holds |",
    "|---|---|",
    "| `src/app/domain` | Entities, commands and the ports that services depend on; knows no framework |",
    "| `src/app/services` | Business rules, one service an aggregate, one transaction a use case |",
    "| `src/app/persistence` | Tables, repositories, unit of work |",
    "| `src/app/api` | Routers, request and response models, dependencies |",
    `| \`src/app/core\` | Settings, database, ${plan.hasCallers ? "tokens, " : ""}error catalogue and handlers |`,
    "| `migrations` | Alembic; the first revisions are the database design |",
    "",
    ...(secured ? security : []),
    "## Check it",
    "",
    "```sh",
    "black --check . && isort --check . && ruff check . && mypy src && bandit -q -r src && alembic check",
    "```",
    "",
  ].join("\n");
}
