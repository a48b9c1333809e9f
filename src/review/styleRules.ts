import { groupBy } from "../support/groupBy.ts";
import { moduleOf } from "./facts/layers.ts";
import { readStyleSettings } from "./facts/pyproject.ts";
import type { StyleRules } from "./fileReader.ts";
import { isortFiles } from "./isortFiles.ts";
import type { SourceText } from "./model.ts";

/** How a file of a project must look: by its `pyproject.toml`, and with the project's own packages known as such. */
export function styleRules(files: readonly SourceText[], path: string): StyleRules {
  return rulesOf(pyprojectFor(path, pyprojectsIn(files)), files);
}

/** The files that must look alike: a folder of several backends has as many ways to write as they have settings. */
export function groupByStyle<File extends Pick<SourceText, "path">>(
  styled: readonly File[],
  files: readonly SourceText[],
): readonly { readonly rules: StyleRules; readonly files: readonly File[] }[] {
  const pyprojects = pyprojectsIn(files);
  const groups = groupBy(styled, ({ path }) => pyprojectFor(path, pyprojects));
  return [...groups].map(([pyproject, alike]) => ({ rules: rulesOf(pyproject, files), files: alike }));
}

/** The outermost first. */
function pyprojectsIn(files: readonly SourceText[]): readonly SourceText[] {
  const depth = ({ path }: SourceText): number => path.split("/").length;
  return files
    .filter(({ path }) => /(^|\/)pyproject\.toml$/.test(path))
    .toSorted((left, right) => depth(left) - depth(right));
}

const hasStyle = /^\[tool\.(?:ruff|black|isort)\b/m;
/** That of a workspace of several projects says nothing of style. */
const isProject = /^\[(?:project|tool\.(?:poetry|ruff|black))\b/m;

/**
 * As ruff does, the nearest above a file that says something of style, else the nearest of a project. A file beside all of
 * them, such as tests in a folder of their own, is held to the first of a project.
 */
function pyprojectFor(path: string, pyprojects: readonly SourceText[]): SourceText | undefined {
  const above = pyprojects.filter((pyproject) => path.startsWith(homeOf(pyproject)));
  return (
    above.findLast(({ text }) => hasStyle.test(text)) ??
    above.findLast(({ text }) => isProject.test(text)) ??
    pyprojects.find(({ text }) => isProject.test(text)) ??
    pyprojects[0]
  );
}

function homeOf(pyproject: SourceText | undefined): string {
  return pyproject?.path.replace(/pyproject\.toml$/, "") ?? "";
}

function rulesOf(pyproject: SourceText | undefined, files: readonly SourceText[]): StyleRules {
  const home = homeOf(pyproject);
  const beside = isortFiles.map((name) => [name, files.find(({ path }) => path === home + name)?.text] as const);
  return {
    settings: readStyleSettings(pyproject?.text, Object.fromEntries(beside)),
    firstParty: firstPartyOf(files),
  };
}

function firstPartyOf(files: readonly SourceText[]): readonly string[] {
  const paths = files.map(({ path }) => path).filter((path) => path.endsWith(".py"));
  const roots = paths.flatMap((path) => [moduleOf(path).split(".")[0] ?? "", path.split("/")[0] ?? ""]);
  const below = pyprojectsIn(files)
    .map(homeOf)
    .flatMap((home) =>
      paths.flatMap((path) => (path.startsWith(home) ? (path.slice(home.length).split("/")[0] ?? "") : [])),
    );
  return [...new Set([...roots, ...below])].filter((name) => /^\w+$/.test(name));
}
