import type { Compilation } from "../../src/compiler/compilation.ts";
import { checklistIds, type Review } from "../../src/review/model.ts";
import type { Analyzer } from "../../src/session/ports.ts";
import type { DesignSpec } from "../../src/spec/model.ts";
import type { SpecReading } from "../../src/spec/reading.ts";
import { convertDesign } from "../../src/spec/write/convertDesign.ts";

const source = { path: "docs/domain.md", line: 3, endLine: 3 };

/** The smallest design there is: one entity. */
export const tinySpec: DesignSpec = {
  api: { basePath: "", endpoints: [], schemas: [], securitySchemes: [] },
  database: { tables: [], enums: [], indexes: [], policies: [], statements: [] },
  domain: {
    entities: [
      {
        id: "entity:Order",
        kind: "entity",
        name: "Order",
        source,
        confidence: "declared",
        aggregateRoot: true,
        fields: [],
      },
    ],
    valueObjects: [],
    rules: [],
    stateMachines: [],
    events: [],
  },
  errors: { codes: [] },
};

export const emptySpec: DesignSpec = { ...tinySpec, domain: { ...tinySpec.domain, entities: [] } };

export const tinyCompilation: Compilation = {
  files: [
    { path: "pyproject.toml", text: "[project]\n", step: 1 },
    { path: "src/app/domain/order.py", text: "class Order: ...\n", step: 1 },
    { path: "src/app/services/order.py", text: "class OrderService: ...\n", step: 4 },
  ],
  assumptions: [{ text: "Keys are UUIDs.", source }],
  needsDetail: [{ element: "endpoint:POST /magic", reason: "no rule says what it does", source }],
};

/** A review that passes but for what is said otherwise. */
export function reviewWith(failing: Partial<Record<(typeof checklistIds)[number], string>> = {}): Review {
  return {
    checklist: checklistIds.map((id) => {
      const message = failing[id];
      const findings = message === undefined ? [] : [{ path: "src/app/domain/order.py", line: 1, message }];
      return { id, title: `Item ${id}`, status: message === undefined ? "pass" : "fail", findings };
    }),
    coverage: {
      totals: { implemented: 1, missing: 0, mismatched: 0, extra: 0 },
      elements: [{ id: "entity:Order", kind: "entity", name: "Order", status: "implemented", design: source }],
    },
  };
}

/** An analyzer that answers with what the test gives it, and keeps the paths of each review. */
export function fakeAnalyzer(
  answers: { spec?: DesignSpec; problems?: SpecReading["problems"]; reviews?: readonly Review[] } = {},
): Analyzer & { readonly reviewed: readonly (readonly string[])[] } {
  const reviewed: (readonly string[])[] = [];
  return {
    reviewed,
    convertDesign: async (text) => convertDesign(text),
    readSpec: async (documents, signal) => {
      signal.throwIfAborted();
      return {
        spec: answers.spec ?? tinySpec,
        documents: documents.map(({ path }) => ({ path, kinds: ["domain"] })),
        problems: answers.problems ?? [],
        assumptions: [],
        notUnderstood: [],
        ddl: [],
      };
    },
    tidy: async ({ path, files }) =>
      files
        .find((file) => file.path === path)
        ?.text.trimEnd()
        .concat("\n"),
    annotate: async () => undefined,
    joinCommits: async () => undefined,
    readKinds: async (documents) => documents.map(({ path }) => ({ path, kinds: ["domain"] })),
    compile: async () => tinyCompilation,
    review: async ({ files }, signal) => {
      signal.throwIfAborted();
      reviewed.push(files.map(({ path }) => path));
      return answers.reviews?.[reviewed.length - 1] ?? answers.reviews?.at(-1) ?? reviewWith();
    },
  };
}
