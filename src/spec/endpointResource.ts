/** A path read as a walk through tables and entities; the joining finds it (`join/resourceWalk.ts`). */
export interface EndpointResource {
  /** `/orders/{orderId}/items` has two. The last one is what the endpoint is about. */
  readonly steps: readonly [ResourceStep, ...ResourceStep[]];
  /** Segments in front of the first step that mean nothing to the joining; `api` and versions are none of them. */
  readonly prefix: readonly string[];
  /** Segments after the last step: the verb of `/orders/{orderId}/submit`. */
  readonly rest: readonly string[];
}

/** At least one of `table` and `entity` is set. */
export interface ResourceStep {
  /** Name of the table, with its schema unless that is the default one. */
  readonly table?: string;
  readonly entity?: string;
  readonly segment: string;
  /** Name of the path parameter behind the segment. */
  readonly parameter?: string;
  /** The row is the caller's own, as in `/users/me`. */
  readonly own: boolean;
}
