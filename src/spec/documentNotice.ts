import type { DesignDocument } from "./model.ts";
import type { Problem } from "./reading.ts";

/** Bytes of a file, or UTF-16 units of a text. The largest contract that we know, Plaid's, has 2.9 million. */
export const documentLimit = 8 * 1024 * 1024;

/** What is wrong with a document as a whole, before anything in it is read; an error means that it is not read. */
export function noticeOf(document: DesignDocument): Problem | undefined {
  if (document.notice) return { path: document.path, line: 1, ...document.notice };
  return sizeProblem(document) ?? encodingProblem(document);
}

function sizeProblem({ path, text }: DesignDocument): Problem | undefined {
  if (text.length <= documentLimit) return undefined;
  const [size, limit] = [text.length, documentLimit].map((length) => (length / 1024 / 1024).toFixed(1));
  const message = `This document has ${size} MB, the limit is ${limit} MB, so it is not read; split it, or attach only the part that is design.`;
  return { path, line: 1, severity: "error", code: "SPEC-SIZE", message };
}

/** UTF-16 that was decoded as UTF-8 has a NUL in every second place, behind a broken byte order mark. */
function encodingProblem({ path, text }: DesignDocument): Problem | undefined {
  const start = text.slice(0, 2000);
  const nuls = start.split("\0").length - 1;
  if (nuls < 4 || nuls < start.length / 4) return undefined;
  const message =
    "This document is encoded in UTF-16, which was read as UTF-8 and makes no sense; save it as UTF-8 and read it again.";
  return { path, line: 1, severity: "error", code: "SPEC-ENCODING", message };
}
