import type { GeneratedFile } from "../compilation.ts";
import { formatPython } from "../format.ts";

/**
 * What of the engine's own application a project with another one has use for: files that its routers, tables and
 * error handling import, and settings that these read. Nobody gets a second way to know a caller without need.
 */
export function lean(files: readonly GeneratedFile[], width: number): readonly GeneratedFile[] {
  const needed = reachable(files.map((file) => (file.path === dependencies ? withoutPrincipal(file, width) : file)));
  const code = needed.map(({ text }) => text).join("\n");
  const isRead = (name: string): boolean => new RegExp(`\\bsettings(?:\\(\\))?\\.${name}\\b`).test(code);
  return needed.flatMap((file) => {
    if (file.path === settings) return [withoutSettings(file, isRead)];
    if (file.path !== ".env.example") return [file];
    const text = withoutVariables(file.text, isRead);
    return /^[^#\n]/m.test(text) ? [{ ...file, text }] : [];
  });
}

const dependencies = "src/app/api/deps.py";
const settings = "src/app/core/config.py";
const roots = /^src\/app\/(?:api\/routers\/\w+|core\/error_handlers|core\/correlation|persistence\/models\/\w+)\.py$/;

function withoutPrincipal(file: GeneratedFile, width: number): GeneratedFile {
  const isUsed = (file.text.match(/\bCurrentPrincipal\b/g)?.length ?? 0) > 1;
  const text = file.text.replace(/^_\w+ = (?:HTTPBearer|APIKey\w+)\([\s\S]*?^CurrentPrincipal = .*\n+/m, "");
  return isUsed ? file : { ...file, text: formatPython(text, width) };
}

function reachable(files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  const modules = new Map(files.map((file) => [moduleOf(file.path), file]));
  const found = new Set(files.filter(({ path }) => roots.test(path) || !path.endsWith(".py")));
  for (const { path, text } of found) {
    if (!path.endsWith(".py")) continue;
    for (const [, module = "", names = ""] of text.matchAll(/^\s*from (app[\w.]*) import (\([^)]*\)|.*)$/gm)) {
      for (const name of [module, ...(names.match(/\w+/g) ?? []).map((part) => `${module}.${part}`)]) {
        const file = modules.get(name);
        if (file) found.add(file);
      }
    }
  }
  return files.filter((file) => found.has(file));
}

function moduleOf(path: string): string {
  return path
    .replace(/^src\//, "")
    .replace(/(\/__init__)?\.py$/, "")
    .replaceAll("/", ".");
}

/** `model_validate` reads the environment as the class itself does, and a type checker without pydantic's plugin knows it. */
function withoutSettings(file: GeneratedFile, isRead: (name: string) => boolean): GeneratedFile {
  const text = file.text
    .replace(/^ {4}(\w+): .*\n/gm, (line, name: string) => (isRead(name) ? line : ""))
    .replace("return Settings()", "return Settings.model_validate({})");
  return { ...file, text };
}

function withoutVariables(text: string, isRead: (name: string) => boolean): string {
  return text
    .replace(/^(?:# )?APP_(\w+)=.*\n/gm, (line, name: string) => (isRead(name.toLowerCase()) ? line : ""))
    .replace(/\n+# These have defaults[^\n]*\n(?!#)/, "\n");
}
