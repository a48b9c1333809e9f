import { keyOfTable } from "../merge/tableShapes.ts";
import type { DesignSpec, Endpoint } from "../model.ts";
import type { Problem } from "../reading.ts";
import type { AssumptionLedger, DesignAssumption } from "./assumptions.ts";
import { collectionsOf } from "./collections.ts";
import { withSettledTypes } from "./columnTypes.ts";
import type { TypingContext } from "./columnTyping.ts";
import { type Decisions, noDecisions } from "./decisions.ts";
import { wireNaming } from "./derivedModels.ts";
import { refusedRelations, withInferredRelations } from "./inferredRelations.ts";
import { joinEndpoint } from "./joinEndpoint.ts";
import { withKeyDefaults } from "./keyDefaults.ts";
import { createLedger, staleDecisions } from "./ledger.ts";
import { withLinkedElements } from "./linkedElements.ts";
import { withMachineOwners } from "./machineOwners.ts";
import { matchNames } from "./matchNames.ts";
import { withNewRowValues } from "./newRowValues.ts";
import { noteOwners, withCallerColumns } from "./ownership.ts";
import { canonicalName, nameOf, resourceNamed, resourcesOf } from "./resources.ts";
import { type ResourceWalk, type WalkContext, walkPath } from "./resourceWalk.ts";
import { createShownModels } from "./shownModels.ts";
import { typedModel } from "./shownResources.ts";

export interface Joining {
  readonly spec: DesignSpec;
  readonly assumptions: readonly DesignAssumption[];
  readonly problems: readonly Problem[];
}

/**
 * Puts the four parts of the design together: entity ↔ table ↔ path, and from that the requests and
 * answers that the documents leave open.
 *
 * What a document says is never changed. What is filled in is marked as inferred and stands among
 * the assumptions, unless the user's decisions confirm or correct it; then it is as good as declared.
 */
export function joinSpec(merged: DesignSpec, decisions: Decisions = noDecisions): Joining {
  const ledger = createLedger(decisions);
  const problems: Problem[] = [...decisions.problems];
  const settling = { ledger, decisions, problems };
  const linked = withMachineOwners(withLinkedElements(merged, settling));
  const named = withCallerColumns(matchNames(withSettledTypes(linked, settling), settling), decisions);
  const firstWalk = { ...walkContext(named, decisions), refused: new Set<string>() };
  const walks = named.api.endpoints.flatMap((endpoint) => walkPath(endpoint, firstWalk) ?? []);
  const related = withInferredRelations(named, walks, ledger);
  const keyed = withKeyDefaults(related, walkContext(related, decisions), ledger);
  const spec = withNewRowValues(keyed, walkContext(keyed, decisions), ledger);
  const context = { ...settling, wire: wireNaming(spec.api) };
  const shown = createShownModels(spec, context);
  const walking = walkContext(spec, decisions);
  const schemaNames = new Set(spec.api.schemas.map(({ name }) => name));
  const isSchema = (name: string): boolean => schemaNames.has(name);
  const naming: TypingContext["resourceNamed"] = (name) => resourceNamed(name, walking.resources);
  const endpoints = spec.api.endpoints.map((endpoint) => {
    const walk = walkPath(endpoint, walking);
    if (walk) {
      noteNames(walk, endpoint, ledger);
      noteOwners(spec, endpoint, { walk, ledger });
    }
    return joinEndpoint(endpoint, walk, {
      ...context,
      ...shown,
      isSchema,
      resourceNamed: naming,
      resources: walking.resources,
      paging: spec.api.paging,
    });
  });
  const schemas = spec.api.schemas.map((schema) => typedModel(schema, { ...shown, resourceNamed: naming }));
  return {
    spec: { ...spec, api: { ...spec.api, endpoints, schemas: [...schemas, ...shown.schemas()] } },
    assumptions: ledger.assumptions,
    problems: [...problems, ...staleDecisions(ledger, decisions)],
  };
}

function walkContext(spec: DesignSpec, decisions: Decisions): WalkContext {
  const resources = resourcesOf(spec);
  const schemas = new Map(spec.api.schemas.map(({ name, schema }) => [name, schema]));
  const aliases = [...decisions.byId].flatMap(([id, { corrected }]) =>
    id.startsWith("resource:") && corrected !== undefined
      ? [[canonicalName(id.slice("resource:".length)), resourceNamed(corrected, resources)] as const]
      : [],
  );
  const resolve: WalkContext["resolve"] = (schema) => schemas.get(schema.ref ?? "") ?? schema;
  return {
    spec,
    resources,
    collections: collectionsOf({ spec, resources, resolve }),
    aliases: new Map(aliases),
    refused: refusedRelations(decisions),
    resolve,
  };
}

/** Lists the names that only resemble what they are taken for, and those that the user has mapped. */
function noteNames({ guesses }: ResourceWalk, endpoint: Endpoint, ledger: AssumptionLedger): void {
  for (const guess of guesses) {
    if (guess.type !== "name") continue;
    const { segment, resource } = guess;
    const value = resource.table ? keyOfTable(resource.table) : nameOf(resource);
    ledger.assume({
      id: `resource:${segment}`,
      kind: "resource",
      element: endpoint.id,
      source: endpoint.source,
      value,
      text: `"${segment}" in paths stands for ${value}.`,
      ...(resource.table && { basis: resource.table.source }),
    });
  }
}
