/**
 * Whether the verdict of `format` is that of black and isort: `node test/bench/formatting.ts [--files 2400] folder …` takes
 * Python files of the folders, in an order that a digest of the path gives, and asks both sides: of the file as it is;
 * of the first `--written 400` of them as black and isort write them; and of those disturbed in one place. Each folder is one
 * code base and its own settings count. One process of the test environment answers for black and isort.
 *
 * `--answers file` keeps what they said, by a digest of what was asked: a second run asks only what is new.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { readStyleSettings, type StyleSettings } from "../../src/review/facts/pyproject.ts";
import { isortFiles } from "../../src/review/isortFiles.ts";
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
  /** As black, isort and black again write it. */
  readonly written?: string;
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

def blackened(text, mode):
    try:
        return black.format_file_contents(text, fast=True, mode=mode)
    except black.NothingChanged:
        return text

known = {}
answers = []
for folder, names, width, text, written in json.load(sys.stdin):
    if folder not in known:
        known[folder] = settings(folder, names, width)
    mode, config = known[folder]
    answer = {}
    try:
        formatted = blackened(text, mode)
        answer["black"] = formatted == text
        answer["isort"] = isort.check_code(text, config=config)
        if written:
            ordered = isort.code(formatted, config=config)
            answer["written"] = ordered if ordered == formatted else blackened(ordered, mode)
    except Exception:
        pass
    answers.append(answer)
json.dump(answers, sys.stdout)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: "string", default: "2400" },
    written: { type: "string", default: "400" },
    answers: { type: "string" },
  },
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

/** Files of one call of Python: what was answered by then is kept when the bench is interrupted. */
const atOnce = 200;

const ruffs = new Map<CodeBase, Ruff>();
const samples = positionals
  .flatMap((folder) => samplesOf(folder))
  .sort((a, b) => (digestOf(a.path) < digestOf(b.path) ? -1 : 1))
  .slice(0, Number(values.files));
for (const { codeBase } of samples) {
  if (!ruffs.has(codeBase)) ruffs.set(codeBase, await startRuff(codeBase.settings, codeBase.firstParty));
}

const first = samples.slice(0, Number(values.written));
const answers = [...askPeers(first, true), ...askPeers(samples.slice(first.length), false)];
const isAccepted = ({ black, isort }: Peer): boolean => black === true && isort === true;
compare("as they are", samples, answers);
const left = samples.filter((_, at) => isAccepted(answers[at] ?? {}));
compare(
  "as they are, of those that black and isort leave",
  left,
  answers.filter((answer) => isAccepted(answer)),
);
const written = first.flatMap((sample, at) => {
  const text = answers[at]?.written;
  return text === undefined ? [] : [{ ...sample, text }];
});
compare("written by black and isort", written, askPeers(written, false));
const disturbed = written.map(disturb);
compare("written by black and isort, disturbed in one place", disturbed, askPeers(disturbed, false));
for (const ruff of ruffs.values()) ruff.dispose();

function samplesOf(folder: string): Sample[] {
  const paths = globSync("**/*.py", { cwd: folder });
  const read = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : undefined;
  const tops = [basename(folder), ...paths.map((path) => path.split("/")[0] ?? "")];
  const codeBase = {
    folder,
    settings: readStyleSettings(
      read("pyproject.toml"),
      Object.fromEntries(isortFiles.map((name) => [name, read(name)])),
    ),
    firstParty: [...new Set(tops)].filter((name) => /^\w+$/.test(name)),
  };
  return paths.map((path) => ({ codeBase, path, text: readFileSync(join(folder, path), "utf8") }));
}

function compare(title: string, asked: readonly Sample[], peer: readonly Peer[]): void {
  const verdicts = asked.flatMap((sample, at) => verdictOf(sample, peer[at] ?? {}) ?? []);
  const count = (holds: (verdict: Verdict) => boolean): number => verdicts.filter(holds).length;
  const isEqual = ({ ours, theirs }: Verdict) => (ours.black && ours.isort) === (theirs.black && theirs.isort);
  for (const verdict of verdicts.filter((each) => !isEqual(each))) {
    const { place, ours, theirs, layout } = verdict;
    console.log(`${place}: ours ${ours.black}/${ours.isort}, black ${theirs.black}, isort ${theirs.isort}${layout}`);
  }
  const equal = count(isEqual);
  const share = ((100 * equal) / verdicts.length).toFixed(2);
  const accepted = count(({ theirs }) => theirs.black && theirs.isort);
  const black = count(({ ours, theirs }) => ours.black !== theirs.black);
  const isort = count(({ ours, theirs }) => ours.isort !== theirs.isort);
  console.log(
    `= ${title}: ${asked.length} files, ${verdicts.length} read by all, ${accepted} accepted by black and isort`,
  );
  console.log(
    `  the same verdict for ${equal} (${share} %); layout differs in ${black}, order of imports in ${isort}\n`,
  );
}

interface Verdict {
  readonly place: string;
  readonly ours: Required<Pick<Peer, "black" | "isort">>;
  readonly theirs: Required<Pick<Peer, "black" | "isort">>;
  /** The first line that the formatter would change, where it would. */
  readonly layout: string;
}

function verdictOf({ codeBase, path, text }: Sample, { black, isort }: Peer): Verdict | undefined {
  const ruff = ruffs.get(codeBase);
  const formatted = ruff?.format(text);
  if (black === undefined || isort === undefined || ruff === undefined || formatted === undefined) return undefined;
  const isSorted = !ruff.lint(text).some(({ code }) => code === "I001");
  return {
    place: `${codeBase.folder}/${path}`,
    ours: { black: formatted === text, isort: isSorted },
    theirs: { black, isort },
    layout: formatted === text ? "" : `, layout from: ${firstDifference(text, formatted)}`,
  };
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

function askPeers(asked: readonly Sample[], isWritten: boolean): readonly Peer[] {
  const questions = asked.map(({ codeBase: { folder, firstParty, settings }, text }) => {
    return [folder, firstParty, settings.lineLength, text, isWritten] as const;
  });
  const keys = questions.map((question) => digestOf(JSON.stringify(question)));
  const unknown = questions.filter((_, at) => !known.has(keys[at] ?? ""));
  for (let from = 0; from < unknown.length; from += atOnce) {
    const part = unknown.slice(from, from + atOnce);
    const fresh = answersTo(part);
    for (const [at, question] of part.entries()) known.set(digestOf(JSON.stringify(question)), fresh[at] ?? {});
    if (values.answers !== undefined) writeFileSync(values.answers, JSON.stringify([...known]));
  }
  return keys.map((key) => known.get(key) ?? {});
}

function answersTo(questions: readonly unknown[]): readonly Peer[] {
  const { stdout, stderr } = spawnSync(join(root, ".backend-test/venv/bin/python"), ["-c", peers], {
    input: JSON.stringify(questions),
    encoding: "utf8",
    maxBuffer: 512 * 1024 * 1024,
  });
  if (stdout === "") throw new Error(`black and isort gave no answer: ${stderr}`);
  return JSON.parse(stdout);
}
