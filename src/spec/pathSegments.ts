/**
 * The segments of a path. A custom verb behind a colon is one of its own: `/orders/{orderId}:cancel`
 * has `orders`, `{orderId}` and `cancel` (Google's AIP-136).
 */
export function pathSegments(path: string): readonly string[] {
  return path
    .split("/")
    .flatMap((segment) => segment.split(customVerb))
    .filter((segment) => segment !== "");
}

/** Neither the colon of `:orderId` nor the one of `{orderId:uuid}`. */
const customVerb = /(?<=[\w}]):(?=[A-Za-z][\w-]*$)/;
