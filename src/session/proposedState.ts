import { recordPath } from "../compiler/delta/recordPath.ts";
import { baselinePath } from "../review/baselinePath.ts";
import type { Review, SourceText } from "../review/model.ts";
import type { DesignSpec } from "../spec/model.ts";
import type { Analyzer, Workspace } from "./ports.ts";

/** Reviews what the workspace holds; over an overlay that is the state with every proposal. */
export async function reviewWorkspace(
  spec: DesignSpec,
  workspace: Workspace,
  analyzer: Analyzer,
  signal: AbortSignal,
): Promise<Review> {
  const [files, record, baseline] = await Promise.all([
    readSources(workspace),
    workspace.readText(recordPath),
    workspace.readText(baselinePath),
  ]);
  const known = { ...(record === undefined ? {} : { record }), ...(baseline === undefined ? {} : { baseline }) };
  return analyzer.review({ spec, files, ...known }, signal);
}

/** A generated or vendored monster would only slow the analyzers down. */
const largestSource = 1_000_000;

/** The texts that a review looks at. */
export async function readSources(workspace: Workspace): Promise<readonly SourceText[]> {
  const paths = (await workspace.list()).filter((path) => reviewed.test(path));
  const sources = await Promise.all(
    paths.map(async (path) => {
      const text = await workspace.readText(path);
      return text === undefined || text.length > largestSource ? [] : [{ path, text }];
    }),
  );
  return sources.flat();
}

/** A `.env` is among the files of a workspace only where version control does not ignore it. */
const reviewed =
  /(\.pyi?|(^|\/)(pyproject\.toml|alembic\.ini|setup\.cfg|tox\.ini|\.isort\.cfg|\.env[\w.-]*|requirements[^/]*\.txt))$/;
