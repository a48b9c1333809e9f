import type { PythonFile } from "./pythonFile.ts";

/** A function of the facts of one file alone, which are never changed: its answers are kept for as long as they are. */
export function oncePerFile<Value>(compute: (file: PythonFile) => Value): (file: PythonFile) => Value {
  const known = new WeakMap<PythonFile, { readonly value: Value }>();
  return (file) => {
    const before = known.get(file);
    if (before) return before.value;
    const value = compute(file);
    known.set(file, { value });
    return value;
  };
}
