import * as vscode from "vscode";
import { UserFacingError } from "../../support/errors.ts";
import { toAbortSignal } from "../cancellation.ts";
import { checkDesign, type UseHost } from "../run.ts";
import type { InvokeTool } from "./registerTools.ts";

/** What keeps a tool from answering is said to the agent in the words that people get, because it can pass them on. */
export function createInvokeTool(use: UseHost): InvokeTool {
  return async (name, input, token) => {
    try {
      return await use(async (host) => {
        const known = await checkDesign({ attached: [], pasted: "" }, host, toAbortSignal(token));
        return textResult((await host.loadRuntime()).answerTool(name, input, known));
      });
    } catch (thrown) {
      if (thrown instanceof UserFacingError) return textResult(thrown.message);
      throw thrown;
    }
  };
}

function textResult(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}
