import * as z from "zod";
import { defineTool, type Tool } from "../agent/tool.ts";
import { UserFacingError } from "../support/errors.ts";
import { plainWords } from "../support/plainWords.ts";
import { workspacePath } from "../support/workspacePath.ts";
import { askFor, endLines, questionOf } from "./commandQuestion.ts";
import type { Commands, ToolPorts } from "./toolPorts.ts";

interface Check {
  readonly command: string;
  /** Whether the project's own code, or a plugin that it names, runs. */
  readonly runsProject: boolean;
  readonly database?: boolean;
  readonly takesPaths: boolean;
}

/** Fixed commands that look and change nothing. The model chooses one, and files; it adds no options. */
const checks = {
  ruff: { command: "ruff check", runsProject: false, takesPaths: true },
  "ruff-format": { command: "ruff format --diff", runsProject: false, takesPaths: true },
  black: { command: "black --check --diff --quiet", runsProject: false, takesPaths: true },
  isort: { command: "isort --check-only --diff", runsProject: false, takesPaths: true },
  mypy: { command: "mypy", runsProject: true, takesPaths: true },
  pytest: { command: "pytest -q --maxfail=20", runsProject: true, takesPaths: true },
  alembic: { command: "alembic check", runsProject: true, database: true, takesPaths: false },
} as const satisfies Readonly<Record<string, Check>>;

const input = z.strictObject({
  check: z.enum(Object.keys(checks) as (keyof typeof checks)[]).describe("Which check to run"),
  paths: z.array(z.string()).max(50).optional().describe("Files or folders to look at; the whole workspace without"),
});

const timeoutMs = 300_000;

/**
 * The usual checks, as a tool of its own: to allow them once and for all is safe, and never allows
 * another command. Outside the sandbox those that run the project's code are asked about.
 */
export function createCheckTool(commands: Commands, ports: ToolPorts): Tool {
  const allowed = new Set<string>();
  return defineTool({
    name: "Check",
    description: "Runs one of the project's checks on the proposed state: linters, type checker, tests, migrations.",
    kind: "execute",
    input,
    run: async ({ check, paths = [] }, signal) => {
      const chosen: Check = checks[check];
      const command = commandOf(chosen, paths, ports.root);
      const isolation = await commands.shell.isolation();
      const database = chosen.database === true;
      const isAsked = database || (isolation.tier !== "sandbox" && chosen.runsProject) || commands.askAlways === true;
      if (isAsked) await askFor(questionOf({ command, database, isolation }, ports), commands, allowed);
      const result = await commands.shell.run(command, { signal, timeoutMs, database });
      return endLines(result, timeoutMs, isolation).join("\n");
    },
  });
}

function commandOf({ command, takesPaths }: Check, paths: readonly string[], root: string | undefined): string {
  const targets = paths.map((path) => (path === "." ? path : workspacePath(path, root)));
  if (targets.length > 0 && !takesPaths) {
    throw new UserFacingError("CHECK_PATHS", `${command} looks at the whole project; leave paths out.`);
  }
  // Behind two dashes nothing is an option, whatever its name is.
  const separated = takesPaths ? ["--", ...(targets.length > 0 ? targets : ["."])] : [];
  const whole = [command, ...separated].join(" ");
  if (plainWords(whole)?.length === whole.split(" ").length) return whole;
  throw new UserFacingError(
    "CHECK_PATHS",
    "A path has signs that a command line has a use for; check its folder instead.",
  );
}
