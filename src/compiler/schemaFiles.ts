import { changeFields, creationFields } from "./aggregates.ts";
import type { ApiPlan, Direction, ModelField, ModelPlan, OperationPlan } from "./apiPlan.ts";
import { commonNames } from "./commonSchemaFile.ts";
import type { GeneratedFile } from "./compilation.ts";
import { isFilledByParent } from "./domainFiles.ts";
import { heldValue, sentValueLines, valueExpression, valueMethod } from "./heldBodies.ts";
import { attributesOf } from "./heldColumns.ts";
import { type Mapping, mappingLines } from "./mappingLines.ts";
import type { AggregatePlan, BackendPlan, FieldPlan, PythonImport } from "./plan.ts";
import { docstring, importsFrom, longString, pythonModule, stringLiteral } from "./python.ts";
import { queryMethods } from "./queryModels.ts";
import { commonSchemas } from "./wireTypes.ts";

/** The Pydantic models of requests, queries and answers, one module an aggregate. */
export function schemaFiles(plan: BackendPlan, api: ApiPlan): readonly GeneratedFile[] {
  const modules = [...new Set(api.models.map(({ module }) => module))];
  const uses = usesOf(api);
  return [
    { path: "src/app/api/schemas/__init__.py", text: "", step: 1 },
    ...modules.map((module) => schemaModule(plan, api, { module, uses })),
  ];
}

/** What the methods of a model are for. */
interface ModelUses {
  readonly creates: ReadonlySet<string>;
  readonly updates: ReadonlySet<string>;
  readonly replaces: ReadonlySet<string>;
}

function usesOf({ operations, models }: ApiPlan): ModelUses {
  const of = (...kinds: readonly OperationPlan["kind"][]): string[] =>
    operations.flatMap(({ kind, request }) => (request && kinds.includes(kind) ? [request.model.name] : []));
  const creates = new Set<string>();
  const visit = (name: string): void => {
    if (creates.has(name)) return;
    creates.add(name);
    const model = models.find((candidate) => candidate.name === name);
    for (const { children } of model?.fields ?? []) if (children) visit(children.model);
  };
  for (const name of of("create", "createMany", "upsert")) visit(name);
  return {
    creates,
    updates: new Set(of("update", "updateMany", "transition", "mark")),
    replaces: new Set(of("replace", "upsert")),
  };
}

function schemaModule(
  plan: BackendPlan,
  api: ApiPlan,
  { module, uses }: { readonly module: string; readonly uses: ModelUses },
): GeneratedFile {
  const models = api.models.filter((model) => model.module === module);
  const bodies = models.map((model) => modelClass(plan, api, { model, uses }));
  const imports = [
    ...importsFrom("typing", "Annotated", "Any", "Literal"),
    ...importsFrom("pydantic", "ConfigDict", "Field"),
    ...importsFrom(commonSchemas, ...commonNames),
    ...importsFrom("app.api.cursors", "position_of"),
    ...importsFrom("app.domain.paging", "CursorRequest", "LARGEST_OFFSET", "PageRequest"),
    ...importsFrom("app.domain", "value_objects"),
    ...importsFrom("app.domain.invariants", "require_given"),
    ...importsFrom("app.core.errors", invalidClass(plan)),
    ...models.flatMap((model) => modelImports(model)),
  ].filter((item) => item.module !== `app.api.schemas.${module}`);
  const text = pythonModule({ docstring: moduleSummary(models), imports, body: bodies });
  return { path: `src/app/api/schemas/${module}.py`, text, step: 1 };
}

function moduleSummary(models: readonly ModelPlan[]): string {
  const aggregate = models.find((model) => model.aggregate)?.aggregate;
  return aggregate ? `Requests and answers of the ${aggregate.className} endpoints.` : "Parts of several answers.";
}

function modelImports({ aggregate, fields }: ModelPlan): readonly PythonImport[] {
  const own = aggregate
    ? [
        ...importsFrom(
          `app.domain.${aggregate.module}`,
          `New${aggregate.className}`,
          `${aggregate.className}Changes`,
          `${aggregate.className}Filter`,
        ),
        ...aggregate.fields.flatMap(({ type }) => type.imports),
      ]
    : [];
  return [...own, ...fields.flatMap(({ imports }) => imports)];
}

function modelClass(
  plan: BackendPlan,
  api: ApiPlan,
  { model, uses }: { readonly model: ModelPlan; readonly uses: ModelUses },
): string {
  const names =
    api.camelCase && model.fields.every(({ name, wire }) => name === wire) ? namesAsTheyAre(api, model) : [];
  const options = [...extraKeys(model), ...names];
  const config = options.length > 0 ? [`    model_config = ConfigDict(${options.join(", ")})`, ""] : [];
  const methods = [
    ...(model.value && model.direction === "request" ? [valueMethod(model.value, model, invalidClass(plan))] : []),
    ...(uses.creates.has(model.name) && model.aggregate ? [creationMethod(plan, api, model)] : []),
    ...(uses.updates.has(model.name) && model.aggregate ? [changesMethod(model, model.aggregate)] : []),
    ...(uses.replaces.has(model.name) && model.aggregate ? [replacementMethod(model, model.aggregate)] : []),
    ...queryMethods(api, model),
  ];
  const lines = [
    `class ${model.name}(${baseOf[model.direction]}):`,
    docstring(model.summary, 1),
    ...(model.fields.length > 0 ? [""] : []),
    ...config,
    ...model.fields.map((field) => fieldLine(names.length > 0 ? { ...api, camelCase: false } : api, model, field)),
    ...methods.flatMap((method) => ["", method]),
  ];
  return lines.join("\n");
}

function invalidClass({ errors: { classes, validation } }: BackendPlan): string {
  return classes.find(({ code }) => code === validation.code)?.className ?? "AppError";
}

function extraKeys({ additional, ignoresOthers }: ModelPlan): readonly string[] {
  if (additional !== undefined) return ['extra="allow"'];
  return ignoresOthers ? ['extra="ignore"'] : [];
}

/** A model whose names on the wire are its attributes, against the convention of the others. */
function namesAsTheyAre(api: ApiPlan, { fields }: ModelPlan): readonly string[] {
  return fields.some(({ name, wire }) => wireAlias(api, name) !== wire) ? ["alias_generator=None"] : [];
}

const baseOf: Readonly<Record<Direction, string>> = {
  request: "RequestModel",
  response: "ApiModel",
  query: "ApiModel",
};

function fieldLine(api: ApiPlan, { direction }: ModelPlan, field: ModelField): string {
  const annotation = field.omittable ? omittable(field, direction) : field.annotation;
  const alias = wireAlias(api, field.name) === field.wire ? [] : [`alias=${stringLiteral(field.wire)}`];
  const fallback = field.defaultFactory
    ? [`default_factory=${field.defaultFactory}`]
    : field.default === undefined
      ? []
      : [`default=${field.default}`];
  const description = field.description
    ? [`description=${longString(field.description.replace(/\s+/g, " ").trim())}`]
    : [];
  const args = [...fallback, ...alias, ...(field.omittable ? [] : field.arguments), ...description];
  if (args.length === 0) return `    ${field.name}: ${annotation}`;
  if (args.length === 1 && field.default !== undefined) return `    ${field.name}: ${annotation} = ${field.default}`;
  return `    ${field.name}: ${annotation} = Field(${args.join(", ")})`;
}

/** The limits stand inside, where they are of the value and not of its absence. */
function omittable({ annotation, arguments: limits }: ModelField, direction: Direction): string {
  const value = annotation.replace(/ \| None$/, "");
  const limited = limits.length > 0 ? `Annotated[${value}, Field(${limits.join(", ")})]` : value;
  return `${direction === "response" ? "Omitted" : "Omittable"}[${limited}]`;
}

/** What the alias generator of the base model makes of an attribute. */
function wireAlias({ camelCase }: ApiPlan, name: string): string {
  if (!camelCase) return name;
  if (/^[a-z]+[A-Za-z0-9]*$/.test(name) && !/\d[a-z]/.test(name)) return name;
  const title = name.replace(/[A-Za-z]+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  const pascal = title.replace(/([0-9A-Za-z])_(?=[0-9A-Z])/g, "$1");
  return pascal.replace(/^_*[A-Z]/, (first) => first.toLowerCase());
}

function creationMethod(plan: BackendPlan, api: ApiPlan, model: ModelPlan): string {
  const { aggregate } = model;
  if (!aggregate) return "";
  const externals = externalFields(plan, api, model);
  const parameters = externals.map(({ field, optional }) =>
    optional ? `${field.name}: ${field.type.expression} | None = None` : `${field.name}: ${field.type.expression}`,
  );
  const given = (field: FieldPlan): string | undefined => {
    if (externals.some((external) => external.field === field)) return field.name;
    const source = model.fields.find(({ target }) => target?.name === field.name);
    return source && plainValue(source);
  };
  const values = attributesOf(aggregate, creationFields(aggregate)).flatMap(({ name, held, fields }) => {
    const value = held ? heldValue(model, held, given) : fields.map(given)[0];
    return value === undefined ? [] : [[name, value] as const];
  });
  const children = model.fields.flatMap(({ children: part, name, annotation }) => {
    const items = annotation.endsWith("| None") ? `self.${name} or ()` : `self.${name}`;
    return part ? [[part.attribute, `tuple(item.to_new() for item in ${items})`] as const] : [];
  });
  return [
    `    def to_new(self${parameters.length > 0 ? `, *, ${parameters.join(", ")}` : ""}) -> New${aggregate.className}:`,
    '        """Return the data of the new row."""',
    ...mappingLines([...values, ...children], bodyMapping(model, `New${aggregate.className}`), 2),
  ].join("\n");
}

/** Columns that the path or the caller gives; the parent's key is left out inside the parent. */
function externalFields(
  plan: BackendPlan,
  { operations }: ApiPlan,
  model: ModelPlan,
): readonly { readonly field: FieldPlan; readonly optional: boolean }[] {
  const { aggregate } = model;
  const requests = operations.flatMap(({ request, kind }) =>
    (kind === "create" || kind === "createMany" || kind === "upsert") && request?.model.name === model.name
      ? [request]
      : [],
  );
  const externals = requests.flatMap((request) => request.externals);
  const names = new Set(externals.map(({ field }) => field.name));
  const mayMiss = new Set(externals.filter(({ optional }) => optional).map(({ field }) => field.name));
  return (aggregate?.fields ?? [])
    .filter(({ name }) => names.has(name))
    .map((field) => ({
      field,
      optional: mayMiss.has(field.name) || (aggregate !== undefined && isFilledByParent(plan, aggregate, field)),
    }));
}

function plainValue({ name, annotation, imports }: ModelField): string {
  const holdsModel = imports.some(({ module }) => module.startsWith("app.api.schemas.") && module !== commonSchemas);
  if (!holdsModel) return `self.${name}`;
  return annotation.startsWith("list[") ? `dumped_list(self.${name})` : `dumped(self.${name})`;
}

function changesMethod(model: ModelPlan, aggregate: AggregatePlan): string {
  const allowed = new Set(changeFields(aggregate).map(({ name }) => name));
  const fixed = model.fields.filter(({ target }) => !target || !allowed.has(target.name)).map(({ name }) => name);
  const without = fixed.length > 0 ? fixed.map(stringLiteral).join(", ") : "";
  const head = [
    `    def to_changes(self) -> ${aggregate.className}Changes:`,
    '        """Return what the request names; everything else stays."""',
  ];
  const held = model.fields.flatMap(sentValueLines);
  if (held.length === 0)
    return [...head, `        return ${aggregate.className}Changes(**self.sent_values(${without}))`].join("\n");
  const lines = [`values = self.sent_values(${without})`, ...held, `return ${aggregate.className}Changes(**values)`];
  return [...head, ...lines.map((line) => `        ${line}`)].join("\n");
}

function replacementMethod(model: ModelPlan, aggregate: AggregatePlan): string {
  const values = attributesOf(aggregate, changeFields(aggregate)).flatMap(({ name, held, optional }) => {
    const source = model.fields.find((field) => (held ? field.held === held : field.target?.name === name));
    if (!source) return [];
    const value = held ? valueExpression(source) : plainValue(source);
    const guarded = source.annotation.endsWith("| None") && !optional;
    return [[name, guarded ? `or_unset(${value})` : value] as const];
  });
  return [
    `    def to_replacement(self) -> ${aggregate.className}Changes:`,
    '        """Return every value of the request; what is left out becomes null."""',
    ...mappingLines(values, bodyMapping(model, `${aggregate.className}Changes`), 2),
  ].join("\n");
}

function bodyMapping({ fields }: ModelPlan, to: string): Mapping {
  const copied = "{name: getattr(self, name) for name in type(self).model_fields}";
  return { from: "self", to, copied, given: fields.map(({ name }) => name) };
}
