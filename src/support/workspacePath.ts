import { UserFacingError } from "./errors.ts";
import { judgePath } from "./pathClass.ts";
import { escapeInvisible } from "./visibleText.ts";

/**
 * Turns a path that somebody else made up (a model, a command, a document) into one that is
 * relative to the workspace folder, with forward slashes, or refuses it.
 *
 * Purely lexical: no disk is touched, so symbolic links are the business of whoever opens the file.
 * Names that Windows cannot hold are refused everywhere, because the repository must be cloneable
 * there (research/security.md, catalogue B).
 */
export function workspacePath(input: string, root?: string): string {
  refuseText(input);
  const parts = resolve(withoutRoot(input.normalize("NFC"), root), input);
  if (parts.length === 0)
    throw refusal("PATH_IS_ROOT", input, "it is the workspace folder itself", "name a file in it");
  refuseHome(parts[0] ?? "", input);
  for (const part of parts) refuseName(part, input);
  const path = parts.join("/");
  refuseProtected(path, input);
  return path;
}

const longestPath = 4096;
const longestName = 255;

function refuseText(input: string): void {
  if (input === "") throw refusal("PATH_EMPTY", input, "it is empty", "name a file in the workspace");
  if (input.length > longestPath) {
    throw refusal("PATH_TOO_LONG", `${input.slice(0, 40)}…`, `it has ${input.length} characters`, "use a shorter one");
  }
  if (/\p{Cc}/u.test(input)) throw refusal("PATH_CONTROL_CHAR", input, "it has a control character", "leave it out");
  if (/\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}/u.test(input)) {
    throw refusal("PATH_INVISIBLE_CHAR", input, "it has an invisible character", "leave it out");
  }
  if (/\p{Cs}/u.test(input)) throw refusal("PATH_UNICODE", input, "it is not valid Unicode", "use plain characters");
  if (/^[a-z][a-z0-9+.-]+:\//i.test(input)) throw refusal("PATH_URI", input, "it is a URI", "give a file path");
  refuseHome(input, input);
  if (/^[a-z]:(?![\\/])/i.test(input)) {
    throw refusal("PATH_OUTSIDE", input, "it is relative to a drive", "use a path inside the workspace");
  }
}

function refuseHome(start: string, input: string): void {
  if (!start.startsWith("~")) return;
  throw refusal("PATH_HOME", input, '"~" is not expanded', "use a path inside the workspace");
}

function withoutRoot(path: string, root: string | undefined): string {
  const slashed = /^[a-z]:\\/i.test(path) ? path.replaceAll("\\", "/") : path;
  if (slashed.includes("\\")) throw refusal("PATH_BACKSLASH", path, "it has a backslash", "separate folders by /");
  if (!slashed.startsWith("/") && !/^[a-z]:\//i.test(slashed)) return slashed;
  const folder = root?.replaceAll("\\", "/").replace(/\/+$/, "");
  if (folder && slashed.startsWith(`${folder}/`)) return slashed.slice(folder.length + 1);
  throw outside(path);
}

function resolve(path: string, input: string): string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) throw outside(input);
  }
  return parts;
}

const reservedOnWindows = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

function refuseName(name: string, input: string): void {
  const fault = nameFault(name);
  if (fault) throw refusal("PATH_NAME", input, `"${name.slice(0, 40)}" ${fault}`, "choose another name");
}

function nameFault(name: string): string | undefined {
  if (new TextEncoder().encode(name).length > longestName) return `is longer than ${longestName} bytes`;
  if (/[<>:"|?*]/.test(name)) return 'has one of <>:"|?*, which Windows forbids';
  if (/[. ]$/.test(name)) return "ends with a dot or a space";
  if (reservedOnWindows.test(name)) return "is a device name on Windows";
  if (/~\d/.test(name)) return "looks like a short name on Windows";
  return undefined;
}

function refuseProtected(path: string, input: string): void {
  const { class: judged, why } = judgePath(path);
  if (judged === "never") throw refusal("PATH_NEVER", input, why, "leave it to the user");
}

function outside(input: string): UserFacingError {
  return refusal("PATH_OUTSIDE", input, "it is outside the workspace folder", "use a path inside it");
}

function refusal(code: string, input: string, why: string, remedy: string): UserFacingError {
  return new UserFacingError(code, `"${escapeInvisible(input)}" cannot be used, because ${why}; ${remedy}.`);
}
