import assert from "node:assert/strict";
import { after, test } from "node:test";
import { readRouting } from "../../../../src/review/facts/routes.ts";
import { createFileReader } from "../../../../src/review/fileReader.ts";
import { readProject } from "../../../../src/review/project.ts";
import { emptySpec, startParser } from "../reviewing.ts";

const parser = await startParser();
after(() => parser.dispose());

async function routesOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  const project = await readProject({ spec: emptySpec, files: sources }, createFileReader(parser));
  const { routes } = readRouting(project);
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
  [
    "a prefix that a function makes, of the environment's default, and an attribute of what a function returns",
    {
      "app/env.py":
        'import os\n\n\ndef base_path() -> str:\n    path = os.getenv("BASE_PATH", "")\n    if len(path) == 0:\n        return ""\n    return "/" + path.strip("/")\n\n\ndef versioned(name: str, version: int = 2) -> str:\n    """Of the API."""\n    return f"/v{version}/{name}"\n',
      "app/config.py":
        'import os\nfrom functools import lru_cache\n\n\nclass Settings:\n    root: str = os.environ.get("ROOT") or "/root/"\n\n    @property\n    def admin(self) -> str:\n        return self.root.rstrip("/") + "/admin"\n\n\n@lru_cache\ndef get_settings() -> Settings:\n    return Settings()\n',
      "app/main.py": `from app import env\nfrom app.config import Settings, get_settings\n\nv1 = FastAPI()\na = APIRouter()\nb = APIRouter()\n\n\n${endpoint('v1.get("/x")', "x")}\n\n${endpoint('a.get("/y")', "y")}\n\n${endpoint('b.get("/z")', "z")}\n\napp = FastAPI()\napp.mount(env.base_path() + "/api/v1", v1)\napp.include_router(a, prefix=env.versioned("a"))\n\n\ndef include(settings: Settings) -> None:\n    app.include_router(b, prefix=settings.admin)\n    app.include_router(b, prefix=get_settings().admin + "/more")\n\n\n${endpoint('app.get(env.base_path() + "/config")', "config")}`,
    },
    ["GET /config 200", "GET /api/v1/x 200", "GET /v2/a/y 200", "GET /root/admin/z 200", "GET /root/admin/more/z 200"],
  ],
  [
    "of a prefix that only running the code would tell the end is kept that is certain",
    {
      "app/main.py": `import os\n\n\ndef where() -> str:\n    path = os.environ["WHERE"]\n    if path:\n        return "/a"\n    return "/b"\n\n\ndef endless() -> str:\n    return "/" + endless()\n\n\nrouter = APIRouter()\n\n\n${endpoint('router.get("/x")')}\n\napp = FastAPI()\napp.include_router(router, prefix=where())\napp.include_router(router, prefix=endless())\napp.include_router(router, prefix=where() + "/admin")\napp.include_router(router, prefix=f"{where()}v1/{router}/b")\napp.include_router(router, prefix=where() + "admin")\n`,
    },
    ["GET /x 200", "GET /x 200", "GET /admin/x 200", "GET /b/x 200", "GET /x 200"],
  ],
  [
    "routers that loops include: of a tuple with prefixes, of a dictionary, of modules, of a list that a function returns",
    {
      "app/a.py": `PREFIX = "/a"\nrouter = APIRouter()\n${endpoint('router.get("/x")')}`,
      "app/b.py": `PREFIX = "/b"\nrouter = APIRouter()\n${endpoint('router.get("/y")')}`,
      "app/c.py": `router = APIRouter()\n${endpoint('router.get("/z")')}`,
      "app/lists.py":
        'from app import a, b, c\n\nROUTERS = {"one": a.router, "two": b.router}\n\n\ndef every() -> list[APIRouter]:\n    core = [a.router]\n    return [*core, c.router]\n',
      "app/main.py":
        'from app import a, b\nfrom app.a import router as first\nfrom app.lists import ROUTERS, every\n\napp = FastAPI()\nfor prefix, router in (("/t/a", first), ("/t/b", b.router)):\n    app.include_router(router, prefix=prefix)\nfor name, router in ROUTERS.items():\n    app.include_router(router, prefix=f"/d/{name}")\nfor module in [a, b]:\n    app.include_router(module.router, prefix="/m" + module.PREFIX)\nfor router in every():\n    app.include_router(router, prefix="/e")\n',
    },
    [
      "GET /t/a/x 200",
      "GET /t/b/y 200",
      "GET /d/one/x 200",
      "GET /d/two/y 200",
      "GET /m/a/x 200",
      "GET /m/b/y 200",
      "GET /e/x 200",
      "GET /e/z 200",
    ],
  ],
  [
    "routes that a loop adds from a table of them",
    {
      "app/main.py":
        'def read() -> int:\n    return 1\n\n\ndef write() -> int:\n    return 2\n\n\nROUTES = [("/r", read, ["GET"]), ("/w", write, ["PUT", "POST"])]\napp = FastAPI()\nfor path, handler, methods in ROUTES:\n    app.add_api_route(path, handler, methods=methods)\n\nfor path in ("/old", "/new"):\n\n    @app.get(path)\n    def both() -> int:\n        return 3\n',
    },
    ["GET /old 200", "GET /new 200", "GET /r 200", "PUT /w 200", "POST /w 200"],
  ],
  [
    "the router of the application, a comprehension, methods and statuses by their names",
    {
      "app/main.py": `GONE = 204\na = APIRouter(prefix="/a")\nb = APIRouter(prefix="/b")\napp = FastAPI()\n\n\n${endpoint('a.api_route("/x", methods=[HTTPMethod.PUT, HTTPMethod.PATCH])', "x")}\n\n${endpoint('b.delete("/y", status_code=GONE)', "y")}\n\napp.router.include_router(a, prefix="/r")\n[app.include_router(router, prefix="/c") for router in (a, b)]\n`,
    },
    ["PUT /r/a/x 200", "PATCH /r/a/x 200", "PUT /c/a/x 200", "PATCH /c/a/x 200", "DELETE /c/b/y 204"],
  ],
  [
    "functions that a loop calls in turn, and local names that rest on others",
    {
      "app/main.py":
        'def add_routes(app):\n    app.mount("/api", inner)\n\n\ndef add_errors(app):\n    return None\n\n\ndef make():\n    kind = "orders"\n    base = f"/{kind}/{{id}}"\n    made = FastAPI()\n\n    @made.get(f"{base}/lines")\n    def lines() -> int:\n        return 1\n\n    return made\n\n\ninner = make()\nouter = FastAPI()\nfor configure in [add_routes, add_errors]:\n    configure(outer)\n',
    },
    ["GET /api/orders/{id}/lines 200"],
  ],
  [
    "a function that makes a router for each that calls it, or adds to the one that it is given",
    {
      "app/crud.py":
        'def crud(model, prefix="", router=None):\n    router = router or APIRouter(prefix=prefix)\n\n    @router.get(f"/{model.kind}s")\n    def listed() -> int:\n        return 1\n\n    return router\n',
      "app/main.py":
        'from app.crud import crud\n\n\nclass Order:\n    kind = "order"\n\n\nclass User:\n    kind = "user"\n\n\norders = crud(Order, prefix="/a")\n\n\n@orders.get("/own")\ndef own() -> int:\n    return 1\n\n\nusers = APIRouter(prefix="/b")\ncrud(User, router=users)\napp = FastAPI()\napp.include_router(orders)\napp.include_router(users)\n',
    },
    ["GET /a/own 200", "GET /a/orders 200", "GET /b/users 200"],
  ],
  [
    "routes that a router is given in a list",
    {
      "app/main.py":
        'def read() -> int:\n    return 1\n\n\nROUTES = [APIRoute("/r", read), Route("/w", endpoint=read, methods=["PUT"])]\nrouter = APIRouter(prefix="/a", routes=ROUTES)\napp = FastAPI(routes=[APIRoute("/own", read, methods=["POST"])])\napp.include_router(router)\n',
    },
    ["POST /own 200", "GET /a/r 200", "PUT /a/w 200"],
  ],
  [
    "the status of a model called a response, of a response beside a model, of responses of the handler's own",
    {
      "app/main.py":
        'app = FastAPI()\n\n\n@app.get("/model")\ndef a() -> OrderResponse:\n    return OrderResponse()\n\n\n@app.get("/union")\ndef b() -> Order | JSONResponse:\n    return JSONResponse(status_code=404, content={})\n\n\n@app.get("/either")\ndef c() -> Order | JSONResponse:\n    return JSONResponse(status_code=202, content={})\n\n\n@app.get("/own")\ndef d() -> responses.JSONResponse:\n    return answer()\n\n\n@app.get("/away", response_class=RedirectResponse)\ndef e():\n    return "/model"\n',
    },
    ["GET /model 200", "GET /union 200", "GET /either ?", "GET /own ?", "GET /away ?"],
  ],
];

for (const [what, files, expected] of cases) {
  test(what, async () => assert.deepEqual(await routesOf(files), expected));
}
