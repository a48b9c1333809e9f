import { checklistSummaries } from "../../review/checklistSummaries.ts";
import type { ChecklistItem, Coverage, CoverageElement, Finding, Review, UnlinkedRule } from "../../review/model.ts";
import { counted } from "../../support/words.ts";
import { statusWords } from "../coverageWords.ts";
import type { UnreadSource } from "../proposedState.ts";
import { kindNames } from "../report.ts";
import type { CheckedProject } from "./checkedProject.ts";
import { type Evidence, placeKey } from "./evidence.ts";
import { kindsTable, overviewTiles } from "./htmlOverview.ts";
import { htmlStyle } from "./htmlStyle.ts";
import { htmlTable } from "./htmlTable.ts";
import { escapeMarkup } from "./markup.ts";

/**
 * The report as one page that needs nothing else: no script, no style and no picture from elsewhere, and the page's own
 * policy lets none in. What it quotes of code and design is text.
 */
export function htmlReport({ review, whole, unknownDrift, unread = [] }: CheckedProject, evidence: Evidence): string {
  const title = whole ? "Backend review since the baseline" : "Backend review";
  const known = whole && knownBefore(whole);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${htmlStyle}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<p>${scoreOf(review)}</p>
${whole ? `<p>Whole project: ${scoreOf(whole)}</p>` : ""}
${overviewTiles(review)}
${unknownDrift === undefined ? "" : `<p>${escapeMarkup(unknownDrift)}</p>`}
${unreadList(unread)}
</header>
${checklistSection(review, evidence, whole)}
${coverageSection(review.coverage)}
${known ? knownSection(known, evidence) : ""}
</main>
</body>
</html>
`;
}

function unreadList(unread: readonly UnreadSource[]): string {
  if (unread.length === 0) return "";
  const entries = unread.map(({ path, why }) => `<li><code>${escapeMarkup(path)}</code> ${escapeMarkup(why)}</li>`);
  return `<p>Not looked at:</p><ul>${entries.join("")}</ul>`;
}

function scoreOf({ checklist, coverage: { totals } }: Review): string {
  const applicable = checklist.filter(({ status }) => status !== "notApplicable");
  const passed = applicable.filter(({ status }) => status === "pass").length;
  const { implemented, missing, mismatched, extra } = totals;
  const designed = implemented + missing + mismatched;
  return `Checklist ${passed} of ${applicable.length}, design coverage ${implemented} of ${designed}, ${extra} beyond the design.`;
}

const words = { pass: "✓ pass", fail: "✗ fail", review: "? to be judged", notApplicable: "– not applicable" } as const;

function checklistSection({ checklist }: Review, evidence: Evidence, whole?: Review): string {
  const inAll = (item: ChecklistItem) => whole?.checklist.find(({ id }) => id === item.id)?.findings.length ?? 0;
  const items = checklist.map((item) => {
    const before = inAll(item) > item.findings.length ? ` (${inAll(item)} in the whole project)` : "";
    return itemSection(item, evidence, { isOpen: item.status === "fail" || item.status === "review", before });
  });
  return `<section aria-labelledby="checklist">\n<h2 id="checklist">Quality checklist</h2>\n${items.join("\n")}\n</section>`;
}

interface ItemLook {
  readonly isOpen: boolean;
  /** How much more the whole project has, for people. */
  readonly before: string;
}

function itemSection(item: ChecklistItem, evidence: Evidence, { isOpen, before }: ItemLook): string {
  const { id, title, status, findings, suppressed = [] } = item;
  const { decides, unseen } = checklistSummaries[id];
  const amount = findings.length === 0 ? "" : ` · ${counted(findings.length, "finding")}`;
  const entries = [
    ...findings.map((finding) => findingEntry(finding, evidence)),
    ...suppressed.map((finding) => findingEntry(finding, evidence, `Ignored: ${finding.reason}`)),
  ];
  const head = `<summary><h3>${escapeMarkup(title)}</h3> <span class="state ${status}">${words[status]}</span>${amount}${before}</summary>`;
  const about = `<p>${escapeMarkup(decides)} It cannot see: ${escapeMarkup(unseen)}</p>`;
  return `<details${isOpen ? " open" : ""}>${head}${about}${entries.length === 0 ? "" : `<ul>${entries.join("")}</ul>`}</details>`;
}

function findingEntry(finding: Finding, evidence: Evidence, note = ""): string {
  const code = (evidence.get(placeKey(finding)) ?? "").trim();
  const excerpt = code === "" ? "" : `<pre><code>${escapeMarkup(code)}</code></pre>`;
  const remark = note === "" ? "" : ` <em>${escapeMarkup(note)}</em>`;
  const judged = finding.needsJudgement ? `<span class="review">${words.review}</span>: ` : "";
  return `<li><code>${escapeMarkup(placeKey(finding))}</code> ${judged}${escapeMarkup(finding.message)}${remark}${excerpt}</li>`;
}

/** What is wrong first; what is implemented folded away. */
function coverageSection(coverage: Coverage): string {
  const { elements, unlinkedRules = [] } = coverage;
  const open = elements.filter(({ status }) => status !== "implemented");
  const done = elements.filter(({ status }) => status === "implemented");
  const folded = `<details><summary><h3>${done.length} implemented</h3></summary>${table("Implemented", done)}</details>`;
  const drifted = elements.filter(({ drift }) => drift);
  const tables = [
    kindsTable(coverage),
    ...(drifted.length === 0 ? [] : [driftTable(drifted)]),
    ...(open.length === 0 ? [] : [table("Missing, different, or beyond the design", open)]),
    ...(unlinkedRules.length === 0 ? [] : [ruleTable(unlinkedRules)]),
    ...(done.length === 0 ? [] : [folded]),
  ];
  return `<section aria-labelledby="coverage">\n<h2 id="coverage">Coverage of the design</h2>\n${tables.join("\n")}\n</section>`;
}

function ruleTable(rules: readonly UnlinkedRule[]): string {
  const rows = rules.map(({ name, text, design }) => {
    const cells = [`<code>${escapeMarkup(placeKey(design))}</code>`, escapeMarkup(text)];
    return `<tr>${rowHead("rule", name)}${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  return htmlTable("Not linked to a function", ["element", "design", "sentence"], rows);
}

function driftTable(elements: readonly CoverageElement[]): string {
  const rows = elements.map(({ kind, name, design, code, drift }) => {
    const place = design ?? code;
    const cells = [place ? `<code>${escapeMarkup(placeKey(place))}</code>` : "", escapeMarkup(drift?.difference ?? "")];
    return `<tr>${rowHead(kind, name)}${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  return htmlTable("Changed in the design since it was implemented", ["element", "place", "change"], rows);
}

const columns = ["element", "state", "design", "code", "difference"];

function table(caption: string, elements: readonly CoverageElement[]): string {
  return htmlTable(caption, columns, elements.map(row));
}

function rowHead(kind: CoverageElement["kind"], name: string): string {
  return `<th scope="row">${escapeMarkup(`${kindNames[kind][0]} ${name}`)}</th>`;
}

function row({ kind, name, status, design, code, difference = "" }: CoverageElement): string {
  const place = (span: CoverageElement["code"]) => (span ? `<code>${escapeMarkup(placeKey(span))}</code>` : "");
  const state = `<span class="state ${status}">${escapeMarkup(statusWords[status])}</span>`;
  const cells = [state, place(design), place(code), escapeMarkup(difference)].map((cell) => `<td>${cell}</td>`);
  return `<tr>${rowHead(kind, name)}${cells.join("")}</tr>`;
}

/** What the baseline knows of the whole project. */
function knownBefore({ checklist, coverage }: Review): Review {
  const items = checklist.flatMap(({ suppressed, ...item }) => {
    const findings = item.findings.filter(({ isKnown }) => isKnown);
    return findings.length === 0 ? [] : [{ ...item, findings }];
  });
  return { checklist: items, coverage: { ...coverage, elements: coverage.elements.filter(({ isKnown }) => isKnown) } };
}

function knownSection({ checklist, coverage: { elements } }: Review, evidence: Evidence): string {
  const items = checklist.map((item) => itemSection(item, evidence, { isOpen: false, before: "" }));
  const gaps = elements.length === 0 ? "" : table("Gaps of before", elements);
  if (items.length === 0 && gaps === "") return "";
  return `<section aria-labelledby="known">\n<h2 id="known">Known before</h2>\n${items.join("\n")}\n${gaps}\n</section>`;
}
