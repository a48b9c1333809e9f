import * as vscode from "vscode";
import { createOverlay } from "../../changes/overlay.ts";
import type { CoverageElement, Review, UnlinkedRule } from "../../review/model.ts";
import { UserFacingError } from "../../support/errors.ts";
import { documentPath } from "../designDocuments.ts";
import { type RunHost, requireFolder } from "../run.ts";

type Handler = (...args: readonly unknown[]) => unknown;

export type RuleCommandId = "backendImplementer.linkRule" | "backendImplementer.unlinkRule";

export type RuleHost = Pick<
  RunHost,
  "folder" | "store" | "changes" | "assumptions" | "repeatedReview" | "loadRuntime" | "openWorkspace"
>;

type KnownRule = Pick<CoverageElement, "id" | "name" | "design" | "isLinked"> & Partial<Pick<UnlinkedRule, "text">>;

/** Each is handed a node of the coverage tree or the id of a rule; linking may be told the function, too. */
export function createRuleHandlers(host: RuleHost): Readonly<Record<RuleCommandId, Handler>> {
  return {
    "backendImplementer.linkRule": async (given, target) => {
      const rule = chosen(given, host) ?? (given === undefined ? await askRule(host) : undefined);
      if (given === undefined && !rule) return;
      await link(required(rule), target, host);
    },
    "backendImplementer.unlinkRule": (given) => write(required(chosen(given, host)), undefined, host),
  };
}

/** The light bulb at the rules of a design document. */
export function registerRuleActions({ store, folder }: Pick<RuleHost, "store" | "folder">): vscode.Disposable {
  if (!folder) return vscode.Disposable.from();
  const provideCodeActions = (document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] => {
    const path = documentPath(document.uri, folder);
    const isHere = ({ design }: KnownRule): boolean =>
      design?.path === path && range.start.line + 1 <= design.endLine && design.line <= range.end.line + 1;
    return rulesOf(store.review()).filter(isHere).flatMap(actionsFor);
  };
  const kinds = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  return vscode.languages.registerCodeActionsProvider({ scheme: folder.scheme }, { provideCodeActions }, kinds);
}

function actionsFor({ id, name, isLinked }: KnownRule): vscode.CodeAction[] {
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

function rulesOf(review: Review | undefined): readonly KnownRule[] {
  if (!review) return [];
  const { elements, unlinkedRules = [] } = review.coverage;
  return [...unlinkedRules, ...elements.filter(({ kind }) => kind === "rule")];
}

function chosen(given: unknown, { store }: RuleHost): KnownRule | undefined {
  const id = typeof given === "object" && given !== null ? idOf(given) : given;
  return rulesOf(store.review()).find((rule) => rule.id === id);
}

function idOf(node: object): unknown {
  const inner: unknown = "rule" in node ? node.rule : "element" in node ? node.element : undefined;
  return typeof inner === "object" && inner !== null && "id" in inner ? inner.id : undefined;
}

function required(rule: KnownRule | undefined): KnownRule {
  if (rule) return rule;
  throw new UserFacingError(
    "NO_RULE",
    vscode.l10n.t(
      "No business rule is chosen, or the design has none. Check against the design, and choose one in the view Design Coverage.",
    ),
  );
}

async function askRule({ store }: RuleHost): Promise<KnownRule | undefined> {
  const rules = rulesOf(store.review());
  if (rules.length === 0) return required(undefined);
  const items = rules.map((rule) => ({ label: rule.name, description: rule.text ?? "", rule }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Link a Business Rule"),
    matchOnDescription: true,
  });
  return picked?.rule;
}

async function link(rule: KnownRule, given: unknown, host: RuleHost): Promise<void> {
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

async function askFunction(rule: KnownRule, functions: readonly string[]): Promise<string | undefined> {
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
async function write({ name }: KnownRule, target: string | undefined, host: RuleHost): Promise<void> {
  const { assumptions, loadRuntime, repeatedReview } = host;
  const { linkRule } = await loadRuntime();
  await assumptions.write(linkRule(await assumptions.decisionsText(), name, target));
  repeatedReview.repeat();
}
