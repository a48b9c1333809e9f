/**
 * Whether the verdict of `format` is that of black and isort: `node test/bench/formatting.ts [--files 2400] folder …` takes
 * Python files of the folders, in an order that a digest of the path gives, asks both and prints the share and every
 * disagreement. Line length and profile are black's; black and isort are those of the test environment.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { readStyleSettings } from "../../src/review/facts/pyproject.ts";
import { startRuff } from "../../src/review/ruff.ts";
import { root } from "../harness/paths.ts";

interface Peer {
  /** Undefined when black cannot read the file. */
  readonly black?: boolean;
  readonly isort?: boolean;
}

const peers = `
import json, sys
import black, isort
from isort.settings import Config
mode = black.Mode(line_length=88)
config = Config(profile="black", known_first_party=frozenset(json.loads(sys.argv[1])))
answers = []
for path in json.load(sys.stdin):
    text = open(path, encoding="utf8", newline="").read()
    answer = {}
    try:
        black.format_file_contents(text, fast=True, mode=mode)
        answer["black"] = False
    except black.NothingChanged:
        answer["black"] = True
    except Exception:
        pass
    try:
        answer["isort"] = isort.check_code(text, config=config)
    except Exception:
        pass
    answers.append(answer)
json.dump(answers, sys.stdout)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { files: { type: "string", default: "2400" } },
});
const files = positionals
  .flatMap((folder) => globSync("**/*.py", { cwd: folder }).map((path) => ({ folder, path })))
  .sort((a, b) => (digestOf(a.path) < digestOf(b.path) ? -1 : 1))
  .slice(0, Number(values.files));
const firstParty = [...new Set(files.flatMap(({ folder, path }) => [basename(folder), path.split("/")[0] ?? ""]))];
const names = firstParty.filter((name) => /^\w+$/.test(name));
const answers = askPeers(files.map(({ folder, path }) => join(folder, path)));
const ruff = await startRuff(readStyleSettings(undefined), names);
const differing = { black: 0, isort: 0 };
let equal = 0;
let compared = 0;
for (const [at, { folder, path }] of files.entries()) {
  const text = readFileSync(join(folder, path), "utf8");
  const { black, isort } = answers[at] ?? {};
  const formatted = ruff.format(text);
  if (black === undefined || isort === undefined || formatted === undefined) continue;
  const isFormatted = formatted === text;
  const isSorted = !ruff.lint(text).some(({ code }) => code === "I001");
  compared++;
  if ((isFormatted && isSorted) === (black && isort)) equal++;
  else console.log(`${folder}/${path}: ours ${isFormatted}/${isSorted}, black ${black}, isort ${isort}`);
  if (isFormatted !== black) differing.black++;
  if (isSorted !== isort) differing.isort++;
}
ruff.dispose();
const share = ((100 * equal) / compared).toFixed(2);
console.log(`\n${files.length} files, ${compared} read by all; the same verdict for ${equal} (${share} %)`);
console.log(`layout differs from black in ${differing.black}, order of imports from isort in ${differing.isort}`);

function digestOf(path: string): string {
  return createHash("sha256").update(path).digest("hex");
}

function askPeers(paths: readonly string[]): readonly Peer[] {
  const python = join(root, ".backend-test/venv/bin/python");
  const { stdout, stderr } = spawnSync(python, ["-c", peers, JSON.stringify(names)], {
    input: JSON.stringify(paths),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (stdout === "") throw new Error(`black and isort gave no answer: ${stderr}`);
  return JSON.parse(stdout);
}
