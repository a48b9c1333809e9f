import type { DesignElement, DesignSpec, Endpoint } from "../../spec/model.ts";
import { counted } from "../../support/words.ts";
import { place } from "../design.ts";
import { list } from "../markdown.ts";
import type { Question } from "./readQuestion.ts";
import { usersOf } from "./usersOf.ts";

/** Which endpoints ask for a role or, without one, for a caller who has signed in; undefined when no endpoint knows the role. */
export function accessAnswer(
  { role }: Extract<Question, { readonly about: "access" }>,
  { api }: DesignSpec,
): string | undefined {
  const asking = api.endpoints.filter((endpoint) =>
    role === undefined ? isSignedIn(endpoint) : scopesOf(endpoint).some((scope) => isCalled(scope, role)),
  );
  if (asking.length === 0 && role !== undefined) return undefined;
  const what = role === undefined ? "a caller who has signed in" : `\`${role}\``;
  if (asking.length === 0) return `No endpoint needs ${what}.`;
  return list(
    `### ${counted(asking.length, "endpoint")} of ${api.endpoints.length} ${asking.length === 1 ? "needs" : "need"} ${what}`,
    asking.map(
      (endpoint) => `\`${endpoint.name}\`${role === undefined ? scopesNote(endpoint) : ""}${place(endpoint.source)}`,
    ),
  );
}

/** What is said of a role that no endpoint names. */
export function noSuchRole(role: string, spec: DesignSpec): string {
  return `No endpoint of the design needs \`${role}\`.\n\n${rolesAnswer(spec)}`;
}

/** What the endpoints ask of their callers, counted. */
export function rolesAnswer({ api: { endpoints } }: DesignSpec): string {
  if (endpoints.length === 0) return "The design has no endpoints.";
  const scopes = [...new Set(endpoints.flatMap(scopesOf))].sort();
  const amounts = [
    ...scopes.map(
      (scope) => [`\`${scope}\``, endpoints.filter((each) => scopesOf(each).includes(scope)).length] as const,
    ),
    [
      "signed in, in any role",
      endpoints.filter((each) => isSignedIn(each) && scopesOf(each).length === 0).length,
    ] as const,
    ["public", endpoints.filter(({ security }) => security?.length === 0).length] as const,
    ["not said", endpoints.filter(({ security }) => security === undefined).length] as const,
  ];
  return list(
    "### What the endpoints ask of their callers",
    amounts.filter(([, amount]) => amount > 0).map(([who, amount]) => `${who}: ${counted(amount, "endpoint")}`),
  );
}

/** Whom endpoints let in: those that are meant, or those with the methods that do something to what is meant. */
export function callersAnswer(
  { methods, subject }: Extract<Question, { readonly about: "callers" }>,
  elements: readonly DesignElement[],
  spec: DesignSpec,
): string {
  const meant = new Set(elements.flatMap((element) => [element, ...usersOf(element, spec)]).map(({ id }) => id));
  const named = elements.filter(({ kind }) => kind === "endpoint");
  const endpoints = spec.api.endpoints.filter((endpoint) =>
    named.length > 0
      ? named.some(({ id }) => id === endpoint.id)
      : meant.has(endpoint.id) &&
        (methods === undefined || (methods.includes(endpoint.method) && isOf(endpoint, elements))),
  );
  if (endpoints.length === 0) {
    const [method] = methods ?? [];
    return `No endpoint of the design ${method === undefined ? "is" : `is a \`${methods?.join("` or `")}\``} of \`${subject}\`.`;
  }
  return endpoints
    .map((endpoint) => `- \`${endpoint.name}\`: ${callersOf(endpoint)}${place(endpoint.source)}`)
    .join("\n");
}

function callersOf(endpoint: Endpoint): string {
  const { security } = endpoint;
  if (security === undefined) return "the design does not say who may call it";
  if (security.length === 0) return "public";
  const ways = security.map(({ scheme, scopes }) =>
    scopes.length === 0 ? `whoever has signed in (${scheme})` : `${andList(scopes)} (${scheme})`,
  );
  return [...new Set(ways)].join(" or ");
}

function andList(scopes: readonly string[]): string {
  return scopes.map((scope) => `\`${scope}\``).join(" and ");
}

function scopesNote(endpoint: Endpoint): string {
  const scopes = scopesOf(endpoint);
  return scopes.length === 0 ? "" : ` — ${scopes.map((scope) => `\`${scope}\``).join(", ")}`;
}

function isSignedIn({ security }: Endpoint): boolean {
  return security !== undefined && security.length > 0;
}

function scopesOf({ security = [] }: Endpoint): readonly string[] {
  return [...new Set(security.flatMap(({ scopes }) => scopes))];
}

/** `admin` is the role `Admin`, the scope `orders:admin` and the plural `admins`. */
function isCalled(scope: string, role: string): boolean {
  const wanted = role.toLowerCase().replace(/[`'"]/g, "");
  const names = [scope.toLowerCase(), ...scope.toLowerCase().split(/[:./_-]/)];
  return names.includes(wanted) || names.includes(wanted.replace(/s$/, ""));
}

/** The endpoint does something to the element itself, not to what is nested in it. */
function isOf({ resource }: Endpoint, elements: readonly DesignElement[]): boolean {
  const last = resource?.steps.at(-1);
  return elements.some(({ kind, name }) => (kind === "table" ? last?.table === name : last?.entity === name));
}
