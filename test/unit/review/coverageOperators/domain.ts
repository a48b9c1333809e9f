import type { ElementKind } from "../../../../src/spec/model.ts";
import { type Backend, escaped, type Mutated, type Operator, pathOf, replaced, textOf } from "./operator.ts";

const catalogue = "src/app/core/errors.py";

function codeOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

/** Every mention goes: a code that is used anywhere is there. */
function goneCode({ files }: Backend, id: string): Mutated | undefined {
  const word = new RegExp(`\\b${escaped(codeOf(id))}\\b`, "g");
  if (!word.test(textOf(files, catalogue))) return undefined;
  const without = files.map(({ path, text }) =>
    path.endsWith(".py") ? { path, text: text.replace(word, "LEFT_OVER") } : { path, text },
  );
  return { files: without, expected: [{ id, status: "missing" }] };
}

function otherStatus({ files }: Backend, id: string): Mutated | undefined {
  const declared = new RegExp(`code = ErrorCode\\.${escaped(codeOf(id))}\\n( +status_code = )(\\d+)`).exec(
    textOf(files, catalogue),
  );
  if (!declared) return undefined;
  const [whole] = declared;
  const changed = replaced(files, catalogue, whole, whole.replace(/\d+$/, "418"));
  return (
    changed && {
      files: changed,
      expected: [{ id, status: "mismatched", difference: "Has status 418", path: catalogue }],
    }
  );
}

function addedCode({ files }: Backend): Mutated | undefined {
  const changed = replaced(
    files,
    catalogue,
    "class ErrorCode(StrEnum):\n",
    'class ErrorCode(StrEnum):\n    LEFT_OVER = "LEFT_OVER"\n',
  );
  return (
    changed && {
      files: changed,
      expected: [{ id: "errorCode:LEFT_OVER", status: "extra", path: catalogue, shows: "LEFT_OVER" }],
    }
  );
}

/** The class of an entity or a value object, wherever it is called like it. */
function renamedClass({ files }: Backend, id: string): Mutated | undefined {
  const name = codeOf(id);
  const word = new RegExp(`^class ${escaped(name)}\\b`, "m");
  if (!pathOf(files, "/domain/", word)) return undefined;
  const others = files.map(({ path, text }) => ({
    path,
    text: text.replace(new RegExp(`^class ${escaped(name)}(Row|Event)?\\b`, "gm"), `class Other${name}`),
  }));
  return { files: others, expected: [{ id, status: "missing" }] };
}

function goneField({ files, spec }: Backend, id: string): Mutated | undefined {
  const [owner = "", name = ""] = codeOf(id).split(".");
  const kind = spec.domain.entities.some((one) => one.name === owner) ? "entity" : "valueObject";
  const path = pathOf(files, "/domain/", new RegExp(`^class ${escaped(owner)}\\b`, "m"));
  const fields =
    new RegExp(`^class ${escaped(owner)}\\b[\\s\\S]*?\\n(?=\\n\\n|$(?![\\s\\S]))`, "m").exec(
      textOf(files, path),
    )?.[0] ?? "";
  const snake = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
  const body = fields.replace(new RegExp(`^ {4}${escaped(snake)}: [^\\n]*\\n`, "m"), "");
  if (body === fields) return undefined;
  const without = replaced(files, path, fields, body);
  return (
    without && {
      files: without,
      expected: [
        { id, status: "missing" },
        {
          id: `${kind}:${owner}`,
          status: "mismatched",
          difference: `Has no ${name}`,
          path: path ?? "",
          shows: `class ${owner}`,
        },
      ],
    }
  );
}

const operators: readonly (readonly [string, ElementKind, Operator["apply"]])[] = [
  ["an error code that is gone", "errorCode", goneCode],
  ["an error code with another status", "errorCode", otherStatus],
  ["an error code beyond the design", "errorCode", addedCode],
  ["an entity that is gone", "entity", renamedClass],
  ["a value object that is gone", "valueObject", renamedClass],
  ["a field that is gone", "field", goneField],
];

export const domainOperators: readonly Operator[] = operators.map(([what, kind, apply]) => ({ what, kind, apply }));
