/** The only name that differs in at most two letters, or in number, spelling or separators; undefined otherwise. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const others = [...new Set(names)].filter((other) => other !== name);
  const same = others.filter((other) => plain(other) === plain(name));
  if (same.length > 0) return same.length === 1 ? same[0] : undefined;
  const limit = name.length < 5 ? 1 : 2;
  const near = others.filter((other) => distance(other, name, limit) <= limit);
  return near.length === 1 ? near[0] : undefined;
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replace(/ies$/, "y")
    .replace(/s$/, "");
}

/** Edit distance; anything over the limit is only told to be over it. */
function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost));
    }
    previous = row;
  }
  return previous[right.length] ?? limit + 1;
}
