import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { fence } from "./fixtures.ts";

/** `Name line: field type?, …` of every model, value objects in brackets; tables behind a `#`. */
async function modelsIn(text: string): Promise<string[]> {
  const { spec } = await readSpec([{ path: "design.md", text }]);
  const { entities, valueObjects } = spec.domain;
  const models = [...entities, ...valueObjects].map((model) => {
    const fields = model.fields.map((field) => `${field.name} ${field.type}${field.required ? "" : "?"}`.trim());
    const name = model.kind === "entity" ? model.name : `[${model.name}]`;
    return `${name} ${model.source.line}: ${fields.join(", ")}`.trim();
  });
  const tables = spec.database.tables.map(
    (table) => `#${table.name} ${table.source.line}: ${table.columns.map((column) => column.name).join(", ")}`,
  );
  return [...models, ...tables];
}

const forms: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "untyped list under a label of another language",
    "# 领域模型\n\n## Book 图书\n\n字段：\n\n- id\n- title\n\n说明：\n\n- 可以借出\n",
    ["Book 3: id, title"],
  ],
  [
    "entities with their fields below",
    "# Domain model\n\n## Entities\n\n- **Book**\n  - `id`, `title`\n- **Loan**\n  - `dueOn` (date)\n",
    ["Book 5: id, title", "Loan 7: dueOn"],
  ],
  [
    "value object as a list, without its methods",
    "# ドメインモデル\n\n## Value Object\n\n### Period（期間）\n\n- `start`: 開始\n- `end`: 終了\n- `days()`: 日数\n",
    ["[Period] 5: start, end"],
  ],
  [
    "names in a list",
    "# Domain Model\n\n## Core Entities\n\n### Lending\n\n- `Book`: what is lent\n- `Loan`: the lending\n\n## Events\n\n- `BookLent`: happened\n",
    ["Book 7:", "Loan 8:"],
  ],
  [
    "roles in a list of entities are none",
    "# Domain Model\n\n## Entities\n\n### Access\n\n- Member\n- Role\n\nRoles:\n\n- `desk_clerk`\n- `visitor`\n",
    ["Member 7:", "Role 8:"],
  ],
  [
    "names in a table, less what the document describes",
    "# Database\n\n| Table | Purpose |\n|--|--|\n| `books` | What is lent |\n| `loans`, `fines` | The lending |\n\n## books\n\n| Column | Type |\n|--|--|\n| id | uuid |\n",
    ["loans 6:", "fines 6:", "#books 8: id"],
  ],
  [
    "diagram with relations only",
    `# Database\n\n${fence("mermaid", "erDiagram\n  BOOKS ||--o{ LOANS : has\n  LOANS {\n    uuid id PK\n  }")}`,
    ["BOOKS 5:", "#loans 6: id"],
  ],
  [
    "PlantUML classes",
    `# Domain model\n\n### 金額（Money）\n\n${fence("plantuml", "@startuml\nclass 金額 <<Value Object>> {\n  - amount: BigDecimal\n  --\n  + add(other: 金額): 金額\n}\nentity Book {\n  * id : UUID <<PK>>\n  o note : text\n}\n@enduml")}`,
    ["Book 12: id UUID, note text?", "[Money] 3: amount BigDecimal"],
  ],
  [
    "PlantUML entities of a database",
    `# Database design\n\n${fence("plantuml", "@startuml\nentity books {\n  * id : UUID <<PK>>\n  note : text\n}\n@enduml")}`,
    ["#books 5: id, note"],
  ],
  [
    "Java",
    `# Domain model\n\n## Book\n\n${fence("java", "@Entity\npublic class Book {\n    @Id\n    private Long id;\n    private final List<String> tags = List.of();\n    public static int max() { return 1; }\n}")}`,
    ["Book 7: id Long, tags List<String>"],
  ],
  [
    "Go",
    `# Domain model\n\n## Book\n\n${fence("go", 'type Book struct {\n    ID    uuid.UUID `gorm:"primaryKey"`\n    Note  *string\n}')}`,
    ["Book 6: ID UUID, Note string?"],
  ],
  [
    "Kotlin",
    `# Domain model\n\n## Book\n\n${fence("kotlin", "data class Book(\n    val id: UUID,\n    val note: String? = null,\n)")}`,
    ["Book 6: id UUID, note String??"],
  ],
];

for (const [what, text, models] of forms) {
  test(`models: ${what}`, async () => {
    assert.deepEqual(await modelsIn(text), models);
  });
}

test("a drawn enum is a type of the columns that use it", async () => {
  const text = `# Database\n\n${fence("mermaid", 'erDiagram\n  LoanStatus {\n    OPEN OPEN\n    RETURNED RETURNED\n  }\n  "loans" {\n    String id "🗝️"\n    LoanStatus status\n  }')}`;
  const { spec } = await readSpec([{ path: "erd.md", text }]);
  assert.deepEqual(
    spec.database.enums.map(({ name, values }) => [name, values]),
    [["loan_status", ["OPEN", "RETURNED"]]],
  );
  assert.equal(spec.database.tables[0]?.columns[1]?.type.name, "loan_status");
});

test("what is only named is one remark", async () => {
  const text =
    "# Database\n\n| Table | Purpose |\n|--|--|\n| `books` | What is lent |\n| `loans`, `fines` | The lending |\n";
  const { problems } = await readSpec([{ path: "design.md", text }]);
  assert.deepEqual(
    problems.filter(({ code }) => code === "SPEC-ONLY-NAMED").map(({ line, message }) => [line, message.slice(0, 41)]),
    [[5, "3 tables or entities (books, loans, fines"]],
  );
});
