import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { elementsOf } from "../../src/spec/elements.ts";
import type { DesignDocument, DesignElement } from "../../src/spec/model.ts";
import type { SpecReading } from "../../src/spec/reading.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { type Random, seededRandom } from "../support/seededRandom.ts";
import { documentsIn } from "../unit/spec/fixtures.ts";
import { hugeLine, type Mutation, mutations } from "./mutations.ts";

/** One damaged document that broke a promise of the readers. */
export interface Finding {
  readonly round: number;
  readonly path: string;
  readonly mutation: string;
  readonly what: string;
  readonly document: DesignDocument;
}

/** CPU time within which any document is read. */
export const slowestMs = 2000;

const root = join(import.meta.dirname, "../..");
const corpus = join(root, "../shared/corpus");

/** Larger documents are damaged too rarely to be worth the time they take. */
const largest = 60_000;

/** Our own documents, and those of the corpus where it lies beside the repository. */
export function seedDocuments(): readonly DesignDocument[] {
  const own = ["test/fixtures/spec", "test/fixtures/orders/docs", "test/fixtures/variants/docs", "agents/templates"];
  return [...own.flatMap(documentsIn), ...corpusDocuments()];
}

function corpusDocuments(): DesignDocument[] {
  const manifest = join(corpus, "MANIFEST.tsv");
  if (!existsSync(manifest)) return [];
  const rows = readFileSync(manifest, "utf8").trim().split("\n").slice(1);
  return rows.flatMap((row) => {
    const [repository = "", , path = "", , , , size = "0"] = row.split("\t");
    if (Number(size) > largest) return [];
    return [{ path, text: readFileSync(join(corpus, repository.replace("/", "__"), path), "utf8") }];
  });
}

/** Rounds are independent: the same seed and round damage the same document in the same way. */
export function createCampaign(seed: number): { run(round: number): Promise<readonly Finding[]> } {
  const documents = seedDocuments();
  const sound = new Map<DesignDocument, Promise<SpecReading>>();
  const readSound = (document: DesignDocument): Promise<SpecReading> => {
    const reading = sound.get(document) ?? readSpec([document]);
    sound.set(document, reading);
    return reading;
  };
  return {
    run: async (round) => {
      const random = seededRandom(seed + Math.imul(round, 2654435761));
      const document = documents[random(documents.length)];
      const other = documents[random(documents.length)];
      if (!document || !other) return [];
      const { damaged, name } = damage(document, other, random);
      const before = await readSound(document);
      const faults = await faultsOf({ document, before, damaged });
      return faults.map((what) => ({ round, path: document.path, mutation: name, what, document: damaged }));
    },
  };
}

const hugeEvery = 400;

function damage(
  document: DesignDocument,
  other: DesignDocument,
  random: Random,
): { readonly damaged: DesignDocument; readonly name: string } {
  if (random(hugeEvery) === 0) return { damaged: hugeLine.apply(document, other, random), name: hugeLine.name };
  const chosen: Mutation[] = [];
  for (let count = 1 + random(10) / 7; count >= 1; count--)
    chosen.push(mutations[random(mutations.length)] ?? mutations[0]);
  const damaged = chosen.reduce((current, mutation) => mutation.apply(current, other, random), document);
  return { damaged, name: chosen.map((mutation) => mutation.name).join(" + ") };
}

interface Trial {
  readonly document: DesignDocument;
  readonly before: SpecReading;
  readonly damaged: DesignDocument;
}

async function faultsOf(trial: Trial): Promise<string[]> {
  const started = process.cpuUsage();
  try {
    const after = await readSpec([trial.damaged]);
    const { user, system } = process.cpuUsage(started);
    const milliseconds = Math.round((user + system) / 1000);
    const slow = milliseconds > slowestMs ? [`took ${milliseconds} ms`] : [];
    return [...slow, ...misplaced(after, trial.damaged), ...silent(after, trial.damaged), ...lost(trial, after)];
  } catch (thrown) {
    return [`threw ${thrown instanceof Error ? thrown.stack : String(thrown)}`];
  }
}

function misplaced({ spec, problems, notUnderstood }: SpecReading, { text }: DesignDocument): string[] {
  const lines = text.split(/\r\n?|\n/).length;
  const elements = elementsOf(spec);
  const ids = elements.map((element) => element.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  const places = [...problems, ...notUnderstood, ...elements.map((element) => element.source)];
  const outside = places.find(({ line }) => line < 1 || line > lines);
  return [
    ...(twice === undefined ? [] : [`has the id ${twice} twice`]),
    ...(outside === undefined ? [] : [`names line ${outside.line} of ${lines}`]),
  ];
}

/** A document that yields nothing says so. */
function silent({ documents, problems, notUnderstood }: SpecReading, { text }: DesignDocument): string[] {
  const isSilent = problems.length === 0 && notUnderstood.length === 0;
  const isEmpty = documents.every(({ kinds }) => kinds.length === 0);
  return isSilent && isEmpty && text.trim() !== "" ? ["yields nothing and no problem"] : [];
}

/**
 * What stood before the damage is still there, or the reading says something near it, or of the whole
 * document, that it did not say before. Codes that endpoints only use count until some passage declares
 * codes, and endpoints are named anew when another base path or listing is met; neither is a loss.
 */
function lost({ document, before, damaged }: Trial, after: SpecReading): string[] {
  if (document.path !== damaged.path) return [];
  const firstLine = commonLines(document.text, damaged.text);
  const ids = new Set(elementsOf(after.spec).map((element) => element.id));
  const isRenamed = renaming(before, after);
  const isTold = telling(before, after, damaged);
  const gone = elementsOf(before.spec).filter(
    (element) =>
      element.source.endLine < firstLine &&
      !ids.has(element.id) &&
      !(element.kind === "errorCode" && element.confidence === "inferred") &&
      !(element.kind === "endpoint" && isRenamed(element.name)) &&
      !isTold(element),
  );
  return gone.length === 0 ? [] : [`lost ${gone.length} before line ${firstLine}, such as ${gone[0]?.id}`];
}

function renaming(before: SpecReading, after: SpecReading): (name: string) => boolean {
  const names = after.spec.api.endpoints.map(({ name }) => name);
  return (name) => {
    if (before.spec.api.basePath !== after.spec.api.basePath) return true;
    const [method = "", path = ""] = name.split(" ");
    const tail = path.slice(path.indexOf("/", 1));
    return names.some(
      (other) =>
        other.startsWith(`${method} `) && (other.endsWith(tail) || path.endsWith(other.slice(method.length + 1))),
    );
  };
}

/** Codes of problems that concern a document as a whole, wherever they stand. */
const ofWhole = new Set(["SPEC-SIZE", "SPEC-ENCODING", "SPEC-YAML", "SPEC-NOTHING", "SPEC-DIALECT"]);

/** Whether the reading says something new in the section of an element, names it, or gives up the document. */
function telling(before: SpecReading, after: SpecReading, { text }: DesignDocument): (gone: DesignElement) => boolean {
  const said = new Set(remarks(before).map(({ text: remark }) => remark));
  const added = remarks(after).filter((remark) => !said.has(remark.text));
  const headings = headingLines(text);
  const sectionOf = (line: number): number => headings.findLastIndex((heading) => heading <= line);
  return ({ name, source }) => {
    const section = sectionOf(source.line);
    return added.some(
      (remark) => ofWhole.has(remark.code) || sectionOf(remark.line) === section || remark.text.includes(name),
    );
  };
}

interface Remark {
  readonly code: string;
  readonly line: number;
  readonly text: string;
}

function remarks({ problems, notUnderstood }: SpecReading): Remark[] {
  return [
    ...problems.map(({ code, line, message }) => ({ code, line, text: `${code} ${message}` })),
    ...notUnderstood.map(({ line, text }) => ({ code: "", line, text })),
  ];
}

/** Lines of the headings of the two uppermost depths; a document without any is one section. */
function headingLines(text: string): number[] {
  const lines = text.split(/\r\n?|\n/);
  return lines.flatMap((line, index) => (/^#{1,2} /.test(line) ? [index + 1] : []));
}

/** Number of leading lines that are the same, less one that the change may continue. */
function commonLines(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  return left.slice(0, at).split("\n").length - 1;
}
