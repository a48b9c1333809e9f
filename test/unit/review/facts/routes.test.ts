import assert from "node:assert/strict";
import { after, test } from "node:test";
import { readRoutes } from "../../../../src/review/facts/routes.ts";
import { createFileReader } from "../../../../src/review/fileReader.ts";
import { readProject } from "../../../../src/review/project.ts";
import { emptySpec, startParser } from "../reviewing.ts";

const parser = await startParser();
after(() => parser.dispose());

async function routesOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  const routes = readRoutes(await readProject({ spec: emptySpec, files: sources }, createFileReader(parser)));
  return routes.map(({ method, path, status, included, hidden }) => {
    return [method, path, status ?? "?", ...(included ? [] : ["not included"]), ...(hidden ? ["hidden"] : [])].join(
      " ",
    );
  });
}

const endpoint = (decorator: string, name = "f") => `@${decorator}\nasync def ${name}() -> None:\n    pass\n`;

const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    "prefixes of routers and inclusions add up, constants of settings too",
    {
      "src/app/config.py": 'class Settings:\n    API: str = "/api/v1"\n\n\nsettings = Settings()\n',
      "src/app/a.py": `router = APIRouter(prefix="/a")\n${endpoint('router.post("/{id}", status_code=status.HTTP_202_ACCEPTED)')}`,
      "src/app/main.py":
        "from app import a\nfrom app.config import settings\n\n\ndef create_app() -> FastAPI:\n    app = FastAPI()\n    app.include_router(a.router, prefix=settings.API)\n    return app\n",
    },
    ["POST /api/v1/a/{id} 202"],
  ],
  [
    "routers that are nested, renamed, exported again and relative",
    {
      "backend/app/api/__init__.py": "from .a import router as a_router\n",
      "backend/app/api/a.py": `router = APIRouter()\n${endpoint('router.get("/x")')}`,
      "backend/app/main.py":
        'from app.api import a_router\n\napi = APIRouter(prefix="/v2")\napi.include_router(a_router)\napp = FastAPI()\napp.include_router(api)\n',
    },
    ["GET /v2/x 200"],
  ],
  [
    "a router that no application includes, one that is hidden, several methods",
    {
      "app/main.py": `app = FastAPI()\n${endpoint('app.api_route("/m", methods=["GET", "PUT"])')}${endpoint('app.get("/h", include_in_schema=False)', "g")}`,
      "app/lost.py": `router = APIRouter()\n${endpoint('router.get("/lost", status_code=HTTPStatus.CREATED)')}`,
    },
    ["GET /m 200", "PUT /m 200", "GET /h 200 hidden", "GET /lost 201 not included"],
  ],
  [
    "routers that include each other end",
    {
      "app/a.py": `app = FastAPI()\na = APIRouter()\na.include_router(a)\napp.include_router(a)\n${endpoint('a.get("/x")')}`,
    },
    ["GET /x 200"],
  ],
];

for (const [what, files, expected] of cases) {
  test(what, async () => assert.deepEqual(await routesOf(files), expected));
}
