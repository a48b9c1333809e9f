import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceText } from "../../../src/review/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { review } from "./reviewing.ts";

const schema = `CREATE TABLE orders (
  id uuid PRIMARY KEY,
  number varchar(20) NOT NULL,
  note text,
  CONSTRAINT orders_number_key UNIQUE (number)
);
CREATE INDEX orders_note_idx ON orders (note);
`;
const api = `openapi: 3.0.3
info: { title: Orders, version: "1" }
paths:
  /api/orders/{orderId}:
    get: { responses: { "200": { description: Found } } }
    delete: { responses: { "204": { description: Gone } } }
`;
const errors = `# Errors

| Code | Status | Meaning |
|---|---|---|
| \`ORDER_LOST\` | 404 | It is lost |
`;

interface Form {
  readonly what: string;
  readonly design: string;
  readonly code: Readonly<Record<string, string>>;
  /** What the code departs from the design in, and what coverage says of that. */
  readonly changed: readonly [from: string, to: string];
  readonly remarks: readonly string[];
  /** What the code has that the design has not, before that. */
  readonly beyond?: readonly string[];
}

const get = "def read(order_id: str) -> Order:\n    return find(order_id)\n";
const remove = "def remove(order_id: str) -> None:\n    drop(order_id)\n";
const declarations = (router: string): string =>
  `@${router}.get("/{order_id}")\n${get}\n\n@${router}.delete("/{order_id}", status_code=204)\n${remove}`;
const otherStatus = ["mismatched endpoint:DELETE /api/orders/{orderId}: Answers 200, the design says 204."];
const narrow = ["mismatched column:orders.number: Type is varchar(10), the design says varchar(20)."];
const gone = (id: string): string[] => [`missing ${id}`];
const migrated = (body: string): string =>
  `import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "1"\ndown_revision = None\n\n\ndef upgrade() -> None:\n${body}`;
const otherCode = ["mismatched errorCode:ORDER_LOST: Has status 410, the design says 404."];

const forms: readonly Form[] = [
  {
    what: "routers in routers, each with a prefix",
    design: api,
    code: {
      "app/main.py": `from fastapi import APIRouter, FastAPI\n\norders = APIRouter(prefix="/orders")\napi = APIRouter()\n\n\n${declarations("orders")}\n\napi.include_router(orders)\napp = FastAPI()\napp.include_router(api, prefix="/api")\n`,
    },
    changed: [", status_code=204", ""],
    remarks: otherStatus,
  },
  {
    what: "a prefix of settings that a function makes, under a name of its own",
    design: api,
    code: {
      "app/config.py": `from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    API_PREFIX: str = "/api"\n\n\ndef get_settings():\n    made = Settings()\n    return made\n\n\nsettings = get_settings()\n`,
      "app/main.py": `from fastapi import APIRouter, FastAPI\n\nfrom app.config import settings\n\norders = APIRouter(prefix="/orders")\n\n\n${declarations("orders")}\n\n@orders.get("/extra")\ndef more() -> int:\n    return count()\n\n\ndef create_app() -> FastAPI:\n    prefix = settings.API_PREFIX\n    app = FastAPI()\n    app.include_router(orders, prefix=prefix)\n    return app\n`,
    },
    changed: ["@orders.delete(", "@orders.post("],
    remarks: [
      "missing endpoint:DELETE /api/orders/{orderId}",
      "extra endpoint:POST /api/orders/{order_id}",
      "extra endpoint:GET /api/orders/extra",
    ],
    beyond: ["extra endpoint:GET /api/orders/extra"],
  },
  {
    what: "an application that is mounted, and a function that includes",
    design: api,
    code: {
      "app/orders.py": `from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n${declarations("router")}`,
      "app/main.py":
        'from fastapi import FastAPI\n\nfrom app import orders\n\n\ndef register(target: FastAPI) -> None:\n    target.include_router(orders.router, prefix="/orders")\n\n\ndef create_app() -> FastAPI:\n    inner = FastAPI()\n    register(inner)\n    app = FastAPI()\n    app.mount("/api", inner)\n    return app\n',
    },
    changed: [", status_code=204", ""],
    remarks: otherStatus,
  },
  {
    what: "views that are classes, by a decorator",
    design: api,
    code: {
      "app/main.py": `from fastapi import APIRouter, FastAPI\nfrom fastapi_utils.cbv import cbv\n\nrouter = APIRouter(prefix="/api/orders")\n\n\n@cbv(router)\nclass Orders:\n    @router.get("/{order_id}")\n    def read(self, order_id: str) -> Order:\n        return find(order_id)\n\n    @router.delete("/{order_id}", status_code=204)\n    def remove(self, order_id: str) -> None:\n        drop(order_id)\n\n\napp = FastAPI()\napp.include_router(router)\n`,
    },
    changed: [", status_code=204", ""],
    remarks: otherStatus,
  },
  {
    what: "views that are classes, with a router of their own",
    design: api,
    code: {
      "app/main.py": `from fastapi import APIRouter, FastAPI\n\n\nclass Orders:\n    def __init__(self) -> None:\n        self.router = APIRouter(prefix="/orders")\n        self.router.add_api_route("/{order_id}", self.read)\n        self.router.add_api_route("/{order_id}", self.remove, methods=["DELETE"], status_code=204)\n\n    def read(self, order_id: str) -> Order:\n        return find(order_id)\n\n    def remove(self, order_id: str) -> None:\n        drop(order_id)\n\n\nview = Orders()\napp = FastAPI()\napp.include_router(view.router, prefix="/api")\n`,
    },
    changed: [", status_code=204", ""],
    remarks: otherStatus,
  },
  {
    what: "declarative models as SQLAlchemy 1.4 has them, named by their base",
    design: schema,
    code: {
      "app/models.py": `from sqlalchemy import Column, Index, String, Text, UniqueConstraint\nfrom sqlalchemy.dialects.postgresql import UUID\nfrom sqlalchemy.ext.declarative import as_declarative, declared_attr\n\n\n@as_declarative()\nclass Base:\n    @declared_attr\n    def __tablename__(cls):\n        return cls.__name__.lower()\n\n\nclass Orders(Base):\n    __table_args__ = (UniqueConstraint("number", name="orders_number_key"), Index("orders_note_idx", "note"))\n\n    id = Column(UUID(as_uuid=True), primary_key=True)\n    number = Column(String(20), nullable=False)\n    note = Column(Text)\n`,
    },
    changed: ["String(20)", "String(10)"],
    remarks: narrow,
  },
  {
    what: "tables that classes are mapped to imperatively",
    design: schema,
    code: {
      "app/orm.py": `from sqlalchemy import Column, Index, String, Table, Text, UniqueConstraint, Uuid\nfrom sqlalchemy.orm import registry\n\nfrom app.domain import Order\n\nmapper_registry = registry()\norders = Table(\n    "orders",\n    mapper_registry.metadata,\n    Column("id", Uuid, primary_key=True),\n    Column("number", String(20), nullable=False),\n    Column("note", Text),\n    UniqueConstraint("number", name="orders_number_key"),\n    Index("orders_note_idx", "note"),\n)\nmapper_registry.map_imperatively(Order, orders)\n`,
    },
    changed: ["String(20)", "String(10)"],
    remarks: narrow,
  },
  {
    what: "types whose size is a keyword, or one where none is said",
    design:
      "CREATE TABLE samples (id uuid PRIMARY KEY, span interval(2), bits bit(4), more bit varying(8), any_bits varbit, one bit, initial char);\n",
    code: {
      "app/orm.py": `from sqlalchemy import CHAR, Column, Interval, MetaData, Table, Uuid\nfrom sqlalchemy.dialects import postgresql\n\nmetadata = MetaData()\nsamples = Table(\n    "samples",\n    metadata,\n    Column("id", Uuid, primary_key=True),\n    Column("span", Interval(second_precision=2)),\n    Column("bits", postgresql.BIT(4)),\n    Column("more", postgresql.BIT(8, varying=True)),\n    Column("any_bits", postgresql.BIT(varying=True)),\n    Column("one", postgresql.BIT()),\n    Column("initial", CHAR()),\n)\n`,
    },
    changed: ["BIT(8, varying=True)", "BIT(8)"],
    remarks: ["mismatched column:samples.more: Type is bit(8), the design says varbit(8)."],
  },
  {
    what: "columns whose type is said by a cast",
    design: schema,
    code: {
      "app/models.py": `from typing import cast\n\nfrom sqlalchemy import Column, Index, String, Text, UniqueConstraint, Uuid\nfrom sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n\n\nclass Order(Base):\n    __tablename__ = "orders"\n    __table_args__ = (UniqueConstraint("number", name="orders_number_key"), Index("orders_note_idx", "note"))\n\n    id = cast(str, Column(Uuid, primary_key=True))\n    number = cast(str, Column(String(20), nullable=False))\n    note = cast(str, Column(Text))\n`,
    },
    changed: ["String(20)", "String(10)"],
    remarks: narrow,
  },
  {
    what: "what becomes of rows that point at one that is deleted",
    design:
      "CREATE TABLE orders (id uuid PRIMARY KEY);\nCREATE TABLE lines (id uuid PRIMARY KEY, order_id uuid REFERENCES orders (id) ON DELETE CASCADE);\n",
    code: {
      "app/models.py": `from sqlalchemy import Column, ForeignKey, Uuid\nfrom sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n\n\nclass Order(Base):\n    __tablename__ = "orders"\n\n    id = Column(Uuid, primary_key=True)\n\n\nclass Line(Base):\n    __tablename__ = "lines"\n\n    id = Column(Uuid, primary_key=True)\n    order_id = Column(Uuid, ForeignKey("orders.id", ondelete="CASCADE"))\n`,
    },
    changed: ['ondelete="CASCADE"', 'ondelete="SET NULL"'],
    remarks: ["mismatched constraint:lines.lines_order_id_fkey: On delete it does SET NULL, the design says CASCADE."],
  },
  {
    what: "SQL in migrations that alters, renames and drops, and names that PostgreSQL gave",
    design: schema,
    code: {
      "migrations/versions/1.py": migrated(
        `    op.create_table("purchases", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("key", sa.String(9), nullable=False), sa.Column("old", sa.Text()), sa.Column("tag", sa.Text()), sa.UniqueConstraint("old"), sa.UniqueConstraint("tag"))\n    op.create_index("purchases_old_idx", "purchases", ["old"])\n    op.execute("ALTER TABLE purchases RENAME COLUMN key TO number")\n    op.execute("ALTER TABLE purchases ALTER COLUMN number TYPE varchar(20)")\n    op.execute("ALTER TABLE purchases ADD CONSTRAINT spare UNIQUE (tag, number)")\n    op.execute("ALTER TABLE purchases DROP CONSTRAINT spare")\n    op.drop_constraint("purchases_tag_key", "purchases")\n    op.execute("ALTER TABLE purchases DROP COLUMN old")\n    op.drop_column("purchases", "tag")\n    op.execute("ALTER TABLE purchases RENAME TO orders")\n    op.execute("ALTER TABLE orders ADD COLUMN note text")\n    op.create_unique_constraint("orders_number_key", "orders", ["number"])\n    op.create_index("orders_note_idx", "orders", ["note"])\n`,
      ),
    },
    changed: ["TYPE varchar(20)", "TYPE varchar(10)"],
    remarks: narrow,
  },
  {
    what: "SQLModel",
    design: schema,
    code: {
      "app/models.py": `from uuid import UUID\n\nfrom sqlmodel import Field, SQLModel\n\n\nclass Orders(SQLModel, table=True):\n    id: UUID = Field(primary_key=True)\n    number: str = Field(max_length=20, unique=True)\n    note: str | None = Field(default=None, index=True)\n`,
    },
    changed: ["number: str =", "number: str | None ="],
    remarks: ["mismatched column:orders.number: Is nullable, the design says NOT NULL."],
  },
  {
    what: "Alembic's operations, also on a batch",
    design: schema,
    code: {
      "migrations/versions/1.py": migrated(
        `    op.create_table("orders", sa.Column("id", sa.Uuid()), sa.Column("number", sa.String(20), nullable=False), sa.PrimaryKeyConstraint("id"))\n    op.add_column("orders", sa.Column("note", sa.Text()))\n    with op.batch_alter_table("orders") as batch:\n        batch.create_unique_constraint("orders_number_key", ["number"])\n        batch.create_index("orders_note_idx", ["note"])\n`,
      ),
    },
    changed: ['        batch.create_index("orders_note_idx", ["note"])\n', ""],
    remarks: gone("index:orders_note_idx"),
  },
  {
    what: "an index that the model has without its name",
    design:
      "CREATE TABLE orders (id uuid PRIMARY KEY, tag text, note text);\nCREATE INDEX ix_orders_tag ON orders (tag);\n",
    code: {
      "app/models.py": `from sqlalchemy import Column, Text, Uuid\nfrom sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n\n\nclass Order(Base):\n    __tablename__ = "orders"\n\n    id = Column(Uuid, primary_key=True)\n    tag = Column(Text, index=True)\n    note = Column(Text)\n`,
      "migrations/versions/1.py": migrated(
        `    op.create_table("orders", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("tag", sa.Text()), sa.Column("note", sa.Text()))\n    op.create_index(op.f("ix_orders_tag"), "orders", ["tag"])\n`,
      ),
    },
    changed: ['"ix_orders_tag"), "orders", ["tag"]', '"ix_orders_tag"), "orders", ["tag", "note"]'],
    remarks: ["mismatched index:ix_orders_tag: Is on (tag, note), the design says (tag)."],
  },
  {
    what: "SQL in migrations, of which some is for another database",
    design: schema,
    code: {
      "migrations/versions/1.py": migrated(
        `    op.execute("CREATE TABLE orders (id uuid PRIMARY KEY, number varchar(20) NOT NULL UNIQUE, note text)")\n    op.get_bind().execute(sa.text("CREATE INDEX orders_note_idx ON orders (note)"))\n    if op.get_bind().dialect.name == "mysql":\n        op.drop_index("orders_note_idx")\n`,
      ),
    },
    changed: ["varchar(20) NOT NULL UNIQUE", "varchar(20) NOT NULL"],
    remarks: gone("constraint:orders.orders_number_key"),
  },
  {
    what: "a column that SQLModel is given whole, which may be null whatever the annotation says",
    design: schema,
    code: {
      "app/models.py":
        'import uuid\n\nfrom sqlalchemy import Column, Index, String, Text, UniqueConstraint\nfrom sqlmodel import Field, SQLModel\n\n\nclass Orders(SQLModel, table=True):\n    __table_args__ = (UniqueConstraint("number", name="orders_number_key"), Index("orders_note_idx", "note"))\n\n    id: uuid.UUID = Field(primary_key=True)\n    number: str = Field(sa_column=Column(String(20), nullable=False))\n    note: str = Field(sa_column=Column(Text), default="")\n',
    },
    changed: ["Column(Text)", "Column(Text, nullable=False)"],
    remarks: ["mismatched column:orders.note: Is NOT NULL, the design lets it be null."],
  },
  {
    what: "constraints and indexes that a mixin declares, unless the class has its own",
    design: schema,
    code: {
      "app/models.py":
        'class Base(DeclarativeBase):\n    pass\n\n\nclass Numbered:\n    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)\n    number: Mapped[str] = mapped_column(String(20))\n\n    @declared_attr.directive\n    def __table_args__(cls):\n        return (UniqueConstraint("number", name="orders_number_key"), Index("orders_note_idx", "note"))\n\n\nclass Order(Numbered, Base):\n    __tablename__ = "orders"\n    note: Mapped[str | None] = mapped_column(Text)\n',
    },
    changed: ['    __tablename__ = "orders"\n', '    __tablename__ = "orders"\n    __table_args__ = ()\n'],
    remarks: ["missing constraint:orders.orders_number_key", "missing index:orders_note_idx"],
  },
  {
    what: "an enumeration that a migration creates, renames and replaces",
    design: `CREATE TYPE order_state AS ENUM ('open', 'closed');\nCREATE TABLE orders (\n  id uuid PRIMARY KEY,\n  state order_state NOT NULL\n);\n`,
    code: {
      "migrations/versions/1.py": migrated(
        `    op.execute("CREATE TYPE state_enum AS ENUM ('open')")\n    op.execute("CREATE TABLE orders (id uuid PRIMARY KEY, state state_enum)")\n    op.execute("ALTER TYPE state_enum RENAME TO state_old")\n    op.execute("CREATE TYPE state_enum AS ENUM ('open', 'closed')")\n    op.execute("ALTER TABLE orders ALTER COLUMN state TYPE state_enum USING state::text::state_enum")\n    op.execute("DROP TYPE state_old")\n    op.execute("ALTER TABLE orders ALTER COLUMN state SET NOT NULL")\n    op.execute("ALTER TYPE state_enum RENAME TO state_of_order")\n`,
      ),
    },
    changed: ["TYPE state_enum USING", "TYPE text USING"],
    remarks: ["mismatched column:orders.state: Type is text, the design says enum."],
  },
  {
    what: "routers in files and packages that are named like tests and are none",
    design: api,
    code: {
      "test_orders/test_records.py": `from fastapi import APIRouter\n\nrouter = APIRouter(prefix="/orders")\n\n\n${declarations("router")}`,
      "test_orders/main.py":
        'from fastapi import FastAPI\n\nfrom test_orders import test_records\n\napp = FastAPI()\napp.include_router(test_records.router, prefix="/api")\n',
    },
    changed: ["def remove", "def test_remove"],
    remarks: ["missing endpoint:GET /api/orders/{orderId}", "missing endpoint:DELETE /api/orders/{orderId}"],
  },
  {
    what: "an enumeration of codes that have their status beside them",
    design: errors,
    code: {
      "app/errors.py":
        'class ErrorCode(Enum):\n    ORDER_LOST = ("ORDER_LOST", 404)\n\n    def __init__(self, code: str, status: int) -> None:\n        self.code = code\n        self.status = status\n',
    },
    changed: ["404", "410"],
    remarks: otherCode,
  },
  {
    what: "a code and a status that properties return",
    design: errors,
    code: {
      "app/errors.py":
        'class OrderLost(AppError):\n    @property\n    def code(self) -> str:\n        return "ORDER_LOST"\n\n    @property\n    def status_code(self) -> int:\n        return 404\n',
    },
    changed: ["404", "410"],
    remarks: otherCode,
  },
  {
    what: "a handler that answers for an exception",
    design: errors,
    code: {
      "app/main.py": `from fastapi import FastAPI, Request\nfrom fastapi.responses import JSONResponse\n\n\nclass OrderLost(Exception):\n    pass\n\n\napp = FastAPI()\n\n\n@app.exception_handler(OrderLost)\nasync def lost(request: Request, error: OrderLost) -> JSONResponse:\n    return JSONResponse(status_code=404, content={"error": {"code": "ORDER_LOST"}})\n`,
    },
    changed: ["404", "410"],
    remarks: otherCode,
  },
  {
    what: "exceptions that the design names, with their statuses in a table",
    design: `# Errors\n\n| Exception | Status | Meaning |\n|---|---|---|\n| \`OrderLostError\` | 404 | Lost |\n| \`OrderPaidError\` | 409 | Paid |\n`,
    code: {
      "app/errors.py": `class ServiceError(Exception):\n    pass\n\n\nclass OrderLostError(ServiceError):\n    pass\n\n\nclass OrderPaidError(ServiceError):\n    def __init__(self, message: str) -> None:\n        super().__init__(message, status_code=409)\n`,
      "app/main.py": `from fastapi import FastAPI, status\n\nfrom app.errors import OrderLostError\n\nstatuses = {OrderLostError: status.HTTP_404_NOT_FOUND}\napp = FastAPI()\nfor error, number in statuses.items():\n    app.add_exception_handler(error, answer(number))\n`,
    },
    changed: ["404_NOT_FOUND", "410_GONE"],
    remarks: ["mismatched errorCode:OrderLostError: Has status 410, the design says 404."],
  },
  {
    what: "a handler that is added for an exception with its own code",
    design: errors,
    code: {
      "app/errors.py": 'class OrderLost(Exception):\n    code = "ORDER_LOST"\n',
      "app/main.py": `from fastapi import FastAPI, Request\nfrom fastapi.responses import JSONResponse\n\nfrom app.errors import OrderLost\n\n\nasync def lost(request: Request, error: OrderLost) -> JSONResponse:\n    return JSONResponse(status_code=404, content={"code": error.code})\n\n\napp = FastAPI()\napp.add_exception_handler(OrderLost, lost)\n`,
    },
    changed: ["404", "410"],
    remarks: otherCode,
  },
];

for (const { what, design, code, changed, remarks, beyond = [] } of forms) {
  test(`coverage sees ${what}`, async () => {
    const path = design === api ? "api.yaml" : design.startsWith("CREATE") ? "schema.sql" : "errors.md";
    const { spec } = await readSpec([{ path, text: design }]);
    const files = Object.entries(code).map(([file, text]) => ({ path: file, text }));
    const said = async (sources: readonly SourceText[]): Promise<string[]> =>
      (await review(spec, sources)).coverage.elements
        .filter(({ status, kind }) => status !== "implemented" && kind !== "entity" && kind !== "field")
        .map(({ status, id, difference }) => `${status} ${id}${difference === undefined ? "" : `: ${difference}`}`);
    assert.deepEqual(await said(files), beyond);
    const [from, to] = changed;
    assert.ok(files.some(({ text }) => text.includes(from)));
    assert.deepEqual(await said(files.map((file) => ({ ...file, text: file.text.replace(from, to) }))), remarks);
  });
}
