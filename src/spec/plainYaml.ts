import { type Document, isNode, isScalar, parseDocument, visit } from "yaml";

/** The value of a YAML text as plain data; undefined when the text is not valid. */
export function parsePlainYaml(text: string): unknown {
  const document = parseDocument(text, { logLevel: "silent", prettyErrors: false });
  removeComplexKeys(document);
  return document.errors.length > 0 ? undefined : document.toJS();
}

/**
 * Removes maps and lists that are keys and returns where the first one stood. Such a key is turned into
 * text once for each level of its nesting, so that a few dozen `{` take for ever.
 */
export function removeComplexKeys(document: Document): number | undefined {
  const removed: number[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key)) return undefined;
      removed.push(isNode(key) ? (key.range?.[0] ?? 0) : 0);
      return visit.REMOVE;
    },
  });
  return removed[0];
}
