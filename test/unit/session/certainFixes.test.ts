import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { createOverlay } from "../../../src/changes/overlay.ts";
import { annotateReturn } from "../../../src/review/annotateReturn.ts";
import { withBaselineFile, writeBaseline } from "../../../src/review/baseline.ts";
import { createFileReader } from "../../../src/review/fileReader.ts";
import { joinCommits } from "../../../src/review/joinCommits.ts";
import type { PlaceInput } from "../../../src/review/model.ts";
import { reviewBackend, tidyFile } from "../../../src/review/review.ts";
import { proposeCertainFixes } from "../../../src/session/certainFixes.ts";
import { reviewWorkspace } from "../../../src/session/proposedState.ts";
import { fakeAnalyzer } from "../../support/designFixture.ts";
import { memoryWorkspace } from "../../support/memoryWorkspace.ts";
import { emptySpec, startParser } from "../review/reviewing.ts";

const parser = await startParser();
after(() => parser.dispose());

const served = `from sqlalchemy.ext.asyncio import AsyncSession


async def store_all(session: AsyncSession, names: list[str]):
    for name in names:
        session.add(name)
        await session.commit()


async def store(session: AsyncSession, name: str) -> None:
    session.add(name)
    await session.commit()
    session.add(name.title())
    await session.commit()


def shown(name: str):
    return name
`;

test("types that are known and split transactions are put right, but for what the baseline has", async () => {
  const fixed = async (baseline?: string) => {
    const disk = memoryWorkspace({ "app/store.py": served });
    const changes = createChangeSet();
    const reader = createFileReader(parser);
    const analyzer = {
      ...fakeAnalyzer(),
      review: async (input: Parameters<typeof reviewBackend>[0]) =>
        withBaselineFile(await reviewBackend(input, reader), baseline),
      tidy: (input: Parameters<typeof tidyFile>[0]) => tidyFile(input, reader),
      annotate: (input: PlaceInput) => annotateReturn(input, reader),
      joinCommits: async (input: PlaceInput) => joinCommits(input, reader),
    };
    const overlay = createOverlay(disk, changes);
    const { signal } = new AbortController();
    const review = await reviewWorkspace(emptySpec, overlay, analyzer, signal);
    await proposeCertainFixes({ review, overlay, disk, changes, analyzer, signal });
    return { text: changes.proposedText("app/store.py"), recorded: writeBaseline(review) };
  };
  const { text, recorded } = await fixed();
  const expected = served
    .replace("names: list[str]):", "names: list[str]) -> None:")
    .replace("        await session.commit()\n", "    await session.commit()\n")
    .replace("add(name)\n    await session.commit()\n    session", "add(name)\n    await session.flush()\n    session");
  assert.equal(text, expected);
  assert.equal((await fixed(recorded)).text, undefined);
});

test("imports and formatting are put right, in the project's own style, on top of what is proposed", async () => {
  const disk = memoryWorkspace({
    "pyproject.toml": "[tool.black]\nline-length = 30\n",
    "app/long.py": "import sys\nimport os\n\nvalue = [os.sep, sys.path, os.name]\n",
    "app/proposed.py": "x = 1\n",
    "app/fine.py": "x = 1\n",
    "app/broken.py": "def (:\n",
  });
  const changes = createChangeSet();
  changes.propose("app/proposed.py", "x = 1\n", "x = 1\ny=2\n");
  const reader = createFileReader(parser);
  const analyzer = {
    ...fakeAnalyzer(),
    review: (input: Parameters<typeof reviewBackend>[0]) => reviewBackend(input, reader),
    tidy: (input: Parameters<typeof tidyFile>[0]) => tidyFile(input, reader),
  };
  const overlay = createOverlay(disk, changes);
  const { signal } = new AbortController();
  const review = await reviewWorkspace(emptySpec, overlay, analyzer, signal);
  const fixed = await proposeCertainFixes({ review, overlay, disk, changes, analyzer, signal });
  assert.deepEqual(fixed.toSorted(), ["app/long.py", "app/proposed.py"]);
  assert.equal(
    changes.proposedText("app/long.py"),
    "import os\nimport sys\n\nvalue = [\n    os.sep,\n    sys.path,\n    os.name,\n]\n",
  );
  assert.equal(changes.proposedText("app/proposed.py"), "x = 1\ny = 2\n");
  const again = await reviewWorkspace(emptySpec, overlay, analyzer, signal);
  const open = again.checklist.find(({ id }) => id === "format")?.findings.map(({ path }) => path);
  assert.deepEqual(open, ["app/broken.py"]);
});
