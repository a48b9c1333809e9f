import { messageOf, UserFacingError } from "../support/errors.ts";

/**
 * A glob as the shell knows it (`**`, `*`, `?`, `[…]`, `{a,b}`) over workspace-relative paths. A
 * pattern without a slash matches the name in any folder.
 */
export function globPattern(glob: string): RegExp {
  if (glob.length > 500)
    throw new UserFacingError("GLOB_SIZE", "The pattern has more than 500 characters; shorten it.");
  const anchored = glob.includes("/") ? glob.replace(/^(\.?\/)+/, "") : `**/${glob}`;
  try {
    return new RegExp(`^${translate(anchored)}$`);
  } catch (thrown) {
    const message = `${JSON.stringify(glob)} is not a glob (${messageOf(thrown)}); close its brackets.`;
    throw new UserFacingError("GLOB_SYNTAX", message);
  }
}

const token = /\*\*\/|\*\*|\*|\?|\[[^\]]+\]|\{[^{}]*\}|[^*?[{]+|./gs;

const wildcards: Readonly<Record<string, string>> = {
  "**/": "(?:[^/]+/)*",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};

function translate(glob: string): string {
  return [...glob.matchAll(token)].map(([text]) => translateToken(text)).join("");
}

function translateToken(text: string): string {
  const wildcard = wildcards[text];
  if (wildcard !== undefined) return wildcard;
  if (text.startsWith("{") && text.endsWith("}")) return `(?:${text.slice(1, -1).split(",").map(translate).join("|")})`;
  if (text.startsWith("[") && text.endsWith("]")) return text.replaceAll("\\", "\\\\").replace(/^\[!/, "[^");
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
