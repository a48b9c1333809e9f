import * as vscode from "vscode";
import type { Disposable } from "../../support/events.ts";
import { registerAssumptionActions } from "./assumptionActions.ts";
import { createAssumptionHandlers } from "./assumptionCommands.ts";
import { registerAssumptionsTree } from "./assumptionsTree.ts";
import { createDesignAssumptions, type DesignAssumptions, type DesignAssumptionsParts } from "./designAssumptions.ts";

export interface AssumptionsUi extends Disposable {
  readonly store: DesignAssumptions;
  readonly handlers: ReturnType<typeof createAssumptionHandlers>;
}

/** Builds everything with which assumptions are looked at and decided. */
export function registerAssumptions(
  parts: DesignAssumptionsParts & Pick<Parameters<typeof createAssumptionHandlers>[0], "loadRuntime">,
): AssumptionsUi {
  const { folder, loadRuntime } = parts;
  const store = createDesignAssumptions(parts);
  const surfaces = vscode.Disposable.from(
    store,
    registerAssumptionsTree(store),
    registerAssumptionActions(store, folder),
  );
  return {
    store,
    handlers: createAssumptionHandlers({ store, folder, loadRuntime }),
    dispose: () => surfaces.dispose(),
  };
}
