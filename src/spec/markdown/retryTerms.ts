import type { RetryTerms } from "../errorParts.ts";

/**
 * What a sentence or the labelled values of a table say of trying again: "retry up to 3 times with
 * exponential backoff starting at 200 ms", `Max attempts: 5; Base delay (ms): 100`.
 */
export function retryTermsIn(text: string): RetryTerms {
  const delays = delaySequence(text);
  const backoff = backoffIn(text) ?? growthOf(delays);
  const attempts = attemptsIn(text) ?? (delays.length > 0 ? delays.length + 1 : undefined);
  const baseDelay =
    durationBehind(baseWords, text) ?? delays[0] ?? (backoff === "fixed" ? firstDuration(text) : undefined);
  const maxDelay = durationBehind(maxWords, text);
  const jitter = jitterIn(text);
  const retryAfter = retryAfterIn(text);
  return {
    ...(attempts !== undefined && { attempts }),
    ...(backoff !== undefined && { backoff }),
    ...(baseDelay !== undefined && { baseDelay }),
    ...(maxDelay !== undefined && { maxDelay }),
    ...(jitter !== undefined && { jitter }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

const numberWords: Readonly<Record<string, number>> = { once: 1, one: 1, twice: 2, two: 2, three: 3, four: 4, five: 5 };
const amount = "(\\d{1,2}|once|one|twice|two|three|four|five)";

const attemptForms = [
  new RegExp(`\\b${amount}\\s*(?:total\\s+)?(?:attempts|tries)\\b`, "i"),
  /\b(?:attempts|tries|試行回数|попыт\S+|intentos|tentativas)[ "'`*]*(?:\([^)]*\))?\s*[:=]?\s*(?:max(?:imum)?\.?\s*|up to\s*)?(\d{1,2})\b/i,
  /max_?attempts\W{1,4}(\d{1,2})\b/i,
];

const retryForms = [
  new RegExp(
    `\\b(?:retry|retried|retries|repeat(?:ed)?|try again)\\s+(?:it\\s+|them\\s+)?(?:up to\\s+|at most\\s+|max(?:imum)?\\.?\\s+(?:of\\s+)?)?${amount}(?:\\s*(?:more\\s+)?(?:times|x\\b)|\\b)`,
    "i",
  ),
  new RegExp(`\\b${amount}\\s*(?:re-?tries|retry attempts)\\b`, "i"),
  /\b(?:max(?:imum)?[ _-]?)?re-?tr(?:ies|y count)[ "'`*]*(?:\([^)]*\))?\s*[:=]\s*(?:max(?:imum)?\.?\s*|up to\s*)?(\d{1,2})\b/i,
  /\b(?:max(?:imum)?\.?|up to|at most)\s+(\d{1,2})\s*times\b/i,
  /(?:最大|最多|最高)\s*(\d{1,2})\s*(?:回|次)|(?:再試行|リトライ|重试)\D{0,6}(\d{1,2})\s*(?:回|次)|(\d{1,2})\s*(?:回|次)\D{0,4}(?:再試行|リトライ|重试)/,
  /\b(\d{1,2})\s*x\b/i,
];

/** "3 attempts" are three tries, "3 retries" are four. */
function attemptsIn(text: string): number | undefined {
  const attempts = firstNumber(attemptForms, text);
  if (attempts !== undefined) return attempts;
  const retries = firstNumber(retryForms, text);
  return retries === undefined ? undefined : retries + 1;
}

function firstNumber(forms: readonly RegExp[], text: string): number | undefined {
  for (const form of forms) {
    const found = form.exec(text);
    const word = found?.slice(1).find((group) => group !== undefined);
    const isStatus = Number(word) >= 100;
    if (word !== undefined && !isStatus) return numberWords[word.toLowerCase()] ?? Number(word);
  }
  return undefined;
}

const backoffs: readonly (readonly [NonNullable<RetryTerms["backoff"]>, RegExp])[] = [
  ["exponential", /exponential|doubl(?:es|ing)|指数|экспоненциал|exponencial|exponentiel|exponentiell|지수/i],
  ["linear", /\blinear|線形|线性|линейн/i],
  [
    "fixed",
    /\b(?:fixed|constant|flat)\b|(?:every|each)\s+\d|\d\s*\w+ apart\b|\bbetween (?:tries|attempts|retries)|固定|фиксир|fijo|fixo/i,
  ],
];

function backoffIn(text: string): RetryTerms["backoff"] {
  return backoffs.find(([, words]) => words.test(text))?.[0];
}

const unit =
  "(ms|millis(?:econds)?|milliseconds?|s|secs?|seconds?|mins?|minutes?|ミリ秒|毫秒|秒|мс|сек\\S*)(?![A-Za-z])";
const duration = new RegExp(`(\\d+(?:\\.\\d+)?)\\s*${unit}`, "gi");

function milliseconds(value: string, written: string): number {
  if (/^(?:ms|milli|ミリ秒|毫秒|мс)/i.test(written)) return Number(value);
  return Number(value) * (/^min/i.test(written) ? 60_000 : 1000);
}

const baseWords = "(?:base|initial|start(?:ing|s)?|first|min(?:imum)?|from|初期|初回|初始|基础|начальн\\S+|inicial)";
const maxWords =
  "(?:max(?:imum)?(?:imal)?[ _-]*(?:delay|interval|wait|backoff)|cap(?:ped)?|ceiling|up to|max(?:imum)?|最大(?:遅延|間隔)?|最长|上限)";

/** `starting at 200 ms`, `base_delay_ms: 200`, `Initial delay (ms): 200`, `max 8 seconds`. */
function durationBehind(words: string, text: string): number | undefined {
  const spoken = new RegExp(`${words}[^\\d.;|]{0,24}?(\\d+(?:\\.\\d+)?)\\s*${unit}`, "i").exec(text);
  if (spoken) return milliseconds(spoken[1] ?? "", spoken[2] ?? "");
  const named = new RegExp(
    `${words}[ _-]?(?:delay|interval|wait|backoff)?[ _-]*\\(?(?:${unit})?\\)?["'\`*]*\\s*[:=]\\s*(\\d+)\\b`,
    "i",
  ).exec(text);
  if (!named) return undefined;
  const suffix = named[1] ?? /_(ms|s|seconds)\b/i.exec(named[0])?.[1];
  return suffix === undefined ? undefined : milliseconds(named[2] ?? "", suffix);
}

function firstDuration(text: string): number | undefined {
  const [first] = text.matchAll(duration);
  return first && milliseconds(first[1] ?? "", first[2] ?? "");
}

/** `1s/2s/4s`, `2, 4, 8 seconds`, `1 s → 2 s → 4 s`. */
function delaySequence(text: string): number[] {
  const separator = "\\s*(?:/|,|、|→|->|,?\\s+then|,?\\s+and)\\s*";
  const run = new RegExp(`\\d+(?:\\.\\d+)?\\s*(?:${unit})?(?:${separator}\\d+(?:\\.\\d+)?\\s*(?:${unit})?)+`, "gi");
  for (const [found] of text.matchAll(run)) {
    const units = [...found.matchAll(new RegExp(unit, "gi"))];
    const last = units.at(-1)?.[1];
    if (last === undefined) continue;
    const values = [...found.matchAll(new RegExp(`(\\d+(?:\\.\\d+)?)\\s*(?:${unit})?`, "gi"))];
    return values.map((match) => milliseconds(match[1] ?? "", match[2] ?? last));
  }
  return [];
}

function growthOf(delays: readonly number[]): RetryTerms["backoff"] {
  const [first, second, third] = delays;
  if (first === undefined || second === undefined) return undefined;
  if (second === first) return "fixed";
  const isEven = third !== undefined && third - second === second - first;
  return isEven ? "linear" : "exponential";
}

function jitterIn(text: string): boolean | undefined {
  if (/±\s*\d+\s*%/.test(text)) return true;
  if (!/jitter|ジッター?|抖动|джиттер/i.test(text)) return undefined;
  return !/\b(?:no|without)\s+jitter|jitter["'`*]*\s*[:=]?\s*(?:no|none|false|off|✗|—|-)(?![A-Za-z])/i.test(text);
}

/** `Retry-After: 30`, "with a Retry-After header". */
function retryAfterIn(text: string): RetryTerms["retryAfter"] {
  const [found, value] = /retry-after[`"'*]*(?:\s*[:=]\s*(\d+)?)?/i.exec(text) ?? [];
  if (found === undefined) return undefined;
  return value === undefined ? true : Number(value);
}
