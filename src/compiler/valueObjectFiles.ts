import { wireNaming } from "../spec/join/derivedModels.ts";
import type { Field, ValueObject } from "../spec/model.ts";
import { sameThing, snakeCase } from "../support/words.ts";
import type { GeneratedFile } from "./compilation.ts";
import { invariantImports, invariantLines, isStated } from "./invariants.ts";
import { className, pythonName } from "./names.ts";
import type { BackendPlan, EnumPlan, HeldValue, NamedValue, PythonType, StatedInvariant } from "./plan.ts";
import { docstring, importsFrom, pythonModule } from "./python.ts";

/** The value objects of the domain model, which no table holds on its own. */
export function valueObjectFiles(plan: BackendPlan): readonly GeneratedFile[] {
  const objects = ownValueObjects(plan);
  if (objects.length === 0) return [];
  const ordered = dependencyOrder(objects);
  const types = ordered.map((object) => object.fields.map((field) => partType(plan, objects, object, field)));
  const body = ordered.map((object, index) => valueClass(plan, object, types[index] ?? []));
  const imports = [
    ...importsFrom("dataclasses", "dataclass"),
    ...types.flat().flatMap((type) => type.imports),
    ...invariantImports({ invariants: valueInvariants(plan) }),
  ];
  const text = pythonModule({ docstring: "Value objects: compared by value, never changed.", imports, body });
  return [{ path: "src/app/domain/value_objects.py", text, step: 1 }];
}

/** The value objects that have a class in `app.domain.value_objects`: those of the domain model, and what else is held as one. */
export function ownValueObjects(plan: BackendPlan): readonly ValueObject[] {
  const tables = new Set(plan.aggregates.map((aggregate) => aggregate.className));
  const designed = plan.spec.domain.valueObjects.filter(
    ({ name }) => !tables.has(className(name)) && !enumOf(plan, name),
  );
  const held = heldIn(plan).map(({ object, className: name }) => ({ ...object, name }));
  const byClass = new Map([...designed, ...held].map((object) => [className(object.name), object]));
  return [...byClass.values()].map(
    (object) => designed.find(({ name, fields }) => name === object.name && fields.length > 0) ?? object,
  );
}

function heldIn({ aggregates }: BackendPlan): readonly HeldValue[] {
  return aggregates.flatMap(({ held = [] }) => held);
}

/** As the columns that hold it, else as the document writes it. */
function partType(plan: BackendPlan, objects: readonly ValueObject[], object: ValueObject, field: Field): PythonType {
  const held = heldIn(plan).find((value) => value.className === className(object.name));
  const part = held?.parts.find(({ name }) => name === pythonName(field.name));
  if (!part) return valueType(plan, objects, field.type, anyText);
  const { type } = part.field;
  return part.optional ? { ...type, expression: `${type.expression} | None` } : type;
}

/** What the classes of the value objects hold their fields to. */
export function valueInvariants(plan: BackendPlan): readonly StatedInvariant[] {
  const objects = ownValueObjects(plan);
  return objects.flatMap((object) => invariantsOf(plan, objects, object));
}

/** Those of one class. */
export function valueInvariantsOf(plan: BackendPlan, name: string): readonly StatedInvariant[] {
  const objects = ownValueObjects(plan);
  const object = objects.find((candidate) => className(candidate.name) === name);
  return object ? invariantsOf(plan, objects, object) : [];
}

function invariantsOf(
  plan: BackendPlan,
  objects: readonly ValueObject[],
  object: ValueObject,
): readonly StatedInvariant[] {
  const named = (name: string): NamedValue | undefined => {
    const field = object.fields.find((candidate) => candidate.name === name);
    return field && { name: pythonName(name), type: partType(plan, objects, object, field) };
  };
  const wire = wireNaming(plan.spec.api);
  return plan.values.flatMap(({ object: owner, condition, error, rule }): StatedInvariant[] => {
    const field = owner.name === object.name ? named(condition.column) : undefined;
    const other = condition.kind === "order" ? named(condition.other) : undefined;
    if (!field || (condition.kind === "order" && !other)) return [];
    const plain = { ...field, type: { ...field.type, expression: field.type.expression.replace(/ \| None$/, "") } };
    if (!isStated(condition, plain, other)) return [];
    const nameOf = (part: string) => wire(snakeCase(part));
    const otherName = condition.kind === "order" && other && { other, otherName: nameOf(condition.other) };
    return [{ condition, field: plain, name: nameOf(condition.column), error, ...otherName, ...(rule && { rule }) }];
  });
}

function valueClass(plan: BackendPlan, object: ValueObject, types: readonly PythonType[]): string {
  const fields = object.fields.map(({ name, required }, index) => {
    const type = types[index]?.expression ?? "str";
    return `    ${pythonName(name)}: ${type}${required || type.endsWith("| None") ? "" : " | None"}`;
  });
  const head = ["@dataclass(frozen=True, slots=True)", `class ${className(object.name)}:`];
  const origin = object.confidence === "inferred" ? "of the contract" : "of the domain model";
  const summary = docstring(object.description ?? `Value object ${object.name} ${origin}`, 1);
  const given = object.fields.filter(({ required }, index) => required && !types[index]?.expression.endsWith("| None"));
  const invariants = invariantsOf(plan, ownValueObjects(plan), object);
  const checks = invariantLines(
    { invariants },
    invariants.flatMap(({ field, other }) => [field, ...(other ? [other] : [])]),
    { isGiven: (name) => given.some((field) => pythonName(field.name) === name) },
  );
  return [...head, summary, ...(fields.length > 0 ? ["", ...fields] : []), ...checks].join("\n");
}

function isOptionalType(written: string): boolean {
  return /\?$|\|\s*(?:null|None)\b/.test(written.replaceAll("`", "").trim());
}

/**
 * A type as domain documents write it: `Decimal(12,2)`, `string?`, `List<LineItem>`, `OrderStatus`.
 * `fallback` where it is none that is known.
 */
export function valueType(
  plan: BackendPlan,
  objects: readonly ValueObject[],
  written: string,
  fallback: PythonType,
): PythonType {
  const text = written.replaceAll("`", "").trim();
  const optional = isOptionalType(text);
  const bare = text.replace(/\?$|\|\s*(?:null|None)\b/g, "").trim();
  const item = /^(?:List|Set|Array|Collection|Sequence|list|set|tuple)\s*[<[(]\s*([\w ]+)|^(\w+)\s*\[\]/.exec(bare);
  const element = item?.[1] ?? item?.[2];
  const type = scalar(plan, objects, element ?? bare) ?? fallback;
  const expression = element === undefined ? type.expression : `tuple[${type.expression}, ...]`;
  return { ...type, expression: optional ? `${expression} | None` : expression };
}

function scalar(plan: BackendPlan, objects: readonly ValueObject[], written: string): PythonType | undefined {
  const object = objects.find(({ name }) => name.toLowerCase() === written.toLowerCase());
  if (object) return { expression: className(object.name), imports: [] };
  const closedSet = enumOf(plan, written);
  if (closedSet) {
    const imports = importsFrom(`app.domain.${closedSet.module}`, closedSet.className);
    return { expression: closedSet.className, imports };
  }
  const known = scalars.find(([pattern]) => pattern.test(written));
  if (!known) return undefined;
  const [, expression, module] = known;
  return { expression, imports: module === undefined ? [] : importsFrom(module, expression) };
}

const anyText: PythonType = { expression: "str", imports: [] };

const scalars: readonly (readonly [RegExp, string, string?])[] = [
  [/^(?:decimal|numeric|money|number)/i, "Decimal", "decimal"],
  [/^(?:int|integer|long|short|bigint|smallint)/i, "int"],
  [/^(?:float|double|real)/i, "float"],
  [/^bool/i, "bool"],
  [/^(?:str|text|varchar|char)/i, "str"],
  [/^(?:uuid|guid)/i, "UUID", "uuid"],
  [/^(?:datetime|timestamp|instant|date-time)/i, "datetime", "datetime"],
  [/^date$/i, "date", "datetime"],
];

function enumOf(plan: BackendPlan, name: string): EnumPlan | undefined {
  const enums = plan.aggregates.flatMap(({ fields }) => fields.flatMap((field) => field.enum ?? []));
  return enums.find((item) => sameThing(item.className, name) || item.sqlName === snakeCase(name));
}

/** Value objects that others are made of come first. */
function dependencyOrder(objects: readonly ValueObject[]): readonly ValueObject[] {
  const ordered: ValueObject[] = [];
  const seen = new Set<string>();
  const visit = (object: ValueObject): void => {
    if (seen.has(object.name)) return;
    seen.add(object.name);
    for (const { type } of object.fields) {
      const names = new Set(type.match(/[\p{L}\p{M}\p{N}_]+/gu));
      for (const other of objects) if (names.has(other.name)) visit(other);
    }
    ordered.push(object);
  };
  for (const object of objects) visit(object);
  return ordered;
}
