import * as vscode from "vscode";
import type { DesignToolName } from "../../session/designTools.ts";

/** Answers a call of one of our tools; part of what is loaded on first use. */
export type InvokeTool = (
  name: DesignToolName,
  input: unknown,
  token: vscode.CancellationToken,
) => Promise<vscode.LanguageModelToolResult>;

/** What the chat shows while a tool is under way. */
const messages: Readonly<Record<DesignToolName, string>> = {
  backend_spec: vscode.l10n.t("Reading the design of the backend"),
  backend_coverage: vscode.l10n.t("Comparing the code with the design"),
  backend_check: vscode.l10n.t("Computing the quality checklist"),
};

/**
 * `#backendSpec`, `#backendCoverage` and `#backendCheck` for the agents of others. They only look, with our own
 * parsers, so that nobody is asked and Restricted Mode allows them. Without tools (a fork) nothing is registered.
 */
export function registerTools(load: () => Promise<InvokeTool>): vscode.Disposable {
  if (vscode.lm?.registerTool === undefined) return new vscode.Disposable(() => undefined);
  const names = Object.keys(messages) as DesignToolName[];
  const registrations = names.map((name) =>
    vscode.lm.registerTool<unknown>(name, {
      prepareInvocation: () => ({ invocationMessage: messages[name] }),
      invoke: async ({ input }, token) => (await load())(name, input, token),
    }),
  );
  return vscode.Disposable.from(...registrations);
}
