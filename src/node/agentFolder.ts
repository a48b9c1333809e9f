import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type AgentFiles, sortAgentFiles } from "../session/agentFiles.ts";
import { decodeText } from "../support/decodeText.ts";
import { createFileWorkspace } from "./fileWorkspace.ts";

/** The agent, skills and rules in a folder: the shipped `agents`, or a workspace's `.claude`. */
export async function readAgentFolder(folder: string): Promise<AgentFiles> {
  const paths = (await createFileWorkspace(folder).list()).filter((path) => path.endsWith(".md"));
  const files = paths.map(async (path) => ({ path, text: decodeText(await readFile(join(folder, path)))?.text ?? "" }));
  return sortAgentFiles(await Promise.all(files));
}
