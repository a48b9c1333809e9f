import * as vscode from "vscode";
import type { Recovery } from "../../changes/intent.ts";
import type { Log } from "../../session/ports.ts";
import { messageOf } from "../../support/errors.ts";
import { counted } from "../../support/words.ts";
import type { Decisions } from "./decisions.ts";

/** Ends what an earlier window was ended in the middle of, once the folder is trusted, and says so. Never rejects. */
export async function carryOnAccept(decisions: Decisions, log: Log): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    const granted = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      granted.dispose();
      void carryOnAccept(decisions, log);
    });
    return;
  }
  try {
    const recovery = await decisions.recover();
    if (recovery !== undefined) void vscode.window.showInformationMessage(told(recovery));
  } catch (thrown) {
    log.error("An accept that was cut off could not be carried on.", thrown);
    void vscode.window.showErrorMessage(messageOf(thrown));
  }
}

function told({ writes, foreign, wasTakenBack }: Recovery): string {
  const end = wasTakenBack
    ? `was taken back, because it could not be carried on: ${counted(writes.length, "file")} as before`
    : `was carried on: the last ${counted(writes.length, "file")} written`;
  const stay = foreign.length === 1 ? "stays as it is" : "stay as they are";
  const others = foreign.length === 0 ? "" : ` ${foreign.join(", ")} changed meanwhile and ${stay}.`;
  return `Accepting was cut off when the editor ended, and ${end}.${others}`;
}
