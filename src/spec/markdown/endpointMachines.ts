import { pascalCase, singular } from "../../support/words.ts";
import type { StateMachine } from "../stateMachine.ts";
import type { EndpointDraft } from "./endpointDraft.ts";
import { arrowLine, type Transition } from "./stateMachines.ts";

interface Action {
  readonly draft: EndpointDraft;
  /** `tickets` of `POST /tickets/{ticketId}/start`. */
  readonly collection: string;
  readonly moves: readonly Transition[];
}

/** Verbs that lead to no state. */
const setting =
  /^(?:move|assign|unassign|reassign|rename|reorder|set|change|update|edit|add|remove|upload|copy)(?:[-_]|$)/i;

/**
 * The state machines that endpoints describe, `POST /tickets/{ticketId}/start`: `open → in_progress`, each move with the endpoint
 * that makes it. None of a collection that has an action which says nothing of its move, because it would be refused for ever.
 */
export function endpointMachines(drafts: readonly EndpointDraft[]): readonly StateMachine[] {
  const actions = new Map<string, Action[]>();
  for (const draft of drafts) {
    const action = actionOf(draft);
    if (action) actions.set(action.collection, [...(actions.get(action.collection) ?? []), action]);
  }
  return [...actions].flatMap(([collection, own]) => machineOf(collection, own) ?? []);
}

function actionOf(draft: EndpointDraft): Action | undefined {
  const [, collection, verb = ""] = /\/([\w-]+)\/\{[^{}]+\}\/([\w-]+)$/.exec(draft.path) ?? [];
  if (collection === undefined || draft.method === "GET" || draft.method === "DELETE") return undefined;
  const moves = [draft.summary, draft.description].flatMap((text) => arrowLine(text ?? "", draft.source.line));
  const isMove = moves.length > 0 || (singular(verb) === verb && !setting.test(verb) && draft.request === undefined);
  return isMove ? { draft, collection, moves } : undefined;
}

function machineOf(collection: string, actions: readonly Action[]): StateMachine | undefined {
  const [first] = actions;
  if (!first || actions.some(({ moves }) => moves.length === 0)) return undefined;
  const transitions = actions.flatMap(({ draft, moves }) =>
    moves.map(({ from, to }) => ({ from, to, trigger: `${draft.method} ${draft.path}`, source: draft.source })),
  );
  return {
    entity: pascalCase(singular(collection)),
    field: "status",
    states: [...new Set(transitions.flatMap(({ from, to }) => [from, to]))],
    transitions,
    source: first.draft.source,
  };
}
