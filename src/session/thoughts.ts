/** Joins the pieces in which a model's thinking comes to sentences, so that each is one line of progress. */
export interface Thoughts {
  /** What has become whole by this piece. */
  push(delta: string): readonly string[];
  /** What is left when the model goes on to something else. */
  flush(): readonly string[];
}

/** A sentence that is longer is told in parts: nobody waits for its end. */
const longest = 240;

export function createThoughts(): Thoughts {
  let pending = "";
  return {
    push: (delta) => {
      const pieces = (pending + delta).split(/(?<=[.!?:])\s+|\n+/);
      pending = pieces.pop() ?? "";
      if (pending.length > longest) {
        pieces.push(pending);
        pending = "";
      }
      return pieces.map((piece) => piece.trim()).filter((piece) => piece !== "");
    },
    flush: () => {
      const rest = pending.trim();
      pending = "";
      return rest === "" ? [] : [rest];
    },
  };
}
