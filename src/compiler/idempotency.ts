import type { Column, DesignSpec, Endpoint, Parameter, Table } from "../spec/model.ts";
import type { OperationPlan } from "./apiPlan.ts";
import type { Assumption, GeneratedFile } from "./compilation.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import type { AggregatePlan, ErrorClassPlan } from "./plan.ts";
import { importsFrom, pythonModule } from "./python.ts";

/** Where the answers of requests with an idempotency key are kept. */
export const keyTable = "idempotency_keys";

/**
 * The design with a table for answers that must be given again, when the contract has `Idempotency-Key`.
 *
 * The answer is stored in the transaction of the write itself, so that neither is there without the other.
 */
export function withKeyTable(spec: DesignSpec): {
  readonly spec: DesignSpec;
  readonly assumptions: readonly Assumption[];
} {
  const endpoint = spec.api.endpoints.find((candidate) => keyParameter(candidate));
  const isThere = spec.database.tables.some(({ name }) => /idempotenc/i.test(name));
  if (!endpoint || isThere || spec.database.tables.length === 0) return { spec, assumptions: [] };
  const table = tableOf(endpoint);
  const text = `The contract has idempotency keys and no table keeps them; ${keyTable} holds the answer of each key.`;
  return {
    spec: { ...spec, database: { ...spec.database, tables: [...spec.database.tables, table] } },
    assumptions: [{ text, element: endpoint.id, source: endpoint.source }],
  };
}

/** The header, on an endpoint that adds something. */
export function keyParameter({ parameters, method }: Endpoint): Parameter | undefined {
  if (method !== "POST") return undefined;
  return parameters.find(({ in: place, name }) => place === "header" && /^(?:x-)?idempotency-key$/i.test(name));
}

/** Whether answers can be kept: the engine's own table is part of the design. */
export function keepsAnswers(aggregates: readonly AggregatePlan[]): boolean {
  return aggregates.some(({ table }) => table.name === keyTable);
}

/** The designed error for a key that belongs to another request. */
export function keyError({ classes, duplicate }: ErrorCatalogue): ErrorClassPlan {
  return classes.find(({ code }) => /idempoten/i.test(code)) ?? duplicate;
}

/** `app.services.idempotency`: what a key was answered with, and the first answer kept. */
export function idempotencyFiles(
  operations: readonly OperationPlan[],
  errors: ErrorCatalogue,
): readonly GeneratedFile[] {
  if (!operations.some(({ once }) => once)) return [];
  const { className } = keyError(errors);
  const body = [
    `@dataclass(frozen=True, slots=True)
class OnceRequest:
    """A request that may arrive more than once and must have effect only once."""

    caller: str
    key: str
    request_hash: str`,
    `async def earlier_answer(uow: UnitOfWork, once: OnceRequest) -> dict[str, Any] | None:
    """Return what the key was answered with; claim a key that is new.

    A request with the same key at the same time waits here until this one is through.
    """
    known = await uow.idempotency_keys.find_by_id(once.caller, once.key)
    if known is None:
        data = NewIdempotencyKey(
            caller=once.caller, key=once.key, request_hash=once.request_hash
        )
        await uow.idempotency_keys.create(data)
        return None
    if known.request_hash != once.request_hash or known.answer is None:
        raise ${className}()
    return known.answer`,
    `async def keep_answer(uow: UnitOfWork, once: OnceRequest, answer: dict[str, Any]) -> None:
    """Keep the answer of the key that this transaction has claimed."""
    changes = IdempotencyKeyChanges(answer=answer)
    await uow.idempotency_keys.update(once.caller, once.key, changes)`,
  ];
  const imports = [
    ...importsFrom("dataclasses", "dataclass"),
    ...importsFrom("typing", "Any"),
    ...importsFrom("app.core.errors", className),
    ...importsFrom("app.domain.idempotency_key", "IdempotencyKeyChanges", "NewIdempotencyKey"),
    ...importsFrom("app.domain.ports.unit_of_work", "UnitOfWork"),
  ];
  const text = pythonModule({ docstring: "Answers that are given again instead of anew.", imports, body });
  return [{ path: "src/app/services/idempotency.py", text, step: 4 }];
}

function tableOf({ source }: Endpoint): Table {
  const shared = { source, confidence: "inferred" as const };
  const column = (name: string, type: string, more: Partial<Column> = {}): Column => ({
    ...shared,
    id: `column:${keyTable}.${name}`,
    kind: "column",
    name,
    table: keyTable,
    type: { name: type, arguments: [], array: false },
    nullable: false,
    ...more,
  });
  return {
    ...shared,
    id: `table:${keyTable}`,
    kind: "table",
    name: keyTable,
    comment: "The answer that a request with an idempotency key got",
    columns: [
      column("caller", "text"),
      column("key", "text"),
      column("request_hash", "text"),
      column("answer", "jsonb", { nullable: true }),
      column("created_at", "timestamptz", { default: "now()" }),
    ],
    constraints: [
      {
        ...shared,
        id: `constraint:${keyTable}.${keyTable}_pkey`,
        kind: "constraint",
        name: `${keyTable}_pkey`,
        table: keyTable,
        type: "primaryKey",
        named: false,
        columns: ["caller", "key"],
      },
    ],
    rowSecurity: "off",
  };
}
