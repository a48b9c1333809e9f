import type { Coverage, CoverageElement, CoverageStatus, Review } from "../../review/model.ts";
import { capitalize } from "../../support/words.ts";
import { unseenPart } from "../coverageWords.ts";
import { kindNames } from "../report.ts";
import { htmlTable } from "./htmlTable.ts";
import { escapeMarkup } from "./markup.ts";

/** The whole in five numbers, for those who read no further. */
export function overviewTiles({ checklist, coverage }: Review): string {
  const applicable = checklist.filter(({ status }) => status !== "notApplicable");
  const amount = (status: "pass" | "fail" | "review") => applicable.filter((item) => item.status === status).length;
  const { implemented, missing, mismatched, unseen = 0 } = coverage.totals;
  const designed = implemented + missing + mismatched;
  const unlinked = coverage.unlinkedRules?.length ?? 0;
  const drifted = coverage.elements.filter(({ drift }) => drift).length;
  const toJudge = amount("review");
  const tiles: readonly Tile[] = [
    { value: `${amount("pass")} of ${applicable.length}`, label: "checks pass", tone: toneOf(amount("fail"), toJudge) },
    {
      value: designed === 0 ? "–" : `${Math.floor((100 * implemented) / designed)} %`,
      label: "of the design implemented",
      tone: toneOf(missing + mismatched - unseen, unseen),
    },
    {
      value: String(missing + mismatched),
      label: `missing or different${unseenPart(coverage.elements)}`,
      tone: toneOf(missing + mismatched - unseen, unseen),
    },
    ...(toJudge > 0 ? [{ value: String(toJudge), label: "to be judged by you", tone: "review" } as const] : []),
    ...(drifted > 0 ? [{ value: String(drifted), label: "changed in the design since", tone: "review" } as const] : []),
    { value: String(unlinked), label: "rules without a function", tone: unlinked > 0 ? "review" : "none" },
  ];
  const entries = tiles.map(
    ({ value, label, tone }) => `<li class="${tone}"><strong>${value}</strong> <span>${label}</span></li>`,
  );
  return `<ul class="tiles">${entries.join("")}</ul>`;
}

interface Tile {
  readonly value: string;
  readonly label: string;
  readonly tone: "pass" | "fail" | "review" | "none";
}

function toneOf(wrong: number, open: number): Tile["tone"] {
  if (wrong > 0) return "fail";
  return open > 0 ? "review" : "pass";
}

/** How much of each kind is implemented, as numbers and as a bar. */
export function kindsTable({ elements }: Coverage): string {
  const kinds = [...new Set(elements.map(({ kind }) => kind))];
  if (kinds.length === 0) return "";
  const rows = kinds.map((kind) =>
    kindRow(
      kind,
      elements.filter((element) => element.kind === kind),
    ),
  );
  return htmlTable("By kind", ["kind", "implemented", "share", "not as designed"], rows);
}

function kindRow(kind: CoverageElement["kind"], elements: readonly CoverageElement[]): string {
  const amount = (status: CoverageStatus) => elements.filter((element) => element.status === status).length;
  const designed = elements.length - amount("extra");
  const share = designed === 0 ? 100 : Math.floor((100 * amount("implemented")) / designed);
  const rest = (["missing", "mismatched", "extra"] as const)
    .filter((status) => amount(status) > 0)
    .map(
      (status) =>
        `<span class="${status}">${amount(status)} ${restWords[status]}${status === "missing" ? unseenPart(elements) : ""}</span>`,
    );
  const name = kindNames[kind][1];
  const cells = [
    `<td class="amount">${amount("implemented")} of ${designed}</td>`,
    `<td class="share"><span class="track"><b${share < 100 ? ' class="part"' : ""} style="width:${share}%"></b></span></td>`,
    `<td>${rest.join(", ")}</td>`,
  ];
  return `<tr><th scope="row">${escapeMarkup(capitalize(name))}</th>${cells.join("")}</tr>`;
}

const restWords = { missing: "missing", mismatched: "different", extra: "beyond the design" } as const;
