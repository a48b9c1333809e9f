const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n|\s)*[A-Za-z0-9+/]{8}/, "A private key stands in the code"],
  [/\bAKIA[0-9A-Z]{16}\b/, "An AWS access key stands in the code"],
  [/\bgh[pousr]_[A-Za-z0-9]{30,}/, "A GitHub token stands in the code"],
  [/\bglpat-[A-Za-z0-9_-]{20,}/, "A GitLab token stands in the code"],
  [/\b[rs]k_live_[A-Za-z0-9]{10,}/, "A Stripe key stands in the code"],
  [/\bsk-(ant-|proj-)?[A-Za-z0-9_-]{20,}/, "A model provider's key stands in the code"],
  [/\bxox[abprs]-[A-Za-z0-9-]{10,}/, "A Slack token stands in the code"],
  [/\bAIza[0-9A-Za-z_-]{35}/, "A Google API key stands in the code"],
  [/\bSG\.[\w-]{16,}\.[\w-]{16,}/, "A SendGrid key stands in the code"],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{8,}\.[\w-]{10,}/, "A signed web token stands in the code"],
  [/\bAccountKey=[A-Za-z0-9+/=]{20,}/, "An Azure storage key stands in the code"],
  [/\bBearer [A-Za-z0-9._-]{20,}/, "A bearer token stands in the code"],
];

const connection = /\b(?!driver:)[a-z][a-z0-9+]*:\/\/[^\s:/@{}<$]+:([^\s@/{}<$%]+)@[^\s/]+/i;

const rolePassword = /\b(?:CREATE|ALTER)\s+(?:ROLE|USER)\b[^;]*\bPASSWORD\s+'[^']+'/i;

/** What kind of secret a text is by its shape alone. `text` is without what is put in at run time. */
export function knownShape(code: string, text: string): string | undefined {
  const shape = isMasked(code) ? undefined : shapes.find(([pattern]) => pattern.test(code));
  if (shape) return shape[1];
  if (rolePassword.test(text)) return "The password of a database role stands in the code";
  // Where others are words, it is a sentence that shows how one looks.
  return connection.test(text) &&
    !isMasked(text) &&
    !/:\/\/user(name)?:pass(word)?@host\b|\w+ \w+ .*:\/\/|:\/\/.* \w+ \w+/s.test(text)
    ? "A connection string with its password stands in the code"
    : undefined;
}

/** `ghp_xxxxxxxxxxxx`, `sk-...`: documentation that shows where the secret goes. */
function isMasked(text: string): boolean {
  return /([xX*])\1{7}|(?<![.\w])[\w-]+\.{3}(?!\w)|REPLACE_ME|[-_]your[-_]/.test(text);
}

/** Names of what looks random and is public; keys to report with are handed out with every installation. */
const fingerprints =
  /publishable|public|tele\w+_key|analytics|hash|digest|sha\d*|md5|checksum|revision|commit|etag|fingerprint|integrity|alphabet|chars|letters|digits|uuid|_id$|^id$|^value$|version|pattern|regex/i;

/** `KNOWN_LEAKED_KEY`: nothing opens with it any more. */
export const hasLeaked = /(^|_)(compromised|leaked|revoked)_/i;

/**
 * Whether a literal looks like a key although nothing is called one: 32 hexadecimal digits or more, or 24 characters or
 * more of three kinds in an order that no word has. UUIDs, alphabets and fingerprints are not meant.
 */
export function looksRandom(name: string, value: string): boolean {
  if (
    fingerprints.test(name) ||
    hasLeaked.test(name) ||
    isClassName(value) ||
    published.test(value) ||
    image.test(value)
  )
    return false;
  if (/^[0-9a-f]{32,}$/.test(value)) return /[a-f]/.test(value) && /\d/.test(value) && entropyOf(value) > 3;
  if (!/^[A-Za-z0-9+/=_-]{24,}$/.test(value) || !/[a-z]/.test(value) || !/[A-Z]/.test(value)) return false;
  const digits = value.match(/\d/g)?.length ?? 0;
  const longestWord = Math.max(...value.split(/[^a-z]+/).map((word) => word.length));
  return digits >= 3 && longestWord < 6 && !/abcd|ABCD|0123/.test(value) && entropyOf(value) >= 3.8;
}

/** How PNG, JPEG and GIF begin in base64. */
const image = /^(iVBORw0KGgo|\/9j\/|R0lGOD)/;

/** `SharePoint2019ListEntity`: words, each with its capital, and numbers between them. */
function isClassName(value: string): boolean {
  const words = value.match(/[A-Z][a-z]+|[A-Z]?\d+|[A-Z]+(?=[A-Z]|$)/g) ?? [];
  return words.join("") === value && words.filter((word) => /^[A-Z][a-z]{2,}$/.test(word)).length >= 3;
}

/** Keys that their providers mean for everybody's browser: PostHog's projects, Stripe's and Clerk's publishable keys. */
const published = /^(phc_|pk_(live|test)_)/;

/**
 * Whether the value of something that is called a secret could be one, a memorable one too. It is none when it has the shape of
 * something else: a sentence, an address, a path, a template, the name of a setting or a module, a placeholder, its own name
 * or a word where only machines make up values.
 */
export function couldBeSecret(value: string, name: string): boolean {
  if (value.length < 4 || /\s|[^\x20-\x7e]/.test(value) || published.test(value) || isMasked(value)) return false;
  return !isReference(value) && !isPlaceholder(value, name) && !isWordOfMachines(value, name);
}

/** Addresses, paths, templates, patterns, and names: `APP_SECRET`, `app.secrets.Cache`, `reset_password`. */
function isReference(value: string): boolean {
  if (/^([a-z]+:\/\/[^@]*$|[/{%<$:\\[.])|\{\w+\}|^__\w+__$/.test(value)) return true;
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(value) || /^[a-z_]\w*(\.[A-Za-z_]\w*)+$/.test(value)) return true;
  return (
    /^[a-z]+([_:][a-z]+)+_*$/.test(value) &&
    /password|secret|token|credential|key/.test(value) &&
    !/^(my|super|very)_/.test(value)
  );
}

function isPlaceholder(value: string, name: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (plain(name).includes(plain(value).replace(/s$/, ""))) return true;
  return (
    /placeholder|dummy|^your[-_]|not[-_]?(needed|a[-_]?real)/i.test(value) ||
    /^(none|null|true|false|empty|password|float|string|integer)$/i.test(value)
  );
}

/** A key of a dictionary or a session, unless it is one to sign or to open with, which people make up. */
const keyName = /key$/i;
const humanKey = /(secret|private|signing|encryption|jwt|hmac|fernet|master)_?key$/i;
/** What a machine issues has digits or letters of both cases; a word in its place is none. */
const issuedName = /(^|[_-])((api|access|service)_?key|token|credentials?)$/i;

/** `cache_key="open_orders"`, `token="access"`, `"api_key": "API"` */
function isWordOfMachines(value: string, name: string): boolean {
  if (/^[A-Z]{2,8}$/.test(value)) return true;
  if (keyName.test(name) && !humanKey.test(name) && /^[a-z]+(_[a-z]+)+$/.test(value)) return true;
  return issuedName.test(name) && /^([A-Z]+|[A-Z]?[a-z]+([-_:][a-z]+|[A-Z][a-z]+)*)[!.?]?$/.test(value);
}

/** Shannon's, in bits a character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}
