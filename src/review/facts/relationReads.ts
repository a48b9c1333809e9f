import { groupBy } from "../../support/groupBy.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { oncePerFile } from "./oncePerFile.ts";
import type { CallFact, ClassFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import type { Receivers } from "./receivers.ts";
import { valuesOf } from "./sessions.ts";
import { ancestor, childOfType, descendants, dottedName, fieldOf } from "./syntax.ts";
import { contains, innermostFunction } from "./ways.ts";

/** Where a relationship is read for every object of a query. */
export interface RelationRead {
  readonly path: string;
  readonly line: number;
}

/** Finds the reads of relationships inside loops. */
export interface RelationReads {
  /** The first place that reads the attribute of one instance of the class after the other. */
  perObject(owner: ClassFact, attribute: string): RelationRead | undefined;
}

/**
 * The object that is read is known to be one of many when it is the variable of a loop over instances of the class, or the
 * parameter (or `self`) of a function that a loop calls. What serializes objects by itself is not seen.
 */
export function createRelationReads(project: Project, receivers: Receivers): RelationReads {
  const files = project.code.filter(({ layer }) => layer !== "migration");
  const { conclusions } = project;
  const repeated = new Set(files.flatMap((file) => conclusions.aboutFile(repeatedIn, receivers, file)));
  const context: Context = { project, receivers, repeated };
  return {
    perObject: (owner, attribute) => {
      for (const file of files) {
        const found = readsByName(file)
          .get(attribute)
          ?.find((node) => isOneOfMany(context, owner, { file, node }));
        if (found) return { path: file.path, line: found.line };
      }
      return undefined;
    },
  };
}

interface Context {
  readonly project: Project;
  readonly receivers: Receivers;
  /** Functions that are called inside a loop. */
  readonly repeated: ReadonlySet<FunctionFact>;
}

interface AttributeRead {
  readonly file: PythonFile;
  readonly node: PythonNode;
}

function repeatedIn(receivers: Receivers, { calls }: PythonFile): readonly FunctionFact[] {
  const repeated = calls.filter(({ loop }) => loop && loop.kind !== "while");
  return repeated.flatMap((call) => receivers.targetsOf(call));
}

/** `row.items`, by the name of the attribute; what is assigned is not read. */
const readsByName = oncePerFile(({ root }) => {
  const attributes = descendants(root).filter(
    (node) => node.type === "attribute" && fieldOf(node, "object")?.type === "identifier" && node.field !== "left",
  );
  return groupBy(attributes, (node) => fieldOf(node, "attribute")?.text ?? "");
});

function isOneOfMany(context: Context, owner: ClassFact, { file, node }: AttributeRead): boolean {
  const within = innermostFunction(file, node);
  const name = fieldOf(node, "object")?.text;
  if (!within || name === undefined) return false;
  const iterable = iterableOf(node, name);
  if (iterable) return givesInstances(context, owner, within, iterable);
  const parameter = within.parameters.find((candidate) => candidate.name === name);
  const isInstance = parameter && context.receivers.classesOf(within, name).includes(owner);
  return isInstance === true && context.repeated.has(within);
}

/** What the nearest loop around `node` that binds `name` goes through. */
function iterableOf(node: PythonNode, name: string): PythonNode | undefined {
  const loops = [
    "for_statement",
    "list_comprehension",
    "set_comprehension",
    "dictionary_comprehension",
    "generator_expression",
  ];
  const stops = ["function_definition"];
  for (let at = ancestor(node, loops, stops); at; at = ancestor(at, loops, stops)) {
    const clause = at.type === "for_statement" ? at : childOfType(at, "for_in_clause");
    const right = clause && fieldOf(clause, "right");
    if (clause && right && fieldOf(clause, "left")?.text === name && !contains(right, node)) return right;
  }
  return undefined;
}

function givesInstances(
  { project, receivers }: Context,
  owner: ClassFact,
  within: FunctionFact,
  iterable: PythonNode,
): boolean {
  const dotted = dottedName(iterable);
  if (dotted !== undefined && receivers.classesOf(within, dotted).includes(owner)) return true;
  if (project.classes.get(owner.name)?.includes(owner) !== true) return false;
  const sources = sourcesOf(within, iterable);
  const query = new RegExp(`\\b(select|query)\\(\\s*${owner.name}\\s*[,)]`);
  if (sources.some(({ text }) => query.test(text))) return true;
  const returned = sources.flatMap((source) => within.calls.filter(({ node }) => contains(source, node)));
  return returned.some((call) => returnsMany(receivers, owner, call));
}

function returnsMany(receivers: Receivers, { name }: ClassFact, call: CallFact): boolean {
  const many = new RegExp(`^(Async)?(list|List|Sequence|Iterable|Iterator|Generator|tuple|set)\\[\\s*["']?${name}\\b`);
  return receivers.targetsOf(call).some(({ returns }) => many.test(returns));
}

const farthest = 3;

/** The expression and what the names in it were given: a statement, its result, the rows. */
function sourcesOf(within: FunctionFact, expression: PythonNode, depth = 0): PythonNode[] {
  if (depth > farthest) return [];
  const names = [expression, ...descendants(expression)].filter(({ type }) => type === "identifier");
  const values = [...new Set(names.map(({ text }) => text))].flatMap((name) => valuesOf(within).get(name) ?? []);
  const further = values.filter((value) => value !== expression && !contains(value, expression));
  return [expression, ...further.flatMap((value) => sourcesOf(within, value, depth + 1))];
}
