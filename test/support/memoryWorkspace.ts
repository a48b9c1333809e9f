import type { Workspace } from "../../src/session/ports.ts";

export function memoryWorkspace(files: Readonly<Record<string, string>>): Workspace {
  return {
    readText: async (path) => files[path],
    list: async () => Object.keys(files).sort(),
  };
}
