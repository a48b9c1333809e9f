import assert from "node:assert/strict";
import { test } from "node:test";
import { modelEdits } from "../../../../src/compiler/brownfield/modelEdits.ts";
import type { ModelPlace } from "../../../../src/compiler/brownfield/projectShape.ts";
import { planBackend } from "../../../../src/compiler/compile.ts";
import { readSpec } from "../../../../src/spec/readSpec.ts";

const design = `CREATE TABLE notes (
  id uuid PRIMARY KEY,
  kind text NOT NULL DEFAULT 'plain' CONSTRAINT notes_kind_check CHECK (kind IN ('plain', 'loud')),
  seen_at timestamptz,
  stars int NOT NULL DEFAULT 3
);
CREATE INDEX notes_stars_idx ON notes (stars);`;

interface Case {
  readonly name: string;
  readonly before: readonly string[];
  readonly place: Omit<ModelPlace, "path">;
  readonly after: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: "names that the file imports one by one, and no table arguments yet",
    before: [
      "from sqlalchemy import Column, Uuid",
      "",
      "",
      "class Note(Base):",
      "    id = Column(Uuid, primary_key=True)",
    ],
    place: { style: "column", callee: "Column", columnsEnd: 5, arguments: 4 },
    after: [
      "from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, Text, Uuid, text",
      ...["", "", "class Note(Base):"],
      "    __table_args__ = (",
      "        CheckConstraint(\"kind IN ('plain', 'loud')\", name=\"notes_kind_check\"),",
      '        Index("notes_stars_idx", "stars"),',
      "    )",
      "    id = Column(Uuid, primary_key=True)",
      "    kind = Column(Text(), nullable=False, server_default=text(\"'plain'\"))",
      "    seen_at = Column(DateTime(timezone=True))",
      '    stars = Column(Integer(), nullable=False, server_default=text("3"))',
    ],
  },
  {
    name: "SQLAlchemy as a whole, and annotations",
    before: [
      ...["import sqlalchemy as sa", "from sqlalchemy.orm import Mapped, mapped_column", "", ""],
      ...["class Note(Base):", "    id: Mapped[int] = mapped_column(primary_key=True)"],
    ],
    place: { style: "mapped", callee: "mapped_column", columnsEnd: 6, arguments: 5 },
    after: [
      ...["from datetime import datetime", ""],
      ...["import sqlalchemy as sa", "from sqlalchemy.orm import Mapped, mapped_column", "", "", "class Note(Base):"],
      "    __table_args__ = (",
      "        sa.CheckConstraint(\"kind IN ('plain', 'loud')\", name=\"notes_kind_check\"),",
      '        sa.Index("notes_stars_idx", "stars"),',
      "    )",
      "    id: Mapped[int] = mapped_column(primary_key=True)",
      "    kind: Mapped[str] = mapped_column(sa.Text(), server_default=sa.text(\"'plain'\"))",
      "    seen_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))",
      '    stars: Mapped[int] = mapped_column(sa.Integer(), server_default=sa.text("3"))',
    ],
  },
];

for (const { name, before, place, after } of cases) {
  test(`a class takes what it lacks: ${name}`, async () => {
    const { spec } = await readSpec([{ path: "schema.sql", text: design }]);
    const [table] = spec.database.tables;
    const model = [
      ...(table?.columns.slice(1) ?? []),
      ...(table?.constraints.slice(1) ?? []),
      ...spec.database.indexes,
    ];
    const lacks = { model: model.map(({ id }) => id), database: [], differences: [] };
    const [edit] = modelEdits({
      plan: planBackend(spec).plan,
      existing: { "app/models.py": `${before.join("\n")}\n` },
      models: [
        { table: "notes", module: "app.models", name: "Note", lacks, place: { path: "app/models.py", ...place } },
      ],
      importName: (module) => module,
      own: new Set(["app"]),
      width: 100,
    });
    assert.equal(edit?.text, `${after.join("\n")}\n`);
  });
}
