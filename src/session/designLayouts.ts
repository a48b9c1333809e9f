/**
 * Where the tools for spec-driven work keep their documents, and which of these are the design. The others (what is
 * required, planned, to be done, found out) repeat the design in words or speak of it, and would be read as a second one.
 *
 * - Spec Kit: `specs/001-name/{spec,plan,research,quickstart,tasks}.md`, of which `data-model.md` and `contracts/` are the
 *   design; older projects have `specs` below `.specify`.
 * - Kiro, cc-sdd and claude-code-spec-workflow: `.kiro/specs/name/{requirements,design,tasks}.md`, or below `.claude`.
 * - BMAD: `docs/prd.md` and `docs/architecture.md`, each whole or in parts in a folder of its name, in `docs` or in the
 *   folder for its results, `_bmad-output`.
 */
interface Layout {
  readonly name: DesignLayout;
  /** The folder that tells the layout. */
  readonly home: RegExp;
  /** What of it is the design, below the home. */
  readonly design: RegExp;
}

export type DesignLayout = "specKit" | "kiro" | "bmad";

export interface PlaceInLayout {
  readonly layout: DesignLayout;
  readonly isDesign: boolean;
}

const layouts: readonly Layout[] = [
  { name: "kiro", home: /(?:^|\/)\.(?:kiro|claude)\/specs\/[^/]+\//, design: /^design\.md$/ },
  { name: "specKit", home: /(?:^|\/)specs\/\d{3,}-[^/]+\//, design: /^(?:data-model\.md|contracts\/.*)$/ },
  {
    name: "bmad",
    home: /(?:^|\/)(?:docs|_bmad-output(?:\/[^/]+)?)\/(?=(?:prd|architecture|stories|epics|qa)(?:\.md$|\/))/,
    design: /^architecture(?:\.md$|\/)/,
  },
];

/** Undefined for a path that follows none of the layouts. Paths have forward slashes. */
export function placeInLayout(path: string): PlaceInLayout | undefined {
  for (const { name, home, design } of layouts) {
    const found = home.exec(path);
    if (found) return { layout: name, isDesign: design.test(path.slice(found.index + found[0].length)) };
  }
  return undefined;
}

/**
 * The paths without those that by their layout are no design, and without a document that is there in parts as well:
 * the parts are what people edit.
 */
export function designAmong(paths: readonly string[]): readonly string[] {
  const isInParts = (path: string): boolean => {
    const folder = /^(.*\/)?architecture\.md$/.test(path) ? path.replace(/\.md$/, "/") : undefined;
    return folder !== undefined && paths.some((other) => other.startsWith(folder));
  };
  return paths.filter((path) => placeInLayout(path)?.isDesign !== false && !isInParts(path));
}
