import type { GeneratedFile } from "./compilation.ts";
import { lineWidth } from "./python.ts";
import { mergeToml, readTomlValue } from "./tomlMerge.ts";

/** Texts of files a team keeps by hand, by path; only those of {@link keptByHand} count. */
export type ExistingProject = Readonly<Record<string, string>>;

/** What a project usually has before it is implemented. The engine adds to these and replaces nothing. */
export const keptByHand = ["pyproject.toml", ".gitignore", ".env.example", "README.md"] as const;

/** The width that the project's formatter is set to; ruff's setting wins, as it does in the review. */
export function projectLineWidth(existing: ExistingProject): number {
  const pyproject = existing["pyproject.toml"] ?? "";
  const setting =
    readTomlValue(pyproject, "tool.ruff", "line-length") ?? readTomlValue(pyproject, "tool.black", "line-length");
  const width = Number(setting);
  return Number.isInteger(width) && width >= 60 && width <= 200 ? width : lineWidth;
}

/**
 * Fits a generated file to what the project has: settings and dependencies are completed, ignored
 * paths and environment variables are added, and a README stays the team's.
 */
export function fitToProject(file: GeneratedFile, existing: ExistingProject): readonly GeneratedFile[] {
  const present = existing[file.path];
  if (present === undefined) return [file];
  switch (file.path) {
    case "README.md":
      return [];
    case "pyproject.toml":
      return [{ ...file, text: mergeToml(present, file.text) }];
    case ".gitignore":
    case ".env.example":
      return [{ ...file, text: withMissingLines(present, file.text) }];
    default:
      return [file];
  }
}

/** Comments go with the lines they stand above, so they are only added with everything else. */
function withMissingLines(present: string, generated: string): string {
  const known = new Set(present.split("\n").map(lineKey));
  const missing = generated
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !known.has(lineKey(line)));
  if (missing.length === 0) return present;
  return `${present.replace(/\n*$/, "\n")}${missing.join("\n")}\n`;
}

/** An environment variable is known by its name, whatever its example value. */
function lineKey(line: string): string {
  return line.trim().replace(/=.*$/, "");
}
