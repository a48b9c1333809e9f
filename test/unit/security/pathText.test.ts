/** Catalogue B, what is decided by the text of a path alone (research/security.md §3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judgePath } from "../../../src/support/pathClass.ts";
import { riskyKeys } from "../../../src/support/riskyKeys.ts";
import { workspacePath } from "../../../src/support/workspacePath.ts";

const root = "/home/u/ws";

const refusals: Readonly<Record<string, readonly (readonly [input: string, code: string])[]>> = {
  "B01 a path that climbs out": [
    ["../x", "PATH_OUTSIDE"],
    ["a/../../x", "PATH_OUTSIDE"],
    ["./../x", "PATH_OUTSIDE"],
    ["/home/u/ws/../x", "PATH_OUTSIDE"],
  ],
  "B02 an absolute path elsewhere": [
    ["/etc/passwd", "PATH_OUTSIDE"],
    ["/tmp/x", "PATH_OUTSIDE"],
  ],
  "B04 a neighbour with the same beginning": [["/home/u/ws-evil/x", "PATH_OUTSIDE"]],
  "B05 a home folder": [
    ["~/.bashrc", "PATH_HOME"],
    ["~root/x", "PATH_HOME"],
    ["./~/x", "PATH_HOME"],
  ],
  "B06 a control character": [
    ["a\0.py", "PATH_CONTROL_CHAR"],
    ["a\n.py", "PATH_CONTROL_CHAR"],
    ["a\r", "PATH_CONTROL_CHAR"],
    ["a\u001b[2K.py", "PATH_CONTROL_CHAR"],
  ],
  "B07 an invisible character": [
    ["app\u202egpj.py", "PATH_INVISIBLE_CHAR"],
    [".g\u200cit/config", "PATH_INVISIBLE_CHAR"],
    ["a\u{e0041}.py", "PATH_INVISIBLE_CHAR"],
  ],
  "B08 broken Unicode and too long paths": [
    ["a\ud800.py", "PATH_UNICODE"],
    [`${"a/".repeat(2100)}x`, "PATH_TOO_LONG"],
    ["é".repeat(128), "PATH_NAME"],
  ],
  "B09 an address": [
    ["file:///etc/passwd", "PATH_URI"],
    ["vscode-userdata:/User/settings.json", "PATH_URI"],
    ["git:/x", "PATH_URI"],
    ["untitled:x", "PATH_NAME"],
  ],
  "B11 what Windows takes for outside": [
    ["C:\\x", "PATH_OUTSIDE"],
    ["C:x", "PATH_OUTSIDE"],
    ["\\\\srv\\s\\x", "PATH_BACKSLASH"],
    ["\\\\?\\C:\\x", "PATH_BACKSLASH"],
    ["\\\\.\\pipe\\x", "PATH_BACKSLASH"],
    ["..\\..\\x", "PATH_BACKSLASH"],
  ],
  "B12 what Windows cannot hold": ["CON", "nul.txt", "com1.py", "COM¹", "x.py:ads", "a.py.", "a.py ", "GIT~1/config"]
    .concat(
      [..."<>|?*"].map((sign) => `a${sign}b`),
      'a"b',
    )
    .map((input) => [input, "PATH_NAME"] as const),
  "B22 version control": [
    ".git/hooks/pre-commit",
    ".git/config",
    ".git",
    "sub/.git/config",
    ".git/index",
    "bare/HEAD",
    ".hg/hgrc",
    ".svn/entries",
    ".jj/repo",
  ].map((input) => [input, "PATH_NEVER"] as const),
  "B23 the agent's own instructions": [".claude/agents/backend-implementer.md", ".claude/skills/a/SKILL.md"].map(
    (input) => [input, "PATH_NEVER"] as const,
  ),
};

for (const [name, cases] of Object.entries(refusals)) {
  test(name, () => {
    for (const [input, code] of cases) {
      assert.throws(() => workspacePath(input, root), { name: "UserFacingError", code }, JSON.stringify(input));
    }
  });
}

test("B03 B05 B10 what stays inside is taken literally", () => {
  const kept = [
    ["/home/u/ws/app/x.py", "app/x.py"],
    ["$HOME/x", "$HOME/x"],
    ["%APPDATA%/x", "%APPDATA%/x"],
    ["%2e%2e/x", "%2e%2e/x"],
    ["..%2fx", "..%2fx"],
  ] as const;
  for (const [input, path] of kept) assert.equal(workspacePath(input, root), path);
});

test("B06 B07 a refusal spells out what cannot be seen", () => {
  assert.throws(() => workspacePath("app\u202egpj.py", root), /"app\\u202egpj\.py"/);
  assert.throws(() => workspacePath("a\u001b[2K.py", root), /"a\\u001b\[2K\.py"/);
});

test("B11 a Windows folder is understood on every system", () => {
  assert.equal(workspacePath("D:\\ws\\app\\x.py", "D:\\ws"), "app/x.py");
  assert.throws(() => workspacePath("D:\\ws-evil\\x.py", "D:\\ws"), { code: "PATH_OUTSIDE" });
});

test("B13 both ways to write an accent are one path", () => {
  assert.equal(workspacePath("cafe\u0301.py", root), workspacePath("caf\u00e9.py", root));
});

test("B20 a path is judged by its canonical form", () => {
  for (const path of [".GIT/config", ".ｇit/config", "sub/.GiT/x"]) assert.equal(judgePath(path).class, "never", path);
  for (const path of [".VSCODE/Settings.JSON", ".ｖscode/tasks.json", ".ENV", "App/.Idea/x"]) {
    assert.equal(judgePath(path).class, "confirmEach", path);
  }
  assert.equal(judgePath(workspacePath("App/../.vscode/x", root)).class, "confirmEach");
});

/** One row for each kind of file: what is asked about alone, and its neighbours that are not. */
const confirmEach: readonly (readonly [path: string, nearMiss: string])[] = [
  ["x.code-workspace", "x.code-workspaces.md"],
  [".vscode/settings.json", "vscode/settings.json"],
  [".vscode/tasks.json", ".vscodes/tasks.json"],
  [".mcp.json", "amcp.json"],
  ["config/mcp.json", "mcp.jsonl"],
  [".cursor/mcp.json", "cursor/mcp.py"],
  [".idea/workspace.xml", "idea.xml"],
  [".roo/mcp.py", "roo/x.py"],
  [".continue/config.yaml", "continue/config.yaml"],
  [".codex/config.toml", "codex/config.toml"],
  [".claude/settings.json", "claude/settings.json"],
  [".devcontainer/devcontainer.json", "devcontainer/x.json"],
  [".github/workflows/ci.yml", ".github/ISSUE_TEMPLATE/bug.yml"],
  [".github/actions/a/action.yml", "github/actions/a.yml"],
  [".github/copilot-instructions.md", ".github/CONTRIBUTING.md"],
  [".gitlab-ci.yml", "gitlab-ci.yml"],
  [".husky/pre-commit", "husky/pre-commit"],
  [".githooks/pre-push", "githooks/pre-push"],
  [".pre-commit-config.yaml", "pre-commit-config.yaml"],
  [".gitattributes", ".gitignore"],
  [".gitmodules", "gitmodules"],
  [".envrc", "envrc"],
  [".env", "env"],
  ["app/.env.production", ".env.example"],
  [".env.local", ".env.template"],
  [".npmrc", "npmrc"],
  [".yarnrc.yml", "yarnrc.yml"],
  [".pypirc", "pypirc"],
  ["pip.conf", "pip.conf.md"],
  [".netrc", "netrc"],
  ["mise.toml", "premise.toml"],
  [".tool-versions", "tool-versions"],
  [".python-version", "python-version"],
  ["evil.pth", "evil.pthx"],
  ["src/sitecustomize.py", "src/site_customize.py"],
  ["usercustomize.py", "user.py"],
  ["AGENTS.md", "MY_AGENTS.md"],
  ["docs/CLAUDE.md", "docs/CLAUDES.md"],
  ["poetry.lock", "lock.py"],
  ["uv.lock", "uv.locked"],
  ["package-lock.json", "package.json"],
  [".venv/bin/python", "venvs/x.py"],
  ["venv/x.py", "venv.py"],
  ["node_modules/x.js", "node_module/x.js"],
  ["lib/site-packages/x.py", "site_packages/x.py"],
];

test("B27 B24 each protected file is asked about alone, and its near miss is not", () => {
  const wrong = confirmEach.filter(
    ([path, nearMiss]) => judgePath(path).class !== "confirmEach" || judgePath(nearMiss).class !== "normal",
  );
  assert.deepEqual(wrong, []);
  for (const [path] of confirmEach) assert.notEqual(judgePath(path).why, "");
});

test("B28 files that tools run by themselves are marked, and their near misses are not", () => {
  const runs = ["conftest.py", "setup.py", "setup.cfg", "tox.ini", "noxfile.py", "Makefile", "justfile", "Dockerfile"]
    .concat(["Dockerfile.dev", "docker-compose.yml", "compose.yaml", "alembic/env.py", "migrations/env.py"])
    .concat(["pyproject.toml", "mypy.ini", ".pylintrc", "scripts/run.sh"]);
  const normal = ["contest.py", "setup_db.py", "makefile.md", "app/env.py", "pyproject.md", "docs/docker.md", "x.shx"];
  for (const path of runs) assert.equal(judgePath(path).class, "runsCode", path);
  for (const path of normal) assert.equal(judgePath(path).class, "normal", path);
});

test("B25 the keys that run code are named", () => {
  const settings = `{
    // a comment
    "chat.tools.autoApprove": true,
    "editor.fontSize": 12,
    "python.defaultInterpreterPath": "./x",
    "php.validate.executablePath": "./y",
    "json.schemaDownload.trustedDomains": {}, "terminal.integrated.profiles.linux": {}
  }`;
  assert.deepEqual(riskyKeys(settings), [
    "chat.tools.autoApprove",
    "python.defaultInterpreterPath",
    "php.validate.executablePath",
    "json.schemaDownload.trustedDomains",
    "terminal.integrated.profiles.linux",
  ]);
  assert.deepEqual(riskyKeys('{"editor.fontSize": 12}'), []);
});
