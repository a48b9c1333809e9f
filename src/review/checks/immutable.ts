import { originalName } from "../facts/imports.ts";
import type { ClassFact, PythonFile } from "../facts/pythonFile.ts";
import { dottedName, fieldOf, positionalArguments, shortText } from "../facts/syntax.ts";
import { ancestorsOf, isEnum } from "../facts/types.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * Domain entities cannot be changed: every dataclass and attrs class in the domain layer is frozen, the designed
 * entities that are Pydantic models there are frozen, none is a plain class, a dictionary or a database row, and no method
 * gets round it. The domain layer is found by folder name; lists and dictionaries inside a frozen object are not looked at.
 */
export const immutable: Check = {
  id: "immutable",
  title: "Immutable dataclasses for domain entities",
  run: ({ project }) => {
    const files = project.code.filter((file) => file.layer === "domain");
    if (files.every((file) => file.classes.length === 0)) return notApplicable;
    return passUnless(files.flatMap((file) => project.conclusions.aboutFile(findingsIn, project, file)));
  },
};

function findingsIn(project: Project, file: PythonFile): readonly Finding[] {
  return [...file.classes.flatMap((fact) => findingOf(project, file, fact)), ...callFindings(file)];
}

function findingOf(project: Project, file: PythonFile, fact: ClassFact): Finding[] {
  const message = faultOf(project, file, fact);
  return message === undefined ? [] : [{ path: file.path, line: fact.line, message }];
}

function faultOf(project: Project, file: PythonFile, fact: ClassFact): string | undefined {
  const isDesigned = [...project.spec.domain.entities, ...project.spec.domain.valueObjects].some(
    ({ name }) => name.toLowerCase() === fact.name.toLowerCase(),
  );
  const decorator = fact.decorators.find((node) => isDataDecorator(file, node));
  if (decorator) {
    return /frozen\s*=\s*True/.test(decorator.text)
      ? undefined
      : `Dataclass ${fact.name} can be changed; write @dataclass(frozen=True, slots=True).`;
  }
  if (!isDesigned || isEnum(fact)) return undefined;
  const lineage = [fact, ...ancestorsOf(project, fact)];
  const descends = (pattern: RegExp) => lineage.some(({ bases }) => bases.some((base) => pattern.test(base)));
  if (descends(/^(BaseModel|RootModel|SQLModel|GenericModel)$/)) {
    const frozen = lineage.some(({ body, keywords }) => /frozen\s*=\s*True/.test(`${body.text} ${keywords}`));
    return frozen
      ? undefined
      : `Model ${fact.name} can be changed; set model_config = ConfigDict(frozen=True) or make it a frozen dataclass.`;
  }
  if (descends(/^TypedDict$/)) return `${fact.name} is a dictionary; make it @dataclass(frozen=True, slots=True).`;
  if (descends(notData) || lineage.some(({ decorators }) => decorators.length > 0)) return undefined;
  return `Entity ${fact.name} is a plain class; make it @dataclass(frozen=True, slots=True).`;
}

const notData = /^(Protocol|ABC|NamedTuple|Exception|.*Error|str|int|Decimal|Enum|StrEnum|IntEnum|Struct)$/;

/** `@dataclass`, Pydantic's as well, and those of attrs that leave an object open to change. */
function isDataDecorator(file: PythonFile, node: PythonNode): boolean {
  const name = originalName(file.imports, dottedName(node.type === "call" ? fieldOf(node, "function") : node) ?? "");
  return /(^|\.)dataclass$/.test(name) || /^(attrs?\.(define|mutable|s|attrs))$/.test(name);
}

/** Dataclasses that are made by a call, and methods that write through `object.__setattr__`. */
function callFindings(file: PythonFile): Finding[] {
  return file.calls.flatMap((call) => {
    const { path, line, method, receiver, within } = call;
    const isMade = method === "make_dataclass" || (method === "dataclass" && positionalArguments(call.node).length > 0);
    if (isMade && !/frozen\s*=\s*True/.test(call.node.text)) {
      return [
        { path, line, message: `${shortText(call.node)} can be changed; write @dataclass(frozen=True, slots=True).` },
      ];
    }
    const isBuilding = /^__(post_init|init|new|setstate|attrs_post_init)__$/.test(within?.name ?? "");
    if (receiver !== "object" || method !== "__setattr__" || isBuilding) return [];
    return [
      { path, line, message: "Changes a frozen object from inside; return a changed copy (dataclasses.replace)." },
    ];
  });
}
