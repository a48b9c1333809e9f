import assert from "node:assert/strict";
import { test } from "node:test";
import { isSecretPath } from "../../../src/support/pathClass.ts";
import { workspacePath } from "../../../src/support/workspacePath.ts";
import { seededRandom } from "../../support/seededRandom.ts";

const root = "/home/u/ws";

const accepted = [
  ["app/main.py", "app/main.py"],
  ["./app//main.py", "app/main.py"],
  ["app/x/../main.py", "app/main.py"],
  ["/home/u/ws/app/main.py", "app/main.py"],
  ["cafe\u0301.py", "caf\u00e9.py"],
  ["%2e%2e/x", "%2e%2e/x"],
  ["$HOME/x", "$HOME/x"],
  [".env.example", ".env.example"],
  [".github/workflows/ci.yml", ".github/workflows/ci.yml"],
  ["gitignore/.gitkeep", "gitignore/.gitkeep"],
] as const;

for (const [input, path] of accepted) {
  test(`${JSON.stringify(input)} is ${path}`, () => assert.equal(workspacePath(input, root), path));
}

const refused: Readonly<Record<string, readonly string[]>> = {
  PATH_EMPTY: [""],
  PATH_IS_ROOT: [".", "a/.."],
  PATH_OUTSIDE: ["../x", "a/../../x", "/etc/passwd", "/home/u/ws-evil/x", "/home/u/ws/../x", "C:\\Users\\x", "C:x"],
  PATH_HOME: ["~/.bashrc", "~root/x"],
  PATH_CONTROL_CHAR: ["a\0.py", "a\n.py", "a\u001b[2K.py"],
  PATH_INVISIBLE_CHAR: ["app\u202egpj.py", ".g\u200cit/config", "a\u{e0041}.py", "a\ufeff.py"],
  PATH_UNICODE: ["\ud800.py"],
  PATH_TOO_LONG: ["a/".repeat(3000)],
  PATH_URI: ["file:///etc/passwd", "vscode-userdata:/x", "git:/x"],
  PATH_BACKSLASH: ["a\\..\\x", "\\\\server\\share", "..\\x"],
  PATH_NAME: ["CON", "a/nul.txt", "COM¹", "a.py.", "a.py ", "x.py:ads", "GIT~1/config", "a?b", "x".repeat(300)],
  PATH_NEVER: [".git/hooks/pre-commit", "sub/.GIT/config", ".git", ".ｇit/config", ".hg/x", ".claude/agents/a.md"],
};

for (const [code, inputs] of Object.entries(refused)) {
  for (const input of inputs) {
    test(`${JSON.stringify(input.slice(0, 40))} is refused as ${code}`, () => {
      assert.throws(() => workspacePath(input, root), { name: "UserFacingError", code });
    });
  }
}

test("a path made of random pieces is refused or stays inside, and means the same a second time", () => {
  const pieces = ["..", ".", "/", "a", ".git", "\\", "~", "C:", "\0", "é", " ", ".env", "home/u/ws"];
  for (let seed = 1; seed < 5000; seed++) {
    const random = seededRandom(seed);
    const input = Array.from({ length: 1 + (seed % 7) }, () => pieces[random(pieces.length)] ?? "").join("");
    let path: string;
    try {
      path = workspacePath(input, root);
    } catch (thrown) {
      assert.equal((thrown as Error).name, "UserFacingError", input);
      continue;
    }
    assert.doesNotMatch(path, /(^|\/)(\.\.?|\.git)(\/|$)|^\/|\\|\0/, input);
    assert.equal(workspacePath(path, root), path);
  }
});

test("files of secrets are known by their names", () => {
  assert.deepEqual([".env", "a/.env.prod", ".env.example", ".env.sample", "env.py", ".envrc"].map(isSecretPath), [
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
