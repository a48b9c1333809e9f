import type { CoverageElement, Review } from "../../../../src/review/model.ts";

/** What could break a report that quotes without care. */
export const hostileText = `</pre></script><script>alert("1")</script> & ' " ]]> \u0000\u001b[31m \ud800 ä €`;

const place = { path: `src/ä b/${hostileText}.py`, line: 3, endLine: 5 };

const elements: readonly CoverageElement[] = [
  { id: "endpoint:GET /a", kind: "endpoint", name: `GET /${hostileText}`, status: "missing", design: place },
  {
    id: "table:a",
    kind: "table",
    name: "a",
    status: "mismatched",
    design: { ...place, path: "docs/schema.sql" },
    code: place,
    difference: hostileText,
  },
  {
    id: "index:a",
    kind: "index",
    name: "a",
    status: "implemented",
    design: place,
    code: place,
    drift: { difference: `columns a → ${hostileText}`, hash: "ee" },
  },
  { id: "endpoint:GET /more", kind: "endpoint", name: "GET /more", status: "extra", code: place },
];

/** Every state of an item and of an element, and hostile text wherever a project decides what stands there. */
export const hostileReview: Review = {
  checklist: [
    {
      id: "annotations",
      title: "Annotations",
      status: "fail",
      findings: [
        { path: place.path, line: 3, message: hostileText, fingerprint: "aa" },
        { path: place.path, line: 9, message: "The same line again.", fingerprint: "aa" },
      ],
      suppressed: [{ path: "src/a.py", line: 1, message: "Ignored.", fingerprint: "bb", reason: hostileText }],
    },
    { id: "repository", title: "Repository", status: "pass", findings: [] },
    {
      id: "secrets",
      title: "Secrets",
      status: "fail",
      findings: [{ path: "src/key.py", line: 1, message: "KEY has a secret as its value.", fingerprint: "cc" }],
    },
    {
      id: "nPlusOne",
      title: "N+1",
      status: "review",
      findings: [
        { path: "src/a.py", line: 0, message: "A line that is none.", fingerprint: "dd", needsJudgement: true },
      ],
    },
    { id: "immutable", title: "Immutable", status: "notApplicable", findings: [] },
  ],
  coverage: { elements, totals: { implemented: 1, missing: 1, mismatched: 1, extra: 1 } },
};

export const hostileEvidence: ReadonlyMap<string, string> = new Map([[`${place.path}:3`, `    ${hostileText}  `]]);
