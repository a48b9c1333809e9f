import type { SecurityRequirement } from "../security.ts";
import { isBlank, plainText } from "./text.ts";

/** Name of the scheme that prose means by "bearer token"; there is no other name for it in the text. */
export const bearerScheme = "bearerAuth";

const publicWords =
  /^(?:no|none|public|not required|no auth(?:entication)?|anonymous|open|unauthenticated|unauthorized|guest|false|✗|❌|×|不要|なし|無し|无|不需要|нет|не требуется|публичный|pública?|público|keine|불필요|없음)(?![\p{L}])/iu;

const genericWords =
  /\b(?:bearer|token|jwt|auth|authenticated|authentication|authorization|authorized|required|requires?|yes|true|user|users|any|all|session|cookie|access|api|key|role|roles|only|must|be|a|an|the|is|or|and|with|valid|logged|in|by|of|for|header|via|login|signed|scope|scopes|permission|permissions|clerk|active|everyone|qualquer|autenticado|кто|угодно)\b|必要|要|是|需要|да|예|必須|✅|✓|✔|○|🔒/giu;

/**
 * What the words in an Auth or Roles cell ask of the caller: nothing (`public`), a token, or a token
 * with roles (`ADMIN, MANAGER`). Undefined when the words say nothing.
 */
export function readAccess(text: string): SecurityRequirement[] | undefined {
  const plain = plainText(text);
  if (plain === "" || /^[-–—]$/.test(plain)) return undefined;
  if (publicWords.test(plain) || isBlank(plain)) return [];
  if (/^(?:any|every|all)\b.*\b(?:users?|callers?)\b/i.test(plain)) return [{ scheme: bearerScheme, scopes: [] }];
  const roles = [...new Set(plain.replace(genericWords, " ").match(/[A-Za-z][\w:.-]*/g) ?? [])];
  const areRoles = plain.length <= 80 && roles.length <= 6;
  return [{ scheme: bearerScheme, scopes: areRoles ? roles : [] }];
}
