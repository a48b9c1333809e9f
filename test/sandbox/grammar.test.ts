/** C11: what is taken for plain words, bash reads as the same words. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { plainWords } from "../../src/support/plainWords.ts";
import { seededRandom } from "../support/seededRandom.ts";

const wanted = 200_000;
const pieces = [
  ..."abzAZ019_./:@%+,=- ".split(""),
  ..."  --".split(""),
  ..."\"'`$\\|&;<>(){}[]*?!#~^\n\t\r\0".split(""),
  "ls",
  "rm",
  "-rf",
  "a=b",
  "--x=y",
  "../",
  "$(id)",
  "{a,b}",
  "~/",
  "é",
  "\u00a0",
  "if",
  "then",
  "time",
  "coproc",
  "[[",
  "%1",
  "+x",
  "@",
];

function* candidates(): Generator<string> {
  const random = seededRandom(20_261_123);
  // Mostly of signs that are plain, so that enough are taken; the others must be refused.
  for (;;) {
    const pool = random(4) === 0 ? pieces.length : 19;
    yield Array.from({ length: 1 + random(14) }, () => pieces[random(pool)] ?? "").join("");
  }
}

test(`C11 bash reads ${wanted} accepted commands as the very same words`, (context) => {
  const accepted: { readonly command: string; readonly words: readonly string[] }[] = [];
  let refused = 0;
  for (const command of candidates()) {
    const words = plainWords(command);
    if (words) accepted.push({ command, words });
    else refused++;
    if (accepted.length >= wanted) break;
  }
  // The program's name is not looked up: a function of bash takes all the words.
  const script = accepted.map(({ command }) => `w ${command}`).join("\n");
  const read = spawnSync("/bin/bash", ["--norc", "--noprofile", "-s"], {
    input: `w() { printf '%s\\0' "$@" '\n'; }\n${script}\n`,
    maxBuffer: 2 ** 30,
    env: { PATH: "/nowhere" },
    cwd: "/usr/bin",
  });
  assert.equal(String(read.stderr), "");
  const lines = String(read.stdout).split("\0\n\0");
  assert.equal(lines.length - 1, accepted.length);
  const different = accepted.filter(({ words }, index) => lines[index] !== words.join("\0"));
  context.diagnostic(`${accepted.length} accepted, ${refused} refused, ${different.length} read differently`);
  assert.deepEqual(different.slice(0, 10), []);
});

test("C11 the program itself is found by its name, and no word of the shell is taken", () => {
  const list = spawnSync("bash", ["-c", "compgen -k; compgen -b"], { encoding: "utf8" }).stdout.trim().split("\n");
  // These exist as programs too, with the same meaning.
  const programs = new Set(["echo", "printf", "test", "true", "false", "kill", "pwd", "[", "[[", "]]", "{", "}", "!"]);
  const taken = list.filter((word) => !programs.has(word) && plainWords(word) !== undefined);
  assert.deepEqual(taken, []);
});
