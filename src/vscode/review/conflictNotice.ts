import * as vscode from "vscode";
import { firstOf } from "../amounts.ts";

/** Says once what a checkout, a pull or a formatter has brought into conflict, however many files that are. */
export interface ConflictNotice extends vscode.Disposable {
  add(path: string): void;
}

export function createConflictNotice(): ConflictNotice {
  const paths = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    const names = [...paths];
    paths.clear();
    void vscode.window.showWarningMessage(conflictNotice(names), showProposals).then((answer) => {
      if (answer === showProposals) void vscode.commands.executeCommand("backendImplementer.proposals.focus");
    });
  };
  return {
    add: (path) => {
      paths.add(path);
      clearTimeout(timer);
      timer = setTimeout(tell, quietMs);
    },
    dispose: () => clearTimeout(timer),
  };
}

const showProposals = vscode.l10n.t("Show Proposals");
/** Git writes the files of a checkout one after the other. */
const quietMs = 500;

function conflictNotice(names: readonly string[]): string {
  return vscode.l10n.t(
    "Lines of {0} changed on disk for which changes are proposed. They are conflicts now; nothing is lost.",
    firstOf(names),
  );
}
