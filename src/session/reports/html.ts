import type { ChecklistItem, Coverage, CoverageElement, Finding, Review } from "../../review/model.ts";
import { escapeMarkup } from "./markup.ts";

/** The code that a finding is about, by path and line. */
export type Evidence = ReadonlyMap<string, string>;

/** The review as one page that needs nothing else: no script, no style and no picture from elsewhere. */
export function htmlReport({ checklist, coverage }: Review, evidence: Evidence): string {
  const { implemented, missing, mismatched, extra } = coverage.totals;
  const applicable = checklist.filter(({ status }) => status !== "notApplicable");
  const passed = applicable.filter(({ status }) => status === "pass").length;
  const designed = implemented + missing + mismatched;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Backend review</title>
<style>${style}</style>
</head>
<body>
<h1>Backend review</h1>
<p>Checklist ${passed} of ${applicable.length}, design coverage ${implemented} of ${designed}, ${extra} beyond the design.</p>
<h2>Quality checklist</h2>
${checklist.map((item) => itemSection(item, evidence)).join("\n")}
<h2>Coverage of the design</h2>
${coverageTable(coverage)}
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --pass: #1a7f37; --fail: #cf222e; --review: #9a6700; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
summary { cursor: pointer; padding: .3rem 0; }
ul { list-style: none; padding-left: 1.4rem; }
li { margin: .6rem 0; }
pre { background: #8881; border-left: 3px solid #8888; margin: .2rem 0; overflow-x: auto; padding: .3rem .6rem; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid #8884; padding: .3rem .6rem; text-align: left; vertical-align: top; }
.pass, .implemented { color: var(--pass); }
.fail, .missing, .mismatched { color: var(--fail); }
.review, .extra { color: var(--review); }
`;

const words = { pass: "pass", fail: "fail", review: "to be judged", notApplicable: "not applicable" } as const;

function itemSection({ title, status, findings, suppressed = [] }: ChecklistItem, evidence: Evidence): string {
  const count = findings.length === 0 ? "" : ` · ${findings.length} ${findings.length === 1 ? "finding" : "findings"}`;
  const entries = [
    ...findings.map((finding) => findingEntry(finding, evidence, "")),
    ...suppressed.map((finding) => findingEntry(finding, evidence, `Ignored: ${finding.reason}`)),
  ];
  const open = status === "fail" || status === "review" ? " open" : "";
  const head = `<summary><strong>${escapeMarkup(title)}</strong> <span class="${status}">${words[status]}</span>${count}</summary>`;
  return `<details${open}>${head}${entries.length === 0 ? "" : `<ul>${entries.join("")}</ul>`}</details>`;
}

function findingEntry({ path, line, message }: Finding, evidence: Evidence, note: string): string {
  const code = evidence.get(`${path}:${line}`);
  const excerpt = code === undefined ? "" : `<pre>${escapeMarkup(code)}</pre>`;
  const remark = note === "" ? "" : ` <em>${escapeMarkup(note)}</em>`;
  return `<li><code>${escapeMarkup(`${path}:${line}`)}</code> ${escapeMarkup(message)}${remark}${excerpt}</li>`;
}

/** What is wrong first; what is implemented folded away. */
function coverageTable({ elements }: Coverage): string {
  const open = elements.filter(({ status }) => status !== "implemented");
  const done = elements.filter(({ status }) => status === "implemented");
  const folded = `<details><summary>${done.length} implemented</summary>${table(done)}</details>`;
  return `${open.length === 0 ? "" : table(open)}${done.length === 0 ? "" : folded}`;
}

function table(elements: readonly CoverageElement[]): string {
  const head = "<tr><th>element</th><th>state</th><th>design</th><th>code</th><th>difference</th></tr>";
  return `<table>${head}${elements.map(row).join("")}</table>`;
}

function row({ kind, name, status, design, code, difference = "" }: CoverageElement): string {
  const place = (span: CoverageElement["code"]) =>
    span ? `<code>${escapeMarkup(`${span.path}:${span.line}`)}</code>` : "";
  const state = `<span class="${status}">${status}</span>`;
  const cells = [escapeMarkup(`${kind} ${name}`), state, place(design), place(code), escapeMarkup(difference)];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}
