import type { ChecklistId, SourceText } from "../../../src/review/model.ts";

/** A change to a file that is there; the check must then find something in a file of that name. */
export interface Edit {
  readonly check: ChecklistId;
  readonly what: string;
  readonly file: RegExp;
  /** It would hide what other mutations do. */
  readonly alone?: true;
  readonly apply: (files: readonly SourceText[]) => readonly SourceText[];
}

/** Replaces in the first file below `folder` where the pattern stands; undefined where it stands nowhere. */
function replace(folder: RegExp, pattern: RegExp, by: string): Edit["apply"] {
  return (files) => {
    const at = files.findIndex(({ path, text }) => folder.test(path) && pattern.test(text));
    if (at < 0) throw new Error(`nothing to mutate: ${pattern} in ${folder}`);
    return files.map((file, index) => (index === at ? { ...file, text: file.text.replace(pattern, by) } : file));
  };
}

export const edits: readonly Edit[] = [
  {
    check: "errors",
    what: "no handler for the project's errors, none at all",
    alone: true,
    file: /main\.py$/,
    apply: replace(/error_handlers\.py$/, /^ {4}app\.add_exception_handler\([\s\S]*(?=\n|$)/m, "    return None\n"),
  },
  {
    check: "errors",
    what: "no handler for validation",
    alone: true,
    file: /main\.py$/,
    apply: replace(/error_handlers\.py$/, /app\.add_exception_handler\(RequestValidationError, /, "print(app, "),
  },
  {
    check: "errors",
    what: "no handler for the unexpected",
    alone: true,
    file: /main\.py$/,
    apply: replace(/error_handlers\.py$/, /app\.add_exception_handler\(Exception, /, "print(app, "),
  },
  {
    check: "errors",
    what: "handlers that nobody registers",
    alone: true,
    file: /(main|error_handlers)\.py$/,
    apply: replace(/main\.py$/, / {4}register_error_handlers\(app\)\n/, ""),
  },
  {
    check: "errors",
    what: "another status than the design's",
    file: /errors\.py$/,
    apply: replace(/errors\.py$/, /status_code = 404/, "status_code = 410"),
  },
  {
    check: "errors",
    what: "a code of the design that nobody uses",
    file: /core\/errors\.py$/,
    apply: replace(/core\/errors\.py$/, / {4}INTERNAL_ERROR = "INTERNAL_ERROR"\n/, ""),
  },
  {
    check: "annotations",
    what: "a constructor's parameter in the code that is there",
    file: /persistence\/.*\.py$/,
    apply: replace(/persistence\/.*\.py$/, /self, session: AsyncSession/, "self, session"),
  },
  {
    check: "immutable",
    what: "an entity of the design that is no longer frozen",
    file: /domain\/.*\.py$/,
    apply: replace(/domain\/.*\.py$/, /frozen=True, /, ""),
  },
  {
    check: "parameterized",
    what: "a migration that puts the environment into its SQL",
    file: /versions\/.*\.py$/,
    apply: replace(
      /versions\/.*\.py$/,
      /^def upgrade\(\) -> None:\n/m,
      "def upgrade() -> None:\n    op.execute(f\"GRANT SELECT ON things TO {__import__('os').environ['ROLE']}\")\n",
    ),
  },
  {
    check: "transactions",
    what: "a unit of work that no longer commits",
    file: /unit_of_work\.py$/,
    apply: replace(/unit_of_work\.py$/, /await self\._session\.commit\(\)/, "await self._session.flush()"),
  },
  {
    check: "nPlusOne",
    what: "a relationship that may load lazily again",
    file: /persistence\/models.*\.py$/,
    apply: (files) =>
      replace(
        /persistence\/models.*\.py$/,
        /lazy="raise",?\s*/,
        "",
      )(files.map((file) => ({ ...file, text: file.text.replace(/\.options\(selectinload\([^)]*\)\)/g, "") }))),
  },
  {
    check: "repository",
    what: "a service bound to the session instead of the unit of work",
    file: /services\/.*\.py$/,
    apply: replace(/services\/.*\.py$/, /uow_factory: Callable\[\[\], UnitOfWork\]/, "session: AsyncSession"),
  },
  {
    check: "secrets",
    what: "a password in alembic.ini",
    file: /alembic\.ini$/,
    apply: replace(/alembic\.ini$/, /^script_location.*$/m, "$&\nsqlalchemy.url = postgresql://app:s3cr3t77@db/app"),
  },
  {
    check: "secrets",
    what: "an environment file beside the code",
    file: /^\.env$/,
    apply: (files) => [...files, { path: ".env", text: "APP_JWT_SECRET=9fB2kQ7xLz0VtR4mYc8WnE1sHd6JpA3u\n" }],
  },
];

/** Functions and files beyond the limits, in as many forms as people write them. */
export const oversized: readonly (SourceText & { readonly what: string })[] = oversizedFiles();

function oversizedFiles(): (SourceText & { readonly what: string })[] {
  const lines = (amount: number, line: string) => `${line}\n`.repeat(amount);
  const body = lines(50, "    print(1)");
  const inClass = lines(50, "        print(1)");
  const texts: readonly (readonly [what: string, path: string, text: string])[] = [
    ["a function", "src/app/services", `def f() -> None:\n${body}`],
    ["a coroutine", "src/app/services", `async def f() -> None:\n${body}`],
    ["a method", "src/app/services", `class A:\n    def f(self) -> None:\n${inClass}`],
    ["a class method", "src/app/domain", `class A:\n    @classmethod\n    def f(cls) -> None:\n${inClass}`],
    ["a constructor", "src/app/domain", `class A:\n    def __init__(self) -> None:\n${inClass}`],
    ["a nested function", "src/app/core", `def f() -> None:\n    def g() -> None:\n${inClass}    g()\n`],
    ["a decorated function", "src/app/core", `@cache\ndef f() -> None:\n${body}`],
    ["a generator", "src/app/core", `def f() -> Iterator[int]:\n${lines(50, "    yield 1")}`],
    ["a long docstring", "src/app/api", `def f() -> None:\n    """A.\n${lines(49, "    b")}    """\n`],
    ["a long comment", "src/app/api", `def f() -> None:\n${lines(50, "    # b")}    pass\n`],
    ["empty lines", "src/app/api", `def f() -> None:\n${"\n".repeat(50)}    pass\n`],
    ["one long statement", "src/app/persistence", `def f() -> None:\n    x = [\n${lines(50, "        1,")}    ]\n`],
    ["a long signature", "src/app/persistence", `def f(\n${lines(50, "    *a: int,")}) -> None:\n    pass\n`],
    ["a migration's function", "migrations/versions", `def upgrade() -> None:\n${body}`],
    ["a file of statements", "src/app/core", lines(801, "print(1)")],
    ["a file of constants", "src/app/domain", lines(801, "X = 1")],
    ["a file of small functions", "src/app/services", lines(300, "def f() -> None:\n    pass\n")],
    ["a file that does not end in a line break", "src/app/core", `${lines(800, "print(1)")}print(1)`],
  ];
  return texts.map(([what, folder, text], index) => ({ what, path: `${folder}/size_${index}.py`, text }));
}
