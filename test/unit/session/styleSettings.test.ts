import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { createInProcessAnalyzer } from "../../../src/node/analyzerInProcess.ts";
import { inspectFile } from "../../../src/session/inspectFile.ts";
import { styleSettings } from "../../../src/session/styleSettings.ts";
import { memoryWorkspace } from "../../support/memoryWorkspace.ts";
import { emptySpec } from "../review/reviewing.ts";

test("settings of a file are those of its folder and all above it, the outermost first", async () => {
  const workspace = memoryWorkspace({
    "setup.cfg": "1",
    "backend/pyproject.toml": "2",
    "backend/src/tox.ini": "3",
    "other/.isort.cfg": "4",
  });
  const settings = await styleSettings("backend/src/a.py", workspace);
  assert.deepEqual(
    settings.map(({ path, text }) => `${path} ${text}`),
    ["setup.cfg 1", "backend/pyproject.toml 2", "backend/src/tox.ini 3"],
  );
});

test("one proposed file is held to the settings of isort as the whole project is", async () => {
  const analyzer = createInProcessAnalyzer(join(import.meta.dirname, "../../../src"));
  const { signal } = new AbortController();
  const found = (settings: Readonly<Record<string, string>>) => {
    const text = '"""Two imports."""\n\nfrom os import path\nfrom os import sep\n';
    const overlay = memoryWorkspace({ "a.py": text, "pyproject.toml": '[project]\nname = "a"\n', ...settings });
    return inspectFile("a.py", { spec: emptySpec, overlay, analyzer, signal });
  };
  assert.match((await found({})).join(), /line 3: /);
  assert.deepEqual(await found({ ".isort.cfg": "[settings]\nforce_single_line = true\n" }), []);
  assert.deepEqual(await found({ "setup.cfg": "[isort]\nforce_single_line = true\n" }), []);
});
