import type { DesignSpec, RetryPolicy } from "../spec/model.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { BackendPlan } from "./plan.ts";
import { importsFrom, pythonModule } from "./python.ts";

/**
 * The designed policy for failures of the database; undefined where the design has none, so that nothing is tried
 * again. A policy of what clients do, or of other services, is none of it.
 */
export function databaseRetry({ errors }: DesignSpec): RetryPolicy | undefined {
  return errors.retries?.find(
    ({ appliesTo, attempts = defaultAttempts }) =>
      attempts > 1 && appliesTo.some((subject) => aboutDatabase.test(subject)),
  );
}

/** The decorator of the use cases; only where the design wants it. */
export function retryFiles({ spec }: BackendPlan): readonly GeneratedFile[] {
  const policy = databaseRetry(spec);
  if (!policy) return [];
  const delays = delaysOf(policy).map((delay) => String(delay / 1000));
  const wait = policy.jitter ? "delay * _RANDOM.uniform(0.5, 1.5)" : "delay";
  const body = [
    [
      'P = ParamSpec("P")',
      'T = TypeVar("T")',
      "",
      `_DELAYS: Final = (${delays.join(", ")}${delays.length === 1 ? "," : ""})`,
      '"""Seconds before each further try, as the error design has them."""',
      "",
      '_ROLLED_BACK: Final = frozenset({"40001", "40P01"})',
      '"""Serialization failure and deadlock: nothing of the transaction was kept."""',
      ...(policy.jitter ? ["", "_RANDOM: Final = SystemRandom()"] : []),
    ].join("\n"),
    decoratorText(wait),
    predicateText,
  ];
  const imports = [
    "import asyncio",
    ...importsFrom("collections.abc", "Awaitable", "Callable"),
    ...importsFrom("functools", "wraps"),
    ...importsFrom("random", "SystemRandom"),
    ...importsFrom("typing", "Final", "ParamSpec", "TypeVar"),
    ...importsFrom("sqlalchemy.exc", "DBAPIError"),
  ];
  const text = pythonModule({ docstring: "Failures of the database that pass when one tries again.", imports, body });
  return [{ path: "src/app/core/retries.py", text, step: 7 }];
}

const aboutDatabase = /\b(?:databases?|db|postgres\w*|deadlocks?|serializ\w+|serialis\w+|transactions?)\b/i;

const defaultAttempts = 3;

/** Milliseconds before the second try where the design has a policy and no number. */
const defaultDelay = 100;

function delaysOf({ attempts = defaultAttempts, backoff, baseDelay = defaultDelay, maxDelay }: RetryPolicy): number[] {
  return Array.from({ length: Math.min(attempts, 10) - 1 }, (_, index) => {
    const factor = backoff === "fixed" ? 1 : backoff === "linear" ? index + 1 : 2 ** index;
    return Math.min(baseDelay * factor, maxDelay ?? Number.POSITIVE_INFINITY);
  });
}

function decoratorText(wait: string): string {
  return `def retried(operation: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Try a use case again when the database has undone it for a passing reason."""

    @wraps(operation)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for delay in _DELAYS:
            try:
                return await operation(*args, **kwargs)
            except (DBAPIError, ConnectionRefusedError) as failure:
                if not _is_passing(failure):
                    raise
            await asyncio.sleep(${wait})
        return await operation(*args, **kwargs)

    return run`;
}

/** A connection that is lost later may have taken the commit along, so that alone is never tried again. */
const predicateText = `def _is_passing(failure: DBAPIError | ConnectionRefusedError) -> bool:
    """Tell what certainly had no effect from what may have had one."""
    if isinstance(failure, ConnectionRefusedError):
        return True
    return getattr(failure.orig, "sqlstate", None) in _ROLLED_BACK`;
