import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { CallExpression, NewExpression, Node } from "typescript/unstable/ast";
import {
  isBinaryExpression,
  isCallExpression,
  isCaseClause,
  isImportDeclaration,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isPropertyAssignment,
  isStringLiteral,
  isTemplateExpression,
  isTypeNode,
} from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/sync";

/** A text in `src/vscode` or `extension.ts`. */
export interface EditorString {
  readonly text: string;
  /** `src/vscode/trust.ts:12`. */
  readonly place: string;
}

/** A call of `vscode.l10n.t` with a text that is known before it runs. */
export interface LocalisedString extends EditorString {
  /** How many values are given for its placeholders. */
  readonly values: number;
}

export interface EditorStrings {
  readonly localised: readonly LocalisedString[];
  /** Calls of `vscode.l10n.t` whose text is put together at run time: no bundle can have it. */
  readonly unknown: readonly EditorString[];
  /** What reads like words for people and does not go through `vscode.l10n.t`. */
  readonly bare: readonly EditorString[];
}

/** The texts of the editor's side, by the parser that checks its types. */
export function readEditorStrings(root: string): EditorStrings {
  const found = { localised: [], unknown: [], bare: [] };
  const config = join(root, "tsconfig.strings.json");
  const api = new API({ cwd: root, fs: { readFile: (file) => (file === config ? settings : undefined) } });
  try {
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects();
    for (const file of sources(root)) {
      const source = project?.program.getSourceFile(file);
      if (!source) throw new Error(`${file} was not parsed.`);
      collect(source, { file: relative(root, file), source: source.text, found });
    }
  } finally {
    api.close();
  }
  return found;
}

/** Only to be parsed: without imports and libraries that takes no time. */
const settings = JSON.stringify({
  compilerOptions: { noResolve: true, noLib: true, types: [], allowImportingTsExtensions: true, noEmit: true },
  include: ["src/vscode", "src/extension.ts"],
});

function sources(root: string): readonly string[] {
  const folder = join(root, "src/vscode");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return [...files.map((name) => join(folder, name)), join(root, "src/extension.ts")];
}

interface Search {
  readonly file: string;
  readonly source: string;
  readonly found: { localised: LocalisedString[]; unknown: EditorString[]; bare: EditorString[] };
}

function collect(node: Node, search: Search): void {
  if (isNeverShown(node)) return;
  if (isCallExpression(node) && calleeOf(node) === "vscode.l10n.t") {
    collectCall(node, search);
    return;
  }
  const text = literalText(node) ?? templateText(node);
  if (text !== undefined && forPeople.test(text)) search.found.bare.push(stringAt(node, text, search));
  node.forEachChild((child) => collect(child, search));
}

function collectCall(call: CallExpression, search: Search): void {
  const [first, ...values] = call.arguments;
  const text = first && literalText(first);
  if (text === undefined) search.found.unknown.push(stringAt(call, call.getText(), search));
  else search.found.localised.push({ ...stringAt(call, text, search), values: values.length });
  for (const value of values) collect(value, search);
}

/** Types, names of modules and of properties, what is compared with a value from elsewhere, and what goes into the log. */
function isNeverShown(node: Node): boolean {
  if (isImportDeclaration(node) || isTypeNode(node)) return true;
  if (isCallExpression(node) || isNewExpression(node)) return notForPeople.test(calleeOf(node));
  return literalText(node) !== undefined && (isCompared(node) || isPropertyName(node));
}

function stringAt(node: Node, text: string, { file, source }: Search): EditorString {
  return { text, place: `${file}:${source.slice(0, node.getStart()).split("\n").length}` };
}

function calleeOf({ expression }: CallExpression | NewExpression): string {
  return expression.getText();
}

function literalText(node: Node): string | undefined {
  return isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node) ? node.text : undefined;
}

function templateText(node: Node): string | undefined {
  if (!isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join("");
}

function isPropertyName(node: Node): boolean {
  return isPropertyAssignment(node.parent) && node.parent.name === node;
}

function isCompared({ parent }: Node): boolean {
  return isBinaryExpression(parent) ? /^[!=]==$/.test(parent.operatorToken.getText()) : isCaseClause(parent);
}

/** The log, and errors that are logged or that another program reads. */
const notForPeople = /^(?:(?:\w+\.)*log\.(?:info|warn|error)|Error|ModelError|RegExp)$/;

/** Two words, a value and a word, or one word with a capital letter. */
const forPeople =
  /\p{L}[\p{Ll}'’]+[,.:;…]? [\p{L}("'`@{$]|\{\} \p{L}{2,}|^(?:\$\([\w-]+\) )?\p{Lu}[\p{Ll}'’]+[.:…?]?(?:\{\}.*)?$/u;
