import type { Endpoint } from "../spec/model.ts";
import { singular, snakeCase } from "../support/words.ts";
import type { AggregatePlan } from "./plan.ts";
import { tableKey } from "./schemaText.ts";

/**
 * Whether the words in front of the first resource only group paths, so that `/store/orders` are the orders.
 *
 * They mean more where they are a parameter, a view of its own (`/reports/orders`), whose rows are meant
 * (`/my/orders`, `/seller/offers` where an offer has a seller), who may call (`/admin/orders`, unless the contract names
 * the roles), or where the same path stands without them.
 */
export function onlyGroups(
  endpoint: Endpoint,
  endpoints: readonly Endpoint[],
  aggregates: readonly AggregatePlan[],
): boolean {
  const { resource } = endpoint;
  if (!resource) return false;
  const target = aggregates.find(({ table }) => tableKey(table) === resource.steps[0].table);
  const isPlain = resource.prefix.every((word) => isPlainWord(word, endpoint) && !(target && narrows(word, target)));
  return isPlain && !endpoints.some((other) => isWithoutPrefix(other, endpoint));
}

/** Views, processes and callers; what is behind them is not the plain rows. */
const meaningful = new Set(
  (
    "dashboard report reporting analytic stat statistic metric insight ranking search query explore discover feed " +
    "export import sync backup webhook hook callback cron job worker queue event stream notification trigger " +
    "approval review moderation archive trash deleted bulk batch preview draft usecase view proxy integration " +
    "my mine own me current self shared favorite favourite recent verify validate compare download upload"
  ).split(" "),
);

const privileged = /^(?:admin|administration|backoffice|staff|manage|management|superadmin|root|system|operator)$/;

function isPlainWord(segment: string, { security }: Endpoint): boolean {
  if (segment.startsWith("{")) return false;
  const word = singular(snakeCase(segment));
  if (privileged.test(word)) return (security ?? []).some(({ scopes }) => scopes.length > 0);
  return !meaningful.has(word) && !meaningful.has(word.split("_")[0] ?? "");
}

/** `seller` of an offer that has a `seller_id`, `pending` where that is a state. */
function narrows(segment: string, { fields }: AggregatePlan): boolean {
  const word = singular(snakeCase(segment));
  return fields.some(
    ({ column, enum: closed }) =>
      [word, `${word}_id`, `is_${word}`].includes(column.name) ||
      closed?.members.some(({ value }) => singular(snakeCase(value)) === word),
  );
}

function isWithoutPrefix({ method, resource }: Endpoint, endpoint: Endpoint): boolean {
  const wanted = endpoint.resource;
  return (
    method === endpoint.method &&
    resource?.prefix.length === 0 &&
    shape(resource.steps, resource.rest) === shape(wanted?.steps ?? [], wanted?.rest ?? [])
  );
}

function shape(steps: NonNullable<Endpoint["resource"]>["steps"] | readonly [], rest: readonly string[]): string {
  const walked = steps.flatMap(({ table, entity, parameter, own }) => [table ?? entity ?? "", parameter ? "{}" : own]);
  return [...walked, ...rest.map((segment) => segment.replace(/\{.*\}/, "{}"))].join("/");
}
