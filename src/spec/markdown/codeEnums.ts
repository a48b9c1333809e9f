import { isErrorCode } from "../errorCodes.ts";
import type { ErrorCode } from "../model.ts";
import type { Fence, Section } from "./document.ts";
import { errorCode, statusIn, statusInHeadings } from "./errorTables.ts";
import { type MarkdownReading, spanOf } from "./reading.ts";

const head = /\b(?:enum|class|const|type|object)\s+\w*(?:Error|Exception|Failure)\w*(?:Codes?|Types?|s)?\b/i;
const member = /^\s*(?:(?:public|static|final|const|readonly|export)\s+)*([A-Z][A-Z0-9_]{2,})\s*(?:=|:|\(|,|$)\s*(.*)$/;

/** The codes of an enum in an error design: `TASK_LOCKED = "TASK_LOCKED"  # 423`, `ORDER_GONE(410, "…")`. */
export function readCodeEnum(reading: MarkdownReading, section: Section, fence: Fence): ErrorCode[] {
  const { text, line } = fence.excerpt;
  if (!head.test(text)) return [];
  const inherited = statusInHeadings(section);
  const found = text.split("\n").flatMap((row, index): ErrorCode[] => {
    const [, name = "", rest = ""] = member.exec(row) ?? [];
    const literal = /^["']([\w.-]+)["']/.exec(rest)?.[1];
    const code = literal !== undefined && isErrorCode(literal) ? literal : name;
    if (!isErrorCode(code)) return [];
    const status = statusIn(rest) ?? inherited;
    return [
      errorCode(code, spanOf(reading, { line: line + index }), status === undefined || status < 400 ? {} : { status }),
    ];
  });
  return found.length >= 2 ? found : [];
}
