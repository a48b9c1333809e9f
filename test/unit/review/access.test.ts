import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { review } from "./reviewing.ts";

const design = (security: string): string => `openapi: 3.0.3
info: { title: Orders, version: "1" }
components: { securitySchemes: { Bearer: { type: http, scheme: bearer } } }
paths:
  /orders:
    get:
      security: ${security}
      responses: { "200": { description: Found } }
  /reports:
    get:
      security: [{ Bearer: [auditor] }]
      responses: { "200": { description: Found } }
`;
const [needed, staff, open] = ["[{ Bearer: [] }]", "[{ Bearer: [staff] }]", "[]"];

const user = `from fastapi import Depends, Header, HTTPException, Request, Security
from fastapi.security import HTTPBearer, OAuth2PasswordBearer, SecurityScopes

bearer = HTTPBearer()
optional = OAuth2PasswordBearer(tokenUrl="/token", auto_error=False)


def get_user(token: str = Depends(bearer)) -> User:
    return users[token]


def get_checked(token: str | None = Depends(optional)) -> User:
    if token is None:
        raise HTTPException(status_code=401)
    return users[token]


def get_guest(token: str | None = Depends(optional)) -> User | None:
    return users.get(token)


def get_by_header(request: Request) -> User:
    token = request.headers.get("Authorization")
    if not token:
        raise HTTPException(401)
    return users[token]


def get_page(limit: int = 10, accept: str = Header()) -> Page:
    return Page(limit)


def with_scopes(scopes: SecurityScopes, user: User = Depends(get_user)) -> User:
    if not user.may(scopes.scopes):
        raise HTTPException(403)
    return user


def require_roles(*roles: str):
    def check(user: User = Depends(get_user)) -> None:
        if user.role not in roles:
            raise HTTPException(status_code=403)

    return check


class RoleChecker:
    def __init__(self, roles: list[str]) -> None:
        self.roles = roles

    def __call__(self, user: User = Depends(get_user)) -> None:
        if user.role not in self.roles:
            raise HTTPException(status_code=403)


def active(user: User = Depends(get_user)) -> User:
    if not user.active:
        raise HTTPException(status_code=403)
    return user


Current = Annotated[User, Depends(get_user)]
guards = [Depends(get_user)]
`;

interface Parts {
  readonly app?: string;
  readonly router?: string;
  readonly declaration?: string;
  readonly include?: string;
  readonly parameters?: string;
  readonly body?: string;
  readonly beside?: string;
}

function code({ app, router, declaration, include, parameters, body, beside }: Parts): string {
  return `from fastapi import APIRouter, Depends, FastAPI, Security

from app import users
from app.users import (
    Current, RoleChecker, active, get_by_header, get_checked, get_guest, get_page, get_user, guards, require_roles, with_scopes
)

router = APIRouter(${router ?? ""})
${beside ?? ""}

@router.get("/orders"${declaration ?? ""})
def list_orders(${parameters ?? ""}) -> Orders:
    ${body ?? "return find_orders()"}


app = FastAPI(${app ?? ""})
app.include_router(router${include ?? ""})
`;
}

const anybody = "Anybody may call it, the design says Bearer.";
const noRole = "Asks for no role or scope, the design says staff.";
const caller = "Needs a caller, the design has it public.";

const cases: readonly (readonly [what: string, security: string, parts: Parts, difference: string | undefined])[] = [
  ["nothing asks who calls", needed, {}, anybody],
  ["a public endpoint", open, {}, undefined],
  ["a parameter", needed, { parameters: "user: Current" }, undefined],
  ["a parameter of a public endpoint", open, { parameters: "user: Current" }, caller],
  ["a parameter's default", open, { parameters: "user=Depends(users.get_user)" }, caller],
  ["the declaration", open, { declaration: ", dependencies=[Depends(get_user)]" }, caller],
  ["the router", open, { router: "dependencies=guards" }, caller],
  ["the inclusion", open, { include: ", dependencies=[Security(get_user)]" }, caller],
  ["the application", open, { app: "dependencies=[Depends(get_checked)]" }, caller],
  ["one that refuses by itself", needed, { parameters: "user=Depends(get_checked)" }, undefined],
  ["one that refuses by itself, public", open, { parameters: "user=Depends(get_checked)" }, caller],
  ["one that lets guests pass is not clear", needed, { parameters: "user=Depends(get_guest)" }, undefined],
  ["one that lets guests pass, public", open, { parameters: "user=Depends(get_guest)" }, undefined],
  ["one that reads a header", open, { parameters: "user=Depends(get_by_header)" }, caller],
  ["one that is about something else", needed, { parameters: "page=Depends(get_page)" }, anybody],
  [
    "one of an unknown library is not clear",
    needed,
    { parameters: "user=Depends(fastapi_users.current_user())" },
    undefined,
  ],
  ["what is spread into the router is not clear", needed, { router: "**options" }, undefined],
  ["a decorator of its own is not clear", needed, { beside: "\n\n@login_required" }, undefined],
  ["a role of a function", staff, { declaration: ', dependencies=[Depends(require_roles("staff"))]' }, undefined],
  ["a role of a class", staff, { parameters: 'user=Depends(RoleChecker(["STAFF"]))' }, undefined],
  ["scopes", staff, { parameters: 'user=Security(with_scopes, scopes=["staff"])' }, undefined],
  ["no role", staff, { parameters: "user: Current" }, noRole],
  [
    "another role",
    staff,
    { declaration: ', dependencies=[Depends(require_roles("admin"))]' },
    "Asks for admin, the design says staff.",
  ],
  [
    "a role too many",
    needed,
    { parameters: 'user=Security(with_scopes, scopes=["staff"])' },
    "Asks for staff, the design says no role or scope.",
  ],
  ["one that refuses some for its own reasons is not clear", staff, { parameters: "user=Depends(active)" }, undefined],
  [
    "a handler that looks at the role itself is not clear",
    staff,
    { parameters: "user: Current", body: 'return find_orders() if user.role == "staff" else None' },
    undefined,
  ],
  [
    "a middleware that asks is not clear",
    needed,
    {
      beside:
        '\n\nasync def check(request, call_next):\n    if "authorization" not in request.headers:\n        return JSONResponse({}, 401)\n\n\nFastAPI().middleware("http")(check)\n\n\n@app.middleware("http")\nasync def jwt(request, call_next):\n    return await check(request, call_next) if authenticate else None\n\n',
    },
    undefined,
  ],
  [
    "a middleware that only tells of authentication asks nobody",
    needed,
    {
      beside:
        '\n\nclass Origins:\n    """There is no authentication here."""\n\n    async def __call__(self, scope):\n        # No jwt either.\n        return await self.app(scope)\n\n\napp.add_middleware(Origins)\n\n',
    },
    "Anybody may call it, the design says Bearer.",
  ],
];

for (const [what, security, parts, difference] of cases) {
  test(`who may call: ${what}`, async () => {
    const { spec } = await readSpec([{ path: "api.yaml", text: design(security) }]);
    const { coverage } = await review(spec, [
      { path: "app/main.py", text: code(parts) },
      { path: "app/users.py", text: user },
    ]);
    const element = coverage.elements.find(({ id }) => id === "endpoint:GET /orders");
    assert.deepEqual(
      [element?.status, element?.difference, element?.code?.path],
      [difference === undefined ? "implemented" : "mismatched", difference, "app/main.py"],
    );
  });
}
