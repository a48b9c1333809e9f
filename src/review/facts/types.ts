import type { Project } from "../project.ts";
import type { ClassFact, PythonFile } from "./pythonFile.ts";

const deepestAlias = 4;

/**
 * An annotation with what its aliases stand for appended: `ServiceDep` becomes
 * `ServiceDep Annotated[OrderService, Depends(get_order_service)]`.
 */
export function expandType(project: Project, file: PythonFile, annotation: string, depth = 0): string {
  if (depth > deepestAlias) return annotation;
  let expanded = annotation;
  for (const name of new Set(namesIn(annotation))) {
    const definition = project.resolve(file, name);
    if (definition?.kind !== "assignment") continue;
    const { type } = definition.value;
    if (type !== "subscript" && type !== "generic_type" && type !== "identifier" && type !== "type") continue;
    expanded += ` ${expandType(project, definition.file, definition.value.text, depth + 1)}`;
  }
  return expanded;
}

/** Identifiers of an annotation, last parts of dotted names; words in string literals count as names. */
export function namesIn(annotation: string): string[] {
  return [...annotation.matchAll(/[A-Za-z_][\w.]*/g)].map((match) => match[0].slice(match[0].lastIndexOf(".") + 1));
}

/** The classes of the project that a class inherits from, nearest first, each once. Bases are matched by name. */
export function ancestorsOf(project: Project, fact: ClassFact): readonly ClassFact[] {
  const found = new Set<ClassFact>();
  const names = new Set<string>();
  let level: readonly ClassFact[] = [fact];
  while (level.length > 0) {
    const bases = level.flatMap((child) => child.bases).filter((base) => !names.has(base));
    for (const base of bases) names.add(base);
    level = [...new Set(bases)].flatMap((base) => project.classes.get(base) ?? []).filter((parent) => parent !== fact);
    for (const parent of level) found.add(parent);
  }
  return [...found];
}

/** Whether a class of this name has, somewhere up its bases, one that the pattern names. */
export function descendsFrom(project: Project, name: string, pattern: RegExp): boolean {
  const classes = project.classes.get(name) ?? [];
  return classes.some((fact) =>
    [fact, ...ancestorsOf(project, fact)].some(({ bases }) => bases.some((base) => pattern.test(base))),
  );
}

const pydanticBases = /^(BaseModel|RootModel|SQLModel|GenericModel|BaseSettings)$/;

export function isPydanticModel(project: Project, name: string): boolean {
  return pydanticBases.test(name) || descendsFrom(project, name, pydanticBases);
}

export function isDataclass(fact: ClassFact): boolean {
  return fact.decorators.some((decorator) => /(^|\.)dataclass\b/.test(decorator.text));
}

const enumBases = /^(Enum|StrEnum|IntEnum|Flag|IntFlag)$/;

export function isEnum(fact: ClassFact): boolean {
  return fact.bases.some((base) => enumBases.test(base));
}
