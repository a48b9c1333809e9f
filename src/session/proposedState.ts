import { recordPath } from "../compiler/delta/recordPath.ts";
import { baselinePath } from "../review/baselinePath.ts";
import type { Review, ReviewInput, SourceText } from "../review/model.ts";
import type { DesignSpec } from "../spec/model.ts";
import type { Analyzer, Workspace } from "./ports.ts";

/** Reviews what the workspace holds; over an overlay that is the state with every proposal. */
export async function reviewWorkspace(
  spec: DesignSpec,
  workspace: Workspace,
  analyzer: Analyzer,
  signal: AbortSignal,
): Promise<Review> {
  return analyzer.review({ spec, ...(await readState(workspace)) }, signal);
}

/** What a review looks at beside the design. */
export type ProjectState = Omit<ReviewInput, "spec">;

export async function readState(workspace: Workspace): Promise<ProjectState> {
  const [files, record, baseline] = await Promise.all([
    readSources(workspace),
    workspace.readText(recordPath),
    workspace.readText(baselinePath),
  ]);
  return { files, ...(record !== undefined && { record }), ...(baseline !== undefined && { baseline }) };
}

/** The state where of all that was read only these files are others since; undefined where one of them was not read. */
export async function readEdits(
  state: ProjectState,
  paths: ReadonlySet<string>,
  workspace: Workspace,
): Promise<ProjectState | undefined> {
  const edits = new Map(
    await Promise.all([...paths].map(async (path) => [path, await workspace.readText(path)] as const)),
  );
  const files = state.files.map((file) => ({ path: file.path, text: edits.get(file.path) ?? file.text }));
  const isWhole = state.files.filter(({ path }) => isSource(edits.get(path))).length === paths.size;
  return isWhole ? { ...state, files } : undefined;
}

/** A generated or vendored monster would only slow the analyzers down. */
const largestSource = 1_000_000;

function isSource(text: string | undefined): text is string {
  return text !== undefined && text.length <= largestSource;
}

/** Enough to keep the disk busy, and few enough to be begun without holding the thread. */
const readTogether = 64;

/** The texts that a review looks at. */
export async function readSources(workspace: Workspace): Promise<readonly SourceText[]> {
  const paths = (await workspace.list()).filter((path) => reviewed.test(path));
  const sources: SourceText[] = [];
  for (let at = 0; at < paths.length; at += readTogether) {
    const some = paths.slice(at, at + readTogether);
    const texts = await Promise.all(some.map((path) => workspace.readText(path)));
    sources.push(...some.flatMap((path, index) => sourceOf(path, texts[index])));
  }
  return sources;
}

function sourceOf(path: string, text: string | undefined): readonly SourceText[] {
  return isSource(text) ? [{ path, text }] : [];
}

/** A `.env` is among the files of a workspace only where version control does not ignore it. */
const reviewed =
  /(\.pyi?|(^|\/)(pyproject\.toml|alembic\.ini|setup\.cfg|tox\.ini|\.isort\.cfg|\.env[\w.-]*|requirements[^/]*\.txt))$/;
