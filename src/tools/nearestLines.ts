/** Lines shown before and after the nearest ones. */
const around = 2;
const mostShown = 20;
const leastSimilar = 0.6;
/** Comparing takes the product of both lengths. */
const mostLines = 10_000;

/**
 * The lines of a text that are most like the wanted ones, numbered, with those around them; undefined
 * when none are like them at all. For a model that remembers a passage not quite as it is.
 */
export function nearestLines(lines: readonly string[], wanted: readonly string[]): string | undefined {
  if (lines.length > mostLines) return undefined;
  const keys = wanted.slice(0, mostShown).map(pairsOf);
  const known = lines.map(pairsOf);
  let best = { start: -1, score: leastSimilar * keys.length };
  for (let start = 0; start <= Math.max(0, known.length - keys.length); start++) {
    const score = keys.reduce((sum, key, at) => sum + similarity(key, known[start + at]), 0);
    if (score > best.score) best = { start, score };
  }
  if (best.start < 0) return undefined;
  const first = Math.max(0, best.start - around);
  const shown = lines.slice(first, best.start + Math.min(wanted.length, mostShown) + around);
  return shown.map((line, at) => `${first + at + 1}\t${line}`).join("\n");
}

type Pairs = ReadonlySet<string>;

/** Neighbouring characters of a line; what two lines share of them is how alike they are (Dice). */
function pairsOf(line: string): Pairs {
  const text = ` ${line.trim()} `;
  return new Set(Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)));
}

function similarity(one: Pairs, other: Pairs | undefined): number {
  if (!other) return 0;
  let shared = 0;
  for (const pair of one) if (other.has(pair)) shared++;
  return (2 * shared) / (one.size + other.size);
}
