import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { childEnvironment } from "./childEnvironment.ts";
import { systemProgram } from "./systemProgram.ts";

/** The ripgrep that VS Code has for its own search, else the system's; undefined when there is none. */
export async function findRipgrep(editorRoot: string | undefined): Promise<string | undefined> {
  const name = process.platform === "win32" ? "rg.exe" : "rg";
  const platform = `${process.platform}-${process.arch}`;
  const packages = ["@vscode/ripgrep/bin", `@vscode/ripgrep-universal/bin/${platform}`];
  for (const folder of ["node_modules", "node_modules.asar.unpacked"]) {
    for (const each of editorRoot === undefined ? [] : packages) {
      const path = join(editorRoot ?? "", folder, each, name);
      if (
        await access(path).then(
          () => true,
          () => false,
        )
      )
        return path;
    }
  }
  return systemProgram("rg");
}

const mostOutput = 50_000_000;

/**
 * The files below a folder in which a line matches, links not followed; undefined when ripgrep cannot
 * tell, or might understand the expression otherwise than JavaScript does.
 */
export async function filesWithMatch(
  ripgrep: string,
  root: string,
  expression: RegExp,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  if (!isCommon(expression.source)) return undefined;
  const ignoring = ["global", "parent", "dot", "exclude"].map((kind) => `--no-ignore-${kind}`);
  const args = ["--no-config", "--no-follow", "--no-messages", "--hidden", "--no-require-git", ...ignoring]
    .concat(["--files-with-matches", "--null", "--crlf", "--text", "--glob=!.git", "--max-filesize=20M"])
    .concat([
      expression.ignoreCase ? "--ignore-case" : "--case-sensitive",
      "--regexp",
      inRust(expression.source),
      "--",
      ".",
    ]);
  return new Promise((resolve) => {
    const options = { cwd: root, env: childEnvironment(), signal, maxBuffer: mostOutput, timeout: limitMs };
    execFile(ripgrep, args, options, (error, stdout) => {
      // 1: nothing matches. Anything else: every file is searched by ourselves.
      if (error && error.code !== 1) return resolve(undefined);
      const paths = stdout.split("\0").filter((path) => path !== "");
      resolve(
        new Set(
          paths.map((path) =>
            path
              .replace(/^\.[\\/]/, "")
              .replaceAll("\\", "/")
              .normalize("NFC"),
          ),
        ),
      );
    });
  });
}

/** JavaScript knows the ends of ASCII words only. */
function inRust(source: string): string {
  return source.replace(/\\(.)/g, (escaped, letter) => (letter === "b" ? "(?-u:\\b)" : escaped));
}

const limitMs = 10_000;

/** Syntax that both engines read alike: text, classes, groups, repetitions, and the plainest escapes. */
function isCommon(source: string): boolean {
  const common = /^(?:\\[.*+?^$|()[\]{}\\/"'\-swdb]|\(\?:|\((?!\?)|[^\\(\u0080-\uffff])*$/;
  return (
    common.test(source) && !/\[\^[^\]]*\\[swdb]|\[[^\]]*(?:\[|&&|--|~~)|\\[SWDB]|\{(?!\d+(?:,\d*)?\})/.test(source)
  );
}
