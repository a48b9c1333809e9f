import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { createItemParts } from "../../../src/changes/itemParts.ts";

const golden = join(import.meta.dirname, "../../golden/orders");

const router = `from app.deps import ThingServiceDep, OtherServiceDep

router = APIRouter()


@router.get(
    "",
)
async def list_things(service: ThingServiceDep):
    return await service.list_things()


@router.post("")
async def create_thing(payload: ThingCreate, service: ThingServiceDep):
    return await service.create_thing(payload)
`;

const service = `from app.repository import ThingRepository
from app.rows import ThingRow


class ThingService:
    kind = "thing"

    def __init__(self, things: ThingRepository) -> None:
        self.things = things

    async def list_things(self):
        return await self.things.find_all()

    async def create_thing(self, payload):
        return await self.things.create(ThingRow(payload))


class OtherService:
    async def create_thing(self):
        return None
`;

const before = {
  "app/router.py": router.slice(0, router.indexOf('@router.post("")')).trimEnd(),
  "app/service.py": service.replace(/ {4}async def create_thing\(self, payload\):\n.*\n\n/, ""),
};

function proposed() {
  const changes = createChangeSet();
  changes.propose("app/router.py", `${before["app/router.py"]}\n`, router);
  changes.propose("app/service.py", before["app/service.py"], service);
  changes.propose(
    "app/deps.py",
    undefined,
    "from app.service import ThingService\n\nThingServiceDep = Annotated[ThingService, Depends(make_thing)]\n",
  );
  changes.propose("app/repository.py", undefined, "class ThingRepository(Protocol):\n    pass\n");
  changes.propose("app/rows.py", undefined, 'class ThingRow:\n    __tablename__ = "things"\n');
  changes.propose("migrations/versions/1.py", undefined, 'op.create_table("things")\n');
  changes.propose("migrations/versions/2.py", undefined, 'op.create_table("others")\n');
  changes.propose("app/other.py", undefined, "class Unrelated:\n    pass\n");
  return changes;
}

test("a design item is its hunks in every file, through what its code names", () => {
  const changes = proposed();
  const parts = createItemParts(changes.files())({ path: "app/router.py", line: 14 });
  assert.deepEqual(
    parts.map(({ path }) => path),
    ["app/router.py", "app/service.py", "app/deps.py", "app/repository.py", "app/rows.py", "migrations/versions/1.py"],
  );
  assert.deepEqual(createItemParts(changes.files())({ path: "app/router.py", line: 999 }), []);
  assert.deepEqual(createItemParts(changes.files())({ path: "elsewhere.py", line: 1 }), []);
});

test("a design item is accepted as one decision, and taken back as one", () => {
  const changes = proposed();
  const pending = changes.files();
  const parts = createItemParts(changes.files())({ path: "app/router.py", line: 14 });
  assert.deepEqual(
    changes.acceptance({ parts }).map(({ path }) => path),
    parts.map(({ path }) => path),
  );
  changes.accepted({ parts });
  assert.deepEqual(
    changes.files().map(({ path }) => path),
    ["migrations/versions/2.py", "app/other.py"],
  );
  changes.undone();
  assert.deepEqual(changes.files().toSorted(byPath), pending.toSorted(byPath));
});

test("an endpoint of a generated backend is its layers, and not the files of others", () => {
  const changes = createChangeSet();
  for (const path of readdirSync(golden, { recursive: true, encoding: "utf8" }).filter((it) => it.endsWith(".py"))) {
    changes.propose(path, undefined, readFileSync(join(golden, path), "utf8"));
  }
  const path = "src/app/api/routers/orders.py";
  const lines = readFileSync(join(golden, path), "utf8").split("\n");
  const line = lines.findIndex((text) => text.includes("async def create_order")) + 1;
  const paths = createItemParts(changes.files())({ path, line }).map((part) => part.path);
  const layers = [path, "api/deps.py", "api/schemas/order.py", "services/order.py", "migrations/versions"];
  for (const layer of layers)
    assert.ok(
      paths.some((found) => found.includes(layer)),
      layer,
    );
  assert.ok(!paths.some((found) => /routers\/(?!orders|__init__)/.test(found)), paths.join());
});

function byPath(left: { readonly path: string }, right: { readonly path: string }): number {
  return left.path < right.path ? -1 : 1;
}
