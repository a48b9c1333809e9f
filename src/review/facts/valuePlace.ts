/**
 * Whether SQL takes a value between the two pieces of its text, and not a name or a part of the statement: behind a
 * comparison, within quotes, in the list of `IN` and `VALUES`.
 */
export function isPlaceOfValue(before: string, after: string): boolean {
  if (isWithinQuotes(before)) return true;
  // `ON loans.book = {alias}.id` puts in a name.
  if (/^\./.test(after)) return false;
  return expectsValue.test(before) || isInListOfValues(before);
}

const expectsValue = /([<>=~]|\b(LIKE|ILIKE|IN|BETWEEN|LIMIT|OFFSET|VALUES|INTERVAL))\s*$/i;

/** A quote within quotes is written twice, which leaves the count even. */
function isWithinQuotes(text: string): boolean {
  return (text.match(/'/g) ?? []).length % 2 === 1;
}

function isInListOfValues(text: string): boolean {
  const open: number[] = [];
  for (const { 0: bracket, index } of text.matchAll(/[()]/g)) {
    if (bracket === "(") open.push(index);
    else open.pop();
  }
  const last = open.at(-1);
  return last !== undefined && /\b(IN|ANY|VALUES|VALUES\s*\([^()]*\)\s*,)\s*$/i.test(text.slice(0, last));
}
