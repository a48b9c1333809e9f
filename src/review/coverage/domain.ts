import type { DomainEvent, Entity, Field, SourceSpan, ValueObject } from "../../spec/model.ts";
import type { Analysis } from "../analysis.ts";
import { spanOf } from "../facts/columns.ts";
import type { ClassFact, FieldFact, FunctionFact, PythonFile } from "../facts/pythonFile.ts";
import { tableNameOf } from "../facts/tableNames.ts";
import { ancestorsOf, isEnum, isPydanticModel } from "../facts/types.ts";
import type { CoverageElement } from "../model.ts";
import type { Project } from "../project.ts";
import { found, missing } from "./element.ts";

/**
 * Entities and value objects by class name, the domain layer before models before schemas; their fields by name in
 * any casing. `orderId` of `Order` may be `id`, and `customer` may be held as `customer_id`.
 *
 * Types of fields are not compared: a domain model names them in too many ways.
 */
export function coverDomain({ project }: Analysis): CoverageElement[] {
  const classes = project.code.flatMap((file) => file.classes.map((fact) => ({ file, fact })));
  const { entities, valueObjects } = project.spec.domain;
  return [...entities, ...valueObjects].flatMap((element) => coverElement(project, classes, element));
}

/**
 * Events by the class that carries them, in the domain layer before others. A class that nothing makes an instance
 * of is no event that anybody is told of.
 */
export function coverEvents({ project }: Analysis): CoverageElement[] {
  const classes = project.code.flatMap((file) => file.classes.map((fact) => ({ file, fact })));
  return project.spec.domain.events.flatMap((event) => {
    const stem = plain(event.name);
    const [best] = classes
      .filter(({ fact }) => [stem, `${stem}event`].includes(plain(fact.name)))
      .sort((a, b) => rank(project, a) - rank(project, b));
    if (!best) return [missing(event), ...event.fields.map((field) => missing(field))];
    const isRaised = new RegExp(`(?<!class )\\b${best.fact.name}\\(`);
    const texts = project.code.some((file) => isRaised.test(file.text)) ? [] : ["Nothing raises it"];
    return coverClass(project, best, event, texts);
  });
}

interface ClassInFile {
  readonly file: PythonFile;
  readonly fact: ClassFact;
}

function coverElement(
  project: Project,
  classes: readonly ClassInFile[],
  element: Entity | ValueObject,
): CoverageElement[] {
  const candidates = classes
    .filter(({ fact }) => names(element.name).has(plain(fact.name)))
    .sort((a, b) => rank(project, a) - rank(project, b));
  const [best] = candidates;
  if (best) return coverClass(project, best, element);
  const alias = project.code.flatMap((file) => aliasSpan(file, element.name))[0];
  if (!alias) return [missing(element), ...element.fields.map((field) => missing(field))];
  return [found(element, alias, []), ...element.fields.map((field) => found(field, alias, []))];
}

function rank(project: Project, { file, fact }: ClassInFile): number {
  if (file.layer === "domain") return 0;
  if (tableNameOf(project, file, fact) !== undefined) return 1;
  return isPydanticModel(project, fact.name) ? 2 : 3;
}

/** `Order`, `OrderEntity`, `OrderModel`, `OrderRow`. */
function names(name: string): ReadonlySet<string> {
  const stem = plain(name);
  return new Set([stem, ...["entity", "model", "row", "record", "orm"].map((suffix) => stem + suffix)]);
}

function coverClass(
  project: Project,
  { file, fact }: ClassInFile,
  element: Entity | ValueObject | DomainEvent,
  differences: readonly string[] = [],
): CoverageElement[] {
  const members = membersOf(project, fact);
  const { valueObjects } = project.spec.domain;
  const fields = element.fields.map((field) => coverField(element, field, { file, fact, members, valueObjects }));
  const absent = fields.filter((field) => field.status === "missing").map((field) => field.name);
  const texts = [...(absent.length > 0 ? [`Has no ${absent.join(", ")}`] : []), ...differences];
  return [found(element, spanOf(file, fact), texts), ...fields];
}

interface Members extends ClassInFile {
  readonly members: ReadonlyMap<string, SourceSpan>;
  readonly valueObjects: readonly ValueObject[];
}

function coverField(element: Entity | ValueObject | DomainEvent, field: Field, held: Members): CoverageElement {
  const { file, fact, members } = held;
  if (isEnum(fact)) return found(field, spanOf(file, fact), []);
  const owner = plain(element.name);
  const wanted = plain(field.name);
  const spellings = [
    wanted,
    `${wanted}id`,
    `${wanted}ids`,
    ...(wanted === `${owner}id` ? ["id"] : []),
    ...(wanted === "id" ? [`${owner}id`] : []),
  ];
  const span =
    spellings.map((name) => members.get(name)).find((member) => member !== undefined) ?? partsOf(field, held);
  return span ? found(field, span, []) : missing(field);
}

/** A value object may be held in a member for each of its fields: `venue_name` and `venue_city` are a venue. */
function partsOf({ name, type }: Field, { members, valueObjects }: Members): SourceSpan | undefined {
  const parts = valueObjects.find((candidate) => plain(candidate.name) === plain(type))?.fields ?? [];
  const spans = parts.map((part) => members.get(plain(name) + plain(part.name)));
  return spans.every((span) => span !== undefined) ? spans[0] : undefined;
}

/** Fields, properties and methods, inherited ones too, by plain name. */
function membersOf(project: Project, fact: ClassFact): Map<string, SourceSpan> {
  const members = new Map<string, SourceSpan>();
  for (const owner of [...ancestorsOf(project, fact).toReversed(), fact]) {
    const file = project.fileOf(owner);
    const own: readonly (FieldFact | FunctionFact)[] = [...owner.methods, ...owner.fields];
    for (const member of own) members.set(plain(member.name), spanOf(file, member));
  }
  return members;
}

/** `Email = NewType("Email", str)` or `Email = Annotated[str, …]`. */
function aliasSpan(file: PythonFile, name: string): SourceSpan[] {
  return [...file.assignments]
    .filter(([bound]) => plain(bound) === plain(name))
    .map(([, value]) => spanOf(file, value));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
