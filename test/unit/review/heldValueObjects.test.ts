import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { review } from "./reviewing.ts";

const domain = `# Domain model

## Entities

### Event (Entity)

| Attribute | Type |
|--|--|
| id | UUID |
| venue | Venue |

## Value objects

### Venue

- name: string
- city: string
`;

const held: readonly (readonly [what: string, members: readonly string[], status: string])[] = [
  ["by itself", ["venue: Venue"], "implemented"],
  ["in a member for each of its fields", ["venue_name: str", "venue_city: str"], "implemented"],
  ["in part", ["venue_name: str"], "missing"],
  ["under other names", ["name: str", "city: str"], "missing"],
];

for (const [what, members, status] of held) {
  test(`a value object held ${what} is ${status}`, async () => {
    const { spec } = await readSpec([{ path: "domain.md", text: domain }]);
    const text = ["class Event:", "    id: UUID", ...members.map((member) => `    ${member}`), ""].join("\n");
    const { coverage } = await review(spec, [{ path: "src/app/domain/event.py", text }]);
    assert.equal(coverage.elements.find(({ id }) => id === "field:Event.venue")?.status, status);
  });
}
