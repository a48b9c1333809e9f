import type { PythonNode } from "../pythonParser.ts";
import { argumentFor, bindingsOf, bindsName, gives, isIndex } from "./bindings.ts";
import type { TextPlace } from "./dynamicText.ts";
import { isEscapedPart, isQuotedName } from "./escapedParts.ts";
import { ofSchema } from "./loopItems.ts";
import type { CallFact, ClassFact, FunctionFact, ParameterFact } from "./pythonFile.ts";
import { evaluate, type Scope } from "./staticValue.ts";
import {
  ancestor,
  argumentsOf,
  calledMethod,
  calleeOf,
  descendants,
  dottedName,
  fieldOf,
  isCode,
  lastName,
  positionalArguments,
  unwrap,
} from "./syntax.ts";
import { isEnum } from "./types.ts";
import { contains } from "./ways.ts";

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

/**
 * Whether an expression can only be one of some values that are written in the code: a constant, what a loop over
 * constants or a conditional of them gives, an entry of a written table, a field of the class, a property or a function that
 * returns nothing else, a parameter for which every caller hands in such a value. A name that is quoted counts as well.
 */
export function isFixed(place: FixedPlace, wrapped: PythonNode | undefined): boolean {
  const node = wrapped && unwrap(wrapped);
  if (!node || place.depth > deepest) return false;
  if (evaluate(node, place.scope) !== undefined) return true;
  const deeper = { ...place, depth: place.depth + 1 };
  switch (node.type) {
    case "conditional_expression":
      return [node.children[0], node.children.at(-1)].every(
        (side) => isFixed(deeper, side) || isAllowed(place, node, side),
      );
    case "string":
    case "concatenated_string":
      return descendants(node).every((part) => part.type !== "interpolation" || isFixedPart(deeper, part));
    case "identifier":
      return isFixedItem(deeper, node) ?? isFixedName(deeper, node.text, node.start);
    case "attribute":
      return isFixedAttribute(deeper, node);
    case "binary_operator":
      return [fieldOf(node, "left"), fieldOf(node, "right")].every((side) => isFixed(deeper, side));
    case "subscript":
      return isFixedSubscript(deeper, fieldOf(node, "value"));
    case "list_comprehension":
    case "generator_expression":
      return isFixed(deeper, node.children[0]);
    case "call":
      return isFixedCall(deeper, node);
    default:
      return false;
  }
}

const deepest = 12;

/** `sort if sort in COLUMNS else "id"`: one of what the code lists. */
function isAllowed(place: FixedPlace, choice: PythonNode, value: PythonNode | undefined): boolean {
  const condition = choice.children.filter(isCode)[1];
  const [what, list] =
    condition?.type === "comparison_operator"
      ? condition.children.filter(isCode).filter(({ type }) => type !== "in")
      : [];
  const isAsked = condition?.children.some(({ type }) => type === "in") === true && value === choice.children[0];
  return isAsked && what?.text === value?.text && list !== undefined && isFixedEntry(place, list);
}

/** What an f-string puts in: fixed, or a name that is quoted as SQL quotes names, `f'"{name.replace(…)}"'`. */
export function isFixedPart(place: FixedPlace, interpolation: PythonNode): boolean {
  const expression = fieldOf(interpolation, "expression");
  return isFixed(place, expression) || isEscapedPart(interpolation, place.within);
}

/** `COLUMNS[sort]`: whatever the key is, the table is written in the code. */
function isFixedEntry(place: FixedPlace, table: PythonNode | undefined): boolean {
  const value = evaluate(table, place.scope);
  return value instanceof Map || Array.isArray(value);
}

function isFixedSubscript(place: FixedPlace, value: PythonNode | undefined): boolean {
  if (value?.type === "call") return isFixed(place, value);
  return isFixedEntry(place, value) || isEntryOfItem(place, value) || isEntryOfParameter(place, value);
}

/** `names["table"]` of a parameter for which every caller hands in a dictionary that is written out, and that is not changed. */
function isEntryOfParameter(place: FixedPlace, value: PythonNode | undefined): boolean {
  const { within } = place;
  const parameter = within?.parameters.find(({ name }) => name === value?.text);
  if (!within || !parameter || bindingsOf(within, parameter.name).length > 0) return false;
  const isChanged = new RegExp(`\\b${parameter.name}(\\[[^\\]]*\\]\\s*=[^=]|\\.(update|setdefault|pop)\\()`).test(
    within.body.text,
  );
  return !isChanged && isFixedForCallers(place, within, parameter);
}

/** `kind["labels"]` in a loop over a written list of dictionaries: whatever the item holds is written as well. */
function isEntryOfItem(place: FixedPlace, item: PythonNode | undefined): boolean {
  if (item?.type !== "identifier" || !place.within) return false;
  const bindings = bindingsOf(place.within, item.text);
  const isItem = bindings.length > 0 && bindings.every(({ type }) => type.startsWith("for_"));
  return isItem && bindings.every((loop) => isFixedList(place, fieldOf(loop, "right")));
}

const pureFunctions = /^(len|str|int|float|max|min|abs|round|repr|sorted|reversed|set|list|tuple|quoted_name|asdict)$/;
const pureMethods = /^(upper|lower|strip|lstrip|rstrip|title|capitalize|removeprefix|removesuffix|replace|split)$/;
/** Also `json.dumps(…)`, and a class that is given something and nothing by name: `Spec("shelf")`. */
function isPure(call: PythonNode): boolean {
  const callee = calleeOf(call) ?? "";
  const isMade =
    /^[A-Z]\w*[a-z]/.test(callee) && givenTo(call).length > 0 && argumentsOf(call).length === givenTo(call).length;
  return isMade || pureFunctions.test(callee) || callee === "json.dumps";
}

/** `", ".join(…)` over fixed parts, and a function that returns nothing else where it is given nothing else. */
function isFixedCall(place: FixedPlace, node: PythonNode): boolean {
  const callee = fieldOf(node, "function");
  const method = calledMethod(node) ?? "";
  const isGivenFixed = () =>
    givenTo(node).every((argument) => isFixed(place, argument) || isFixedList(place, argument));
  if (isQuotedName(node, place.within)) return true;
  if (callee?.type === "attribute") {
    const object = fieldOf(callee, "object");
    if (method === "join" || pureMethods.test(method)) return isFixed(place, object) && isGivenFixed();
    if (method === "get" && isFixedEntry(place, object))
      return positionalArguments(node)
        .slice(1)
        .every((other) => isFixed(place, other));
  }
  if (isPure(node)) return isGivenFixed();
  return returnsFixed(place, callAt(place, node));
}

/** What the comprehension around the name goes through; undefined where none binds the name. */
function isFixedItem(place: FixedPlace, node: PythonNode): boolean | undefined {
  const types = ["list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"];
  for (let at = ancestor(node, types, ["function_definition"]); at; at = ancestor(at, types, ["function_definition"])) {
    const clause = at.children.find((child) => child.type === "for_in_clause" && bindsName(child, node.text));
    if (clause && !contains(clause, node))
      return isFixedList(place, fieldOf(clause, "right")) || isIndex(clause, node.text);
  }
  return undefined;
}

/** The grammar has a generator that is the only argument stand in place of the list of arguments. */
function givenTo(call: PythonNode): readonly PythonNode[] {
  const given = fieldOf(call, "arguments");
  return given?.type === "generator_expression" ? [given] : positionalArguments(call);
}

/**
 * Every assignment and every loop that binds the name gives it a fixed value. A parameter is what callers hand in, unless it
 * is given another value before `at`.
 */
function isFixedName(place: FixedPlace, text: string, at = Number.POSITIVE_INFINITY): boolean {
  const { within } = place;
  if (place.given?.has(text)) return true;
  const parameter = within?.parameters.find(({ name }) => name === text);
  const bindings = within ? bindingsOf(within, text) : [];
  const replacing = bindings.find(
    (node) => node.parent?.parent === within?.body && gives(node, text) && node.end <= at,
  );
  if (within && parameter && !replacing) return isFixedForCallers(place, within, parameter);
  if (bindings.length === 0) return isFixedOutside(place, text);
  const inside = { ...place, given: new Set([...(place.given ?? []), text]) };
  if (!isFilledFixed(inside, text)) return false;
  return bindings.every((node) => isBoundFixed(parameter && node === replacing ? place : inside, node, text));
}

function isBoundFixed(place: FixedPlace, node: PythonNode, name: string): boolean {
  const left = fieldOf(node, "left");
  const right = fieldOf(node, "right");
  if (!/assignment$/.test(node.type)) return isFixedList(place, right) || isIndex(node, name);
  if (left?.text === name) return isFixed(place, right);
  const index = left?.children.filter(isCode).findIndex(({ text }) => text === name) ?? -1;
  return right !== undefined && index >= 0 && isFixedElement(place, right, index);
}

/** `condition, values = where_of(kind)`: an element of the tuple, or of those that the function returns. */
function isFixedElement(place: FixedPlace, wrapped: PythonNode | undefined, index: number): boolean {
  const node = wrapped?.type === "await" ? wrapped.children.find(isCode) : wrapped && unwrap(wrapped);
  if (!node || place.depth > deepest) return false;
  if (/^(tuple|expression_list)$/.test(node.type)) return isFixed(place, node.children.filter(isCode)[index]);
  const deeper = { ...place, depth: place.depth + 1 };
  return returnsFixed(deeper, callAt(place, node), (inside, value) => isFixedElement(inside, value, index));
}

function callAt({ within }: FixedPlace, node: PythonNode): CallFact | undefined {
  return within?.calls.find((call) => call.node === node);
}

/** A name that the function does not bind belongs to the function around it, or to the module. */
function isFixedOutside(place: FixedPlace, name: string): boolean {
  const outer = place.within && place.outerOf(place.within);
  if (!outer) return isFixedInModule(place, name);
  return isFixedName({ ...place, within: outer, given: new Set() }, name);
}

/** Somebody calls the function, everybody by name, and all hand in a fixed value or leave it to a fixed default. */
function isFixedForCallers(place: FixedPlace, within: FunctionFact, parameter: ParameterFact): boolean {
  if (place.asked?.has(parameter)) return true;
  if (within.decorators.some(({ text }) => !/^@(static|class)method$/.test(text))) return false;
  const asked = new Set([...(place.asked ?? []), parameter]);
  const calls = place.callersOf(within);
  return (
    calls.length > 0 &&
    calls.every((call) => {
      const value = argumentFor(call.node, within, parameter) ?? parameter.value;
      const { path } = call;
      const outside = {
        ...place,
        path,
        within: call.within,
        scope: place.scopeOf(path),
        given: new Set<string>(),
        asked,
      };
      return value !== undefined && (isFixed(outside, value) || isFixedList(outside, value));
    })
  );
}

function isFixedInModule(place: FixedPlace, name: string): boolean {
  const found = place.assignmentOf(place.path, name);
  if (!found) return false;
  const outside: FixedPlace = { ...place, path: found.path, within: undefined, scope: place.scopeOf(found.path) };
  return isFixed(outside, found.value);
}

/** A list that is written out, here or under its name, what is picked from one, an enumeration, and the keys of a dictionary of such keys. */
function isFixedList(place: FixedPlace, node: PythonNode | undefined): boolean {
  if (!node || place.depth > deepest) return false;
  const value = evaluate(node, place.scope);
  if (Array.isArray(value) || value instanceof Map || /^range\(/.test(node.text)) return true;
  if (/^(list_comprehension|set_comprehension|generator_expression)$/.test(node.type))
    return isFixed(place, node.children[0]);
  if (isOfSchema(place, node)) return true;
  if (node.type === "list_splat") return isFixedList(place, node.children.find(isCode));
  if (/^(list|tuple|set)$/.test(node.type)) {
    return node.children.filter(isCode).every((item) => isFixed(place, item) || isFixedList(place, item));
  }
  if (node.type === "call" && /^(reversed|sorted|enumerate|list|tuple|set|zip)\(/.test(node.text)) {
    return positionalArguments(node).every((argument) => isFixedList(place, argument));
  }
  if (calledMethod(node) === "keys") return isFixedList(place, fieldOf(fieldOf(node, "function") ?? node, "object"));
  if (node.type === "subscript") return isEntryOfItem(place, fieldOf(node, "value"));
  return node.type === "identifier" && isFixedListName(place, node.text);
}

/** The tables of a metadata and their columns, which the models name. */
function isOfSchema(place: FixedPlace, items: PythonNode | undefined): boolean {
  if (!items || ofSchema.test(items.text)) return items !== undefined;
  const table = items.text.match(/^(\w+)(\.primary_key)?\.(columns|c)$/)?.[1];
  return table !== undefined && isNamedBySchema(place, table);
}

/** `column.name` in a loop over the columns of a table, `table.name` in one over the tables. */
function isNamedBySchema(place: FixedPlace, item: string): boolean {
  const loops = place.within ? bindingsOf(place.within, item) : [];
  return loops.length > 0 && loops.every((loop) => isOfSchema(place, fieldOf(loop, "right")));
}

function isFixedListName(place: FixedPlace, name: string): boolean {
  const { within } = place;
  if (place.given?.has(name)) return true;
  const inside = { ...place, depth: place.depth + 1, given: new Set([...(place.given ?? []), name]) };
  const parameter = within?.parameters.find((candidate) => candidate.name === name);
  if (within && parameter && !isFixedForCallers(inside, within, parameter)) return false;
  const bindings = within ? bindingsOf(within, name) : [];
  if (bindings.length === 0 && !parameter) return isFixedListInModule(place, name);
  return isFilledFixed(inside, name) && bindings.every((node) => isFixedListIn(inside, node, name));
}

function isFixedListIn(place: FixedPlace, node: PythonNode, name: string): boolean {
  const right = fieldOf(node, "right");
  if (right?.type === "dictionary") return hasFixedKeys(place, right, name);
  const isWhole = /^for_/.test(node.type) || fieldOf(node, "left")?.text === name;
  return isWhole && isFixedList(place, right);
}

function isFixedListInModule(place: FixedPlace, name: string): boolean {
  if (place.isEnumeration(place.path, name)) return true;
  const found = place.assignmentOf(place.path, name);
  if (!found || found.value.type === "identifier") return false;
  const outside = { ...place, path: found.path, within: undefined, scope: place.scopeOf(found.path) };
  return isFixedList({ ...outside, depth: place.depth + 1 }, found.value);
}

/** What `parts.append(…)` and its like add to the list. */
function isFilledFixed(place: FixedPlace, name: string): boolean {
  const added = place.within?.calls.filter(
    ({ receiver, method }) => receiver === name && /^(append|extend|insert|add)$/.test(method),
  );
  return (added ?? []).every(({ node }) =>
    positionalArguments(node).every((argument) => isFixed(place, argument) || isFixedList(place, argument)),
  );
}

/** `updates = {}`, and then `updates[column] = …` where every column is fixed. */
function hasFixedKeys(place: FixedPlace, dictionary: PythonNode, name: string): boolean {
  const { within } = place;
  if (!within || new RegExp(`\\b${name}\\.(update|setdefault)\\(`).test(within.body.text)) return false;
  const written = dictionary.children.filter(isCode).map((pair) => fieldOf(pair, "key"));
  const added = descendants(within.body)
    .filter((node) => node.type === "assignment" && fieldOf(node, "left")?.type === "subscript")
    .flatMap((node) => fieldOf(node, "left") ?? [])
    .filter((target) => fieldOf(target, "value")?.text === name)
    .map((target) => fieldOf(target, "subscript"));
  return [...written, ...added].every((key) => isFixed(place, key));
}

/** `self.threshold` of the class, `self.value` of an enumeration, the table of a model, `db.now` where `now` is a property. */
function isFixedAttribute(place: FixedPlace, node: PythonNode): boolean {
  const name = dottedName(node);
  const { within } = place;
  if (name === undefined || !within) return false;
  if (/\.(__tablename__|__table__\.name)$/.test(name)) return true;
  const receiver = name.slice(0, name.lastIndexOf("."));
  if (/^\w+\.name$/.test(name) && isNamedBySchema(place, receiver)) return true;
  const owner = ownerOf(place, within);
  if (/^(self|cls)$/.test(receiver) && owner) {
    if (isEnum(owner) && /\.(value|name)$/.test(name)) return true;
    const field = owner.fields.find((candidate) => candidate.name === lastName(name));
    const isSet = owner.methods.some(({ body }) => body.text.includes(`${name} =`));
    if (field?.value && !isSet && evaluate(field.value, place.scope) !== undefined) return true;
  }
  if (/^(value|name)$/.test(lastName(name)) && isMember(place, within, receiver)) return true;
  const read = { path: place.path, receiver, method: lastName(name), node, line: node.line, awaited: false };
  return returnsFixed(place, { ...read, loop: undefined, within });
}

/** `kind` of `kind: Kind`, and of a loop over what a parameter of that type holds. */
function isMember(place: FixedPlace, within: FunctionFact, name: string): boolean {
  const loops = descendants(within.body).filter((node) => /^for_/.test(node.type) && bindsName(node, name));
  const roots = loops.map((loop) => fieldOf(loop, "right")?.text.match(/^(\w+)(\.(items|keys)\(\))?$/)?.[1]);
  const sources = loops.length > 0 ? roots : [name];
  return sources.every((source) => {
    const annotation = within.parameters.find((parameter) => parameter.name === source)?.annotation ?? "";
    const type = annotation
      .replace(/^(Optional|list|List|set|Set|dict|Dict|Sequence|Iterable|Mapping)\[/, "")
      .match(/^\w+/)?.[0];
    return type !== undefined && place.isEnumeration(place.path, type);
  });
}

/** The class of a method, also of a function inside it. */
function ownerOf(place: FixedPlace, within: FunctionFact): ClassFact | undefined {
  const outer = within.owner ? undefined : place.outerOf(within);
  return within.owner ?? (outer && ownerOf(place, outer));
}

type Judge = (place: FixedPlace, value: PythonNode | undefined) => boolean;

/** Whatever the functions return that the call can run, `judge` finds fixed. */
function returnsFixed(place: FixedPlace, call: CallFact | undefined, judge: Judge = isFixed): boolean {
  const targets = call ? place.targetsOf(call) : [];
  return (
    targets.length > 0 && targets.every((target) => judgesReturned(inCallee(place, target, call?.node), target, judge))
  );
}

function judgesReturned(inside: FixedPlace, { body }: FunctionFact, judge: Judge): boolean {
  const returned = descendants(body, ({ type }) => type !== "function_definition").filter(
    ({ type }) => type === "return_statement",
  );
  return returned.length > 0 && returned.every((statement) => judge(inside, statement.children.find(isCode)));
}

/** Inside the function, with the parameters for which the call hands in what is fixed. */
function inCallee(place: FixedPlace, target: FunctionFact, call: PythonNode | undefined): FixedPlace {
  const given = target.parameters.filter((parameter) => {
    const argument = call?.type === "call" ? argumentFor(call, target, parameter) : undefined;
    return argument && isFixed(place, argument);
  });
  return {
    ...place,
    path: target.path,
    within: target,
    scope: place.scopeOf(target.path),
    given: new Set(given.map(({ name }) => name)),
  };
}
