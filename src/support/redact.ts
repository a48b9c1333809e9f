/**
 * Takes secrets out of a text that is about to be sent, stored or shown: `«secret:aws-key»` stands in
 * their place. Lines stay lines. What is recognised are the shapes of well-known tokens, passwords in
 * addresses, values given to names such as `API_KEY`, and tokens in Base64; what has no shape and no
 * name is not found (research/security.md G07, G08).
 */
export function redact(text: string): string {
  const plain = shapes.reduce((all, { pattern, replace }) => all.replace(pattern, replace), text);
  return plain.replace(encoded, (run) => (isEncodedSecret(run) ? "«secret:base64»" : run));
}

/** A redactor that also knows these very secrets, as they are and as they look encoded. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= shortestSecret).flatMap(encodings);
  return (text) => redact(known.reduce((all, secret) => all.replaceAll(secret, "«secret:known»"), text));
}

/** What stands for a secret; a text with it is no text to write into a file. */
export const redactedMark = /«secret:[a-z0-9-]+»/;

const shortestSecret = 8;

function encodings(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  // The three ways in which a text can lie in Base64, without the characters that its neighbours share.
  const shifted = [0, 1, 2].map((shift) => {
    const padded = toBase64(new Uint8Array([...new Uint8Array(shift), ...bytes]));
    return padded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  return [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...shifted])];
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

interface Shape {
  readonly pattern: RegExp;
  readonly replace: (match: string, ...groups: string[]) => string;
}

function token(name: string, pattern: RegExp): Shape {
  return { pattern, replace: (match) => mark(name, match) };
}

/** Line ends of what is taken out are kept, so that line numbers stay true. */
function mark(name: string, match: string): string {
  return `«secret:${name}»${"\n".repeat(match.split("\n").length - 1)}`;
}

const tokens: readonly Shape[] = [
  token("private-key", /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g),
  token("anthropic-key", /\bsk-ant-[A-Za-z0-9_-]{8,}/g),
  token("model-key", /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}/g),
  token("aws-key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g),
  token("github-token", /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/g),
  token("gitlab-token", /\bglpat-[A-Za-z0-9_-]{20,}/g),
  token("stripe-key", /\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}/g),
  token("slack-token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g),
  token("google-key", /\bAIza[0-9A-Za-z_-]{35}/g),
  token("sendgrid-key", /\bSG\.[\w-]{16,}\.[\w-]{16,}/g),
  token("npm-token", /\bnpm_[A-Za-z0-9]{36}\b/g),
  token("pypi-token", /\bpypi-[A-Za-z0-9_-]{50,}/g),
  token("jwt", /\beyJ[\w-]{10,}\.eyJ[\w-]{8,}\.[\w-]{10,}/g),
];

const shapes: readonly Shape[] = [
  ...tokens,
  {
    pattern: /\b([a-z][a-z0-9+.-]{1,30}:\/\/)([^\s:/@"'<>{}$]{0,100}):([^\s@/"'<>{}$]{1,200})@/gi,
    replace: (match, scheme = "", user = "", password = "") =>
      isExample(password, user) ? match : `${scheme}${user}:«secret:password»@`,
  },
  {
    pattern: /\b(Bearer|Basic)( +)([A-Za-z0-9._~+/-]{20,}={0,2})/g,
    replace: (match, kind = "", blank = "", value = "") =>
      isRandom(value) ? `${kind}${blank}«secret:${kind.toLowerCase()}»` : match,
  },
  {
    pattern:
      /\b([\w.-]{0,40}(?:passw(?:or)?d|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|account[_-]?key|credential)[\w.-]{0,40}["']?\s{0,10}[:=]\s{0,10}["'])([^\s"']{8,500})(?=["'])/gi,
    replace: (match, name = "", value = "") => (isRandom(value) ? `${name}«secret:value»` : match),
  },
  {
    pattern:
      /^(\s*(?:export\s+)?[A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|SECRET|TOKEN|KEY|CREDENTIALS?)[A-Z0-9_]{0,40}\s?[:=]\s?)([^\s"'#]{8,500})(?=\s*$)/gm,
    replace: (match, name = "", value = "") => (isRandom(value) ? `${name}«secret:value»` : match),
  },
];

/** Words that stand for a password in every example. */
function isExample(password: string, user: string): boolean {
  const words =
    /^(?:p|pw|pass(?:word)?\d*|secret|postgres(?:ql)?|root|admin|user|test|dev|app|example|change[-_]?me|x+|\*+|…|\.{3})$/i;
  return password === user || (password.length > 1 && words.test(password)) || /^[%[(]/.test(password);
}

/** Looks random, and is neither a reference to a value elsewhere nor one of the words of an example. */
function isRandom(value: string): boolean {
  if (/^[$<{%[(«]|[(){}]|your|change|example|placeholder|dummy|xxxx|sample|todo/i.test(value)) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(value) || /^(?:sha\d+|md5)[-:]/i.test(value)) return false;
  return value.length >= 12 && entropyOf(value) >= 3;
}

/** Shannon's, in bits a character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}

const encoded = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/]{24,4000}={0,2}(?![A-Za-z0-9+/_-])/g;

/** A token that only went through Base64. */
function isEncodedSecret(run: string): boolean {
  const decoded = decode(run);
  return decoded !== undefined && tokens.some(({ pattern }) => decoded.search(pattern) >= 0);
}

function decode(run: string): string | undefined {
  try {
    const text = atob(run.replace(/=+$/, "").slice(0, run.length - (run.replace(/=+$/, "").length % 4 === 1 ? 1 : 0)));
    return /^[\x20-\x7e\s]+$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
