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
  return (await reviewSources(spec, workspace, analyzer, signal)).review;
}

/** As {@link reviewWorkspace}, with what it could not look at. */
export async function reviewSources(
  spec: DesignSpec,
  workspace: Workspace,
  analyzer: Analyzer,
  signal: AbortSignal,
): Promise<{ readonly review: Review; readonly unread: readonly UnreadSource[] }> {
  const { state, unread } = await gatherState(workspace);
  return { review: await analyzer.review({ spec, ...state }, signal), unread };
}

/** A source, or a folder, that a review should look at and does not. */
export interface UnreadSource {
  readonly path: string;
  /** And what to do, as the end of a sentence. */
  readonly why: string;
}

/** What a review looks at beside the design. */
export type ProjectState = Omit<ReviewInput, "spec">;

export async function readState(workspace: Workspace): Promise<ProjectState> {
  return (await gatherState(workspace)).state;
}

async function gatherState(workspace: Workspace) {
  const [{ files, unread }, record, baseline] = await Promise.all([
    gatherSources(workspace),
    workspace.readText(recordPath),
    workspace.readText(baselinePath),
  ]);
  const known = { ...(record !== undefined && { record }), ...(baseline !== undefined && { baseline }) };
  return { state: { files, ...known }, unread };
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
const tooLarge = "larger than a megabyte, so nothing of it is checked; split it, or have version control ignore it";

function isSource(text: string | undefined): text is string {
  return text !== undefined && text.length <= largestSource;
}

/** Enough to keep the disk busy, and few enough to be begun without holding the thread. */
const readTogether = 64;

/** The texts that a review looks at. */
export async function readSources(workspace: Workspace): Promise<readonly SourceText[]> {
  return (await gatherSources(workspace)).files;
}

async function gatherSources(workspace: Workspace) {
  const paths = (await workspace.list()).filter((path) => reviewed.test(path));
  const files: SourceText[] = [];
  const unread: UnreadSource[] = [];
  for (let at = 0; at < paths.length; at += readTogether) {
    const some = paths.slice(at, at + readTogether);
    const texts = await Promise.all(some.map((path) => workspace.readText(path)));
    for (const [index, path] of some.entries()) {
      const text = texts[index];
      if (isSource(text)) files.push({ path, text });
      else unread.push({ path, why: tooLarge });
    }
  }
  return { files, unread };
}

/** A `.env` is among the files of a workspace only where version control does not ignore it. */
const reviewed =
  /(\.pyi?|(^|\/)(migrations?|migrate|alembic|versions)\/.*\.sql|(^|\/)(pyproject\.toml|alembic\.ini|setup\.cfg|tox\.ini|\.isort\.cfg|\.env[\w.-]*|requirements[^/]*\.txt))$/;
