import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { GeneratedFile, NeedsDetail } from "../../../src/compiler/compilation.ts";
import { scaffoldInterfaces } from "../../../src/session/scaffoldInterfaces.ts";

const golden = join(import.meta.dirname, "../../golden/orders");
const source = { path: "docs/openapi.yaml", line: 1, endLine: 1 };
const open = (element: string): NeedsDetail => ({ element, reason: "no rule says what it does", source });

function generated(path: string): GeneratedFile {
  return { path, text: readFileSync(join(golden, path), "utf8"), step: 4 };
}

test("signatures stand in one line each, without bodies; only services and ports count", () => {
  const [address] = scaffoldInterfaces(
    [generated("src/app/services/address.py"), generated("src/app/main.py"), generated("src/app/services/__init__.py")],
    [open("endpoint:POST /magic")],
  );
  assert.equal(
    address,
    `src/app/services/address.py
class AddressService
    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None
    async def list_addresses(self, customer_id: UUID, criteria: AddressFilter, page: PageRequest) -> tuple[list[Address], int]
    async def add_address(self, customer_id: UUID, data: NewAddress) -> Address
    async def update_address(self, customer_id: UUID, address_id: UUID, changes: AddressChanges) -> Address
    async def delete_address(self, customer_id: UUID, address_id: UUID) -> None`,
  );
});

test("files of what needs detail come first, nothing is told where nothing needs it, and there is an end to it", () => {
  const services = ["address", "order", "order_item", "payment"].map((name) =>
    generated(`src/app/services/${name}.py`),
  );
  const first = (texts: readonly string[]) => texts.map((text) => text.split("\n")[0]?.split("/").at(-1));
  assert.deepEqual(first(scaffoldInterfaces(services, [open("endpoint:POST /payments/{id}/refund")])), [
    "payment.py",
    "address.py",
    "order.py",
    "order_item.py",
  ]);
  assert.deepEqual(scaffoldInterfaces(services, []), []);
  const many = Array.from({ length: 200 }, (_, at) => ({
    ...generated("src/app/services/order.py"),
    path: `src/app/services/o${at}.py`,
  }));
  const told = scaffoldInterfaces(many, [open("x")]).join("\n");
  assert.ok(told.length > 15_000 && told.length <= 20_000, `${told.length}`);
});
