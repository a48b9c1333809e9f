export interface RecentValuesOptions<Value> {
  /** In the unit of `sizeOf`; what was not asked for the longest goes first. */
  readonly largest: number;
  readonly sizeOf: (value: Value) => number;
}

/** Remembers values by key as long as there is room. One that is larger than all the room is not kept at all. */
export class RecentValues<Value> {
  readonly #values = new Map<string, Value>();
  readonly #options: RecentValuesOptions<Value>;
  #size = 0;

  constructor(options: RecentValuesOptions<Value>) {
    this.#options = options;
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#forget(key);
    this.#values.set(key, value);
    this.#size += this.#options.sizeOf(value);
    for (const oldest of this.#values.keys()) {
      if (this.#size <= this.#options.largest) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    this.#size -= this.#options.sizeOf(value);
  }
}
