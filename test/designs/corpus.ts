import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DesignDocument } from "../../src/spec/model.ts";
import type { SpecReading } from "../../src/spec/reading.ts";
import { readSpec } from "../../src/spec/readSpec.ts";

/** Real designs of other projects, which lie beside the repository and never in it. */
export const corpus = join(import.meta.dirname, "../../../shared/corpus");

export const skip = existsSync(join(corpus, "MANIFEST.tsv"))
  ? false
  : "the corpus of real designs is not beside the repository";

/** Larger files are left to the benchmark. */
const largest = 360_000;

export interface CorpusReading {
  readonly document: DesignDocument;
  /** `api`, `db`, `domain`, `error` or `mixed`, as the manifest says. */
  readonly kind: string;
  readonly notes: string;
  /** The document read alone. */
  readonly reading: SpecReading;
}

const readings = new Map<"all", Promise<readonly CorpusReading[]>>();

/** Every document read alone; once, however many tests ask. */
export function corpusReadings(): Promise<readonly CorpusReading[]> {
  const known = readings.get("all") ?? readAll();
  readings.set("all", known);
  return known;
}

async function readAll(): Promise<CorpusReading[]> {
  const rows = readFileSync(join(corpus, "MANIFEST.tsv"), "utf8").trim().split("\n").slice(1);
  const found: CorpusReading[] = [];
  for (const row of rows) {
    const [repository = "", , path = "", kind = "", , , size = "0", , , notes = ""] = row.split("\t");
    if (Number(size) > largest) continue;
    const text = readFileSync(join(corpus, repository.replace("/", "__"), path), "utf8");
    const document = { path: `${repository}/${path}`, text };
    found.push({ document, kind, notes, reading: await readSpec([document]) });
  }
  return found;
}
