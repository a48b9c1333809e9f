import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../harness/paths.ts";
import { ensureGenerator } from "../../harness/provision.ts";

/** A code generator as the bench runs it: a command, and where in its output the application is. */
export interface Contender {
  readonly name: string;
  readonly command: (input: Input, output: string) => readonly string[];
  /** The application's own source, which type checker and linter read; tests are not in it. */
  readonly source: string;
  /** Arguments of uvicorn, started in the output folder. */
  readonly application: readonly string[];
  readonly hasMigrations: boolean;
}

export interface Input {
  /** Every design document. */
  readonly documents: string;
  /** The OpenAPI document among them, which is all that the others read. */
  readonly contract: string;
}

/** Why a generator takes no part, in words for the table. */
export interface Absence {
  readonly name: string;
  readonly absence: string;
}

export function contenders(): readonly (Contender | Absence)[] {
  return [ours, installed("fastapi-code-generator", codeGenerator), installed("openapi-generator", openApiGenerator)];
}

const ours: Contender = {
  name: "backend-implementer",
  command: ({ documents }, output) => [
    process.execPath,
    join(root, "dist/cli.cjs"),
    "implement",
    documents,
    "--out",
    output,
    "--json",
  ],
  source: "src",
  application: ["--factory", "app.main:create_app", "--app-dir", "src"],
  hasMigrations: true,
};

function codeGenerator(programs: string): Contender {
  return {
    name: "fastapi-code-generator",
    command: ({ contract }, output) => [
      ...[join(programs, "python"), join(programs, "fastapi-codegen")],
      ...["--input", contract, "--output", join(output, "generated"), "--python-version", "3.11"],
    ],
    source: "generated",
    application: ["generated.main:app"],
    hasMigrations: false,
  };
}

function openApiGenerator(programs: string): Contender | string {
  const java = process.env["JAVA_HOME"] ? join(process.env["JAVA_HOME"], "bin/java") : "/usr/bin/java";
  if (!existsSync(java)) return "not installed: it needs Java";
  return {
    name: "openapi-generator",
    command: ({ contract }, output) => [
      ...[join(programs, "python"), join(programs, "openapi-generator-cli")],
      ...["generate", "-g", "python-fastapi", "--skip-validate-spec", "-i", contract, "-o", output],
    ],
    source: "src",
    application: ["openapi_server.main:app", "--app-dir", "src"],
    hasMigrations: false,
  };
}

function installed(name: string, contender: (programs: string) => Contender | string): Contender | Absence {
  try {
    const found = contender(ensureGenerator(name));
    return typeof found === "string" ? { name, absence: found } : found;
  } catch (error) {
    const [reason = ""] = String(error).split("\n");
    return { name, absence: `not installed: ${reason}` };
  }
}
