/**
 * What the agent does not do, and who does. One table serves both gates: the request as it comes
 * in, and the paths that the tools refuse.
 */
interface Area {
  readonly topic: string;
  readonly destination: string;
  readonly requests: readonly RegExp[];
  readonly paths?: RegExp;
}

/**
 * Says who does what the user clearly asks for, when it is not this agent's work; undefined when it
 * is, or when the request is not clear. Only the beginning counts, because design documents may be
 * pasted below it.
 */
export function outOfScope(prompt: string): string | undefined {
  const request = prompt.replace(/```[\s\S]*?(```|$)/g, " ").slice(0, 400);
  const area = areas.find(({ requests }) => requests.some((pattern) => pattern.test(request)));
  return area && refusal(area);
}

/** The same words for a path that belongs to somebody else's work. */
export function refusedPath(path: string): string | undefined {
  const area = areas.find(({ paths }) => paths?.test(path));
  return area && `${path} is not proposed. ${refusal(area)}`;
}

function refusal({ topic, destination }: Area): string {
  return `${topic} is outside what the backend-implementer does; it belongs to ${destination}. Nothing was proposed.`;
}

const make = "build|create|write|implement|make|add|design|generate|style|code|develop|draft|produce";
const examine = "do|run|perform|conduct|make|carry out|start|give me|need|want";

const areas: readonly Area[] = [
  {
    topic: "Writing tests",
    destination: "**Phase 4**",
    requests: [
      asks(
        make,
        "(?:pytest|(?:unit|integration|e2e|end-to-end|regression|load|api)?\\s*tests?(?: (?:suite|cases?|files?))?)",
      ),
      /^\W*(?:unit[- ]|integration[- ])?test (?:the|this|my|our|all)\b/i,
    ],
    paths: /(^|\/)(tests?|__tests__)\/|(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/i,
  },
  {
    topic: "Security auditing",
    destination: "the **security-reviewer** agent",
    requests: [
      asks(examine, "(?:(?:security|vulnerability|penetration)\\s+(?:audit|review|scan|assessment|test)|pen-?test)"),
      /^\W*(?:please\s+|can you\s+)?(?:security[- ])?audit\b/i,
      asks("review|check|assess|analy[sz]e", "(?:security|vulnerabilit(?:y|ies))"),
    ],
  },
  {
    topic: "Database review",
    destination: "the **database-reviewer** agent",
    requests: [
      asks("review|critique|assess|audit", "(?:database|db|schema|tables?|index(?:es)?|migrations?|sql|quer(?:y|ies))"),
      asks(examine, "(?:database|schema|sql|query)\\s+review"),
    ],
  },
  {
    topic: "Code review",
    destination: "the **code-reviewer** agent",
    requests: [
      asks("review|critique", "(?:code|pull request|pr|diff|changes|commits?|implementation)"),
      asks(examine, "code\\s+review"),
    ],
  },
  {
    topic: "Architecture design",
    destination: "**Phase 2**",
    requests: [
      asks(
        "design|draft|propose|choose|define|create|write",
        "(?:(?:system |software |backend )?architecture|domain model|api contracts?|database design|database schema|error(?: handling)? design|microservices?)",
      ),
    ],
  },
  {
    topic: "Frontend and UI work",
    destination: "the **frontend-implementer** agent",
    requests: [
      asks(
        make,
        "(?:front-?end|ui|user interface|gui|react|vue|angular|svelte|css|stylesheets?|html|web ?pages?|landing page|login (?:page|form|screen)|tsx|jsx|tailwind)(?!-facing)",
      ),
    ],
    paths: /\.(tsx|jsx|vue|svelte|css|scss|sass|less|html?)$|(^|\/)(src\/(components|pages|views|styles)|frontend)\//i,
  },
];

/**
 * A verb and, a few words on, its object. No preposition may stand between them: "implement the
 * orders API for the frontend" asks for an API. Nor may the object only qualify a thing of the
 * backend: "create the tests table" asks for a table.
 */
function asks(verbs: string, object: string): RegExp {
  const filler =
    "(?!(?:for|by|to|of|in|with|from|behind|that|which|so|as|per|and|using|against|before|without)\\b)[\\w'’-]+";
  const ownThing = "(?:api|endpoint|route|router|table|column|migration|service|repository|entity|resource|contract)s?";
  return new RegExp(
    `\\b(?:${verbs})\\s+(?:${filler}\\s+){0,4}?${object}\\b(?!(?:[\\s-]+${filler})?[\\s-]+${ownThing}\\b)`,
    "i",
  );
}
