import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createFileReader } from "../../../src/review/fileReader.ts";
import { joinCommits } from "../../../src/review/joinCommits.ts";
import type { Finding } from "../../../src/review/model.ts";
import { emptySpec, review, startParser } from "./reviewing.ts";

const parser = await startParser();
after(() => parser.dispose());

const path = "src/app/repositories/orders.py";
const head = `from sqlalchemy.ext.asyncio import AsyncSession


class Orders:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

`;

/** Methods of the class, at its level. */
function source(body: string): string {
  return head + body.replace(/^(?=.)/gm, "    ");
}

async function findings(text: string): Promise<readonly Finding[]> {
  const { checklist } = await review(emptySpec, [{ path, text }]);
  return checklist.find(({ id }) => id === "transactions")?.findings ?? [];
}

/** What comes of the first finding. */
async function joined(text: string): Promise<string | undefined> {
  const [first] = await findings(text);
  assert.ok(first);
  return joinCommits({ path, files: [{ path, text }], line: first.line }, createFileReader(parser));
}

const certain: readonly (readonly [what: string, before: string, after: string])[] = [
  [
    "the first of two commits only flushes",
    `async def place(self, order: Order) -> None:
    self._session.add(order)
    await self._session.commit()
    self._session.add(Note(order.id))
    await self._session.commit()
`,
    `async def place(self, order: Order) -> None:
    self._session.add(order)
    await self._session.flush()
    self._session.add(Note(order.id))
    await self._session.commit()
`,
  ],
  [
    "the first of two stands in a branch, the second behind it",
    `async def place(self, order: Order, note: str) -> None:
    if note:
        self._session.add(Note(note))
        await self._session.commit()
    self._session.add(order)
    await self._session.commit()
`,
    `async def place(self, order: Order, note: str) -> None:
    if note:
        self._session.add(Note(note))
        await self._session.flush()
    self._session.add(order)
    await self._session.commit()
`,
  ],
  [
    "a commit that ends each round is made once",
    `async def add_all(self, orders: list[Order]) -> None:
    for order in orders:
        self._session.add(order)
        await self._session.commit()
`,
    `async def add_all(self, orders: list[Order]) -> None:
    for order in orders:
        self._session.add(order)
    await self._session.commit()
`,
  ],
  [
    "what follows the commit of a round still finds its rows",
    `async def add_all(self, orders: list[Order]) -> None:
    for order in orders:
        self._session.add(order)
        await self._session.commit()
        print(order.id)
    print("done")
`,
    `async def add_all(self, orders: list[Order]) -> None:
    for order in orders:
        self._session.add(order)
        await self._session.flush()
        print(order.id)
    await self._session.commit()
    print("done")
`,
  ],
];

for (const [what, before, expected] of certain) {
  test(`certain: ${what}`, async () => {
    assert.equal(await joined(source(before)), source(expected));
    assert.deepEqual(await findings(source(expected)), []);
  });
}

const open: readonly (readonly [what: string, body: string])[] = [
  [
    "a second commit that does not always come",
    `async def place(self, order: Order, note: str) -> None:
    self._session.add(order)
    await self._session.commit()
    if note:
        self._session.add(Note(note))
        await self._session.commit()
`,
  ],
  [
    "a way out between the two",
    `async def place(self, order: Order, note: str) -> None:
    self._session.add(order)
    await self._session.commit()
    if not note:
        return
    self._session.add(Note(note))
    await self._session.commit()
`,
  ],
  [
    "an error after what is to stay",
    `async def place(self, order: Order, late: bool) -> None:
    self._session.add(Attempt(order.id))
    await self._session.commit()
    if late:
        raise OrderIsLate(order.id)
    self._session.add(order)
    await self._session.commit()
`,
  ],
  [
    "a call of another system, before which the first is written down",
    `async def place(self, order: Order) -> None:
    self._session.add(order)
    await self._session.commit()
    receipt = await self._payments.charge(order)
    self._session.add(Note(receipt))
    await self._session.commit()
`,
  ],
  [
    "rounds that another system takes part in",
    `async def add_all(self, orders: list[Order]) -> None:
    for order in orders:
        self._session.add(order)
        await self._payments.charge(order)
        await self._session.commit()
`,
  ],
  [
    "a failure of the first that is caught",
    `async def place(self, order: Order) -> None:
    try:
        self._session.add(order)
        await self._session.commit()
    except ValueError:
        await self._session.rollback()
    self._session.add(Note(order.id))
    await self._session.commit()
`,
  ],
  [
    "a loop that is left",
    `async def add_all(self, orders: list[Order]) -> Order | None:
    for order in orders:
        self._session.add(order)
        await self._session.commit()
        if order.late:
            return order
    return None
`,
  ],
  [
    "rounds that take back their own",
    `async def add_all(self, orders: list[Order]) -> None:
    for order in orders:
        try:
            self._session.add(order)
            await self._session.commit()
        except ValueError:
            await self._session.rollback()
`,
  ],
];

for (const [what, body] of open)
  test(`left alone: ${what}`, async () => assert.equal(await joined(source(body)), undefined));

test("left alone: what is no session of SQLAlchemy", async () => {
  const text = `import sqlite3


def place(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO orders VALUES (1)")
    db.commit()
    db.execute("INSERT INTO notes VALUES (1)")
    db.commit()
`;
  const files = [{ path, text }];
  assert.equal(joinCommits({ path, files, line: 8 }, createFileReader(parser)), undefined);
  assert.equal(joinCommits({ path: "elsewhere.py", files, line: 8 }, createFileReader(parser)), undefined);
});
