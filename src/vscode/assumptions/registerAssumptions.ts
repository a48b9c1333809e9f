import * as vscode from "vscode";
import type { Disposable } from "../../support/events.ts";
import { registerAssumptionActions } from "./assumptionActions.ts";
import { registerAssumptionsTree } from "./assumptionsTree.ts";
import { createDesignAssumptions, type DesignAssumptions, type DesignAssumptionsParts } from "./designAssumptions.ts";

export interface AssumptionsUi extends Disposable {
  readonly store: DesignAssumptions;
}

/** Builds everything with which assumptions are looked at and decided. */
export function registerAssumptions(parts: DesignAssumptionsParts): AssumptionsUi {
  const store = createDesignAssumptions(parts);
  const surfaces = vscode.Disposable.from(
    store,
    registerAssumptionsTree(store),
    registerAssumptionActions(store, parts.folder),
  );
  return { store, dispose: () => surfaces.dispose() };
}
