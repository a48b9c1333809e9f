/** A whole number of at least 0 and below `below`. */
export type Random = (below: number) => number;

/** The same sequence in every run, so that a finding can be repeated from its seed alone. */
export function seededRandom(seed: number): Random {
  const fraction = seededFraction(seed);
  return (below) => Math.floor(fraction() * below);
}

/** The same sequence in every run; at least 0 and below 1. */
export function seededFraction(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
