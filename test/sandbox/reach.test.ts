/** Catalogue C, what a sandboxed command can reach (research/security.md §3, §5). */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { sandboxedFolder, sandboxTest } from "../support/sandboxed.ts";

sandboxTest("C10 nothing of the parent's environment that a shell obeys is inherited", async (context) => {
  const hostile = {
    BASH_ENV: "/tmp/evil",
    ENV: "/tmp/evil",
    PROMPT_COMMAND: "touch evil",
    "BASH_FUNC_ls%%": "() { echo evil; }",
    CDPATH: "/",
    IFS: "x",
    SHELLOPTS: "xtrace",
    LD_PRELOAD: "/tmp/evil.so",
    PYTHONSTARTUP: "/tmp/evil.py",
  };
  Object.assign(process.env, hostile);
  context.after(() => {
    for (const name of Object.keys(hostile)) Reflect.deleteProperty(process.env, name);
  });
  const { run } = sandboxedFolder(context, { "a.txt": "" });
  const { output } = await run("ls; env | sort");
  assert.match(output, /^a\.txt\n/);
  assert.doesNotMatch(output, /evil|BASH_ENV|CDPATH|PROMPT_COMMAND|LD_PRELOAD/);
});

sandboxTest("C15 no way to other rights", async (context) => {
  const { run } = sandboxedFolder(context);
  const { output } = await run(
    "grep NoNewPrivs /proc/self/status; grep CapEff /proc/self/status; unshare -Ur true; mount -t tmpfs x /mnt; chroot / true; true",
  );
  assert.match(output, /NoNewPrivs:\t1/);
  assert.match(output, /CapEff:\t0000000000000000/);
  assert.match(output, /unshare: .*(failed|denied|No space)/i);
  assert.match(output, /mount: /);
  assert.match(output, /chroot: /);
});

sandboxTest("C16 C20 the repository's own state cannot be changed", async (context) => {
  const { root, run } = sandboxedFolder(context, { ".git/HEAD": "ref: refs/heads/main\n", ".git/config": "[core]\n" });
  const { output, changes } = await run("echo x > .git/HEAD; echo x > .git/hooks-new; rm -rf .git; git stash; true");
  assert.match(output, /Read-only file system/);
  assert.deepEqual(changes, []);
  assert.equal(readFileSync(join(root, ".git/HEAD"), "utf8"), "ref: refs/heads/main\n");
});

sandboxTest(
  "C17 C29 files outside, and protected ones that do not exist, stay untouched on the host",
  async (context) => {
    const { root, run } = sandboxedFolder(context, { "a.py": "a\n" });
    const before = new Set(readdirSync(homedir()));
    const { output, changes } = await run(
      "cd / && echo x > etc/evil; echo x > /usr/evil; echo x > ~/.bashrc; echo x > /var/evil; cd - >/dev/null;" +
        "mkdir .vscode && cd .vscode && echo '{}' > settings.json; mkdir -p ../.cursor ../.git/hooks; echo x > ../.cursor/mcp.json;" +
        "echo x > ../.git/hooks/pre-commit",
    );
    assert.match(output, /etc\/evil: (Read-only file system|Permission denied)/);
    assert.match(output, /\/usr\/evil: (Read-only file system|Permission denied)/);
    assert.deepEqual(
      changes.map(({ path }) => path),
      [".cursor/mcp.json", ".vscode/settings.json"],
    );
    assert.deepEqual(readdirSync(root), ["a.py"]);
    for (const path of ["/etc/evil", "/usr/evil", "/var/evil"]) assert.equal(existsSync(path), false);
    assert.deepEqual(
      readdirSync(homedir()).filter((name) => !before.has(name)),
      [],
    );
  },
);

sandboxTest("C21 names with signs of the shell are only names", async (context) => {
  const names = ["$(touch pwned).md", '"; touch pwned #.md', "-rf", "a b.py", "'x'.py"];
  const { root, changes, run } = sandboxedFolder(context, Object.fromEntries(names.map((name) => [name, "x\n"])));
  changes.propose("$(touch pwned2).py", undefined, "x\n");
  changes.propose("-rf", "x\n", undefined);
  const { output } = await run('ls -1 | wc -l; for f in *.py; do echo y >> "$f"; done');
  assert.match(output, /^5$/m);
  assert.deepEqual(readdirSync(root).sort(), [...names].sort());
});

sandboxTest("C27 F02 there is no network, no name service and no service of the machine", async (context) => {
  const hits: string[] = [];
  const server = createServer((socket) => {
    hits.push(socket.remoteAddress ?? "?");
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  context.after(() => server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const { run } = sandboxedFolder(context);
  const { output, exitCode } = await run(
    `(echo > /dev/tcp/127.0.0.1/${port}) 2>&1; (echo > /dev/tcp/::1/${port}) 2>&1; getent hosts example.com || echo no name;` +
      "python3 -c 'import socket; socket.create_connection((\"192.0.2.1\", 80), 1)' 2>&1 | tail -1; cat /proc/net/dev | wc -l; exit 1",
  );
  assert.equal(exitCode, 1);
  assert.match(output, /no name/);
  assert.match(output, /refused|unreachable/);
  assert.deepEqual(hits, []);
});

sandboxTest("C36 G09 no secret of the parent is in any environment that a command can read", async (context) => {
  const secrets = {
    ANTHROPIC_API_KEY: "CANARY-7f3a-key",
    GITHUB_TOKEN: "CANARY-7f3a-token",
    AWS_SECRET_ACCESS_KEY: "CANARY-7f3a-aws",
    SSH_AUTH_SOCK: "/tmp/CANARY-7f3a",
    VSCODE_IPC_HOOK_CLI: "/tmp/CANARY-7f3a",
    MY_PASSWORD: "CANARY-7f3a",
  };
  Object.assign(process.env, secrets);
  context.after(() => {
    for (const name of Object.keys(secrets)) Reflect.deleteProperty(process.env, name);
  });
  const { run } = sandboxedFolder(context);
  const { output } = await run(
    "env; printenv; for p in /proc/[0-9]*; do tr '\\0' '\\n' < $p/environ; done; cat /proc/self/environ; ps eww 2>/dev/null; true",
  );
  assert.match(output, /^HOME=\/tmp\/home$/m);
  assert.doesNotMatch(output, /CANARY|_TOKEN|_KEY|AWS_|SSH_AUTH_SOCK|VSCODE_/);
});

sandboxTest("C37 sockets and processes of the machine are hidden", async (context) => {
  writeFileSync(join("/tmp", `vscode-ipc-${process.pid}.sock`), "");
  context.after(async () => (await import("node:fs")).rmSync(join("/tmp", `vscode-ipc-${process.pid}.sock`)));
  const { root, run } = sandboxedFolder(context);
  const { output } = await run(
    "ls -A /tmp /run /home /root /mnt /var/tmp 2>&1; ls -d /proc/[0-9]* | wc -l; ls -A /dev/shm",
  );
  assert.doesNotMatch(output, /vscode-ipc|docker|systemd|postgres|backend-implementer/);
  assert.ok(output.includes(root.replace("/tmp/", "")), "the workspace is there");
  assert.ok(Number(/^(\d+)$/m.exec(output)?.[1]) <= 8, output);
});

sandboxTest(
  "C38 F04 the home is empty, and files of secrets are stood in for, ignored and nested ones too",
  async (context) => {
    const { root, run } = sandboxedFolder(context, {
      ".env": "PASSWORD=hunter2\n",
      "app/.env.production": "PASSWORD=hunter2\n",
      "keys/id_ed25519": "hunter2\n",
      "build/server.pem": "hunter2\n",
      "shared/real.key": "hunter2\n",
      ".gitignore": ".env*\nbuild\n",
      ".env.example": "PASSWORD=\n",
    });
    symlinkSync("shared/real.key", join(root, "link.pem"));
    const { output, changes } = await run(
      "cat .env app/.env.production keys/id_ed25519 build/server.pem link.pem .env.example; grep -r hunter2 . && echo found;" +
        "python3 -c 'print(open(\".env\").read())'; ls -A ~ ~/.ssh ~/.aws 2>&1; cat /root/.ssh/id_rsa /home/*/.aws/credentials; echo x > .env",
    );
    assert.doesNotMatch(output, /hunter2|found/);
    assert.match(output, /# hidden from commands/);
    assert.match(output, /PASSWORD=\n/);
    assert.deepEqual(changes, []);
    assert.equal(readFileSync(join(root, ".env"), "utf8"), "PASSWORD=hunter2\n");
  },
);

sandboxTest("the socket of the database is there after an explicit yes only", async (context) => {
  const folder = "/run/postgresql";
  if (!existsSync(folder)) return context.skip("there is no /run/postgresql");
  const { run } = sandboxedFolder(context);
  assert.match((await run(`ls -d ${folder}`)).output, /No such file/);
  assert.equal((await run(`ls -d ${folder}`, { database: true })).output, `${folder}\n`);
});

sandboxTest("C13 the sandbox is made of the system's programs, whatever the workspace holds", async (context) => {
  const fake = "#!/bin/sh\ntouch pwned\necho pwned\n";
  const names = ["bwrap", "unshare", "setpriv", "prlimit", "timeout", "sh", "bash", "ruff"];
  const { root, run } = sandboxedFolder(context, Object.fromEntries(names.map((name) => [name, fake])));
  const { chmodSync } = await import("node:fs");
  for (const name of names) chmodSync(join(root, name), 0o755);
  const usual = process.env["PATH"];
  process.env["PATH"] = `${root}:.:${usual}`;
  context.after(() => {
    process.env["PATH"] = usual;
  });
  const { output, changes } = await run("echo fine");
  assert.equal(output, "fine\n");
  assert.deepEqual(changes, []);
});

sandboxTest(
  "an environment in the workspace works inside, also when its Python lives in the home folder",
  async (context) => {
    const { root, changes, run } = sandboxedFolder(context, { "app/x.py": "print(1)\n" });
    const { spawnSync } = await import("node:child_process");
    const made = spawnSync("python3", ["-m", "venv", "--without-pip", join(root, ".venv")], { encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    mkdirSync(join(root, ".venv/lib/extra"), { recursive: true });
    changes.propose("app/x.py", "print(1)\n", "import sys\nprint(sys.prefix)\n");
    const result = await run("python app/x.py");
    assert.deepEqual([result.output, result.exitCode], [`${root}/.venv\n`, 0]);
    writeFileSync(join(root, ".venv/pyvenv.cfg"), "home = /root/.ssh/bin\n");
    assert.match((await run("ls -A /root 2>&1; echo end")).output, /^end\n$/m);
  },
);
