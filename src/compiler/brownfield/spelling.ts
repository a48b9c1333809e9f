import type { PythonImport } from "../plan.ts";

/** How a file of the project names what the engine calls `sa.String` or `UUID`. */
export interface Spelling {
  readonly spell: (python: string) => string;
  /** What has been named since and has to be imported. */
  readonly imports: () => readonly PythonImport[];
}

/** A file that imports SQLAlchemy as a whole goes on so; another takes each name by itself. */
export function spelledFor(text: string): Spelling {
  const alias = /^import sqlalchemy(?: as (\w+))?$/m.exec(text);
  const prefix = alias ? `${alias[1] ?? "sqlalchemy"}.` : undefined;
  const used = new Map<string, PythonImport>();
  const take = (module: string, name: string): string => {
    used.set(`${module}.${name}`, { module, name });
    return name;
  };
  const spell = (python: string): string =>
    outsideStrings(python, (code) =>
      code
        .replace(/\bsa\.(\w+)/g, (_, name: string) =>
          prefix === undefined ? take("sqlalchemy", name) : `${prefix}${name}`,
        )
        .replace(/\bpostgresql\.(?=\w+\()/g, () => `${take("sqlalchemy.dialects", "postgresql")}.`),
    );
  return { spell, imports: () => [...used.values()] };
}

function outsideStrings(python: string, change: (code: string) => string): string {
  return python
    .split(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/)
    .map((part, at) => (at % 2 === 0 ? change(part) : part))
    .join("");
}
