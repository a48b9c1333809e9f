import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Coverage, SourceText } from "../../../src/review/model.ts";
import { elementsOf } from "../../../src/spec/elements.ts";
import { fixtures, overlay, readDesign, readFolder, review } from "./reviewing.ts";

const backend = readFolder(join(fixtures, "library/backend"));
const design = await readDesign(join(fixtures, "library/docs"));

const routers = "src/app/api/routers/loans.py";
const models = "src/app/persistence/models.py";
const migration = "migrations/versions/0001_initial.py";
const catalogue = "src/app/core/errors.py";
const domain = "src/app/domain/loan.py";

test("a sound backend covers its design; an unnamed rule is left out", async () => {
  const { coverage } = await review(design, backend);
  assert.deepEqual(remarks(coverage), []);
  assert.deepEqual(
    coverage.elements.map((element) => element.id),
    elementsOf(design)
      .map((element) => element.id)
      .filter((id) => id !== "rule:BR-2"),
  );
  assert.equal(coverage.totals.implemented, coverage.elements.length);
});

test("elements link the line of the design with the line of the code", async () => {
  const { coverage } = await review(design, backend);
  const lines = (id: string) => {
    const element = coverage.elements.find((candidate) => candidate.id === id);
    return [element?.design?.path, element?.design?.line, element?.code?.path, element?.code?.line];
  };
  assert.deepEqual(lines("endpoint:GET /api/v1/loans/{loanId}"), [
    "api.yaml",
    14,
    routers,
    lineOf(routers, '"/{loan_id}"'),
  ]);
  assert.deepEqual(lines("policy:loans.loans_write"), [
    "database.sql",
    25,
    migration,
    lineOf(migration, "CREATE POLICY"),
  ]);
  assert.deepEqual(lines("errorCode:BOOK_ON_LOAN"), [
    "errors.md",
    12,
    catalogue,
    lineOf(catalogue, "class BookOnLoanError"),
  ]);
  assert.deepEqual(lines("rule:BR-1"), ["domain.md", 16, "src/app/services/loan_service.py", 17]);
});

interface Change {
  readonly what: string;
  /** Path, text to replace, what stands there instead. */
  readonly edits: readonly (readonly [string, string, string])[];
  /** As {@link remarks} writes them. */
  readonly expected: readonly string[];
}

const changes: readonly Change[] = [
  {
    what: "an endpoint that is gone",
    edits: [[routers, '@router.get("/{loan_id}", operation_id="getLoan")\n', ""]],
    expected: ["missing endpoint:GET /api/v1/loans/{loanId}"],
  },
  {
    what: "a route under another path is missing once and extra once",
    edits: [[routers, '@router.get("/{loan_id}"', '@router.get("/by-id/{loan_id}"']],
    expected: ["missing endpoint:GET /api/v1/loans/{loanId}", "extra endpoint:GET /api/v1/loans/by-id/{loan_id}"],
  },
  {
    what: "another status and operation id",
    edits: [
      [routers, "status.HTTP_201_CREATED", "status.HTTP_200_OK"],
      [routers, '"listLoans"', '"allLoans"'],
    ],
    expected: [
      "mismatched endpoint:GET /api/v1/loans: Operation id is allLoans, the design says listLoans.",
      "mismatched endpoint:POST /api/v1/loans: Answers 200, the design says 201.",
    ],
  },
  {
    what: "a stub is not an implementation",
    edits: [[routers, "    await service.delete_loan(loan_id)\n", "    raise NotImplementedError\n"]],
    expected: ["mismatched endpoint:DELETE /api/v1/loans/{loanId}: delete_loan is only a stub."],
  },
  {
    what: "a router that nobody includes",
    edits: [["src/app/main.py", "ROUTERS = (loans.router,)", "ROUTERS = ()"]],
    expected: [
      "missing endpoint:GET /api/v1/loans: The router is not included in the application.",
      "missing endpoint:POST /api/v1/loans: The router is not included in the application.",
      "missing endpoint:GET /api/v1/loans/{loanId}: The router is not included in the application.",
      "missing endpoint:DELETE /api/v1/loans/{loanId}: The router is not included in the application.",
    ],
  },
  {
    what: "a base path that only the proxy knows",
    edits: [["src/app/main.py", '(router, prefix="/api/v1")', "(router)"]],
    expected: [],
  },
  {
    what: "a renamed column",
    edits: [
      [models, "    book: Mapped[str]", "    title: Mapped[str]"],
      [migration, 'sa.Column("book"', 'sa.Column("title"'],
    ],
    expected: ["missing column:loans.book", "extra column:loans.title"],
  },
  {
    what: "a column that only migrations have, and what either side contradicts",
    edits: [
      [models, "    book: Mapped[str] = mapped_column(String(200))\n", ""],
      [models, "    note: Mapped[str | None]", "    note: Mapped[str]"],
      [migration, 'sa.Column("days", sa.Integer()', 'sa.Column("days", sa.Text()'],
      [models, "String(120)", "String(12)"],
      [migration, "sa.DateTime(timezone=True)", "sa.DateTime()"],
    ],
    expected: [
      "mismatched column:members.email: Type is varchar(12), the design says varchar(120).",
      "mismatched column:loans.book: The model does not have it.",
      "mismatched column:loans.note: Is NOT NULL, the design lets it be null.",
      "mismatched column:loans.days: Type is text, the design says int4.",
      "mismatched column:loans.created_at: Type is timestamp without time zone, the design says timestamp with time zone.",
    ],
  },
  {
    what: "indexes dropped, turned round and no longer unique",
    edits: [
      [migration, "CREATE UNIQUE INDEX loans_book_key", "CREATE INDEX loans_book_key"],
      [models, 'text("created_at DESC")', '"created_at"'],
    ],
    expected: [
      "mismatched index:loans_member_idx: Is on (member_id, created_at), the design says (member_id, created_at DESC).",
      "mismatched index:loans_book_key: Is not unique, the design's is.",
    ],
  },
  {
    what: "a later migration takes an index and a table's protection back",
    edits: [
      [models, '        Index("loans_member_idx", "member_id", text("created_at DESC")),\n', ""],
      [
        "migrations/versions/0000_later.py",
        "",
        'from alembic import op\n\nrevision = "0002"\ndown_revision = "0001"\n\n\ndef upgrade() -> None:\n    op.drop_index("loans_member_idx")\n    op.execute("ALTER TABLE loans NO FORCE ROW LEVEL SECURITY; DROP POLICY loans_read ON loans")\n',
      ],
    ],
    expected: [
      "mismatched table:loans: Row level security is not forced, the design has it forced.",
      "missing index:loans_member_idx",
      "missing policy:loans.loans_read",
    ],
  },
  {
    what: "constraints changed and dropped",
    edits: [
      [models, "days BETWEEN 1 AND 90", "days BETWEEN 1 AND 900"],
      [models, "String(120), unique=True", "String(120)"],
      [migration, '        sa.UniqueConstraint("email", name="members_email_key"),\n', ""],
      [models, 'ForeignKey("members.id"', 'ForeignKey("people.id"'],
    ],
    expected: [
      "missing constraint:members.members_email_key",
      "mismatched constraint:loans.loans_member_id_fkey: Points at people, the design says members.",
      "mismatched constraint:loans.loans_days_check: Checks days BETWEEN 1 AND 900, the design says days BETWEEN 1 AND 90.",
    ],
  },
  {
    what: "a weakened policy and one for another command",
    edits: [
      [migration, "FOR SELECT USING", "FOR ALL USING"],
      [migration, "FOR INSERT WITH CHECK", "FOR INSERT WITH CHECK (true); --"],
    ],
    expected: [
      "mismatched policy:loans.loans_read: Is for all, the design says select.",
      "mismatched policy:loans.loans_write: WITH CHECK is true, the design says member_id = nullif(current_setting('app.user_id', true), '')::uuid.",
    ],
  },
  {
    what: "an entity that lacks a field",
    edits: [[domain, "    days: int\n    created_at: datetime\n", "    created_at: datetime\n"]],
    expected: ["mismatched entity:Loan: Has no days.", "missing field:Loan.days"],
  },
  {
    what: "error codes missing, with another status, and beyond the design",
    edits: [
      [catalogue, "status_code = 404", "status_code = 410"],
      [catalogue, '    BOOK_ON_LOAN = "BOOK_ON_LOAN"\n', '    BOOK_LOST = "BOOK_LOST"\n'],
      [catalogue, "code = ErrorCode.BOOK_ON_LOAN", "code = ErrorCode.BOOK_LOST"],
    ],
    expected: [
      "mismatched errorCode:LOAN_NOT_FOUND: Has status 410, the design says 404.",
      "missing errorCode:BOOK_ON_LOAN",
      "extra errorCode:BOOK_LOST",
    ],
  },
  {
    what: "a table beyond the design",
    edits: [
      [
        models,
        "class LoanRow(",
        'class ShelfRow(Identified, Base):\n    __tablename__ = "shelves"\n\n\nclass LoanRow(',
      ],
    ],
    expected: ["extra table:shelves"],
  },
];

for (const { what, edits, expected } of changes) {
  test(what, async () => {
    const { coverage } = await review(design, edits.reduce(edited, backend));
    assert.deepEqual(remarks(coverage).sort(), [...expected].sort());
  });
}

function edited(
  files: readonly SourceText[],
  [path, from, to]: readonly [string, string, string],
): readonly SourceText[] {
  const text = files.find((file) => file.path === path)?.text ?? "";
  assert.ok(text.includes(from), `${path} has no ${from}`);
  return overlay(files, [{ path, text: text.replace(from, to) }]);
}

/** Everything that is not simply implemented. */
function remarks({ elements }: Coverage): string[] {
  return elements
    .filter((element) => element.status !== "implemented")
    .map(({ status, id, difference }) => `${status} ${id}${difference === undefined ? "" : `: ${difference}`}`);
}

function lineOf(path: string, text: string): number {
  const lines = backend.find((file) => file.path === path)?.text.split("\n") ?? [];
  return lines.findIndex((line) => line.includes(text)) + 1;
}
