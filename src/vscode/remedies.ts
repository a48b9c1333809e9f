/** A command that mends a failure, as a button beside its message. */
export interface Remedy {
  readonly title: string;
  readonly command: string;
}

/** By the code of the failure; undefined where words must do. */
export function remedyOf(code: string): Remedy | undefined {
  return remedies[code];
}

const remedies: Readonly<Record<string, Remedy>> = {
  NO_DOCUMENTS: { title: "Create Design Document Templates", command: "backendImplementer.createTemplates" },
  NO_FOLDER: { title: "Open Folder", command: "workbench.action.files.openFolder" },
  NO_API_KEY: { title: "Set Anthropic API Key", command: "backendImplementer.setApiKey" },
  NOT_TRUSTED: { title: "Manage Workspace Trust", command: "workbench.trust.manage" },
};
