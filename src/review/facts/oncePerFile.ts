import { oncePer } from "../../support/oncePer.ts";
import type { PythonFile } from "./pythonFile.ts";

/** A function of the facts of one file alone, which are never changed: its answers are kept for as long as they are. */
export function oncePerFile<Value>(compute: (file: PythonFile) => Value): (file: PythonFile) => Value {
  return oncePer(compute);
}
