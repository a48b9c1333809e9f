/** Where the code stands that a difference speaks of: `response has no id (app/schemas.py:12)`. */
const place = / \(([^()]+:\d+)\)/g;

/** The difference as it is wherever its code has moved to. */
export function withoutPlaces(difference: string): string {
  return difference.replace(place, "");
}

/** The difference with its code named as lying in `folder`, which has a slash at its end. */
export function withPlacesIn(folder: string, difference: string): string {
  return difference.replace(place, (_, named: string) => ` (${folder}${named})`);
}
