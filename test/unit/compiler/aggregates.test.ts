import assert from "node:assert/strict";
import { test } from "node:test";
import { changeFields, creationFields } from "../../../src/compiler/aggregates.ts";
import { aggregatesOf } from "../../support/compilerPlans.ts";

test("a table gives the names of everything that is called after it", async () => {
  const { aggregates } = await aggregatesOf(`
    CREATE TABLE order_items (id uuid PRIMARY KEY, class text);
    CREATE TABLE t_classes (code text PRIMARY KEY);
    CREATE TABLE memberships (user_id int, group_id int, PRIMARY KEY (user_id, group_id));`);
  assert.deepEqual(
    aggregates.map(({ className, module, plural, keyParameters }) => [className, module, plural, keyParameters]),
    [
      ["OrderItem", "order_item", "order_items", ["order_item_id"]],
      ["Class", "class_", "classes", ["code"]],
      ["Membership", "membership", "memberships", ["user_id", "group_id"]],
    ],
  );
  assert.deepEqual(
    aggregates[0]?.fields.map(({ name }) => name),
    ["id", "class_"],
  );
});

test("referenced tables come first, circles in document order", async () => {
  const { aggregates } = await aggregatesOf(`
    CREATE TABLE items (id int PRIMARY KEY, order_id int REFERENCES orders (id));
    CREATE TABLE orders (id int PRIMARY KEY, next_id int REFERENCES orders (id));
    CREATE TABLE a (id int PRIMARY KEY, b_id int);
    CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a (id));
    ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id);`);
  assert.deepEqual(
    aggregates.map(({ table }) => table.name),
    ["orders", "items", "b", "a"],
  );
});

test("what the database computes is neither created nor changed", async () => {
  const { aggregates } = await aggregatesOf(`
    CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.price := coalesce(NEW.price, 1); RETURN NEW; END $$;
    CREATE TABLE rows (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner_id uuid NOT NULL, price int NOT NULL, note text,
      total int GENERATED ALWAYS AS (price * 2) STORED, search tsvector,
      created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz, deleted_at timestamptz);
    CREATE TRIGGER rows_fill BEFORE INSERT ON rows FOR EACH ROW EXECUTE FUNCTION fill();
    ALTER TABLE rows ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON rows USING (owner_id = nullif(current_setting('app.user_id', true), '')::uuid);`);
  const [rows] = aggregates;
  assert.ok(rows);
  assert.deepEqual(
    rows.fields.map(({ name, role, computed, hasDefault }) => [name, role, computed, hasDefault]),
    [
      ["id", undefined, true, false],
      ["owner_id", "owner", false, false],
      ["price", undefined, false, true],
      ["note", undefined, false, false],
      ["total", undefined, true, false],
      ["created_at", "createdAt", true, true],
      ["updated_at", "updatedAt", true, false],
      ["deleted_at", "deletedAt", false, false],
    ],
  );
  assert.deepEqual(
    creationFields(rows).map(({ name }) => name),
    ["owner_id", "price", "note"],
  );
  assert.deepEqual(
    changeFields(rows).map(({ name }) => name),
    ["price", "note"],
  );
});

test("closed sets come from enums and from checks that list values", async () => {
  const { aggregates } = await aggregatesOf(`
    CREATE TYPE order_status AS ENUM ('draft', 'in progress');
    CREATE TABLE orders (
      id int PRIMARY KEY, status order_status,
      kind text CHECK (kind IN ('a', 'b')),
      level varchar(9) CHECK ((level)::text = ANY ((ARRAY['low'::character varying, 'high'::character varying])::text[])),
      amount int CHECK (amount > 0), currency text CHECK (currency = 'EUR'));
    CREATE TABLE history (id int PRIMARY KEY, status order_status);`);
  const enums = aggregates.flatMap(({ fields }) => fields.flatMap((field) => field.enum ?? []));
  assert.deepEqual(
    enums.map(({ className, module, sqlName, members }) => [
      className,
      module,
      sqlName,
      members.map(({ name }) => name),
    ]),
    [
      ["OrderStatus", "enums", "order_status", ["DRAFT", "IN_PROGRESS"]],
      ["OrderKind", "order", undefined, ["A", "B"]],
      ["OrderLevel", "order", undefined, ["LOW", "HIGH"]],
      ["OrderStatus", "enums", "order_status", ["DRAFT", "IN_PROGRESS"]],
    ],
  );
});

test("children need a cascade, a required key and an array in a response", async () => {
  const openapi = `
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /orders/{id}:
    get:
      responses:
        "200":
          content: {application/json: {schema: {$ref: "#/components/schemas/OrderResponse"}}}
components:
  schemas:
    OrderResponse:
      type: object
      properties:
        id: {type: integer}
        lines: {type: array, items: {$ref: "#/components/schemas/OrderItem"}}
        payments: {type: array, items: {type: object, properties: {amount: {type: integer}, order_id: {type: integer}}}}
        notes: {type: array, items: {type: string}}
    OrderItem: {type: object, properties: {quantity: {type: integer}}}
`;
  const sql = `
    CREATE TABLE orders (id int PRIMARY KEY);
    CREATE TABLE order_items (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders (id) ON DELETE CASCADE, quantity int);
    CREATE TABLE payments (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders (id), amount int);`;
  const { aggregates } = await aggregatesOf(sql, { "openapi.yaml": openapi });
  assert.deepEqual(aggregates[0]?.children, [{ attribute: "lines", aggregate: "OrderItem", foreignKey: ["order_id"] }]);
});

test("what PostgreSQL would refuse is left out and named", async () => {
  const plans = await aggregatesOf(`
    CREATE TABLE orders (id int PRIMARY KEY, note text, mood feeling,
      user_id int REFERENCES users (id), parent text REFERENCES orders (note));
    CREATE INDEX by_tenant ON orders (tenant_id);`);
  assert.deepEqual(
    plans.aggregates[0]?.table.constraints.map(({ type }) => type),
    ["primaryKey"],
  );
  assert.deepEqual(
    plans.needsDetail.map(({ element }) => element),
    ["constraint:orders.orders_user_id_fkey", "constraint:orders.orders_parent_fkey", "index:by_tenant"],
  );
  assert.match(plans.assumptions[0]?.text ?? "", /type feeling .* text is used/);
});

test("what stands on a table that does not exist is named, other uses of FROM and ON are no tables", async () => {
  const { needsDetail } = await aggregatesOf(`
    CREATE TABLE notes (id int PRIMARY KEY, a text);
    CREATE POLICY fine ON notes USING (EXISTS (SELECT 1 FROM notes n
      WHERE extract(year FROM now()) > 1 AND n.a IS DISTINCT FROM 'x'));
    CREATE POLICY broken ON notes USING (EXISTS (SELECT 1 FROM public.members));
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER fine AFTER UPDATE OF a ON notes FOR EACH ROW
      WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION f();
    CREATE TRIGGER broken AFTER UPDATE ON gone FOR EACH ROW EXECUTE FUNCTION f();
    CREATE VIEW fine AS WITH x AS (SELECT 1 AS y) SELECT y FROM x JOIN notes ON true JOIN generate_series(1, 2) g ON true;
    CREATE VIEW on_view AS SELECT * FROM fine;
    CREATE VIEW broken AS SELECT * FROM unknown;`);
  assert.deepEqual(
    needsDetail.map(({ element }) => element),
    ["policy:notes.broken", "trigger:broken", "view:broken"],
  );
});

test("what only Supabase has is left to it, and named", async () => {
  const { needsDetail } = await aggregatesOf(`
    CREATE TABLE notes (id uuid PRIMARY KEY REFERENCES auth.users);
    INSERT INTO storage.buckets (id) VALUES ('files');
    CREATE POLICY own ON storage.objects USING (bucket_id = 'files');
    CREATE TRIGGER welcome AFTER INSERT ON auth.users EXECUTE FUNCTION welcome();`);
  assert.deepEqual(
    needsDetail.map(({ element, reason }) => [element, reason.split(",")[0]]),
    [
      ["policy:storage.objects.own", "It needs storage.objects"],
      ["other:", "It needs storage.buckets"],
    ],
  );
});

test("a column of a domain has the values of the domain's base", async () => {
  const { aggregates } = await aggregatesOf(`
    CREATE DOMAIN amount AS bigint DEFAULT 0 NOT NULL;
    CREATE DOMAIN label AS varchar(40);
    CREATE DOMAIN days AS date[];
    CREATE DOMAIN extras AS jsonb;
    CREATE TABLE stock (id int PRIMARY KEY, held amount, title label NOT NULL, closed days, more extras);`);
  assert.deepEqual(
    aggregates[0]?.fields.map(({ name, type, optional, hasDefault }) => [name, type.expression, optional, hasDefault]),
    [
      ["id", "int", false, false],
      ["held", "int", false, true],
      ["title", "str", false, false],
      ["closed", "list[date]", true, false],
      ["more", "str", true, false],
    ],
  );
});
