import type { PythonNode } from "../pythonParser.ts";
import type { FunctionFact, ParameterFact } from "./pythonFile.ts";
import type { Scope } from "./staticValue.ts";
import type { TextPlace } from "./textSearch.ts";

/** Where the expression stands, and how deep the search is. */
export interface FixedPlace extends TextPlace {
  readonly scope: Scope;
  readonly depth: number;
  /**
   * Names of the function that are taken for fixed: parameters that the call, through which it was reached, gives a fixed
   * value, and names that are being judged, which may refer to themselves (`offset += 100`).
   */
  readonly given?: ReadonlySet<string>;
  /** Parameters whose callers are being judged, so that a function that calls itself ends. */
  readonly asked?: ReadonlySet<ParameterFact>;
}

export type Judge = (place: FixedPlace, value: PythonNode | undefined) => boolean;

/** What `fixedValue.ts` knows, handed to those that it asks itself. */
export interface Judges {
  readonly isFixed: Judge;
  readonly isFixedList: Judge;
  /** Every caller hands in for the parameter what the judge accepts. */
  readonly forCallers: (place: FixedPlace, within: FunctionFact, parameter: ParameterFact, judge: Judge) => boolean;
  /** Every function that the call can run returns what the judge accepts. */
  readonly returned: (place: FixedPlace, call: PythonNode, judge: Judge) => boolean;
  /** Reading the property of the receiver gives nothing but what is fixed. */
  readonly read: (place: FixedPlace, node: PythonNode, receiver: string) => boolean;
  /** Inside the function, with the parameters for which the call hands in what is fixed. */
  readonly inCallee: (place: FixedPlace, target: FunctionFact, call: PythonNode | undefined) => FixedPlace;
}

/** How many expressions a judgement goes through at most, one behind the other. */
export const deepest = 12;
