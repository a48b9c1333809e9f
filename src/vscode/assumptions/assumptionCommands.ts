import * as vscode from "vscode";
import type { DecisionRequest } from "../../session/decide.ts";
import type { Runtime } from "../../session/runtime.ts";
import type { DesignAssumption } from "../../spec/join/assumptions.ts";
import { decisionsPath } from "../../spec/join/decisionsFile.ts";
import { UserFacingError } from "../../support/errors.ts";
import type { AssumptionNode } from "./assumptionsTree.ts";
import type { DesignAssumptions } from "./designAssumptions.ts";

type Handler = (...args: readonly unknown[]) => Promise<void>;

export type AssumptionCommandId =
  | "backendImplementer.confirmAssumption"
  | "backendImplementer.correctAssumption"
  | "backendImplementer.reopenAssumption"
  | "backendImplementer.openDecisions";

export interface AssumptionParts {
  readonly store: DesignAssumptions;
  readonly folder: vscode.Uri | undefined;
  readonly loadRuntime: () => Promise<Runtime>;
}

/** Each is handed a node of the tree or the id of an assumption; a kind stands for what is open in it. */
export function createAssumptionHandlers(parts: AssumptionParts): Readonly<Record<AssumptionCommandId, Handler>> {
  const { store } = parts;
  return {
    "backendImplementer.confirmAssumption": (given) => confirm(selected(given, store), parts),
    "backendImplementer.correctAssumption": (given, value) => correct(selected(given, store), value, parts),
    "backendImplementer.reopenAssumption": (given) => reopen(selected(given, store), parts),
    "backendImplementer.openDecisions": () => open(parts),
  };
}

function selected(given: unknown, store: DesignAssumptions): readonly DesignAssumption[] {
  if (typeof given === "string") return store.all().filter(({ id }) => id === given);
  const node = isNode(given) ? given : undefined;
  if (node?.type === "assumption") return [node.assumption];
  return node?.type === "kind" ? node.assumptions.filter(({ state }) => state === "open") : [];
}

function isNode(given: unknown): given is AssumptionNode {
  return typeof given === "object" && given !== null && "type" in given;
}

async function confirm(assumptions: readonly DesignAssumption[], parts: AssumptionParts): Promise<void> {
  if (assumptions.length === 0) throw nothingSelected();
  await write(
    assumptions.map(({ id }) => ({ id })),
    parts,
  );
}

async function correct(
  [assumption]: readonly DesignAssumption[],
  given: unknown,
  parts: AssumptionParts,
): Promise<void> {
  if (!assumption) throw nothingSelected();
  const corrected = typeof given === "string" ? given : await ask(assumption, parts.store);
  if (corrected === undefined || corrected.trim() === "" || corrected === assumption.value) return;
  await write([{ id: assumption.id, corrected }], parts);
}

async function write(requests: readonly DecisionRequest[], { store, loadRuntime }: AssumptionParts): Promise<void> {
  const { decide } = await loadRuntime();
  await store.write(decide(await store.decisionsText(), store.all(), requests));
}

async function reopen(
  [assumption]: readonly DesignAssumption[],
  { store, loadRuntime }: AssumptionParts,
): Promise<void> {
  const text = await store.decisionsText();
  if (!assumption || text === undefined) throw nothingSelected();
  const { undecide } = await loadRuntime();
  await store.write(undecide(text, assumption));
}

/** A choice where the answers are known, else the value to be edited. */
function ask({ kind, text, value }: DesignAssumption, store: DesignAssumptions): Thenable<string | undefined> {
  const options = { title: vscode.l10n.t("Correct the Assumption"), placeHolder: text, ignoreFocusOut: true };
  switch (kind) {
    case "owner":
      return vscode.window.showQuickPick(["caller", "request"], options);
    case "relation":
      return vscode.window.showQuickPick([value, "none"], options);
    case "name":
    case "resource":
      return vscode.window.showQuickPick([...store.names(), "none"], options);
    default:
      return vscode.window.showInputBox({ ...options, prompt: text, value });
  }
}

async function open({ folder, store }: AssumptionParts): Promise<void> {
  if (!folder || (await store.decisionsText()) === undefined) {
    const message = vscode.l10n.t(
      "Nothing is decided yet, so there is no {0}. Confirm or correct an assumption first.",
      decisionsPath,
    );
    throw new UserFacingError("NO_DECISIONS", message);
  }
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, decisionsPath));
}

function nothingSelected(): UserFacingError {
  const message = vscode.l10n.t(
    'No assumption is selected. Run "Backend Implementer: Plan Without Changing Anything" and choose one in the view "Design Assumptions".',
  );
  return new UserFacingError("NO_ASSUMPTION", message);
}
