import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { review } from "./reviewing.ts";

const schemas = `components:
  schemas:
    Line: { type: object, required: [sku], properties: { sku: { type: string }, amount: { type: integer } } }
    Order:
      type: object
      required: [id, placedAt, total, lines]
      properties:
        id: { type: string, format: uuid, readOnly: true }
        placedAt: { type: string, format: date-time }
        total: { type: number }
        note: { type: string, nullable: true }
        lines: { type: array, items: { $ref: "#/components/schemas/Line" } }
    Page:
      type: object
      required: [items, total]
      properties:
        items: { type: array, items: { $ref: "#/components/schemas/Order" } }
        total: { type: integer }
`;
const operation = (verb: string, answer: string): string =>
  `    ${verb}:\n      responses: { "200": { description: Done, content: { application/json: { schema: { $ref: "#/components/schemas/${answer}" } } } } }\n`;
const design = `openapi: 3.0.3
info: { title: Orders, version: "1" }
paths:
  /orders:
${operation("get", "Page")}${operation("put", "Order")}      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } }
${schemas}`;

interface Code {
  /** Of `Base`, from which all models derive. */
  readonly base?: string;
  readonly line?: string;
  readonly order?: string;
  readonly input?: string;
  readonly page?: string;
  readonly get?: string;
  readonly put?: string;
}

const snake = `    id: UUID
    placed_at: datetime
    total: float
    note: str | None = None
    lines: list[Line]
`;
const input = snake.replace("    id: UUID\n", "");

function files({ base, line, order, input: own, page, get, put }: Code) {
  return [
    {
      path: "app/models.py",
      text: `from datetime import datetime
from typing import Annotated, Generic, Optional, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, RootModel, computed_field, field_serializer, model_serializer
from pydantic.alias_generators import to_camel

T = TypeVar("T")


class Base(BaseModel):
${base ?? "    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)"}


class Line(Base):
${line ?? "    sku: str\n    amount: int = 1"}


class Order(Base):
${order ?? snake}

class OrderInput(Base):
${own ?? input}

${page ?? "class Page(Base, Generic[T]):\n    items: list[T]\n    total: int\n"}
`,
    },
    {
      path: "app/main.py",
      text: `from fastapi import Body, FastAPI, Request, Response

from app.models import Line, Order, OrderInput, Page

app = FastAPI()


${get ?? '@app.get("/orders")\ndef list_orders() -> Page[Order]:\n    return find_orders()\n'}

${put ?? '@app.put("/orders")\ndef put_order(body: OrderInput) -> Order:\n    return save(body)\n'}
`,
    },
  ];
}

const get = (declaration: string, returns: string): string =>
  `@app.get("/orders"${declaration})\ndef list_orders()${returns}:\n    return find_orders()\n`;
const put = (parameters: string, returns = "Order"): string =>
  `@app.put("/orders")\ndef put_order(${parameters}) -> ${returns}:\n    return save(body)\n`;

const cases: readonly (readonly [what: string, code: Code, listed: readonly string[], changed: readonly string[]])[] = [
  ["a generic page, inherited aliases and a body", {}, [], []],
  ["a page by PEP 695", { page: "class Page[T](Base):\n    items: list[T]\n    total: int\n" }, [], []],
  [
    "a page that is derived",
    {
      get: get("", " -> OrderPage"),
      page: "class Page(Base, Generic[T]):\n    items: list[T]\n    total: int\n\n\nclass OrderPage(Page[Order]):\n    pass\n",
    },
    [],
    [],
  ],
  ["the model in the declaration", { get: get(", response_model=Page[Order]", "") }, [], []],
  [
    "the model among the described responses",
    {
      get: get(', responses={404: {"model": Line}, 200: {"model": Page[Order]}}', " -> Response"),
      put: '@app.put("/orders", responses={200: {"model": Line}})\ndef put_order(body: OrderInput) -> Response:\n    return save(body)\n',
    },
    [],
    [
      "Answer Line has no id, placedAt, total, note, lines (app/models.py:15)",
      "Answer Line has sku, amount beyond the design (app/models.py:15)",
    ],
  ],
  [
    "a field that is missing",
    { order: snake.replace("    total: float\n", "") },
    ["items[] of the answer Order has no total (app/models.py:20)"],
    ["Answer Order has no total (app/models.py:20)"],
  ],
  [
    "fields without the alias that the design has",
    { base: "    pass" },
    [
      "items[] of the answer Order has no placedAt (app/models.py:20)",
      "items[] of the answer Order has placed_at beyond the design (app/models.py:20)",
    ],
    [
      "Body OrderInput has no placedAt (app/models.py:28)",
      "Body OrderInput has placed_at beyond the design (app/models.py:28)",
      "Answer Order has no placedAt (app/models.py:20)",
      "Answer Order has placed_at beyond the design (app/models.py:20)",
    ],
  ],
  [
    "aliases one by one",
    {
      base: "    pass",
      order: snake.replace("datetime", 'datetime = Field(alias="placedAt")'),
      input: input.replace("placed_at: datetime", 'placed: Annotated[datetime, Field(alias="placedAt")]'),
    },
    [],
    [],
  ],
  ["a configuration as a class", { base: "    class Config:\n        alias_generator = to_camel" }, [], []],
  [
    "an alias that is computed",
    { base: "    model_config = ConfigDict(alias_generator=lambda name: names[name])" },
    [],
    [],
  ],
  [
    "other types",
    {
      order: snake.replace("total: float", "total: bool").replace("id: UUID", "id: datetime"),
      line: "    sku: int\n    amount: int = 1",
    },
    [
      "items[].id of the answer is date-time, the design says uuid",
      "items[].total of the answer is boolean, the design says number",
      "items[].lines[].sku of the answer is integer, the design says string",
    ],
    [
      "lines[].sku of the body is integer, the design says string",
      "id of the answer is date-time, the design says uuid",
      "total of the answer is boolean, the design says number",
      "lines[].sku of the answer is integer, the design says string",
    ],
  ],
  [
    "what may be left out",
    { input: input.replace("total: float", "total: float = 0").replace("note: str | None = None", "note: str | None") },
    [],
    [
      "total of the body may be left out, the design requires it (app/models.py:30)",
      "note of the body is required, the design lets it be left out (app/models.py:31)",
    ],
  ],
  [
    "what may be null",
    { order: snake.replace("total: float", "total: Optional[float] = None") },
    ["items[].total of the answer may be null, the design says it never is (app/models.py:23)"],
    ["total of the answer may be null, the design says it never is (app/models.py:23)"],
  ],
  [
    "None left out of the answer",
    {
      order: snake.replace("total: float", "total: float | None = None"),
      get: get(", response_model_exclude_none=True", " -> Page[Order]"),
      put: put("body: OrderInput", "Response"),
    },
    [],
    [],
  ],
  [
    "a computed field and one that is left out",
    {
      order: `${snake.replace("    total: float\n", "    secret: str = Field(exclude=True)\n")}\n    @computed_field\n    def total(self) -> float:\n        return 0\n`,
    },
    [],
    [],
  ],
  [
    "serializers of its own",
    {
      order: `${snake.replace("total: float", "total: dict")}\n    @field_serializer("total")\n    def as_number(self, total):\n        return 0\n`,
    },
    [],
    [],
  ],
  [
    "a model that serializes itself",
    { order: `    gone: str\n\n    @model_serializer\n    def as_json(self):\n        return {}\n` },
    [],
    [],
  ],
  [
    "a model that takes everything",
    { base: '    model_config = ConfigDict(extra="allow", alias_generator=to_camel)', order: "    id: UUID\n" },
    [],
    [],
  ],
  [
    "parts of a body",
    {
      put: put(
        "placedAt: Annotated[datetime, Body()], total: float = Body(), note: str | None = Body(None), lines: list[Line] = Body()",
      ),
    },
    [],
    [],
  ],
  [
    "a part of a body under another name",
    { put: put('order: OrderInput = Body(embed=True, alias="placedAt")') },
    [],
    ["Body has no total, note, lines (app/main.py:14)", "placedAt of the body is object, the design says string"],
  ],
  [
    "parts of a body, one too many",
    { put: put("body: OrderInput, reason: str = Body()") },
    [],
    [
      "Body has no placedAt, total, note, lines (app/main.py:14)",
      "Body has body, reason beyond the design (app/main.py:14)",
    ],
  ],
  [
    "a request that is read by itself, and a response of its own",
    { put: put("request: Request", "Response"), get: get("", " -> Page[Order] | Response") },
    [],
    [],
  ],
  [
    "types of other libraries and names that nobody knows",
    { put: put("body: Unknown", "Whatever"), get: get("", "") },
    [],
    [],
  ],
  [
    "a list in place of an object",
    { get: get("", " -> list[Order]") },
    ["Answer is array, the design says object"],
    [],
  ],
];

for (const [what, code, listed, changed] of cases) {
  test(`the fields of bodies: ${what}`, async () => {
    const { spec } = await readSpec([{ path: "api.yaml", text: design }]);
    const { coverage } = await review(spec, files(code));
    const said = (id: string) =>
      coverage.elements
        .find((element) => element.id === id)
        ?.difference?.replace(/\.$/, "")
        .split("; ") ?? [];
    assert.deepEqual(
      { listed: said("endpoint:GET /orders"), changed: said("endpoint:PUT /orders") },
      { listed, changed },
    );
  });
}
