import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { artefacts } from "./paths.ts";
import type { EditorWindow } from "./window.ts";

/** Keeps a picture of a state that somebody should look at, whether the test fails or not. */
export async function takePicture({ workbench }: EditorWindow, state: string): Promise<void> {
  const folder = join(artefacts, "states");
  mkdirSync(folder, { recursive: true });
  await workbench.page.screenshot({ path: join(folder, `${state}.png`), animations: "disabled" });
}
