import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { workFolder } from "../support/paths.ts";
import { run } from "../support/processes.ts";
import { isNode, nodeAt } from "./schemas.ts";

export interface Questioning {
  readonly contract: string;
  readonly url: string;
  /** Who asks everything. */
  readonly owner: string;
  /** Who must not be answered with what is the owner's. */
  readonly stranger: string;
  /** Cases for one operation and phase. */
  readonly examples: number;
  /** The file that says how rules of the design answer requests that the schemas allow. */
  readonly rules: string;
  /** Values that exist, under the names by which the rules let parameters have them. */
  readonly known: Readonly<Record<string, readonly string[]>>;
}

export interface Findings {
  readonly code: number;
  readonly output: string;
  readonly requests: number;
  /** How often each check was made. */
  readonly checks: ReadonlyMap<string, number>;
  /** The statuses of every answer, by the operation, such as `GET /orders/{orderId}`. */
  readonly answers: ReadonlyMap<string, readonly number[]>;
}

/** Asks the running server what the contract promises; the same seed asks the same questions. */
export async function askSchemathesis(questioning: Questioning): Promise<Findings> {
  const folder = mkdtempSync(join(workFolder, "schemathesis-"));
  try {
    const events = join(folder, "events.ndjson");
    const bin = join(workFolder, "schemathesis", "bin");
    const args = ["--config-file", writeSettings(folder, questioning), "run", questioning.contract];
    const options = [
      ...["--url", questioning.url, "--seed", "1", "--max-examples", String(questioning.examples)],
      ...["--generation-database", "none", "--no-color", "--continue-on-failure"],
      // PostgreSQL's text has no U+0000, and no contract says so.
      ...["--generation-allow-x00", "false", "--report-ndjson-path", events],
      ...["--request-timeout", "10", "--suppress-health-check", "all", "--no-shrink", "--warnings", "off"],
    ];
    const { code, output } = await run(join(bin, "python"), [join(bin, "st"), ...args, ...options], {
      cwd: folder,
      env: { SCHEMATHESIS_HOOKS: join(import.meta.dirname, "formats.py") },
    });
    return { code, output, ...(await countAnswers(events)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rules of the design, with the two callers and the known values. */
function writeSettings(folder: string, { rules, owner, stranger, known }: Questioning): string {
  const users = join(folder, "users.json");
  const fixedHeaders = (token: string) => [{ name: "Authorization", value: `Bearer ${token}` }];
  const auth = Object.entries({ owner, stranger }).map(([name, token]) => ({
    name,
    fixedHeaders: fixedHeaders(token),
  }));
  writeFileSync(users, JSON.stringify({ auth }));
  const settings = join(folder, "schemathesis.toml");
  const lines = [
    ...["[auth.wfc]", `path = ${JSON.stringify(users)}`, 'user = "owner"', 'peers = ["owner", "stranger"]'],
    ...Object.entries(known).map(([name, values]) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(values)}`),
    readFileSync(rules, "utf8"),
  ];
  writeFileSync(settings, lines.join("\n"));
  return settings;
}

async function countAnswers(events: string): Promise<Omit<Findings, "code" | "output">> {
  const checks = new Map<string, number>();
  const answers = new Map<string, number[]>();
  for await (const line of createInterface({ input: createReadStream(events) })) {
    const recorder = nodeAt(JSON.parse(line), "ScenarioFinished", "recorder");
    for (const check of Object.values(nodeAt(recorder, "checks")).flat().filter(isNode)) {
      const name = String(check["name"]);
      checks.set(name, (checks.get(name) ?? 0) + 1);
    }
    for (const [id, interaction] of Object.entries(nodeAt(recorder, "interactions"))) {
      const { method, path } = nodeAt(recorder, "cases", id, "value");
      const statuses = answers.get(`${method} ${path}`) ?? [];
      statuses.push(Number(nodeAt(interaction, "response")["status_code"]));
      answers.set(`${method} ${path}`, statuses);
    }
  }
  return { requests: [...answers.values()].flat().length, checks, answers };
}
