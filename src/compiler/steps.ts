import type { StepNumber } from "./compilation.ts";

/** The workflow step that a file of the generated project belongs to; what is no layer comes with the first. */
export function stepOf(path: string): StepNumber {
  return layers.find(({ pattern }) => pattern.test(path))?.step ?? 1;
}

const layers: readonly { readonly pattern: RegExp; readonly step: StepNumber }[] = [
  { pattern: /^(?:migrations\/|alembic\.ini$)/, step: 2 },
  { pattern: /^src\/app\/(?:domain\/ports|persistence\/(?:repositories|unit_of_work|integrity))/, step: 3 },
  { pattern: /^src\/app\/(?:core\/database\.py$)/, step: 3 },
  { pattern: /^src\/app\/services\//, step: 4 },
  { pattern: /^src\/app\/api\/schemas\//, step: 1 },
  { pattern: /^src\/app\/api\/deps\.py$/, step: 6 },
  { pattern: /^src\/app\/api\//, step: 5 },
  { pattern: /^src\/app\/core\/(?:security|config)\.py$/, step: 6 },
  { pattern: /^src\/app\/core\/error/, step: 7 },
  { pattern: /^src\/app\/core\//, step: 6 },
  { pattern: /^src\/app\/main\.py$/, step: 7 },
  { pattern: /^\.backend\//, step: 7 },
];
