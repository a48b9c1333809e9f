import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, compileDesign, fileOf, takes } from "../../support/compiledApi.ts";

const sql = `
  CREATE TABLE rooms (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), rate numeric(10,2) NOT NULL);
  CREATE TABLE bookings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), reference varchar(24) NOT NULL UNIQUE,
    room_id uuid NOT NULL REFERENCES rooms (id), rate numeric(10,2) NOT NULL);
  CREATE TABLE pets (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
  CREATE TABLE visits (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), pet_id uuid NOT NULL REFERENCES pets (id), deleted_at timestamptz);
  CREATE TABLE treatments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), visit_id uuid NOT NULL REFERENCES visits (id), label text NOT NULL);`;

const booking =
  "{ type: object, properties: { id: { type: string }, reference: { type: string }, rate: { type: number } } }";
const treatment = "{ type: object, properties: { id: { type: string }, label: { type: string } } }";
const room = "{ type: object, required: [roomId], properties: { roomId: { type: string, format: uuid } } }";

test("a new row takes what its body leaves out from the row that it names, and gets a number", async () => {
  const operations = { "POST /bookings": `{ ${takes(room)}, ${answers(booking, 201)} }` };
  const compilation = await compileDesign({ sql, operations });
  assert.deepEqual(compilation.needsDetail, []);
  assert.match(
    fileOf(compilation, "src/app/services/booking.py"),
    /\(data,\) = await bookings_with_room_values\(uow, \[data\]\)/,
  );
  const copying = fileOf(compilation, "src/app/services/copied_values.py");
  assert.match(copying, /found = await uow\.rooms\.find_many\(\[row\.room_id for row in rows\]\)/);
  assert.match(copying, /raise \w+Error\(\)/);
  assert.match(copying, /replace\(row, rate=rooms\[row\.room_id\]\.rate\)/);
  assert.match(fileOf(compilation, "src/app/persistence/models/booking.py"), /default=lambda: new_number\(20\)/);
});

test("a list two tables away is that of the rows in between which are not deleted", async () => {
  const operations = { "GET /pets/{petId}/treatments": `{ ${answers(`{ type: array, items: ${treatment} }`)} }` };
  const compilation = await compileDesign({ sql, operations });
  assert.deepEqual(compilation.needsDetail, []);
  const conditions = fileOf(compilation, "src/app/persistence/repositories/treatment.py").replace(/\s+/g, " ");
  assert.match(
    conditions,
    /TreatmentRow\.visit_id\.in_\( select\(VisitRow\.id\)\.where\( VisitRow\.pet_id == criteria\.pet_id, VisitRow\.deleted_at\.is_\(None\),? \) \)/,
  );
  assert.match(fileOf(compilation, "src/app/services/treatment.py"), /await existing_pet\(uow, pet_id\)/);
});

test("what a new row takes of a value object it takes as a whole", async () => {
  const priced = "price_amount numeric(10,2) NOT NULL, price_currency char(3) NOT NULL";
  const tables = `CREATE TABLE goods (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), ${priced});
    CREATE TABLE sales (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), good_id uuid NOT NULL REFERENCES goods (id), ${priced});`;
  const price =
    "price: { type: object, required: [amount, currency], properties: { amount: { type: number }, currency: { type: string } } }";
  const sale = `{ type: object, properties: { id: { type: string }, ${price} } }`;
  const good = "{ type: object, required: [goodId], properties: { goodId: { type: string, format: uuid } } }";
  const operations = {
    "POST /sales": `{ ${takes(good)}, ${answers(sale, 201)} }`,
    "GET /goods": `{ ${answers(`{ type: array, items: ${sale} }`)} }`,
  };
  const compilation = await compileDesign({ sql: tables, operations });
  assert.deepEqual(compilation.needsDetail, []);
  const copying = fileOf(compilation, "src/app/services/copied_values.py");
  assert.match(copying, /replace\(row, price=goods\[row\.good_id\]\.price\)/);
});
