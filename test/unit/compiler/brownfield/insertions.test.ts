import assert from "node:assert/strict";
import { test } from "node:test";
import { insert } from "../../../../src/compiler/brownfield/insertions.ts";

const own = new Set(["app", "tables"]);
const statement = "from app.routes import router";

/** A file and where the import goes. */
const cases: readonly (readonly [name: string, before: readonly string[], after: readonly string[]])[] = [
  [
    "among the project's own imports, in their order",
    ["import os", "", "from fastapi import FastAPI", "", "from app.db import x", "from tables import T", "", "app = 1"],
    [
      ...["import os", "", "from fastapi import FastAPI", ""],
      ...["from app.db import x", statement, "from tables import T", "", "app = 1"],
    ],
  ],
  [
    "after an import in brackets",
    ["from fastapi import FastAPI", "", "from app.a import (", "    x,", ")", "", "app = 1"],
    ["from fastapi import FastAPI", "", "from app.a import (", "    x,", ")", statement, "", "app = 1"],
  ],
  [
    "in a group of its own",
    ["from fastapi import FastAPI", "", "app = FastAPI()"],
    ["from fastapi import FastAPI", "", statement, "", "app = FastAPI()"],
  ],
  [
    "below the docstring of a file without imports",
    ['"""Doc."""', "", "x = 1"],
    ['"""Doc."""', "", statement, "", "x = 1"],
  ],
];

for (const [name, before, after] of cases) {
  test(`an import goes ${name}`, () => {
    assert.equal(insert(before.join("\n"), { lines: [], imports: [statement], own, width: 88 }), after.join("\n"));
  });
}

test("an import of a module stands before those from modules, and lines keep their places", () => {
  const text = ["from app.db import x", "", "app = make()", "app.go()", ""].join("\n");
  const added = insert(text, {
    lines: [
      { after: 3, lines: ["app.first()"] },
      { after: 4, lines: ["app.last()"] },
    ],
    imports: ["import app.models  # noqa: F401"],
    own,
    width: 88,
  });
  const lines = [
    "import app.models  # noqa: F401",
    "from app.db import x",
    "",
    "app = make()",
    "app.first()",
    "app.go()",
  ];
  assert.equal(added, [...lines, "app.last()", ""].join("\n"));
});
