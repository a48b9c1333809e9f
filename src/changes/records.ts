import { createHash } from "node:crypto";
import { inSlices } from "../support/slices.ts";

/** One line of an append-only file: a checksum and the value as JSON, so that a torn line is known as one. */
export function writeRecord(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

/** As {@link writeRecord}, of JSON in pieces: a line of megabytes, of which no piece is long. */
export async function writeRecordInPieces(pieces: readonly string[]): Promise<readonly string[]> {
  const hash = createHash("sha256");
  await inSlices(pieces, (piece) => void hash.update(piece));
  return [`${hash.digest("hex").slice(0, checksumLength)} `, ...pieces, "\n"];
}

export interface Records {
  /** Up to the first line that is not as it was written. */
  readonly values: readonly unknown[];
  /** `torn`: a crash cut the last line. `damaged`: lines before the last are not as they were written. */
  readonly state: "whole" | "torn" | "damaged";
}

/** Reads what {@link writeRecord} wrote, one after the other. */
export function readRecords(text: string): Records {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  const values: unknown[] = [];
  for (const [index, line] of lines.entries()) {
    const json = line.slice(checksumLength + 1);
    if (line !== `${checksum(json)} ${json}`) {
      return { values, state: index === lines.length - 1 && rest === "" ? "torn" : "damaged" };
    }
    values.push(JSON.parse(json));
  }
  return { values, state: rest === "" ? "whole" : "torn" };
}

const checksumLength = 16;

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, checksumLength);
}
