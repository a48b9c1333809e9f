import assert from "node:assert/strict";
import { test } from "node:test";
import { emptySpec, review } from "./reviewing.ts";

const path = "src/app/services/price.py";

async function annotationsOf(text: string) {
  const { checklist } = await review(emptySpec, [{ path, text }]);
  const item = checklist.find(({ id }) => id === "annotations");
  return {
    status: item?.status,
    findings: item?.findings.map(({ line, message }) => `${line} ${message.split(";")[0]}`),
    suppressed: item?.suppressed?.map(
      ({ line, reason, isUnused }) => `${line} ${reason}${isUnused ? " (unused)" : ""}`,
    ),
  };
}

const noReturn = "Missing return type annotation for public function `f` (ANN201)";

const cases: readonly (readonly [what: string, text: string, expected: object])[] = [
  [
    "behind the line, with a reason",
    "def f():  # backend: ignore[annotations] the plugin protocol has none\n    return input()\n",
    { status: "pass", findings: [], suppressed: ["1 the plugin protocol has none"] },
  ],
  [
    "alone above the line",
    "# backend: ignore[size, annotations] generated\ndef f():\n    return input()\n",
    { status: "pass", findings: [], suppressed: ["2 generated"] },
  ],
  [
    "of another check",
    "def f():  # backend: ignore[size] generated\n    return input()\n",
    { status: "fail", findings: [`1 ${noReturn}`], suppressed: undefined },
  ],
  [
    "without a reason, it suppresses nothing and is a finding itself",
    "def f():  # backend: ignore[annotations]\n    return input()\n",
    { status: "fail", findings: [`1 ${noReturn}`, "1 The suppression has no reason"], suppressed: undefined },
  ],
  [
    "without a check, it is a finding",
    "X = 1  # backend: ignore because\n",
    { status: "fail", findings: ["1 The suppression names no check"], suppressed: undefined },
  ],
  [
    "of a check that there is not",
    "X = 1  # backend: ignore[types] because\n",
    { status: "fail", findings: ["1 The suppression names types, which is no check"], suppressed: undefined },
  ],
  ["in a string, it is none", 'X = "# backend: ignore"\n', { status: "pass", findings: [], suppressed: undefined }],
  [
    "in a docstring, it is none",
    'def f():\n    """How to.\n\n    # backend: ignore\n    """\n    return input()\n',
    { status: "fail", findings: [`1 ${noReturn}`], suppressed: undefined },
  ],
  [
    "behind a string with an apostrophe",
    `def f(x: str = "it's"):  # backend: ignore[annotations] a plugin\n    return input()\n`,
    { status: "pass", findings: [], suppressed: ["1 a plugin"] },
  ],
  [
    "in a file with line ends of Windows",
    "def f():  # backend: ignore[annotations] a plugin\r\n    return input()\r\n",
    { status: "pass", findings: [], suppressed: ["1 a plugin"] },
  ],
  [
    "above another one and a remark",
    "# backend: ignore[annotations] a plugin\n# backend: ignore[size] generated\n# Read on.\ndef f():\n    return input()\n",
    { status: "pass", findings: [], suppressed: ["4 a plugin"] },
  ],
  [
    "behind a comment for another tool",
    "def f():  # noqa: E501  # backend: ignore[annotations] a plugin\n    return input()\n",
    { status: "pass", findings: [], suppressed: ["1 a plugin"] },
  ],
  [
    "behind another one, each with its reason",
    "def f():  # backend: ignore[annotations] a plugin  # backend: ignore[size] generated\n    return input()\n",
    { status: "pass", findings: [], suppressed: ["1 a plugin"] },
  ],
  [
    "that nothing is found at is listed, and fails nothing",
    "X = 1  # backend: ignore[annotations] it had none\n",
    { status: "pass", findings: [], suppressed: ["1 it had none (unused)"] },
  ],
];

for (const [what, text, expected] of cases) {
  test(`a suppression ${what}`, async () => assert.deepEqual(await annotationsOf(text), expected));
}

const twoLoops = (reason: string): string => `from sqlalchemy.ext.asyncio import AsyncSession


class Repository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def run(self, keys: list[int]) -> None:
        for key in keys:
            await self._session.get(Order, key)${reason}
        for key in keys:
            await self._session.execute(insert(Order).values(id=key))
`;

test("where all that is certain is suppressed, the rest waits for judgement", async () => {
  const verdict = async (text: string) => {
    const { checklist } = await review(emptySpec, [{ path: "src/app/repositories/orders.py", text }]);
    const item = checklist.find(({ id }) => id === "nPlusOne");
    return [item?.status, item?.findings.map(({ line, needsJudgement = false }) => [line, needsJudgement])];
  };
  assert.deepEqual(await verdict(twoLoops("")), [
    "fail",
    [
      [10, false],
      [12, true],
    ],
  ]);
  assert.deepEqual(await verdict(twoLoops("  # backend: ignore[nPlusOne] two at most")), ["review", [[12, true]]]);
});

test("a secret in a settings file is excused by a line above it", async () => {
  const text =
    "[alembic]\n# backend: ignore[secrets] of the container in CI\nsqlalchemy.url = postgresql://app:s3cr3t-Value@db/app\n";
  const secretsOf = async (settings: string) => {
    const { checklist } = await review(emptySpec, [
      { path, text: "X = 1\n" },
      { path: "alembic.ini", text: settings },
    ]);
    const item = checklist.find(({ id }) => id === "secrets");
    return [item?.findings.map(({ line }) => line), item?.suppressed?.map(({ line, reason }) => [line, reason])];
  };
  assert.deepEqual(await secretsOf(text), [[], [[3, "of the container in CI"]]]);
  assert.deepEqual(await secretsOf(text.replace(/#.*\n/, "")), [[2], undefined]);
});
