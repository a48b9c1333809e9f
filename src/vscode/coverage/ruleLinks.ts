import * as vscode from "vscode";
import { createOverlay } from "../../changes/overlay.ts";
import type { CoverageElement, Review } from "../../review/model.ts";
import { UserFacingError } from "../../support/errors.ts";
import { documentPath } from "../designDocuments.ts";
import { type RunHost, requireFolder } from "../run.ts";

type Handler = (...args: readonly unknown[]) => unknown;

export type RuleCommandId = "backendImplementer.linkRule" | "backendImplementer.unlinkRule";

export type RuleHost = Pick<
  RunHost,
  "folder" | "store" | "changes" | "assumptions" | "repeatedReview" | "loadRuntime" | "openWorkspace"
>;

/** A business rule, or an endpoint or a table that cannot be seen. */
type Linkable = Pick<CoverageElement, "id" | "name" | "design" | "isLinked"> & {
  readonly kind: "rule" | "endpoint" | "table";
  /** What it is about, for people. */
  readonly text?: string | undefined;
};

/** Each is handed a node of the coverage tree or the id of an element; linking may be told the function, too. */
export function createRuleHandlers(host: RuleHost): Readonly<Record<RuleCommandId, Handler>> {
  return {
    "backendImplementer.linkRule": async (given, target) => {
      const rule = chosen(given, host) ?? (given === undefined ? await askLinkable(host) : undefined);
      if (given === undefined && !rule) return;
      await link(required(rule), target, host);
    },
    "backendImplementer.unlinkRule": (given) => write(required(chosen(given, host)), undefined, host),
  };
}

/** The light bulb at what can be linked of a design document. */
export function registerRuleActions({ store, folder }: Pick<RuleHost, "store" | "folder">): vscode.Disposable {
  if (!folder) return vscode.Disposable.from();
  const provideCodeActions = (document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] => {
    const path = documentPath(document.uri, folder);
    const isHere = ({ design }: Linkable): boolean =>
      design?.path === path && range.start.line + 1 <= design.endLine && design.line <= range.end.line + 1;
    return linkablesOf(store.review()).filter(isHere).flatMap(actionsFor);
  };
  const kinds = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  return vscode.languages.registerCodeActionsProvider({ scheme: folder.scheme }, { provideCodeActions }, kinds);
}

function actionsFor({ id, name, isLinked }: Linkable): vscode.CodeAction[] {
  const action = (title: string, command: RuleCommandId): vscode.CodeAction => {
    const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    made.command = { title, command, arguments: [id] };
    return made;
  };
  return [
    action(vscode.l10n.t("Link {0} to a function…", name), "backendImplementer.linkRule"),
    ...(isLinked ? [action(vscode.l10n.t("Unlink {0} from its function", name), "backendImplementer.unlinkRule")] : []),
  ];
}

function linkablesOf(review: Review | undefined): readonly Linkable[] {
  if (!review) return [];
  const { elements, unlinkedRules = [] } = review.coverage;
  return [...unlinkedRules.map((rule) => ({ ...rule, kind: "rule" }) as const), ...elements.flatMap(linkable)];
}

function linkable(element: CoverageElement): Linkable[] {
  const { id, kind, name, design, isLinked, difference: text } = element;
  if (kind !== "rule" && kind !== "endpoint" && kind !== "table") return [];
  const isAsked = kind === "rule" || isLinked || element.unseenAt;
  return isAsked ? [{ id, kind, name, text, ...(design && { design }), ...(isLinked && { isLinked }) }] : [];
}

function chosen(given: unknown, { store }: RuleHost): Linkable | undefined {
  const id = typeof given === "object" && given !== null ? idOf(given) : given;
  return linkablesOf(store.review()).find((rule) => rule.id === id);
}

function idOf(node: object): unknown {
  const inner: unknown = "rule" in node ? node.rule : "element" in node ? node.element : undefined;
  return typeof inner === "object" && inner !== null && "id" in inner ? inner.id : undefined;
}

function required(rule: Linkable | undefined): Linkable {
  if (rule) return rule;
  throw new UserFacingError(
    "NO_RULE",
    vscode.l10n.t(
      "Nothing is chosen that can be linked: a business rule, or an endpoint or a table that cannot be seen. Check against the design, and choose one in the view Design Coverage.",
    ),
  );
}

async function askLinkable({ store }: RuleHost): Promise<Linkable | undefined> {
  const rules = linkablesOf(store.review());
  if (rules.length === 0) return required(undefined);
  const items = rules.map((rule) => ({ label: rule.name, description: rule.text ?? "", rule }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Link to a Function"),
    matchOnDescription: true,
  });
  return picked?.rule;
}

async function link(rule: Linkable, given: unknown, host: RuleHost): Promise<void> {
  const folder = requireFolder(host);
  const { loadRuntime, openWorkspace, changes } = host;
  const overlay = createOverlay(openWorkspace(folder), changes);
  const functions = await (await loadRuntime()).projectFunctions(overlay);
  const target = typeof given === "string" ? given : await askFunction(rule, functions);
  if (target === undefined) return;
  if (!functions.includes(target)) {
    const message = vscode.l10n.t(
      "The code has no function {0}, so {1} cannot be linked to it. Write path/of/file.py::function or path/of/file.py::Class.method.",
      target,
      rule.name,
    );
    throw new UserFacingError("NO_FUNCTION", message);
  }
  await write(rule, target, host);
}

async function askFunction(rule: Linkable, functions: readonly string[]): Promise<string | undefined> {
  const items = functions.map((target) => {
    const [path = "", name = ""] = target.split("::");
    return { label: name, description: path, target };
  });
  const options = {
    title: vscode.l10n.t("Link {0} to a Function", rule.name),
    placeHolder: rule.text ?? "",
    matchOnDescription: true,
  };
  return (await vscode.window.showQuickPick(items, options))?.target;
}

/** Reading the design again takes the link over; the review follows. */
async function write(element: Linkable, target: string | undefined, host: RuleHost): Promise<void> {
  const { assumptions, loadRuntime, repeatedReview } = host;
  const { linkElement } = await loadRuntime();
  await assumptions.write(linkElement(await assumptions.decisionsText(), element, target));
  repeatedReview.repeat();
}
