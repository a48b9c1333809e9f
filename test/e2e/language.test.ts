import assert from "node:assert/strict";
import { extensionId } from "../harness/paths.ts";
import { windowTest } from "../harness/window.ts";

/** VS Code itself has no language pack here: what is Japanese then is ours. */
windowTest(
  "where VS Code is in Japanese, so are its contributions and what the code shows",
  { language: "ja" },
  async ({ workbench, bridge }) => {
    const names = await bridge.run(async (vscode, id): Promise<readonly string[]> => {
      const { views } = vscode.extensions.getExtension(id)?.packageJSON.contributes ?? {};
      return views.backendImplementer.map(({ name }: { name: string }) => name);
    }, extensionId);
    assert.deepEqual(names, ["提案", "品質チェックリスト", "設計カバレッジ", "設計の仮定"]);
    await workbench.page.getByLabel("Backend Implementer: レビュー待ちはありません").first().waitFor();
  },
);
