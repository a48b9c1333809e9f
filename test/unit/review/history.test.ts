import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createFileReader } from "../../../src/review/fileReader.ts";
import type { ReviewInput, SourceText } from "../../../src/review/model.ts";
import { createHistory } from "../../../src/review/projectHistory.ts";
import type { PythonParser } from "../../../src/review/pythonParser.ts";
import { reviewBackend } from "../../../src/review/review.ts";
import { largeProject } from "../../support/largeProject.ts";
import { type Random, seededRandom } from "../../support/seededRandom.ts";
import { emptySpec, startParser } from "./reviewing.ts";

let parser: PythonParser;
before(async () => {
  parser = await startParser();
});
after(() => parser.dispose());

const steps = Number(process.env["HISTORY_STEPS"] ?? 12);

for (const seed of process.env["HISTORY_SEEDS"]?.split(",").map(Number) ?? [1, 2]) {
  test(`after any edits the verdict is that of a fresh review (seed ${seed})`, { timeout: 300_000 }, async () => {
    const random = seededRandom(seed);
    const reader = createFileReader(parser);
    const history = createHistory();
    let input = await largeProject({ tables: 3, features: 4 });
    await reviewBackend(input, reader, history);
    for (let step = 0; step < steps; step++) {
      const edit = edits[random(edits.length)] ?? touch;
      input = edit(input, random);
      const kept = await reviewBackend(input, reader, history);
      // Facts follow from the text alone; what is concluded from them is what is compared.
      assert.deepEqual(kept, await reviewBackend(input, reader), `${edit.name}, step ${step} of seed ${seed}`);
    }
  });
}

test("what a call spares by what it hands in follows the function that it calls", async () => {
  const reader = createFileReader(parser);
  const history = createHistory();
  const loop = `from app.persistence.books import book_of


async def show(session, rows, ids):
    for book_id in ids:
        print(await book_of(session, book_id, row=rows[book_id]))
`;
  const books = (body: string) => `from sqlalchemy.ext.asyncio import AsyncSession


async def book_of(session: AsyncSession, book_id: int, row: Book | None = None) -> Book | None:
${body}
`;
  const unguarded = "    return await session.get(Book, book_id)";
  const guarded = "    return row if row is not None else await session.get(Book, book_id)";
  const found: number[] = [];
  for (const body of [guarded, unguarded, guarded, `    print(book_id)\n${guarded}`, unguarded]) {
    const files = [
      { path: "src/app/persistence/books.py", text: books(body) },
      { path: "src/app/services/show.py", text: loop },
    ];
    const { checklist } = await reviewBackend({ spec: emptySpec, files }, reader, history);
    found.push(checklist.find(({ id }) => id === "nPlusOne")?.findings.length ?? -1);
  }
  assert.deepEqual(found, [0, 1, 0, 0, 1]);
});

type Change = (input: ReviewInput, random: Random) => ReviewInput;

const edits: readonly Change[] = [touch, dropLine, swapFiles, rename, remove, add, duplicate, revertTo, changeDesign];

/** Everything stands a line lower. */
function touch(input: ReviewInput, random: Random): ReviewInput {
  return edited(input, random, (text) => `# ${random(1000)}\n${text}`);
}

function dropLine(input: ReviewInput, random: Random): ReviewInput {
  return edited(input, random, (text) => {
    const lines = text.split("\n");
    return lines.toSpliced(random(lines.length), 1 + random(3)).join("\n");
  });
}

/** Two files change their contents: names are defined elsewhere. */
function swapFiles(input: ReviewInput, random: Random): ReviewInput {
  const [left, right] = [random(input.files.length), random(input.files.length)];
  return withFiles(
    input,
    input.files.map((file, index) => {
      const other = index === left ? right : index === right ? left : index;
      return { path: file.path, text: input.files[other]?.text ?? "" };
    }),
  );
}

/** A name of the code is another one in one of its files, or in all. */
function rename(input: ReviewInput, random: Random): ReviewInput {
  const file = pick(input.files, random);
  const names = [...(file?.text.matchAll(/\b(?:def|class) (\w+)/g) ?? [])].map((match) => match[1] ?? "");
  const name = pick(names, random);
  if (name === undefined || file === undefined) return input;
  const whole = new RegExp(`\\b${name}\\b`, "g");
  const everywhere = random(2) === 0;
  return withFiles(
    input,
    input.files.map((other) => {
      if (!everywhere && other !== file) return other;
      return { ...other, text: other.text.replace(whole, `${name}_new`) };
    }),
  );
}

function remove(input: ReviewInput, random: Random): ReviewInput {
  return withFiles(input, input.files.toSpliced(random(input.files.length), 1));
}

const additions: readonly SourceText[] = [
  {
    path: "legacy/extra.py",
    text: "from legacy.shared.db import *\n\n\nasync def get_0(db, key):\n    await db.commit()\n",
  },
  { path: "app.py", text: "from fastapi import FastAPI\n\napp = FastAPI(exception_handlers={Exception: print})\n" },
  { path: "pyproject.toml", text: '[project]\nname = "x"\n\n[tool.black]\nline-length = 60\n' },
  {
    path: "src/app/repositories.py",
    text: "class ApiError(BaseModel):\n    async def list(self):\n        return 1\n",
  },
];

function add(input: ReviewInput, random: Random): ReviewInput {
  const file = pick(additions, random);
  if (!file || input.files.some(({ path }) => path === file.path)) return input;
  return withFiles(input, input.files.toSpliced(random(input.files.length), 0, file));
}

/** The same classes stand in two files. */
function duplicate(input: ReviewInput, random: Random): ReviewInput {
  const file = pick(input.files, random);
  const path = file?.path.replace(/([^/]+)$/, "copied_$1");
  if (!file || path === undefined || input.files.some((other) => other.path === path)) return input;
  return withFiles(input, [...input.files, { ...file, path }]);
}

/** Half of a file, as while somebody types. */
function revertTo(input: ReviewInput, random: Random): ReviewInput {
  return edited(input, random, (text) => text.slice(0, random(text.length + 1)));
}

function changeDesign(input: ReviewInput, random: Random): ReviewInput {
  const { spec } = input;
  const tables = spec.database.tables.toSpliced(random(spec.database.tables.length), 1);
  return { ...input, spec: { ...spec, database: { ...spec.database, tables } } };
}

function edited(input: ReviewInput, random: Random, edit: (text: string) => string): ReviewInput {
  const at = random(input.files.length);
  return withFiles(
    input,
    input.files.map((file, index) => (index === at ? { ...file, text: edit(file.text) } : file)),
  );
}

function withFiles(input: ReviewInput, files: readonly SourceText[]): ReviewInput {
  return { ...input, files };
}

function pick<Item>(items: readonly Item[], random: Random): Item | undefined {
  return items[random(items.length)];
}
