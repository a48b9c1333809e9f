import { isBlank, plainText } from "./text.ts";
import { splitTop } from "./typeText.ts";

/** What a line says of an event besides its name. */
export interface EventText {
  readonly name: string;
  readonly payload: readonly PayloadField[];
  readonly description: string;
  readonly trigger?: string;
}

export interface PayloadField {
  readonly name: string;
  /** Empty when the document gives none. */
  readonly type: string;
  readonly required: boolean;
}

const pascalCase = /^[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+$/;
const identifier = /^[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*$/;
/** What something is after it happened: events and states are called so. */
export const participle =
  /(?:ed|sent|paid|made|lost|won|begun|chosen|written|given|taken|bought|sold|held|left|frozen|withdrawn|reset|overdue)$/i;

/**
 * The event a heading, a cell or the beginning of an item names: `OrderPlaced`, `` `order.placed` ``,
 * `注文確定（OrderPlaced）`, "Order Placed". Events are named in the past tense, which tells them from headings.
 */
export function eventNameIn(raw: string): string | undefined {
  const span = /^(?:[^A-Za-z`]|\b(?:domain )?event\b)*`([^`]+)`/i.exec(raw)?.[1];
  if (span !== undefined && identifier.test(span)) return span;
  const text = plainText(raw)
    .replace(/^(?:\d+(?:\.\d+)*[.)]?\s+)?(?:(?:domain )?event\s*[:：]\s*)?/i, "")
    .trim();
  const translated = /^[^\x20-\x7E]+\s*[(（]\s*([A-Za-z][\w.]*)\s*[)）]/.exec(text)?.[1];
  if (translated !== undefined) return translated;
  const plain = text.replace(/\s*[(（[{].*$/s, "").replace(/\s+events?$/i, "");
  if (pascalCase.test(plain)) return plain;
  if (/^[a-z]+(?:[._][a-z]+)+$/i.test(plain) && participle.test(plain)) return plain;
  const isPhrase = /^[A-Z][A-Za-z]*(?: [A-Za-z]+){1,3}$/.test(plain) && participle.test(plain);
  return isPhrase ? plain.replace(/(?:^| )([A-Za-z])/g, (_, letter: string) => letter.toUpperCase()) : undefined;
}

/** `` - **OrderPlaced** (`orderId`, `total`) — raised when the customer checks out ``. */
export function readEventText(raw: string): EventText | undefined {
  const [, head = raw, rest = ""] =
    /^(.*?)(?:\s*[:：]\s+|[:：]$|：|\s+[—–-]+\s+|\s*(?:→|=>)\s*)(.*)$/s.exec(maskedBrackets(raw)) ?? [];
  const name = eventNameIn(raw.slice(0, head.length));
  if (name === undefined) return undefined;
  const behind = raw.slice(raw.length - rest.length);
  const said = rest === "" ? "" : plainText(behind);
  const inHead = /[({（](.*)[)}）]\s*\**\s*$/s.exec(raw.slice(0, head.length))?.[1];
  const labelled = /\b(?:payload|data|fields|carries|contains)\s*[:：]?\s+(.+?)(?:\.(?:\s|$)|$)/i.exec(said)?.[1];
  const braced = /^\{(.*)\}$/s.exec(said)?.[1];
  const payload = [inHead === name ? "" : inHead, braced, labelled]
    .map((text) => payloadIn(text ?? ""))
    .find((found) => found.length > 0);
  const trigger = triggerIn(said);
  const description = braced === undefined ? said : "";
  return { name, payload: payload ?? [], description, ...(trigger !== undefined && { trigger }) };
}

/** What stands in brackets is no end of a name: `OrderPlaced { id: UUID }`. */
function maskedBrackets(raw: string): string {
  return raw.replace(/\([^()]*\)|\{[^{}]*\}|`[^`]*`/g, (part) => "x".repeat(part.length));
}

/** `order_id, total: Money`, `{ orderId, items[] }`; nothing when it is a sentence or one common word. */
export function payloadIn(text: string): PayloadField[] {
  const bare = plainText(text)
    .replace(/^[{(]\s*|\s*[})]$/g, "")
    .replaceAll(/[、，;]/g, ",")
    .replace(/,?\s+and\s+/g, ",");
  if (isBlank(bare)) return [];
  const parts = splitTop(bare, ",").map((part) => /^([A-Za-z_]\w*)(\?)?(\[\])?(?:\s*[:：]\s*(.+))?$/.exec(part));
  const fields = parts.flatMap((match): PayloadField[] => {
    const [, name, optional, list, type = ""] = match ?? [];
    if (name === undefined) return [];
    return [{ name, type: type || (list ? "list" : ""), required: !optional && !/\?$|\bnull\b/.test(type) }];
  });
  if (fields.length < parts.length) return [];
  const [only] = fields;
  const isName = fields.length > 1 || (only !== undefined && (only.type !== "" || /_|[a-z][A-Z]|^id$/.test(only.name)));
  return isName ? fields : [];
}

const causes = [
  /\b(?:raised|emitted|published|fired|triggered|dispatched)\s+(?:when|whenever|after|once|on|upon|by|as soon as)\s+(.+?)(?:\.(?:\s|$)|;|$)/i,
  /^(?:when|whenever|after|once|upon|on)\s+(.+?)(?:\.(?:\s|$)|;|$)/i,
];

/** "raised when the order is paid", "After checkout". */
export function triggerIn(text: string): string | undefined {
  return causes.flatMap((cause) => cause.exec(text)?.[1] ?? [])[0];
}
