import { join } from "node:path";
import { workFolder } from "../support/paths.ts";
import { run } from "../support/processes.ts";

export interface Questioning {
  readonly contract: string;
  readonly url: string;
  readonly token: string;
  /** Cases for one operation and phase. */
  readonly examples: number;
  /** The settings that say how rules of the design answer requests that the schemas allow. */
  readonly rules: string;
  /** Paths of which the contract says less than the engine had to decide. */
  readonly exclude?: readonly string[];
}

export interface Findings {
  readonly code: number;
  readonly requests: number;
  readonly output: string;
}

/** Asks the running server what the contract promises; the same seed asks the same questions. */
export async function askSchemathesis({
  contract,
  url,
  token,
  examples,
  rules,
  exclude = [],
}: Questioning): Promise<Findings> {
  const command = join(workFolder, "schemathesis", "bin", "st");
  const options = [
    ...["--url", url, "--header", `Authorization: Bearer ${token}`, "--seed", "1"],
    ...["--max-examples", String(examples), "--generation-database", "none", "--no-color", "--continue-on-failure"],
    // PostgreSQL's text has no U+0000, and no contract says so.
    ...["--generation-allow-x00", "false"],
    ...exclude.flatMap((path) => ["--exclude-path", path]),
    ...["--request-timeout", "10", "--suppress-health-check", "all", "--no-shrink", "--warnings", "off"],
  ];
  const { code, output } = await run(command, ["--config-file", rules, "run", contract, ...options], {
    cwd: workFolder,
    env: { SCHEMATHESIS_HOOKS: join(import.meta.dirname, "formats.py") },
  });
  return { code, requests: Number(/(\d+) generated/.exec(output)?.[1] ?? 0), output };
}
