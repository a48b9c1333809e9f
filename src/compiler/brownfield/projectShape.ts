/**
 * How a project that the engine did not write is built, as far as new code has to fit it. Read from
 * the code itself (`session/projectShape.ts`); paths are relative to the workspace.
 */
export interface ProjectShape {
  /** Folder of the package that holds the application, with a slash at its end: `src/shop/`. Empty for flat scripts. */
  readonly folder: string;
  /** How the project's own imports name that folder: `shop`. Empty for flat scripts. */
  readonly package: string;
  readonly layout: Layout;
  readonly application: ApplicationShape;
  /** What the project's tables are declared on: a declarative base, or `SQLModel`. */
  readonly base?: NamedObject;
  readonly engine?: NamedObject & { readonly isAsync: boolean };
  readonly models: readonly (NamedObject & { readonly table: string })[];
  /** Alembic's `env.py`. */
  readonly environment?: string;
  /** Ids of the elements of the design that the code implements. */
  readonly implemented: readonly string[];
}

/** `features`: a folder for each resource, with `router.py`, `service.py` and the like in it. */
export type Layout = { readonly kind: "layers"; readonly routers?: string } | { readonly kind: "features" };

export interface NamedObject {
  /** Module as the project imports it: `shop.db.session`. */
  readonly module: string;
  readonly name: string;
}

/** Where `FastAPI(…)` is made and where routers are added to it. Lines count from 1. */
export interface ApplicationShape {
  readonly path: string;
  readonly variable: string;
  /** Last line of the statement that makes it. */
  readonly createdAt: number;
  /** Last line of the last statement that includes a router; that of `createdAt` when there is none. */
  readonly includesUntil: number;
}
