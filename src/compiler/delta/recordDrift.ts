import { type Drift, designDrift } from "../../spec/compare/designDrift.ts";
import { type DesignFacts, designFacts } from "../../spec/compare/designFacts.ts";
import type { DesignSpec } from "../../spec/model.ts";
import { UserFacingError } from "../../support/errors.ts";
import { readRecord, writeRecord } from "./designRecord.ts";
import { recordPath } from "./recordPath.ts";

/** How a design has changed since a record of it was accepted, by the ids of its elements. */
export type DriftReader = (record: string | undefined, spec: DesignSpec) => ReadonlyMap<string, Drift>;

/** Why nobody can know what the design has changed since it was implemented, and what to do; undefined where that is known. */
export function unknownDrift(record: string | undefined): string | undefined {
  const why =
    record === undefined
      ? `there is no ${recordPath}, which says what was implemented. Implement the design once, and commit that file.`
      : read(record).problem;
  return why && `What the design has changed since it was implemented is not known: ${why}`;
}

interface Read {
  readonly text: string;
  readonly before?: DesignFacts;
  readonly accepted?: Readonly<Record<string, string>>;
  /** Why the record cannot be used. */
  readonly problem?: string;
}

/**
 * A reader that reads a record again only when its text is another one. Nothing has drifted where there is no record,
 * or one that cannot be used; {@link unknownDrift} says so.
 */
export function createDriftReader(): DriftReader {
  let last: Read | undefined;
  return (text, spec) => {
    if (text === undefined) return new Map();
    if (last?.text !== text) last = { text, ...read(text) };
    const { before, accepted } = last;
    return before ? designDrift(before, designFacts(spec), accepted) : new Map();
  };
}

function read(text: string): Omit<Read, "text"> {
  try {
    const { record, problem = "" } = readRecord(text);
    return record ? { before: designFacts(record.spec), accepted: record.accepted ?? {} } : { problem };
  } catch (thrown) {
    // A record of a later version.
    if (thrown instanceof UserFacingError) return { problem: thrown.message };
    if (thrown instanceof TypeError) {
      return { problem: `${recordPath} was changed by hand and cannot be read; restore it from version control.` };
    }
    throw thrown;
  }
}

/**
 * The text of the record with the drift of these elements accepted. Nothing else of it changes, so that the next
 * implementation still starts from what was implemented.
 *
 * @throws {UserFacingError} `NO_DESIGN_RECORD` where there is no record that could be used.
 */
export function acceptDrift(text: string | undefined, drift: Readonly<Record<string, string>>): string {
  const { record, problem } = readRecord(text);
  if (record) {
    const all = Object.entries({ ...record.accepted, ...drift }).sort(([left], [right]) => (left < right ? -1 : 1));
    return writeRecord({ ...record, accepted: Object.fromEntries(all) });
  }
  const why = problem ?? `There is no ${recordPath}, which says what was implemented; implement the design first.`;
  throw new UserFacingError("NO_DESIGN_RECORD", why);
}
