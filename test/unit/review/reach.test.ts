import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceText } from "../../../src/review/model.ts";
import { emptySpec, review } from "./reviewing.ts";

/** Beyond an empty design everything is extra, so the extra elements are what the review sees in the code. */
async function seen(files: readonly SourceText[]): Promise<string[]> {
  const { coverage } = await review(emptySpec, files);
  return coverage.elements.map(({ id }) => id).sort();
}

test("operations of mounted applications stand below their prefix", async () => {
  const text = `from fastapi import APIRouter, FastAPI

app = FastAPI()
admin = FastAPI()
router = APIRouter(prefix="/users")


@router.get("")
def users() -> None: ...


@admin.get("/settings")
def settings() -> None: ...


admin.include_router(router)
app.mount("/admin", admin)
`;
  assert.deepEqual(await seen([{ path: "src/app/main.py", text }]), [
    "endpoint:GET /admin/settings",
    "endpoint:GET /admin/users",
  ]);
});

test("tables are seen as SQLModel, imperative and as raw SQL of a migration's connection", async () => {
  const model = `from sqlmodel import Field, SQLModel


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    team_id: int | None = Field(default=None, foreign_key="team.id")
`;
  const table = `from sqlalchemy import Column, Integer, Table

from app.base import Base

teams = Table("team", Base.metadata, Column("id", Integer, primary_key=True))
`;
  const migration = `from alembic import op
from sqlalchemy import text

revision = "1"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(text("CREATE TABLE audit (id bigint PRIMARY KEY)"))
    op.get_bind().execute(text("CREATE TABLE archive (id bigint PRIMARY KEY)"))
`;
  const files = [
    { path: "src/app/hero.py", text: model },
    { path: "src/app/team.py", text: table },
    { path: "migrations/versions/1.py", text: migration },
  ];
  assert.deepEqual(await seen(files), ["table:archive", "table:audit", "table:hero", "table:team"]);
});
