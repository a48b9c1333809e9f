import type { GeneratedFile } from "../compilation.ts";
import { type ExistingProject, fitToProject } from "../existingProject.ts";
import { readTomlValue } from "../tomlMerge.ts";
import type { ProjectShape } from "./projectShape.ts";

/** The lists of packages that the project keeps, completed by what the new code imports and by nothing else. */
export function completedDependencies(
  pyproject: GeneratedFile,
  added: readonly GeneratedFile[],
  existing: ExistingProject,
  { engine }: ProjectShape,
): readonly GeneratedFile[] {
  const code = added.map(({ text }) => text).join("\n");
  const list = /^dependencies = \[[\s\S]*?^\]/m.exec(pyproject.text)?.[0] ?? "";
  const offered = [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
  const needed = offered.filter((requirement) => usage[nameOf(requirement)]?.test(code) ?? false);
  // SQLAlchemy's asyncio half runs on greenlet, which a project that blocks has not asked for.
  const requirements = engine?.isAsync === false ? [...needed, "greenlet>=3.1"] : needed;
  return [
    ...inPyproject({ ...pyproject, text: requirementsToml(requirements) }, requirements, existing),
    ...inRequirements(requirements, existing),
  ];
}

/** The server and the migrations' command are the project's own. */
const usage: Readonly<Record<string, RegExp>> = {
  fastapi: /^from fastapi/m,
  sqlalchemy: /^(?:from|import) sqlalchemy/m,
  asyncpg: /\basyncpg\b/,
  pydantic: /\bEmailStr\b/,
  "pydantic-settings": /^from pydantic_settings/m,
  pyjwt: /^import jwt/m,
  "python-multipart": /\b(?:UploadFile|Form\()/,
};

function nameOf(requirement: string): string {
  return (/^[\w.-]+/.exec(requirement)?.[0] ?? "").toLowerCase().replaceAll("_", "-");
}

function requirementsToml(requirements: readonly string[]): string {
  return `[project]\ndependencies = [\n${requirements.map((item) => `    "${item}",\n`).join("")}]\n`;
}

/** Poetry's own table where the project's packages are listed there. */
function inPyproject(
  file: GeneratedFile,
  requirements: readonly string[],
  existing: ExistingProject,
): readonly GeneratedFile[] {
  const present = existing[file.path];
  if (present === undefined) return [];
  if (readTomlValue(present, "project", "name") !== undefined) return fitToProject(file, existing);
  if (readTomlValue(present, "tool.poetry", "name") === undefined) return [];
  const known = new Set([...present.matchAll(/^"?([\w.-]+)"?\s*=/gm)].map((match) => nameOf(match[1] ?? "")));
  const lines = requirements.filter((item) => !known.has(nameOf(item))).map(poetryLine);
  return fitToProject({ ...file, text: `[tool.poetry.dependencies]\n${lines.join("\n")}\n` }, existing);
}

function poetryLine(requirement: string): string {
  const [, name = "", extras, version = "*"] = /^([\w.-]+)(?:\[([^\]]+)\])?(.*)$/.exec(requirement) ?? [];
  return extras === undefined ? `${name} = "${version}"` : `${name} = {extras = ["${extras}"], version = "${version}"}`;
}

function inRequirements(requirements: readonly string[], existing: ExistingProject): readonly GeneratedFile[] {
  const path = "requirements.txt";
  const present = existing[path];
  if (present === undefined || existing["pyproject.toml"]?.includes("dependencies")) return [];
  const known = new Set(present.split("\n").map(nameOf));
  const missing = requirements.filter((item) => !known.has(nameOf(item)));
  const text = `${present.replace(/\n*$/, "\n")}${missing.map((item) => `${item}\n`).join("")}`;
  return missing.length === 0 ? [] : [{ path, step: 7, text }];
}
