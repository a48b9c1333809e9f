/** Names of one design are far fewer, and shorter; what comes from hostile text must not pile up. */
const mostNames = 10_000;
const longestName = 200;

/** A pure function of a name that remembers its answers, for those asked about the same few names all the time. */
export function memoized<Value>(compute: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    const answer = known.get(name);
    if (answer !== undefined || name.length > longestName) return answer ?? compute(name);
    const computed = compute(name);
    if (known.size >= mostNames) known.clear();
    known.set(name, computed);
    return computed;
  };
}
