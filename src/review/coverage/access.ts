import type { ApiDesign, Endpoint } from "../../spec/model.ts";
import type { Access } from "../facts/access.ts";

/**
 * Who may call, where both sides say it. Roles and scopes are compared in designs that name some, since others leave
 * them to their prose; which of several schemes is used is not.
 */
export function accessDifferences(api: ApiDesign, { security }: Endpoint, { caller, grants }: Access): string[] {
  if (security === undefined || caller === "unclear") return [];
  if (security.length === 0) return caller === "required" ? ["Needs a caller, the design has it public"] : [];
  const schemes = [...new Set(security.map(({ scheme }) => scheme))].join(" or ");
  if (caller === "open") return [`Anybody may call it, the design says ${schemes}`];
  const wanted = grantsOf(security);
  const namesSome = api.endpoints.some((endpoint) => endpoint.security?.some(({ scopes }) => scopes.length > 0));
  if (!namesSome || wanted === undefined || grants === undefined || sameNames(wanted, grants)) return [];
  return [`Asks for ${namesOr(grants)}, the design says ${namesOr(wanted)}`];
}

/** Undefined where one alternative names roles and another none. */
function grantsOf(security: NonNullable<Endpoint["security"]>): readonly string[] | undefined {
  const all = [...new Set(security.flatMap(({ scopes }) => scopes))];
  return all.length > 0 && security.some(({ scopes }) => scopes.length === 0) ? undefined : all;
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  const plain = (names: readonly string[]) => [...new Set(names.map(plainName))].sort().join();
  return plain(left) === plain(right);
}

/** `ROLE_ADMIN` and `admin` are one. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^role[_:]/, "")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

function namesOr(names: readonly string[]): string {
  return names.length === 0 ? "no role or scope" : [...names].sort().join(", ");
}
