import type { DesignElement, DesignSpec } from "../model.ts";
import type { Problem } from "../reading.ts";
import type { Decisions } from "./decisions.ts";

interface Linking {
  readonly decisions: Decisions;
  readonly problems: Problem[];
}

/** The design with its elements linked as a person decided; a link of what the design does not have is a problem. */
export function withLinkedElements(spec: DesignSpec, { decisions: { links }, problems }: Linking): DesignSpec {
  if (links.size === 0) return spec;
  const { api, database, domain } = spec;
  const ids = new Set([...api.endpoints, ...database.tables, ...domain.rules].map(({ id }) => id));
  for (const [id, { source }] of links) {
    if (ids.has(id)) continue;
    const [kind = "", name] = [id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1)];
    const what = kind === "rule" ? "business rule" : kind;
    const message = `The decisions file links the ${what} ${name}, which the design does not have. Take the line out, or correct the name.`;
    problems.push({ path: source.path, line: source.line, severity: "warning", code: "SPEC-DECISIONS", message });
  }
  const linked = <Element extends DesignElement>(elements: readonly Element[]): readonly Element[] =>
    elements.map((element) => {
      const target = links.get(element.id)?.corrected;
      return target === undefined ? element : { ...element, linkedTo: target };
    });
  return {
    ...spec,
    api: { ...api, endpoints: linked(api.endpoints) },
    database: { ...database, tables: linked(database.tables) },
    domain: { ...domain, rules: linked(domain.rules) },
  };
}
