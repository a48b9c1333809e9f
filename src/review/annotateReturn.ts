import type { FunctionFact } from "./facts/pythonFile.ts";
import { childOfType, fieldOf, keywordArgument } from "./facts/syntax.ts";
import type { FileReader } from "./fileReader.ts";
import type { PlaceInput } from "./model.ts";
import { styleRules } from "./styleRules.ts";

/**
 * The file with the return type of the function whose `def` is at this line, where the code decides it: of an endpoint its
 * `response_model`, which FastAPI answers with whatever is returned; of others what ruff concludes from their `return`s,
 * `None` first of all. Undefined where it would be a guess, and where there is such a type already.
 */
export async function annotateReturn(
  { path, files, line }: PlaceInput,
  reader: FileReader,
): Promise<string | undefined> {
  const source = files.find((file) => file.path === path);
  if (source === undefined) return undefined;
  const fact = reader.facts(source).functions.find((candidate) => candidate.line === line);
  if (fact?.returns !== "") return undefined;
  const model = responseModel(fact);
  if (model === undefined) return reader.annotate(source.text, line, styleRules(files, path));
  const parameters = fact.body.parent && fieldOf(fact.body.parent, "parameters");
  if (!parameters) return undefined;
  return `${source.text.slice(0, parameters.end)} -> ${model}${source.text.slice(parameters.end)}`;
}

/** `Order`, `schemas.Order` or `list[Order]`; of what is put together otherwise nobody can say how it is written as a type. */
function responseModel({ decorators }: FunctionFact): string | undefined {
  const models = decorators.flatMap((decorator) => {
    const call = decorator.type === "call" ? decorator : childOfType(decorator, "call");
    const model = call && keywordArgument(call, "response_model");
    return model && /^\w+(?:\.\w+)*(?:\[[\w., |[\]]+\])?$/.test(model.text) && model.text !== "None"
      ? [model.text]
      : [];
  });
  return models[0];
}
