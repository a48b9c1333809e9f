import type { PythonNode } from "../pythonParser.ts";
import { bindsName } from "./bindings.ts";
import { isMadeWith } from "./fixedFields.ts";
import type { FixedPlace, Judges } from "./fixedPlace.ts";
import type { ClassFact, FunctionFact } from "./pythonFile.ts";
import { isNamedBySchema } from "./schemaNames.ts";
import { evaluate } from "./staticValue.ts";
import { descendants, dottedName, fieldOf, lastName } from "./syntax.ts";
import { isEnum } from "./types.ts";

/** `self.threshold` of the class, `self.value` of an enumeration, the table of a model, `db.now` where `now` is a property. */
export function isFixedAttribute(judges: Judges, place: FixedPlace, node: PythonNode): boolean {
  const name = dottedName(node);
  const { within } = place;
  if (name === undefined || !within) return false;
  if (/\.(__tablename__|__table__\.name)$/.test(name)) return true;
  const receiver = name.slice(0, name.lastIndexOf("."));
  if (/^\w+\.name$/.test(name) && (isNamedBySchema(within, receiver) || isTable(place, receiver))) return true;
  if (/^(self|cls)$/.test(receiver) && isFixedField(place, within, name)) return true;
  if (/^(value|name)$/.test(lastName(name)) && isMember(place, within, receiver)) return true;
  return judges.read(place, node, receiver) || isMadeWith(judges, place, fieldOf(node, "object"), lastName(name));
}

/** `books = Book.__table__` of the module. */
function isTable(place: FixedPlace, name: string): boolean {
  return /\.__table__$/.test(place.assignmentOf(place.path, name)?.value.text ?? "");
}

/** A constant of the class, or what an enumeration says of itself. */
function isFixedField(place: FixedPlace, within: FunctionFact, name: string): boolean {
  const owner = ownerOf(place, within);
  if (!owner) return false;
  if (isEnum(owner) && /\.(value|name)$/.test(name)) return true;
  const field = owner.fields.find((candidate) => candidate.name === lastName(name));
  const isSet = owner.methods.some(({ body }) => body.text.includes(`${name} =`));
  return field?.value !== undefined && !isSet && evaluate(field.value, place.scope) !== undefined;
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
