import { callLimitPattern } from "../spec/callLimits.ts";
import type { DesignSpec, Endpoint } from "../spec/model.ts";
import type { Access, ApiPlan, RateLimitPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { assume, type OperationDraft } from "./modelBuilding.ts";
import type { OperationKind } from "./plan.ts";
import { stringLiteral } from "./python.ts";

/** How often one caller may call, as the endpoint's text, its answer 429 or a table of limits says it. */
export function planRateLimit(
  draft: OperationDraft,
  kind: OperationKind,
  access: Access,
  { limited }: ErrorCatalogue,
): RateLimitPlan | undefined {
  const said = rateOf(draft.endpoint);
  if (said && limited && kind !== "health") {
    return { ...said, perAddress: access.public || said.perAddress, error: limited };
  }
  if (draft.endpoint.responses.some(({ status }) => status === 429)) {
    assume(
      draft,
      "The contract has an answer 429, and no document says how many calls are too many; nothing is counted.",
    );
  }
  return undefined;
}

/** Whether any endpoint says how often it may be called. */
export function limitsCalls({ api }: DesignSpec): boolean {
  return api.endpoints.some((endpoint) => rateOf(endpoint) !== undefined);
}

export interface Rate {
  readonly calls: number;
  readonly seconds: number;
  /** Callers are told apart by their address and not by who they are. */
  readonly perAddress: boolean;
}

/** `at most 10 requests per minute and user` in the description of the answer 429, of the endpoint, or in a table of limits. */
export function rateOf({
  description = "",
  responses,
  callLimit = "",
}: Pick<Endpoint, "description" | "responses" | "callLimit">): Rate | undefined {
  const refusal = responses.find(({ status }) => status === 429)?.description ?? "";
  const sentences = description.split(/(?<=[.!;])\s+|\n/).filter((sentence) => limitWords.test(sentence));
  for (const text of [refusal, ...sentences, callLimit]) {
    const [, calls, amount = "1", unit = ""] = callLimitPattern.exec(text) ?? [];
    if (calls === undefined) continue;
    const seconds = Number(amount) * (unitSeconds[unit.charAt(0).toLowerCase()] ?? 1);
    const perAddress =
      /\b(?:ip|address(?:es)?|client|host)\b/i.test(text) && !/\b(?:user|caller|account)\b/i.test(text);
    const parsed = Number(calls.replace(/[,_ ]/g, ""));
    if (parsed > 0 && seconds > 0) return { calls: parsed, seconds, perAddress };
  }
  return undefined;
}

const limitWords = /\b(?:rate|limit(?:ed|s)?|throttled?|at most|no more than|more than|up to)\b/i;
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `app.core.rate_limits` and its port. */
export function rateLimitFiles(api: ApiPlan): readonly GeneratedFile[] {
  if (!api.operations.some(({ limit }) => limit)) return [];
  return [
    { path: "src/app/domain/ports/rate_limiter.py", text: portText, step: 3 },
    { path: "src/app/core/rate_limits.py", text: memoryText, step: 6 },
  ];
}

/** The dependencies that count, one for each way in which callers are told apart. */
export function limitFunctions({ operations }: ApiPlan): readonly string[] {
  const limits = operations.flatMap(({ limit }) => limit ?? []);
  const [first] = limits;
  if (!first) return [];
  const { className } = first.error;
  return [
    `@lru_cache(maxsize=1)
def get_rate_limiter() -> RateLimiter:
    """Return the counters of this process."""
    return MemoryRateLimiter()


RateLimiterDep = Annotated[RateLimiter, Depends(get_rate_limiter)]`,
    ...(limits.some(({ perAddress }) => !perAddress)
      ? [limitFunction("limit_caller", className, ["principal: CurrentPrincipal", "principal.user_id"])]
      : []),
    ...(limits.some(({ perAddress }) => perAddress)
      ? [
          limitFunction("limit_address", className, [
            "request: Request",
            'request.client.host if request.client else ""',
          ]),
        ]
      : []),
  ];
}

/** An entry of a route's `dependencies`. */
export function limitGuard(name: string, { calls, seconds, perAddress }: RateLimitPlan): string {
  return `Depends(${limitName(perAddress)}(${stringLiteral(name)}, calls=${calls}, seconds=${seconds}))`;
}

export function limitName(perAddress: boolean): string {
  return perAddress ? "limit_address" : "limit_caller";
}

function limitFunction(name: string, error: string, [parameter, who]: readonly [string, string]): string {
  const isCaller = parameter.endsWith("CurrentPrincipal");
  return `def ${name}(
    operation: str, *, calls: int, seconds: int
) -> Callable[[${isCaller ? "Principal" : "Request"}, RateLimiter], Awaitable[None]]:
    """Let ${isCaller ? "a caller" : "an address"} pass so many times in a window that its first call opens."""

    async def check(${parameter}, limiter: RateLimiterDep) -> None:
        who = ${who}
        wait = await limiter.seconds_to_wait(f"{operation} {who}", calls, seconds)
        if wait > 0:
            error = ${error}()
            error.retry_after = wait
            raise error

    return check`;
}

const portText = `"""Port of the counters behind rate limits."""

from typing import Protocol


class RateLimiter(Protocol):
    """Counts calls by key."""

    async def seconds_to_wait(self, key: str, calls: int, seconds: int) -> int:
        """Count a call; return 0 if it may pass, else when the next one may."""
`;

const memoryText = `"""Rate limits."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from time import monotonic


@dataclass(slots=True)
class _Window:
    ends: float
    calls: int = 0


class MemoryRateLimiter:
    """Fixed windows in the memory of one process.

    Processes know nothing of each other: with several workers a caller has the limit
    once with each of them, and a restart forgets what was counted. Where that is too
    much, put a shared store behind the port.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._windows: dict[str, _Window] = {}
        self._next_sweep = 0.0

    async def seconds_to_wait(self, key: str, calls: int, seconds: int) -> int:
        """Count the call in the window of the key."""
        now = self._clock()
        self._sweep(now)
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = self._windows[key] = _Window(ends=now + seconds)
        window.calls += 1
        return 0 if window.calls <= calls else max(1, ceil(window.ends - now))

    def _sweep(self, now: float) -> None:
        """Forget the windows that are over, once a minute."""
        if now < self._next_sweep:
            return
        self._next_sweep = now + 60
        over = [key for key, window in self._windows.items() if window.ends <= now]
        for key in over:
            del self._windows[key]
`;
