/** The text of a file, and the name of its encoding where that is not UTF-8. */
export interface DecodedText {
  readonly text: string;
  readonly encoding?: string;
}

/**
 * Decodes a text file whose encoding nobody has told: UTF-8, UTF-16 of either byte order with or
 * without a mark, else Windows-1252, which every byte sequence is and which contains Latin-1. A byte
 * order mark is dropped, line ends stay. Undefined when the bytes are no text: they hold a NUL.
 */
export function decodeText(bytes: Uint8Array): DecodedText | undefined {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return { text: new TextDecoder(wide).decode(bytes), encoding: wide.toUpperCase() };
  if (bytes.includes(0)) return undefined;
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "Windows-1252" };
  }
}

/** UTF-16 by its mark; without one by the NULs of its ASCII letters, which all stand on one side. */
function wideEncoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const start = bytes.subarray(0, sampled);
  const nuls = [0, 0];
  for (const [index, byte] of start.entries()) if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  if (bytes.length % 2 !== 0 || even + odd <= start.length / 4) return undefined;
  if (even === 0) return "utf-16le";
  return odd === 0 ? "utf-16be" : undefined;
}

const sampled = 4096;
