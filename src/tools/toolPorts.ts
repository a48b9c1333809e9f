import type { SkillShelf } from "../agent/skills.ts";
import type { ChangeSet, Origin } from "../changes/model.ts";
import type { Approvals, Shell, Workspace } from "../session/ports.ts";

/** What the tools reach of the world. No tool knows a disk or an editor. */
export interface ToolPorts {
  /** The files as they are; the base that proposals are made against. */
  readonly disk: Workspace;
  /** The files as they would be with every pending proposal: what the agent sees. */
  readonly overlay: Workspace;
  readonly changes: ChangeSet;
  /** Who proposes by these tools; what a command writes is the command's. */
  readonly origin?: Origin;
  readonly shelf: SkillShelf;
  /** Absolute path of the workspace folder; absolute paths inside it are understood. */
  readonly root?: string;
  /** What the model knows of each file. Undefined for the offline engine, which never edits blindly. */
  readonly seen?: SeenFiles;
  /** What the analyzers find in a proposed file, one line each. */
  readonly inspect?: (path: string, signal: AbortSignal) => Promise<readonly string[]>;
  /** Undefined where commands cannot run; then there is no Bash tool. */
  readonly commands?: Commands;
}

/** The text of each file when the model last read or wrote it, so that no edit goes by memory. */
export type SeenFiles = Map<string, string>;

export interface Commands {
  readonly shell: Shell;
  readonly approvals: Approvals;
  /** Ask about every command, in the sandbox too. */
  readonly askAlways?: boolean;
}
