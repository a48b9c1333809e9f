import { readFile, realpath, stat } from "node:fs/promises";
import { sep } from "node:path";
import { documentLimit } from "../spec/documentNotice.ts";
import type { DesignDocument } from "../spec/model.ts";
import type { DocumentNotice } from "../spec/notice.ts";
import { decodeText } from "../support/decodeText.ts";
import { messageOf } from "../support/errors.ts";

/**
 * One design document from the disk. Never rejects: a file that is no readable text is a document
 * without text whose notice says why, so that the others are still used. With `home`, a file that lies
 * below it only through a link is refused.
 */
export async function readDocumentFile(
  file: string,
  { path, home }: { readonly path: string; readonly home?: string },
): Promise<DesignDocument> {
  try {
    const refused = await refusal(file, home);
    if (refused) return { path, text: "", notice: refused };
    const decoded = decodeText(await readFile(file));
    if (!decoded) return { path, text: "", notice: fault("SPEC-ENCODING", "it is not text", "save it as UTF-8 text") };
    const { text, encoding } = decoded;
    return { path, text, ...(encoding !== undefined && { notice: decodedAs(encoding) }) };
  } catch (thrown) {
    return {
      path,
      text: "",
      notice: fault("SPEC-UNREADABLE", messageOf(thrown), "check that it exists and may be read"),
    };
  }
}

const officeFile = /\.(docx?|xlsx?|pptx?|odt|rtf|pdf|zip|png|jpe?g|gif|vsdx?)$/i;

/** What shows without opening the file, so that a device cannot block and a huge file costs nothing. */
async function refusal(file: string, home: string | undefined): Promise<DocumentNotice | undefined> {
  const target = await realpath(file);
  if (home !== undefined && file.startsWith(home + sep) && !target.startsWith((await realpath(home)) + sep)) {
    return fault("SPEC-LINK", `it is a link to ${target}, outside the folder`, "put a copy into the folder");
  }
  const stats = await stat(target);
  if (!stats.isFile()) return fault("SPEC-NOT-FILE", "it is no regular file", "give a text file");
  const ending = officeFile.exec(file)?.[0];
  if (ending !== undefined) {
    return fault("SPEC-TYPE", `${ending} files are not read`, "export it to Markdown, SQL, YAML or JSON");
  }
  if (stats.size <= documentLimit) return undefined;
  const [size, limit] = [stats.size, documentLimit].map((bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`);
  return fault("SPEC-SIZE", `it has ${size}, the limit is ${limit}`, "split it, or give only the part that is design");
}

function fault(code: string, why: string, remedy: string): DocumentNotice {
  return { severity: "error", code, message: `This document is not used: ${why}; ${remedy}.` };
}

function decodedAs(encoding: string): DocumentNotice {
  const message = `This document is not UTF-8; it was decoded as ${encoding}. Save it as UTF-8 if characters look wrong.`;
  return { severity: "info", code: "SPEC-DECODED", message };
}
