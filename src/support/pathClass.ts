/**
 * How careful a proposal for a path must be (research/security.md §4).
 *
 * `never`: nobody but the user writes there. `confirmEach`: no sweeping accept takes it; it is asked
 * about alone, with the reason. `runsCode`: it is shown that some tool runs it without being asked.
 */
export type PathClass = "never" | "confirmEach" | "runsCode" | "normal";

export interface PathJudgement {
  readonly class: PathClass;
  /** What makes the path special, as the end of a sentence; empty for a normal one. */
  readonly why: string;
}

/**
 * Judges a path relative to the workspace folder by its name alone. Creating, changing, renaming and
 * deleting are judged alike. Spellings that some file system takes for the same name are the same.
 */
export function judgePath(path: string): PathJudgement {
  const key = canonicalPath(path);
  return rules.find(({ pattern }) => pattern.test(key)) ?? { class: "normal", why: "" };
}

/** Case and compatibility forms that some file system takes for the same name, made one. */
export function canonicalPath(path: string): string {
  return path.normalize("NFKC").toLowerCase();
}

/** Settings with passwords in lines `NAME=value`; `.env.example` and its like are meant to be read. */
export function isEnvironmentFile(path: string): boolean {
  return /(^|\/)\.env(?!\.(example|sample|template|dist)$)(\.[^/]*)?$/.test(canonicalPath(path));
}

/** Files that exist to hold secrets: environment files, private keys, stores of credentials. */
export function isSecretPath(path: string): boolean {
  return isEnvironmentFile(path) || credentials.test(canonicalPath(path));
}

const credentials = new RegExp(
  [
    "(^|/)id_(rsa|dsa|ecdsa|ed25519)(_sk)?$",
    String.raw`\.(pem|key|p12|pfx|jks|keystore|ppk|kdbx)$`,
    String.raw`(^|/)(\.netrc|_netrc|\.pgpass|\.git-credentials|\.htpasswd|\.npmrc|\.pypirc|\.dockercfg|\.vault-token)$`,
    String.raw`(^|/)\.(aws|ssh|gnupg|kube|azure|docker)/`,
    String.raw`(^|/)(credentials|client_secrets?|service[-_]account)(\.json)?$`,
  ].join("|"),
);

type Rule = PathJudgement & { readonly pattern: RegExp };

function names(judged: PathClass, why: string, ...patterns: readonly string[]): Rule {
  return { class: judged, why, pattern: new RegExp(patterns.map((each) => `(?:^|/)(?:${each})`).join("|")) };
}

/** In the order of their weight: the first that matches counts. Patterns begin at a segment of the path. */
const rules: readonly Rule[] = [
  names("never", "version control keeps its own state there", String.raw`\.(?:git|hg|svn|jj)(?:/|$)`, "head$"),
  names("never", "it is the agent's own instructions", String.raw`\.claude/(?:agents|skills|rules)(?:/|$)`),
  names(
    "confirmEach",
    "an editor or an agent takes its settings from it, and they can run programs",
    String.raw`\.(?:vscode|idea|cursor|claude|codex|roo|cline|continue|devcontainer)(?:/|$)`,
    String.raw`[^/]*\.code-workspace$`,
    String.raw`\.?mcp\.json$`,
    String.raw`\.devcontainer\.json$`,
  ),
  names("confirmEach", "agents take it for their instructions", String.raw`(?:agents|claude|gemini)\.md$`),
  names(
    "confirmEach",
    "it runs in CI or steers an agent there, with the secrets kept there",
    String.raw`\.github/(?:workflows|actions|agents|hooks)(?:/|$)`,
    String.raw`\.github/copilot-instructions\.md$`,
    String.raw`\.gitlab-ci\.yml$`,
  ),
  names(
    "confirmEach",
    "Git runs what it names",
    String.raw`\.(?:husky|githooks)(?:/|$)`,
    String.raw`\.pre-commit-config\.yaml$`,
    String.raw`\.git(?:attributes|modules|config)$`,
  ),
  names(
    "confirmEach",
    "the shell or a version manager obeys it on entering the folder",
    String.raw`\.envrc$`,
    String.raw`\.?mise(?:\.local)?\.toml$`,
    String.raw`\.(?:tool-versions|python-version|bashrc|bash_profile|profile|zshrc|zprofile)$`,
  ),
  names("confirmEach", "it holds secrets", String.raw`\.env(?!\.(?:example|sample|template|dist)$)(?:\.[^/]*)?$`),
  names(
    "confirmEach",
    "it decides where packages come from, or holds passwords",
    String.raw`\.(?:npmrc|yarnrc(?:\.yml)?|pypirc|netrc)$`,
    String.raw`pip\.conf$`,
  ),
  names(
    "confirmEach",
    "Python runs it whenever it starts",
    String.raw`[^/]*\.pth$`,
    String.raw`(?:site|user)customize\.py$`,
  ),
  names(
    "confirmEach",
    "it pins what is installed",
    String.raw`[^/]*\.lock$`,
    String.raw`[^/]*-lock\.(?:json|ya?ml)$`,
    String.raw`[^/]*\.lockb$`,
  ),
  names("confirmEach", "it is installed code", String.raw`(?:\.?venv|node_modules|site-packages)(?:/|$)`),
  names(
    "runsCode",
    "tools run it without being asked",
    String.raw`(?:conftest|setup|noxfile)\.py$`,
    String.raw`(?:alembic|migrations)/env\.py$`,
    String.raw`(?:setup\.cfg|tox\.ini|mypy\.ini|pytest\.ini|pyproject\.toml|\.pylintrc)$`,
    String.raw`(?:makefile|gnumakefile|\.?justfile)$`,
    "dockerfile[^/]*$",
    String.raw`(?:docker-)?compose[^/]*\.ya?ml$`,
    String.raw`[^/]*\.sh$`,
  ),
];
