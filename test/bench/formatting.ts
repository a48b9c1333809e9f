/**
 * Whether the verdict of `format` is that of black and isort: `node test/bench/formatting.ts [--files 2400] folder …` takes
 * Python files of the folders, in an order that a digest of the path gives, and asks both sides three times: of the file as
 * it is, of the file as black and isort write it, and of that text disturbed in one place. Each folder is one code base;
 * its own settings count. One process answers for black and isort, those of the test environment.
 *
 * `--answers file` keeps what black and isort said, by a digest of what was asked, so that a second run asks only anew.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { readStyleSettings, type StyleSettings } from "../../src/review/facts/pyproject.ts";
import { type Ruff, startRuff } from "../../src/review/ruff.ts";
import { root } from "../harness/paths.ts";

interface Sample {
  readonly codeBase: CodeBase;
  readonly path: string;
  readonly text: string;
}

interface CodeBase {
  readonly folder: string;
  readonly settings: StyleSettings;
  readonly firstParty: readonly string[];
}

/** Undefined where the tool cannot read the text. */
interface Peer {
  readonly black?: boolean;
  readonly isort?: boolean;
  /** As black and isort write it, each after the other until neither changes anything. */
  readonly written?: string;
}

interface Disagreement {
  readonly place: string;
  readonly what: string;
}

const peers = `
import json, sys
import black, isort
from black.files import parse_pyproject_toml
from isort.settings import Config

def settings(folder, names, width):
    own = Config(settings_path=folder)
    configured = len(own.sources) > 1 and own.sources[1].get("source") not in (None, "runtime", "defaults")
    if configured:
        config = Config(settings_path=folder, known_first_party=own.known_first_party | frozenset(names))
    else:
        config = Config(profile="black", line_length=width, known_first_party=frozenset(names))
    try:
        said = parse_pyproject_toml(folder + "/pyproject.toml")
    except Exception:
        said = {}
    mode = black.Mode(
        target_versions={black.TargetVersion[name.upper()] for name in said.get("target_version", [])},
        line_length=int(said.get("line_length", width)),
        string_normalization=not said.get("skip_string_normalization", False),
        magic_trailing_comma=not said.get("skip_magic_trailing_comma", False),
    )
    return mode, config

def write(text, mode, config):
    for _ in range(3):
        before = text
        try:
            text = black.format_file_contents(text, fast=True, mode=mode)
        except black.NothingChanged:
            pass
        text = isort.code(text, config=config)
        if text == before:
            return text

known = {}
answers = []
for folder, names, width, text in json.load(sys.stdin):
    if folder not in known:
        known[folder] = settings(folder, names, width)
    mode, config = known[folder]
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
        answer["written"] = write(text, mode, config)
    except Exception:
        pass
    answers.append(answer)
json.dump(answers, sys.stdout)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { files: { type: "string", default: "2400" }, answers: { type: "string" } },
});
const known = new Map<string, Peer>(
  values.answers !== undefined && existsSync(values.answers)
    ? JSON.parse(readFileSync(values.answers, "utf8"))
    : undefined,
);
const disturbances: readonly (readonly [RegExp, string])[] = [
  [/ = (?=\w)/gm, "="],
  [/"(?=[\w ]+"[,)])([\w ]+)"/gm, "'$1'"],
  [/,\n\s*\)/gm, "\n)"],
  [/\n\n\n(?=(def|class|async) )/gm, "\n\n"],
  [/^(from \S+ import \w+)\n((?:from|import) .*\w)\n/gm, "$2\n$1\n"],
  [/(\w), (\w)/gm, "$1,$2"],
  [/^( {4,})(return .*)$/gm, "$1$2  "],
];

const ruffs = new Map<CodeBase, Ruff>();
const samples = positionals
  .flatMap((folder) => samplesOf(folder))
  .sort((a, b) => (digestOf(a.path) < digestOf(b.path) ? -1 : 1))
  .slice(0, Number(values.files));
for (const { codeBase } of samples) {
  if (!ruffs.has(codeBase)) ruffs.set(codeBase, await startRuff(codeBase.settings, codeBase.firstParty));
}

const answers = askPeers(samples);
compare("as they are", samples, answers);
const unchanged = samples.flatMap((sample, at) => (answers[at]?.black && answers[at].isort ? [sample] : []));
compare("as they are, of those that black and isort leave", unchanged, askPeers(unchanged));
const written = samples.flatMap((sample, at) => {
  const text = answers[at]?.written;
  return text === undefined || text === sample.text ? [] : [{ ...sample, text }];
});
compare("written by black and isort", written, askPeers(written));
const disturbed = [...unchanged, ...written].map(disturb);
compare("of those two, disturbed in one place", disturbed, askPeers(disturbed));
for (const ruff of ruffs.values()) ruff.dispose();
if (values.answers !== undefined) writeFileSync(values.answers, JSON.stringify([...known]));

function samplesOf(folder: string): Sample[] {
  const paths = globSync("**/*.py", { cwd: folder });
  const manifest = join(folder, "pyproject.toml");
  const tops = [basename(folder), ...paths.map((path) => path.split("/")[0] ?? "")];
  const codeBase = {
    folder,
    settings: readStyleSettings(existsSync(manifest) ? readFileSync(manifest, "utf8") : undefined),
    firstParty: [...new Set(tops)].filter((name) => /^\w+$/.test(name)),
  };
  return paths.map((path) => ({ codeBase, path, text: readFileSync(join(folder, path), "utf8") }));
}

function compare(title: string, asked: readonly Sample[], peer: readonly Peer[]): void {
  const differing: Disagreement[] = [];
  const count = { compared: 0, accepted: 0, equal: 0, black: 0, isort: 0 };
  for (const [at, { codeBase, path, text }] of asked.entries()) {
    const { black, isort } = peer[at] ?? {};
    const ruff = ruffs.get(codeBase);
    const formatted = ruff?.format(text);
    if (black === undefined || isort === undefined || ruff === undefined || formatted === undefined) continue;
    const isFormatted = formatted === text;
    const isSorted = !ruff.lint(text).some(({ code }) => code === "I001");
    count.compared++;
    if (black && isort) count.accepted++;
    if (isFormatted !== black) count.black++;
    if (isSorted !== isort) count.isort++;
    if ((isFormatted && isSorted) === (black && isort)) count.equal++;
    else {
      const where = isFormatted ? "" : `, layout from: ${firstDifference(text, formatted)}`;
      differing.push({
        place: `${codeBase.folder}/${path}`,
        what: `ours ${isFormatted}/${isSorted}, black ${black}, isort ${isort}${where}`,
      });
    }
  }
  for (const { place, what } of differing) console.log(`${place}: ${what}`);
  const share = ((100 * count.equal) / count.compared).toFixed(2);
  console.log(
    `= ${title}: ${asked.length} files, ${count.compared} read by all, ${count.accepted} accepted by black and isort`,
  );
  console.log(
    `  same verdict for ${count.equal} (${share} %); black differs in ${count.black}, isort in ${count.isort}\n`,
  );
}

function firstDifference(left: string, right: string): string {
  const others = right.split("\n");
  const at = left.split("\n").findIndex((line, index) => line !== others[index]);
  return `${at + 1} ${JSON.stringify(left.split("\n")[at])} -> ${JSON.stringify(others[at])}`;
}

/** One of seven faults that people make, at a place that a digest of the path gives. Where the text has none such place, another. */
function disturb(sample: Sample): Sample {
  const seed = Number.parseInt(digestOf(sample.path).slice(0, 8), 16);
  for (let turn = 0; turn < disturbances.length; turn++) {
    const [pattern, replacement] = disturbances[(seed + turn) % disturbances.length] ?? [/$^/gm, ""];
    const places = [...sample.text.matchAll(pattern)];
    const place = places[seed % Math.max(1, places.length)];
    if (place === undefined) continue;
    const changed = place[0].replace(new RegExp(pattern.source, "m"), replacement);
    const text = sample.text.slice(0, place.index) + changed + sample.text.slice(place.index + place[0].length);
    return { ...sample, text };
  }
  return { ...sample, text: `${sample.text}\n\n` };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function askPeers(asked: readonly Sample[]): readonly Peer[] {
  const questions = asked.map(
    ({ codeBase: { folder, firstParty, settings }, text }) => [folder, firstParty, settings.lineLength, text] as const,
  );
  const keys = questions.map((question) => digestOf(JSON.stringify(question)));
  const unknown = questions.filter((_, at) => !known.has(keys[at] ?? ""));
  if (unknown.length > 0) {
    const python = join(root, ".backend-test/venv/bin/python");
    const { stdout, stderr } = spawnSync(python, ["-c", peers], {
      input: JSON.stringify(unknown),
      encoding: "utf8",
      maxBuffer: 512 * 1024 * 1024,
    });
    if (stdout === "") throw new Error(`black and isort gave no answer: ${stderr}`);
    const fresh: readonly Peer[] = JSON.parse(stdout);
    for (const [at, question] of unknown.entries()) known.set(digestOf(JSON.stringify(question)), fresh[at] ?? {});
  }
  return keys.map((key) => known.get(key) ?? {});
}
