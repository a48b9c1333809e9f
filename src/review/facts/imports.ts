import type { PythonNode } from "../pythonParser.ts";
import type { ImportFact } from "./pythonFile.ts";
import { childOfType, descendants, fieldOf, fieldsOf } from "./syntax.ts";

/** `module` is the importing one; a package's own `__init__` is written out, so that dots count from it. */
export function readImports(root: PythonNode, module: string): ImportFact[] {
  return descendants(root).flatMap((node) => {
    if (node.type === "import_statement") return plainImports(node);
    return node.type === "import_from_statement" ? fromImports(node, module) : [];
  });
}

/** What a name is called where it comes from: `HTTPException` for `from fastapi import HTTPException as WebError`. */
export function originalName(imports: readonly ImportFact[], dotted: string): string {
  const [head = "", ...rest] = dotted.split(".");
  const imported = imports.find((fact) => fact.bound === head);
  if (!imported) return dotted;
  return [imported.module, ...(imported.name === "" ? [] : [imported.name]), ...rest].join(".");
}

function plainImports(node: PythonNode): ImportFact[] {
  return fieldsOf(node, "name").map((name) => {
    const imported = importedName(name);
    const bound = imported.alias ?? imported.name.split(".")[0] ?? imported.name;
    return { module: imported.name, name: "", bound, line: name.line };
  });
}

function fromImports(node: PythonNode, module: string): ImportFact[] {
  const from = fieldOf(node, "module_name");
  const source = from?.type === "relative_import" ? absoluteModule(from, module) : (from?.text ?? "");
  if (childOfType(node, "wildcard_import")) return [{ module: source, name: "*", bound: "*", line: node.line }];
  return fieldsOf(node, "name").map((name) => {
    const imported = importedName(name);
    return { module: source, name: imported.name, bound: imported.alias ?? imported.name, line: name.line };
  });
}

function importedName(node: PythonNode): { readonly name: string; readonly alias?: string } {
  const alias = fieldOf(node, "alias")?.text;
  const name = fieldOf(node, "name")?.text ?? node.text;
  return node.type === "aliased_import" && alias !== undefined ? { name, alias } : { name: node.text };
}

function absoluteModule(relative: PythonNode, module: string): string {
  const dots = childOfType(relative, "import_prefix")?.text.length ?? 1;
  const base = module.split(".").slice(0, -dots);
  const rest = childOfType(relative, "dotted_name")?.text;
  return [...base, ...(rest === undefined ? [] : [rest])].join(".");
}
