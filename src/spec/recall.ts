/**
 * What was made of the parts of a document, by their text, so that after an edit only the parts that changed are
 * read again. What is made of a part must follow from its text alone, and nobody may change it.
 */
export class Recall {
  readonly #made = new Map<string, Map<string, unknown>>();
  readonly #before: ReadonlyMap<string, ReadonlyMap<string, unknown>>;

  /** `before` is that of the document's last version; what is asked for again is taken over from it, the rest forgotten. */
  constructor(before?: Recall) {
    this.#before = before ? before.#made : new Map();
  }

  /** `kind` tells apart what different readers make of the same text. */
  of<Made>(kind: string, text: string, make: (text: string) => Made): Made {
    const known = this.#made.get(kind)?.get(text) ?? this.#before.get(kind)?.get(text);
    if (known !== undefined) {
      this.#keep(kind, text, known);
      return known as Made;
    }
    // A slice would keep the whole text of this version of the document for as long as the part stays as it is.
    const own: string = JSON.parse(JSON.stringify(text));
    const made = make(own);
    this.#keep(kind, own, made);
    return made;
  }

  #keep(kind: string, text: string, made: unknown): void {
    const parts = this.#made.get(kind) ?? new Map<string, unknown>();
    this.#made.set(kind, parts.set(text, made));
  }
}
