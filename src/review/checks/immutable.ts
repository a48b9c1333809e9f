import type { Analysis } from "../analysis.ts";
import type { ClassFact, PythonFile } from "../facts/pythonFile.ts";
import { ancestorsOf, descendsFrom, isDataclass, isEnum, isPydanticModel } from "../facts/types.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * Domain entities cannot be changed: every dataclass in the domain layer is frozen, the designed
 * entities that are Pydantic models there are frozen, and none is a plain class. The domain layer is found by folder name;
 * lists and dictionaries inside a frozen object are not looked at.
 */
export const immutable: Check = {
  id: "immutable",
  title: "Immutable dataclasses for domain entities",
  run: (analysis) => {
    const files = analysis.project.code.filter((file) => file.layer === "domain");
    if (files.every((file) => file.classes.length === 0)) return notApplicable;
    return passUnless(files.flatMap((file) => file.classes.flatMap((fact) => findingOf(analysis, file, fact))));
  },
};

function findingOf({ project }: Analysis, file: PythonFile, fact: ClassFact): Finding[] {
  const message = faultOf(project, fact);
  return message === undefined ? [] : [{ path: file.path, line: fact.line, message }];
}

function faultOf(project: Project, fact: ClassFact): string | undefined {
  const isDesigned = [...project.spec.domain.entities, ...project.spec.domain.valueObjects].some(
    ({ name }) => name.toLowerCase() === fact.name.toLowerCase(),
  );
  if (isDataclass(fact)) {
    const frozen = fact.decorators.some((decorator) => /frozen\s*=\s*True/.test(decorator.text));
    return frozen ? undefined : `Dataclass ${fact.name} can be changed; write @dataclass(frozen=True, slots=True).`;
  }
  if (isPydanticModel(project, fact.name)) {
    const frozen = /frozen\s*=\s*True/.test(fact.body.text) || /frozen=True/.test(fact.keywords);
    if (frozen || !isDesigned || inheritsFrozen(project, fact)) return undefined;
    return `Model ${fact.name} can be changed; set model_config = ConfigDict(frozen=True) or make it a frozen dataclass.`;
  }
  if (!isDesigned || isEnum(fact) || descendsFrom(project, fact.name, notData)) return undefined;
  return `Entity ${fact.name} is a plain class; make it @dataclass(frozen=True, slots=True).`;
}

const notData = /^(Protocol|ABC|NamedTuple|TypedDict|Exception|.*Error|str|int|Decimal|Enum|StrEnum|IntEnum)$/;

function inheritsFrozen(project: Project, fact: ClassFact): boolean {
  return ancestorsOf(project, fact).some((parent) => /frozen\s*=\s*True/.test(parent.body.text));
}
