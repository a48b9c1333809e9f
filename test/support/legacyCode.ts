import type { SourceText } from "../../src/review/model.ts";
import { type Random, seededRandom } from "./seededRandom.ts";

/**
 * Features as teams grow them over years, seven files each, beside what the engine writes: other layouts, sessions of
 * every kind, SQL in text, loops, swallowed errors, half the annotations. The same seed gives the same text.
 */
export function legacyFeatures(amount: number, seed: number): readonly SourceText[] {
  const random = seededRandom(seed);
  return Array.from({ length: amount }, (_, index) => feature(random, index)).flat();
}

const words = ["ticket", "badge", "parcel", "lesson", "meter", "ballot", "canvas", "depot", "engine", "fabric"];

interface Feature {
  readonly random: Random;
  /** `ticket_12` */
  readonly name: string;
  /** `Ticket12` */
  readonly type: string;
  /** The feature before, whose helpers it uses. */
  readonly before: string;
}

function feature(random: Random, index: number): SourceText[] {
  const word = (at: number) => `${words[at % words.length] ?? "thing"}_${at}`;
  const name = word(index);
  const type = name.replace(/^(.)(.*)_/, (_, first: string, rest: string) => first.toUpperCase() + rest);
  const made: Feature = { random, name, type, before: word(Math.max(0, index - 1)) };
  const folder = `legacy/${name}`;
  return [
    { path: `${folder}/models.py`, text: models(made) },
    { path: `${folder}/schemas.py`, text: schemas(made) },
    { path: `${folder}/crud.py`, text: repeated(made, crudHead(made), crudParts) },
    { path: `${folder}/service.py`, text: repeated(made, serviceHead(made), serviceParts) },
    { path: `${folder}/router.py`, text: repeated(made, routerHead(made), routerParts) },
    { path: `${folder}/tasks.py`, text: repeated(made, tasksHead(made), taskParts) },
    { path: `tests/legacy/test_${name}.py`, text: repeated(made, testHead(made), testParts) },
  ];
}

type Part = (feature: Feature, at: number) => string;

function repeated(feature: Feature, head: string, parts: readonly Part[]): string {
  const amount = 4 + feature.random(9);
  const bodies = Array.from({ length: amount }, (_, at) => parts[feature.random(parts.length)]?.(feature, at) ?? "");
  return `${head}\n\n${bodies.join("\n\n")}`;
}

function models({ random, name, type, before }: Feature): string {
  const columns = Array.from({ length: 3 + random(12) }, (_, at) => {
    const kinds = ["String(40)", "Integer", "Boolean", "Numeric(12, 2)", "DateTime(timezone=True)", "JSON"];
    return `    field_${at} = Column(${kinds[random(kinds.length)]}, nullable=${random(2) ? "True" : "False"})`;
  });
  const parent = before === name ? "" : `    parent_id = Column(Integer, ForeignKey("${before}.id"))\n`;
  return `"""Tables of ${name}."""
from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, Numeric, String
from sqlalchemy.orm import relationship

from legacy.shared.base import Base, TimestampMixin


class ${type}(TimestampMixin, Base):
    __tablename__ = "${name}"
    __table_args__ = (Index("ix_${name}_state", "state"),)

    id = Column(Integer, primary_key=True)
    state = Column(String(20), nullable=False, index=True)
${parent}${columns.join("\n")}
    notes = relationship("${type}Note", back_populates="owner"${random(2) ? ', lazy="selectin"' : ""})

    def is_open(self):
        return self.state in ("new", "open")


class ${type}Note(Base):
    __tablename__ = "${name}_note"

    id = Column(Integer, primary_key=True)
    owner_id = Column(Integer, ForeignKey("${name}.id", ondelete="CASCADE"))
    text = Column(String, nullable=False)
    owner = relationship("${type}", back_populates="notes")
`;
}

function schemas({ random, type }: Feature): string {
  const fields = Array.from({ length: 3 + random(10) }, (_, at) => `    field_${at}: str | None = None`).join("\n");
  return `from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class ${type}In(BaseModel):
    state: str = Field("new", max_length=20)
${fields}


class ${type}Out(${type}In):
    id: int
    created_at: datetime
    extra: dict[str, Any] = {}


class ${type}Page(BaseModel):
    items: list[${type}Out]
    total: int
`;
}

function crudHead({ type, name }: Feature): string {
  return `import logging
from typing import Optional

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from legacy.shared.errors import NotFound
from legacy.${name}.models import ${type}, ${type}Note

logger = logging.getLogger(__name__)`;
}

const crudParts: readonly Part[] = [
  ({ type }, at) => `async def get_${at}(db: AsyncSession, key: int) -> Optional[${type}]:
    found = await db.get(${type}, key)
    if found is None:
        raise NotFound("${type}", key)
    return found
`,
  ({ type }, at) => `async def list_${at}(db: AsyncSession, state: str, limit: int = 50) -> list[${type}]:
    query = select(${type}).where(${type}.state == state).order_by(${type}.id).limit(limit)
    rows = await db.execute(query)
    return list(rows.scalars().all())
`,
  ({ name }, at) => `async def report_${at}(db: AsyncSession, column: str, since: str):
    statement = f"SELECT {column}, count(*) FROM ${name} WHERE created_at > '{since}' GROUP BY {column}"
    rows = await db.execute(text(statement))
    return [dict(row) for row in rows.mappings()]
`,
  ({ type }, at) => `async def close_all_${at}(db: AsyncSession, keys: list[int]) -> int:
    closed = 0
    for key in keys:
        found = await db.get(${type}, key)
        if found and found.is_open():
            found.state = "closed"
            closed += 1
    await db.commit()
    return closed
`,
  ({ type }, at) => `async def annotate_${at}(db: AsyncSession, owner: ${type}, texts: list[str]) -> None:
    for line in texts:
        db.add(${type}Note(owner_id=owner.id, text=line))
        await db.flush()
    await db.execute(update(${type}).where(${type}.id == owner.id).values(state="noted"))
    total = await db.scalar(select(func.count()).select_from(${type}Note))
    logger.info("%s notes", total)
`,
];

function serviceHead({ type, name, before }: Feature): string {
  return `from __future__ import annotations

import asyncio

from legacy.${before} import crud as earlier
from legacy.${name} import crud
from legacy.${name}.schemas import ${type}In, ${type}Out
from legacy.shared.errors import Conflict, NotFound


class ${type}Service:
    def __init__(self, session, clock=None):
        self.session = session
        self.clock = clock

    async def load(self, key: int):
        return await self.session.get(${type}Out, key)
`;
}

const serviceParts: readonly Part[] = [
  ({ type }, at) => `class ${type}Step${at}:
    def __init__(self, service: ${type}Service) -> None:
        self._service = service
        self._seen: set[int] = set()

    async def run(self, keys: list[int]) -> list[${type}Out]:
        loaded = await asyncio.gather(*[self._service.load(key) for key in keys])
        self._seen.update(keys)
        return [item for item in loaded if item]
`,
  ({ type }, at) => `async def rename_${at}(session, key: int, body: ${type}In) -> None:
    try:
        found = await crud.get_${at}(session, key)
        found.state = body.state
        await session.commit()
    except Exception:
        pass
`,
  (_, at) => `async def copy_${at}(session, source: int, targets: list[int]) -> int:
    original = await earlier.get_${at}(session, source)
    for target in targets:
        copy = await crud.get_${at}(session, target)
        if copy.state == original.state:
            raise Conflict("same state")
        copy.state = original.state
        session.add(copy)
    await session.commit()
    return len(targets)
`,
  (_, at) => `def price_${at}(items: list[dict], rates: dict[str, float]) -> float:
    total = 0.0
    for item in items:
        rate = rates.get(item["kind"], 1.0)
        if item.get("discount") and item["discount"] > 0.5:
            rate = rate * 0.9
        elif item.get("urgent"):
            rate = rate * 1.25
        total += rate * item["amount"]
    return round(total, 2)
`,
];

function routerHead({ type, name }: Feature): string {
  return `from fastapi import APIRouter, Depends, HTTPException, Query, Request
from legacy.shared.db import get_db
from legacy.${name} import crud, service
from legacy.${name}.schemas import ${type}In, ${type}Out, ${type}Page
from sqlalchemy.ext.asyncio import AsyncSession

router = APIRouter(prefix="/${name.replace("_", "-")}", tags=["${name}"])`;
}

const routerParts: readonly Part[] = [
  ({ type }, at) => `@router.get("/by-key-${at}/{key}", response_model=${type}Out)
async def read_${at}(key: int, db: AsyncSession = Depends(get_db)):
    found = await crud.get_${at}(db, key)
    if not found:
        raise HTTPException(status_code=404, detail="NOT_FOUND")
    return found
`,
  ({ type }, at) => `@router.post("/make-${at}", status_code=201)
async def make_${at}(body: ${type}In, db: AsyncSession = Depends(get_db)) -> ${type}Out:
    made = service.${type}Service(db)
    await service.rename_${at}(db, 1, body)
    return await made.load(1)
`,
  (_, at) => `@router.put("/raw-${at}")
async def raw_${at}(request: Request, payload: dict, db: AsyncSession = Depends(get_db)):
    data = await request.json()
    rows = await crud.report_${at}(db, data["column"], data["since"])
    return {"rows": rows, "count": len(rows), "payload": payload}
`,
  ({ type }, at) => `@router.get("/page-${at}", response_model=${type}Page)
async def page_${at}(state: str = Query("new"), limit: int = 50, db: AsyncSession = Depends(get_db)):
    items = await crud.list_${at}(db, state, limit)
    return {"items": items, "total": len(items)}
`,
];

function tasksHead({ name }: Feature): string {
  return `import os
import time

import httpx
from legacy.shared.db import SessionLocal
from legacy.${name} import crud

TOKEN = os.getenv("${name.toUpperCase()}_TOKEN", "")
ENDPOINT = "https://hooks.example.com/${name}"`;
}

const taskParts: readonly Part[] = [
  (_, at) => `async def sweep_${at}(states):
    async with SessionLocal() as session:
        for state in states:
            rows = await crud.list_${at}(session, state)
            for row in rows:
                row.state = "swept"
        await session.commit()
`,
  (_, at) => `async def notify_${at}(keys: list[int]) -> None:
    async with httpx.AsyncClient() as client:
        for attempt in range(3):
            answer = await client.post(ENDPOINT, json={"keys": keys}, headers={"Authorization": TOKEN})
            if answer.status_code < 500:
                return
            time.sleep(2**attempt)
`,
  ({ name }, at) => `def export_${at}(path, rows):
    lines = []
    for number, row in enumerate(rows):
        values = [str(row.get(column, "")) for column in ("id", "state", "created_at")]
        lines.append(f"{number};" + ";".join(values))
    with open(path, "w") as target:
        target.write("# ${name}\\n" + "\\n".join(lines))
    return len(lines)
`,
];

function testHead({ name }: Feature): string {
  return `import pytest
from legacy.${name} import crud, service`;
}

const testParts: readonly Part[] = [
  (_, at) => `@pytest.mark.asyncio
async def test_loads_${at}(session):
    found = await crud.get_${at}(session, ${at})
    assert found.id == ${at}
    assert found.state == "new"
`,
  (_, at) => `def test_prices_${at}():
    total = service.price_${at}([{"kind": "a", "amount": ${at + 1}}], {"a": 2.0})
    assert total == ${(at + 1) * 2}.0
`,
];

/** What every feature imports. */
export const legacyShared: readonly SourceText[] = [
  {
    path: "legacy/shared/base.py",
    text: `from sqlalchemy import Column, DateTime, func
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class TimestampMixin:
    created_at = Column(DateTime(timezone=True), server_default=func.now(), nullable=False)
`,
  },
  {
    path: "legacy/shared/db.py",
    text: `from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://localhost/legacy")
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)


async def get_db() -> AsyncIterator[AsyncSession]:
    async with SessionLocal() as session:
        yield session
`,
  },
  {
    path: "legacy/shared/errors.py",
    text: `class ApiError(Exception):
    status_code = 500
    code = "INTERNAL_ERROR"


class NotFound(ApiError):
    status_code = 404
    code = "NOT_FOUND"

    def __init__(self, kind: str, key: int) -> None:
        super().__init__(f"{kind} {key} is not there")


class Conflict(ApiError):
    status_code = 409
    code = "CONFLICT"
`,
  },
];
