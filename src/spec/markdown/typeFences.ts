import { lineAt, spanAt } from "../excerpt.ts";
import type { Schema, SourceSpan } from "../model.ts";
import { readCurlyTypes } from "./curlyTypes.ts";
import type { Fence } from "./document.ts";
import { limitsIn, schemaOfType, splitTop } from "./typeText.ts";

/** An interface, class, model or enum declared in a code fence. */
export interface TypeDeclaration {
  readonly kind: "record" | "enum";
  readonly name: string;
  /** Names behind `extends` or in the class header: `Enum`, `BaseModel`, `ValueObject`. */
  readonly bases: readonly string[];
  /** Decorators and modifiers before it: `@dataclass(frozen=True)`. */
  readonly decorators: string;
  readonly fields: readonly DeclaredField[];
  readonly values: readonly string[];
  /** Lines of an `# Invariants:` comment in the body. */
  readonly invariants: readonly { readonly text: string; readonly line: number }[];
  readonly source: SourceSpan;
}

export interface DeclaredField {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** Comment behind the field and the arguments of `Field(…)`. */
  readonly comment: string;
  readonly line: number;
}

const typeScript = ["typescript", "ts", "tsx"];
const python = ["python", "py"];

/** The types that a TypeScript, Python, Java or Go fence declares; other code yields none. */
export function readTypeFence(fence: Fence): TypeDeclaration[] {
  if (typeScript.includes(fence.language)) return typeScriptTypes(fence);
  if (python.includes(fence.language)) return pythonTypes(fence);
  return readCurlyTypes(fence);
}

const typeScriptHead =
  /^[ \t]*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(interface|class|enum|type)\s+([A-Za-z_]\w*)(?:<[^>{]*>)?([^={]*)(=\s*)?(\{)?/gm;

function typeScriptTypes(fence: Fence): TypeDeclaration[] {
  const { text } = fence.excerpt;
  return [...text.matchAll(typeScriptHead)].flatMap((match): TypeDeclaration[] => {
    const [whole, keyword = "", name = "", header = "", assignment, brace] = match;
    const start = match.index;
    if (keyword === "type" && assignment && !brace) return unionAlias(fence, name, start, start + whole.length);
    if (!brace) return [];
    const open = start + whole.length;
    const end = endOfBlock(text, open);
    const body = text.slice(open, end);
    const declaration = {
      name,
      bases: [...header.matchAll(/[A-Z]\w*/g)].map((base) => base[0]),
      decorators: "",
      invariants: [],
      source: spanAt(fence.excerpt, start, end),
    };
    if (keyword === "enum") return [{ ...declaration, kind: "enum", fields: [], values: enumMembers(body) }];
    return [{ ...declaration, kind: "record", fields: typeScriptFields(fence, body, open), values: [] }];
  });
}

/** `type Status = 'draft' | 'sent';` */
function unionAlias(fence: Fence, name: string, start: number, from: number): TypeDeclaration[] {
  const end = fence.excerpt.text.indexOf(";", from);
  const text = fence.excerpt.text.slice(from, end === -1 ? undefined : end).split(/\n\s*\n/)[0] ?? "";
  const values = [...text.matchAll(/["']([^"'\n]+)["']/g)].map((value) => value[1] ?? "");
  if (values.length < 2) return [];
  const source = spanAt(fence.excerpt, start, from + text.length);
  return [{ kind: "enum", name, bases: [], decorators: "", fields: [], values, invariants: [], source }];
}

function endOfBlock(text: string, open: number): number {
  let depth = 1;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return text.length;
}

function enumMembers(body: string): string[] {
  return body
    .replace(/\/\/[^\n]*/g, "")
    .split(",")
    .flatMap((member) => /=\s*["']([^"']*)["']/.exec(member)?.[1] ?? /^\s*([A-Za-z_]\w*)\s*$/.exec(member)?.[1] ?? []);
}

const typeScriptField =
  /^[ \t]*(?:(?:public|private|protected|readonly|static|declare)\s+)*["']?([A-Za-z_$][\w$]*)["']?(\??)\s*:\s*([^;\n/]*(?:\{[^{}]*\})?[^;\n/]*)[;,]?[ \t]*(?:\/\/[ \t]*([^\n]*)|\/\*+([\s\S]*?)\*\/)?$/gm;

function typeScriptFields(fence: Fence, body: string, offset: number): DeclaredField[] {
  const shallow = onlyTopLevel(body);
  const parameters = constructorParameters(fence, body, offset);
  const fields = [...shallow.matchAll(typeScriptField)].flatMap((match): DeclaredField[] => {
    const [, name = "", optional, type = "", line, block] = match;
    if (type.includes("=>") || type.trim() === "") return [];
    return [
      {
        name,
        type: type
          .replace(/\s*[;,]\s*$/, "")
          .replace(/\s*=.*$/, "")
          .trim(),
        optional: optional === "?",
        comment: (line ?? block ?? "").trim(),
        line: lineAt(fence.excerpt, offset + match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0)),
      },
    ];
  });
  return [...parameters, ...fields.filter((field) => parameters.every((parameter) => parameter.name !== field.name))];
}

const parameterProperty =
  /(?:public|private|protected|readonly)\s+(?:readonly\s+)?([A-Za-z_$][\w$]*)(\??)\s*:\s*([^,\n/]+?)\s*(?=,|\n|\/\/|$)/g;

/** `constructor(readonly value: string)` declares a field in its parameter. */
function constructorParameters(fence: Fence, body: string, offset: number): DeclaredField[] {
  const start = /\bconstructor\s*\(/.exec(body);
  if (!start) return [];
  const open = start.index + start[0].length;
  const end = body.slice(open).search(/\)\s*(?:\{|;|\n|\/\/|$)/);
  const parameters = body.slice(open, end === -1 ? undefined : open + end);
  return [...parameters.matchAll(parameterProperty)].map((match) => ({
    name: match[1] ?? "",
    type: match[3] ?? "",
    optional: match[2] === "?",
    comment: "",
    line: lineAt(fence.excerpt, offset + open + match.index),
  }));
}

/** Bodies of methods and nested objects blanked, so that their lines are not taken for fields. */
function onlyTopLevel(body: string): string {
  let depth = 0;
  let text = "";
  for (const character of body) {
    if (character === "}" && depth > 0) depth--;
    text += depth > 0 && character !== "\n" ? " " : character;
    if (character === "{") depth++;
  }
  return text;
}

const pythonHead = /^((?:[ \t]*@[^\n]*\n)*)([ \t]*)class\s+([A-Za-z_]\w*)\s*(?:\(([^)]*)\))?\s*:/gm;

function pythonTypes(fence: Fence): TypeDeclaration[] {
  const { text } = fence.excerpt;
  return [...text.matchAll(pythonHead)].map((match): TypeDeclaration => {
    const [whole, decorators = "", indent = "", name = "", bases = ""] = match;
    const open = match.index + whole.length;
    const body = indentedBody(text, open, indent.length);
    const baseNames = bases.split(",").map((base) => base.trim().split(/[[.]/).at(-1) ?? "");
    const isEnum = baseNames.some((base) => /Enum$/.test(base));
    return {
      kind: isEnum ? "enum" : "record",
      name,
      bases: baseNames,
      decorators,
      fields: isEnum ? [] : pythonFields(fence, body, open),
      values: isEnum ? [...body.matchAll(/^\s+\w+\s*=\s*["']([^"']*)["']/gm)].map((value) => value[1] ?? "") : [],
      invariants: pythonInvariants(fence, body, open),
      source: spanAt(fence.excerpt, match.index + decorators.length, open + body.trimEnd().length),
    };
  });
}

function indentedBody(text: string, open: number, indent: number): string {
  const lines = text.slice(open).split("\n");
  const end = lines.findIndex((line, index) => index > 0 && line.trim() !== "" && line.search(/\S/) <= indent);
  return lines.slice(0, end === -1 ? undefined : end).join("\n");
}

const pythonField = /^([ \t]+)([A-Za-z_]\w*)\s*:\s*([^=#\n]+?)\s*(?:=\s*([^#\n]*))?(?:#\s*([^\n]*))?$/gm;

function pythonFields(fence: Fence, body: string, offset: number): DeclaredField[] {
  const indent = /\n([ \t]+)\S/.exec(body)?.[1]?.length ?? 4;
  return [...body.matchAll(pythonField)].flatMap((match): DeclaredField[] => {
    const [, space = "", name = "", type = "", value = "", comment = ""] = match;
    if (space.length !== indent || /^(?:def|return|if|for|while|else|try|except|with|class)$/.test(name)) return [];
    return [
      {
        name,
        type,
        optional: /^(?:None|Field\(\s*(?:default\s*=\s*)?None|field\()/.test(value.trim()),
        comment: `${comment} ${/Field\((.*)\)/.exec(value)?.[1] ?? ""}`.trim(),
        line: lineAt(fence.excerpt, offset + match.index + space.length),
      },
    ];
  });
}

function pythonInvariants(fence: Fence, body: string, offset: number): { text: string; line: number }[] {
  const found = /#\s*(?:Invariants?|Rules?|Business rules?)\s*:?[^\n]*((?:\n[ \t]*#[^\n]*)+)/i.exec(body);
  if (!found?.[1]) return [];
  const start = offset + found.index + found[0].length - found[1].length;
  return [...found[1].matchAll(/\n[ \t]*#\s*[-*]?\s*([^\n]+)/g)].map((match) => ({
    text: (match[1] ?? "").trim(),
    line: lineAt(fence.excerpt, start + match.index + 1),
  }));
}

export function schemaOfDeclaration(declaration: TypeDeclaration): Schema {
  if (declaration.kind === "enum") return { type: "string", enum: declaration.values };
  return {
    type: "object",
    properties: declaration.fields.map((field) => {
      const alternatives = splitTop(field.type, "|");
      const optional = field.optional || alternatives.includes("undefined");
      return { name: field.name, required: !optional, schema: limitsIn(field.comment, schemaOfType(field.type)) };
    }),
  };
}
