import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { planBackend } from "../../../src/compiler/compile.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { filesBelow } from "./backend.ts";
import type { DocumentedErrors } from "./client.ts";

/** The errors that each endpoint of a design may answer with. */
export async function documentedErrors(folder: string): Promise<DocumentedErrors> {
  const documents = filesBelow(folder).map((path) => ({
    path: relative(folder, path),
    text: readFileSync(path, "utf8"),
  }));
  const { spec } = await readSpec(documents);
  const { operations } = planBackend(spec).operations.api;
  return Object.fromEntries(
    operations.map(({ endpoint, errors }) => [
      `${endpoint.method} ${endpoint.path}`,
      errors.map(({ code, status }) => ({ code, status })),
    ]),
  );
}

/** `/orders/{orderId}` with an id that no row has. */
export function pathOfNobody(path: string, id: string): string {
  return path.replace(/\{\w+\}/g, id);
}
