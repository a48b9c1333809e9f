import * as vscode from "vscode";
import { UserFacingError } from "../support/errors.ts";

/** Throws in Restricted Mode: a command can be called by its name also where no menu shows it. */
export function refuseUntrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserFacingError(
    "NOT_TRUSTED",
    'This folder is in Restricted Mode, so nothing is read, run or proposed. Trust it with the command "Workspaces: Manage Workspace Trust" and ask again.',
  );
}
