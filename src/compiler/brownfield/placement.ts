import type { GeneratedFile } from "../compilation.ts";
import type { AggregatePlan } from "../plan.ts";
import type { ProjectShape } from "./projectShape.ts";

export interface Placement {
  /** Files at the project's places, their imports of one another renamed. */
  readonly files: readonly GeneratedFile[];
  /** How the project imports a module that the engine calls `app.…`. */
  readonly importName: (module: string) => string;
}

/**
 * Puts generated files where the project keeps its like, and never on a file that stands: where a
 * name is taken, the new module is called `…_additions`.
 */
export function place(
  files: readonly GeneratedFile[],
  shape: ProjectShape,
  aggregates: readonly AggregatePlan[],
  standing: ReadonlySet<string>,
): Placement {
  const home = shape.package === "" ? { folder: "app/", package: "app" } : shape;
  const places = new Map<string, string>();
  for (const { path } of files) {
    if (!path.startsWith(engineRoot)) continue;
    const wanted = beside(`${home.folder}${inLayout(path.slice(engineRoot.length), shape, aggregates)}`, standing);
    const isPackage = wanted.endsWith("/__init__.py");
    places.set(path, isTaken(wanted, standing) && !isPackage ? freeName(wanted, standing) : wanted);
  }
  const root = home.folder.slice(0, home.folder.length - home.package.length - 1);
  const moduleAt = (path: string) =>
    path
      .slice(root.length)
      .replace(/(\/__init__)?\.py$/, "")
      .replaceAll("/", ".");
  const modules = new Map([...places].map(([from, to]) => [engineModule(from), moduleAt(to)]));
  const importName = (module: string): string => modules.get(module) ?? module.replace(/^app\b/, home.package);
  const placed = files
    .map((file) => ({ ...file, path: places.get(file.path) ?? file.path, text: renamed(file, importName) }))
    .filter(({ path, text }) => !(standing.has(path) && path.endsWith("__init__.py") && text === ""));
  return { files: withPackages(placed, standing, root), importName };
}

const engineRoot = "src/app/";

function engineModule(path: string): string {
  return path
    .slice("src/".length)
    .replace(/(\/__init__)?\.py$/, "")
    .replaceAll("/", ".");
}

function freeName(path: string, standing: ReadonlySet<string>): string {
  const stem = path.replace(/\.py$/, "_additions");
  let name = `${stem}.py`;
  for (let count = 2; isTaken(name, standing); count += 1) name = `${stem}_${count}.py`;
  return name;
}

/** By a file, or by a package, which Python would import instead of the file. */
function isTaken(path: string, standing: ReadonlySet<string>): boolean {
  return standing.has(path) || standing.has(path.replace(/\.py$/, "/__init__.py"));
}

/** A folder must not have the name of a module beside it, because Python would not find the module any more. */
function beside(path: string, standing: ReadonlySet<string>): string {
  const parts = path.split("/");
  const at = parts.findIndex((_, index) => standing.has(`${parts.slice(0, index + 1).join("/")}.py`));
  if (at === -1 || at === parts.length - 1) return path;
  return parts.map((part, index) => (index === at ? `${part}_additions` : part)).join("/");
}

/** The place below the package: the engine's own, the project's folder of routers, or the folder of the feature. */
function inLayout(path: string, { layout, folder }: ProjectShape, aggregates: readonly AggregatePlan[]): string {
  const router = /^api\/routers\/(.+)$/.exec(path)?.[1];
  if (layout.kind === "layers") {
    return router !== undefined && layout.routers !== undefined
      ? `${layout.routers.slice(folder.length)}${router}`
      : path;
  }
  for (const [pattern, file] of featureFiles) {
    const stem = pattern.exec(path)?.[1];
    const aggregate = aggregates.find(({ module, plural }) => stem === module || stem === plural);
    if (aggregate) {
      const name = file === "router.py" ? (layout.router ?? file) : file;
      return `${layout.isSingular ? aggregate.module : aggregate.plural}/${name}`;
    }
  }
  return path;
}

const featureFiles: readonly (readonly [pattern: RegExp, file: string])[] = [
  [/^api\/routers\/(\w+)\.py$/, "router.py"],
  [/^api\/schemas\/(\w+)\.py$/, "schemas.py"],
  [/^services\/(\w+)\.py$/, "service.py"],
  [/^persistence\/models\/(\w+)\.py$/, "models.py"],
  [/^persistence\/repositories\/(\w+)\.py$/, "repository.py"],
  [/^domain\/ports\/(\w+)\.py$/, "ports.py"],
  [/^domain\/(\w+)\.py$/, "domain.py"],
];

/** Every `from app.… import` by its new name. */
function renamed({ path, text }: GeneratedFile, importName: (module: string) => string): string {
  if (!path.endsWith(".py")) return text;
  return text.replace(/^from (app(?:\.\w+)*) import /gm, (_, module: string) => `from ${importName(module)} import `);
}

/** New folders are packages, as the project's own are. */
function withPackages(
  files: readonly GeneratedFile[],
  standing: ReadonlySet<string>,
  root: string,
): readonly GeneratedFile[] {
  const known = new Set([...standing, ...files.map(({ path }) => path)]);
  const folders = new Set(
    files.flatMap(({ path }) => {
      const parts =
        path.startsWith(root) && path.endsWith(".py") ? path.slice(root.length).split("/").slice(0, -1) : [];
      return parts.map((_, at) => `${root}${parts.slice(0, at + 1).join("/")}/__init__.py`);
    }),
  );
  const packages = [...folders].filter(
    (path) => !known.has(path) && !/(^|\/)(migrations|alembic|versions)\//.test(path),
  );
  return [...files, ...packages.map((path): GeneratedFile => ({ path, text: "", step: 1 }))];
}
