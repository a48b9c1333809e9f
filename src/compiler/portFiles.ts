import { locksRows } from "./aggregates.ts";
import { batchSignatures, batchSummaries } from "./bulkRepository.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { AggregatePlan, BackendPlan } from "./plan.ts";
import { docstring, importsFrom, pythonModule } from "./python.ts";
import { countsInTransaction } from "./rules/policyFiles.ts";
import { actsForTenants } from "./signInFiles.ts";
import { tallyMethod, tallyType } from "./tallies.ts";

/** The protocols that services depend on: one repository an aggregate, and the unit of work. */
export function portFiles(plan: BackendPlan): readonly GeneratedFile[] {
  return [...plan.aggregates.map(repositoryPort), unitOfWorkPort(plan)];
}

/** `order_id: UUID`, or one parameter for each column of a composite key. */
export function keySignature(aggregate: AggregatePlan): string {
  return aggregate.key.map(({ type }, index) => `${aggregate.keyParameters[index]}: ${type.expression}`).join(", ");
}

/** The first sentence of every repository method, by name; the port and its implementation say the same. */
export function methodSummaries(aggregate: AggregatePlan): Readonly<Record<string, string>> {
  const { children, fields, seeks, orders, restores, tallies } = aggregate;
  const parts = children.map(({ attribute }) => attribute).join(", ");
  const soft = fields.some(({ role }) => role === "deletedAt");
  const usual = fields.some(({ role }) => role === "createdAt") ? "newest first" : "by key";
  return {
    find_by_id: `Return the one with this key${parts ? `, with its ${parts}` : ""}, if the caller may see it.`,
    find_all: `Return one page in a stable order, ${usual}${orders ? " unless it names another" : ""}.`,
    ...(seeks && { find_after: "Return the rows behind a position, and where the next ones follow." }),
    count: "Count what the criteria match on all pages.",
    create: `Insert it${parts ? `, with its ${parts},` : ""} and return it as the database holds it.`,
    update: "Apply the changes; None if there is nothing visible to change.",
    ...Object.fromEntries((tallies ?? []).map((field) => [tallyMethod(field), `Count the rows by ${field.name}.`])),
    ...(restores && {
      restore: "Take a deletion back; None if there is no such row. One that was not deleted stays as it is.",
    }),
    delete: soft ? "Mark it as deleted; False if it was not visible." : "Delete it; False if it was not visible.",
    ...batchSummaries(aggregate),
  };
}

/** Parameters and result of every repository method, without `self`. */
export function methodSignatures(aggregate: AggregatePlan): Readonly<Record<string, string>> {
  const { className } = aggregate;
  const key = keySignature(aggregate);
  const lock = locksRows(aggregate) ? ", *, for_update: bool = False" : "";
  return {
    find_by_id: `(self, ${key}${lock}) -> ${className} | None`,
    find_all: `(self, criteria: ${className}Filter, page: PageRequest) -> list[${className}]`,
    ...(aggregate.seeks && {
      find_after: `(self, criteria: ${className}Filter, page: CursorRequest) -> CursorPage[${className}]`,
    }),
    count: `(self, criteria: ${className}Filter) -> int`,
    create: `(self, data: New${className}) -> ${className}`,
    update: `(self, ${key}, changes: ${className}Changes) -> ${className} | None`,
    ...Object.fromEntries(
      (aggregate.tallies ?? []).map((field) => [tallyMethod(field), `(self) -> ${tallyType(field)}`]),
    ),
    ...(aggregate.restores && { restore: `(self, ${key}) -> ${className} | None` }),
    delete: `(self, ${key}) -> bool`,
    ...batchSignatures(aggregate),
  };
}

/** What the signatures of {@link methodSignatures} need. */
export function signatureImports(aggregate: AggregatePlan) {
  const { className, module, key } = aggregate;
  return [
    ...importsFrom("collections.abc", "Sequence"),
    ...importsFrom("app.domain.paging", "CursorPage", "CursorRequest", "PageRequest"),
    ...importsFrom(`app.domain.${module}`, className, `New${className}`, `${className}Changes`, `${className}Filter`),
    ...key.flatMap(({ type }) => type.imports),
    ...(aggregate.tallies ?? []).flatMap(({ type }) => type.imports),
  ];
}

function repositoryPort(aggregate: AggregatePlan): GeneratedFile {
  const { className, module } = aggregate;
  const summaries = methodSummaries(aggregate);
  const methods = Object.entries(methodSignatures(aggregate)).map(
    ([name, signature]) => `    async def ${name}${signature}:
${docstring(summaries[name] ?? "", 2)}`,
  );
  const body = [
    `class ${className}Repository(Protocol):\n    """Data access of the ${className} aggregate."""\n\n${methods.join("\n\n")}`,
  ];
  const imports = [...importsFrom("typing", "Protocol"), ...signatureImports(aggregate)];
  const text = pythonModule({ docstring: `Port of the ${className} repository.`, imports, body });
  return { path: `src/app/domain/ports/${module}.py`, text, step: 3 };
}

function unitOfWorkPort(plan: BackendPlan): GeneratedFile {
  const properties = plan.aggregates.map(
    ({ className, plural }) => `    @property\n    def ${plural}(self) -> ${className}Repository: ...`,
  );
  const methods = [
    "    async def __aenter__(self) -> Self: ...",
    `    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...`,
    ...(actsForTenants(plan.aggregates)
      ? [
          `    async def act_as(self, principal: Principal) -> None:
        """Let row-level security see another caller from here on."""`,
        ]
      : []),
    ...(countsInTransaction(plan)
      ? [
          `    async def hold(self, name: str) -> None:
        """Let nobody else hold the name until the transaction ends."""`,
        ]
      : []),
  ];
  const summary = '    """One transaction: committed when the block ends, rolled back when it raises."""';
  const body = [`class UnitOfWork(Protocol):\n${[summary, ...properties, ...methods].join("\n\n")}`];
  const imports = [
    ...importsFrom("types", "TracebackType"),
    ...importsFrom("typing", "Protocol", "Self"),
    ...importsFrom("app.domain.principal", "Principal"),
    ...plan.aggregates.flatMap(({ className, module }) =>
      importsFrom(`app.domain.ports.${module}`, `${className}Repository`),
    ),
  ];
  const text = pythonModule({ docstring: "Port of the transaction boundary.", imports, body });
  return { path: "src/app/domain/ports/unit_of_work.py", text, step: 3 };
}
