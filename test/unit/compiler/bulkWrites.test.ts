import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, compileDesign, fileOf, type SmallDesign, takes } from "../../support/compiledApi.ts";

const sql = `
  CREATE TABLE tasks (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL);
  CREATE TABLE notes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text NOT NULL, version int NOT NULL DEFAULT 1,
    deleted_at timestamptz);
  CREATE TABLE seats (hall text NOT NULL, number int NOT NULL, PRIMARY KEY (hall, number));`;

const schemas = {
  Task: "{ type: object, required: [id, title], properties: { id: { type: integer }, title: { type: string } } }",
  Note: "{ type: object, required: [id, body], properties: { id: { type: string, format: uuid }, body: { type: string } } }",
  Seat: "{ type: object, required: [hall, number], properties: { hall: { type: string }, number: { type: integer } } }",
};

const list = (item: string) => `{ type: array, items: ${item} }`;
const one = (name: string) => `{ $ref: '#/components/schemas/${name}' }`;
const rowsOf = (name: string) => list(one(name));
const ifMatch = "parameters: [{ name: If-Match, in: header, required: true, schema: { type: string } }]";
const keysOf = (item: string) => takes(`{ type: object, required: [ids], properties: { ids: ${list(item)} } }`);
const integer = "{ type: integer }";
const gone = "responses: { '204': { description: Gone. } }";

async function compiled(operations: SmallDesign["operations"] = {}) {
  const compilation = await compileDesign({ sql, schemas, operations });
  return (path: string) => fileOf(compilation, `src/app/${path}.py`);
}

function bodyOf(text: string, name: string): readonly string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.includes(`async def ${name}(`));
  const from = lines.findIndex((line, index) => index >= start && line.endsWith('"""'));
  const end = lines.findIndex((line, index) => index > from && /^ {0,4}\S/.test(line));
  const body = lines.slice(from + 1, end === -1 ? undefined : end);
  return body.map((line) => line.trim()).filter((line) => line !== "");
}

test("rows are created together, where one column tells them apart", async () => {
  const file = await compiled({
    "POST /tasks/batch": `{ operationId: addTasks, ${takes(rowsOf("Task"))}, ${answers(rowsOf("Task"), 201)} }`,
    "POST /seats/batch": `{ operationId: addSeats, ${takes(rowsOf("Seat"))}, ${answers(rowsOf("Seat"), 201)} }`,
  });
  assert.deepEqual(bodyOf(file("services/task"), "add_tasks"), [
    "async with self._uow_factory() as uow:",
    "return await uow.tasks.create_many(data)",
  ]);
  assert.deepEqual(bodyOf(file("persistence/repositories/task"), "create_many"), [
    "rows = [new_task_row(item) for item in data]",
    "self._session.add_all(rows)",
    "with translated_violations({}):",
    "await self._session.flush()",
    "# One object a row: this brings those at hand up to date.",
    "await self._find_rows([row.id for row in rows])",
    "return [to_task(row) for row in rows]",
  ]);
  assert.deepEqual(bodyOf(file("services/seat"), "add_seats"), [
    "async with self._uow_factory() as uow:",
    "return [await uow.seats.create(item) for item in data]",
  ]);
});

test("a repository has the methods for several rows that are called, and its port the same", async () => {
  const file = await compiled({ "POST /tasks/bulk-delete": `{ ${keysOf(integer)}, ${gone} }` });
  for (const path of ["persistence/repositories/task", "domain/ports/task"]) {
    assert.deepEqual(file(path).match(/\w+_many(?=\()/g), ["delete_many"]);
    assert.doesNotMatch(file(path), /_find_rows/);
  }
  assert.doesNotMatch(file("domain/ports/note"), /_many/);
});

test("rows whose versions are counted are read and locked once, and changed together", async () => {
  const file = await compiled({
    "PATCH /notes/{noteId}": `{ ${ifMatch}, ${takes(one("Note"))}, ${answers(one("Note"))} }`,
    "PATCH /notes": `{ operationId: changeNotes, ${takes(rowsOf("Note"))}, ${answers(rowsOf("Note"))} }`,
  });
  assert.deepEqual(bodyOf(file("services/note"), "change_notes").slice(1), [
    "keys = [note_id for note_id, _ in items]",
    "rows = {",
    "row.id: row for row in await uow.notes.find_many(keys, for_update=True)",
    "}",
    "counted: list[tuple[UUID, NoteChanges]] = []",
    "for note_id, changes in items:",
    "found = rows.get(note_id)",
    "if found is None:",
    "raise NotFoundError()",
    "counted.append((note_id, replace(changes, version=found.version + 1)))",
    "return await uow.notes.update_many(counted)",
  ]);
});

test("rows without a guard are not read first, and one that is missing takes all back", async () => {
  const file = await compiled({
    "PATCH /tasks": `{ operationId: changeTasks, ${takes(rowsOf("Task"))}, ${answers(rowsOf("Task"))} }`,
    "DELETE /tasks": `{ operationId: deleteTasks, ${keysOf(integer)}, ${gone} }`,
  });
  assert.deepEqual(bodyOf(file("services/task"), "change_tasks").slice(1), [
    "updated = await uow.tasks.update_many(items)",
    "if len(updated) < len(items):",
    "raise NotFoundError()",
    "return updated",
  ]);
  assert.deepEqual(bodyOf(file("services/task"), "delete_tasks").slice(1), [
    "if await uow.tasks.delete_many(keys) != set(keys):",
    "raise NotFoundError()",
  ]);
});

test("rows are marked as deleted by key, so that two that meet never wait for each other", async () => {
  const file = await compiled({
    "POST /notes/bulk-delete": `{ ${keysOf("{ type: string, format: uuid }")}, ${gone} }`,
  });
  assert.deepEqual(bodyOf(file("persistence/repositories/note"), "delete_many"), [
    "locked = (",
    "select(NoteRow.id)",
    ".where(NoteRow.id.in_(keys), NoteRow.deleted_at.is_(None))",
    ".order_by(NoteRow.id)",
    ".with_for_update()",
    ")",
    "statement = (",
    "update(NoteRow)",
    ".where(NoteRow.id.in_(locked))",
    ".values(deleted_at=func.now())",
    ".returning(NoteRow.id)",
    ")",
    "with translated_violations({}):",
    "return set(await self._session.scalars(statement))",
  ]);
});

const told: readonly (readonly [string, string, string])[] = [
  ["a count", `deleted: ${integer}`, "deleted=len(set(body.ids))"],
  ["the keys", `deleted: ${list(integer)}`, "deleted=sorted(set(body.ids))"],
  [
    "the keys, and those that no row has",
    `deleted: ${list(integer)}, not_found: ${list(integer)}`,
    "deleted=sorted(deleted), not_found=sorted(set(body.ids) - deleted)",
  ],
];

for (const [what, properties, expected] of told) {
  test(`an answer of a removal that tells ${what} gets them`, async () => {
    const answer = answers(`{ type: object, properties: { ${properties} } }`);
    const file = await compiled({ "POST /tasks/bulk-delete": `{ ${keysOf(integer)}, ${answer} }` });
    const route = file("api/routers/tasks").replace(/\s+/g, " ");
    assert.ok(route.includes(expected), route);
    assert.equal(route.includes("NotFoundError"), !properties.includes("not_found"));
    assert.equal(file("services/task").includes("NotFoundError"), !properties.includes("not_found"));
  });
}

test("an answer of a change that tells the keys gets those of the rows, each once", async () => {
  const body = `{ type: object, required: [ids], properties: { ids: ${list(integer)}, title: { type: string } } }`;
  const answer = `{ type: object, properties: { updated: ${list(integer)}, count: ${integer} } }`;
  const file = await compiled({ "POST /tasks/bulk-update": `{ ${takes(body)}, ${answers(answer)} }` });
  const route = file("api/routers/tasks").replace(/\s+/g, " ");
  assert.ok(route.includes("[(key, body.to_changes()) for key in dict.fromkeys(body.ids)]"), route);
  assert.ok(route.includes("updated=[row.id for row in rows], count=len(rows)"), route);
});
