/** Names that PostgreSQL has given out in a schema; constraints and relations share the space here. */
export interface NameRegistry {
  readonly taken: Set<string>;
}

export function createNameRegistry(): NameRegistry {
  return { taken: new Set() };
}

const nameLimit = 63;

/**
 * The name PostgreSQL gives to a constraint or index that the design leaves unnamed
 * (`ChooseConstraintName` and `makeObjectName` in its sources): parts are cut to 63 bytes, the
 * longer one first, and a name that is taken gets a number.
 */
export function chooseName(
  registry: NameRegistry,
  parts: readonly [string, string | undefined],
  label: string,
): string {
  for (let pass = 0; ; pass++) {
    const name = objectName(parts[0], parts[1], pass === 0 ? label : `${label}${pass}`);
    if (!registry.taken.has(name)) {
      registry.taken.add(name);
      return name;
    }
  }
}

/** Key of the sequence that PostgreSQL makes with a serial column. */
export function sequenceOf({ table, name, sequence }: SerialColumn): string {
  if (sequence !== undefined) return sequence;
  const dot = table.lastIndexOf(".") + 1;
  return `${table.slice(0, dot)}${objectName(table.slice(dot), name, "seq")}`;
}

interface SerialColumn {
  readonly table: string;
  readonly name: string;
  readonly sequence?: string;
}

/** `orders_id_seq`: PostgreSQL's `makeObjectName`. */
function objectName(first: string, second: string | undefined, label: string): string {
  const overhead = 1 + byteLength(label) + (second === undefined ? 0 : 1);
  let firstBytes = byteLength(first);
  let secondBytes = second === undefined ? 0 : byteLength(second);
  while (firstBytes + secondBytes > nameLimit - overhead) {
    if (firstBytes > secondBytes) firstBytes--;
    else secondBytes--;
  }
  const kept = [clip(first, firstBytes), ...(second === undefined ? [] : [clip(second, secondBytes)]), label];
  return kept.join("_");
}

function clip(text: string, bytes: number): string {
  let size = 0;
  let kept = "";
  for (const character of text) {
    size += byteLength(character);
    if (size > bytes) break;
    kept += character;
  }
  return kept;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
