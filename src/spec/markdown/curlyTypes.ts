import { lineAt, spanAt } from "../excerpt.ts";
import type { Fence } from "./document.ts";
import type { DeclaredField, TypeDeclaration } from "./typeFences.ts";

interface Language {
  /** Captures decorators, name, and the rest of the head up to the opening bracket. */
  readonly head: RegExp;
  readonly close: "}" | ")";
  /** Captures type and name in the order of `order`, then what follows. */
  readonly field: RegExp;
  readonly order: "type first" | "name first";
}

const javaHead =
  /^((?:[ \t]*@[^\n]*\n)*)[ \t]*(?:(?:public|final|abstract|static|sealed)\s+)*class\s+([\p{L}_][\p{L}\p{N}_]*)([^{;]*)\{/gmu;
const javaField =
  /^[ \t]*(?:(?:private|protected|public|final)\s+)+(?!class\b|static\b|abstract\b|record\b)([\p{L}_][\p{L}\p{N}_<>,.?[\] ]*?)\s+([\p{L}_][\p{L}\p{N}_]*)\s*(?:=[^;]*)?;[ \t]*(?:\/\/[ \t]*([^\n]*))?$/gmu;

const languages: Readonly<Record<string, Language>> = {
  java: { head: javaHead, close: "}", field: javaField, order: "type first" },
  go: {
    head: /^()type\s+(\w+)\s+(struct)\s*\{/gm,
    close: "}",
    field: /^[ \t]+([A-Z]\w*)[ \t]+([\w.*[\]]+)[ \t]*((?:`[^`\n]*`)?[ \t]*(?:\/\/[^\n]*)?)$/gm,
    order: "name first",
  },
  kotlin: {
    head: /^((?:[ \t]*@[^\n]*\n)*)[ \t]*(?:data\s+)?class\s+(\w+)(\s*)\(/gm,
    close: ")",
    field:
      /^[ \t]*(?:@[^\n]*\n[ \t]*)*(?:val|var)\s+(\w+)\s*:\s*([\w<>?, ]+?)\s*(?:=[^\n]*?)?,?[ \t]*(?:\/\/([^\n]*))?$/gm,
    order: "name first",
  },
};

/** The classes, structs and data classes of a Java, Go or Kotlin fence, with the fields that they store. */
export function readCurlyTypes(fence: Fence): TypeDeclaration[] {
  const language = languages[fence.language === "golang" ? "go" : fence.language];
  if (!language) return [];
  const { text } = fence.excerpt;
  return [...text.matchAll(language.head)].map((match): TypeDeclaration => {
    const [whole, decorators = "", name = "", rest = ""] = match;
    const open = match.index + whole.length;
    const end = endOfBody(text, open, language.close);
    return {
      kind: "record",
      name,
      bases: [...rest.matchAll(/[A-Z]\w*/g)].map((base) => base[0]),
      decorators,
      fields: fieldsOf(fence, language, open, end),
      values: [],
      invariants: [],
      source: spanAt(fence.excerpt, match.index + decorators.length, end),
    };
  });
}

function endOfBody(text: string, open: number, close: "}" | ")"): number {
  const start = close === "}" ? "{" : "(";
  let depth = 1;
  for (let at = open; at < text.length; at++) {
    if (text[at] === start) depth++;
    else if (text[at] === close && --depth === 0) return at;
  }
  return text.length;
}

function fieldsOf(fence: Fence, language: Language, open: number, end: number): DeclaredField[] {
  const body = fence.excerpt.text.slice(open, end);
  return [...body.matchAll(language.field)].map((match): DeclaredField => {
    const [whole, first = "", second = "", comment = ""] = match;
    const [type, name] = language.order === "type first" ? [first, second] : [second, first];
    const at = open + match.index + Math.max(0, whole.lastIndexOf(name));
    return {
      name,
      type: type.replace(/^\*/, "").replace(/^(?:uuid|time)\./, ""),
      optional: /\?$|^\*|^Optional</.test(type),
      comment: comment.replace(/^[\s/]+/, "").trim(),
      line: lineAt(fence.excerpt, at),
    };
  });
}
