import type { Random } from "../../support/seededRandom.ts";
import type { AlteredDesign, Expectation, Truth } from "./alteredDesign.ts";

/** A table of error codes; some with another status, some made up, some left out. */
export function alterErrors({ errors }: Truth, random: Random): AlteredDesign {
  if (errors.length === 0) return { documents: [], expectations: [] };
  const lines = ["# Errors", "", "| Code | Status | Meaning |", "|---|---|---|"];
  const expectations: Expectation[] = [];
  const add = (code: string, status: number, expectation: Pick<Expectation, "status" | "why" | "shows">): void => {
    lines.push(`| \`${code}\` | ${status} | It went wrong |`);
    expectations.push({ kind: "errorCode", at: `errors.md:${lines.length}`, ...expectation });
  };
  for (const { code, status, beyond } of errors) {
    const change = beyond ? 0 : random(8);
    const real = status ?? 400;
    if (change === 0)
      expectations.push({
        kind: "errorCode",
        at: `errorCode:${code}`,
        status: "extra",
        why: "left out",
        shows: [code],
      });
    else if (change === 1 && status !== null)
      add(code, real === 409 ? 410 : 409, { status: "mismatched", why: "another status", shows: [] });
    else add(code, real, { status: "implemented", why: "as it is", shows: [] });
    if (change === 2) add(`${code}_MADE_UP`, real, { status: "missing", why: "made up", shows: [] });
  }
  return { documents: [{ path: "errors.md", text: `${lines.join("\n")}\n` }], expectations };
}
