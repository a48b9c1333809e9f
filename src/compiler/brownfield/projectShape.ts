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
  readonly models: readonly ModelShape[];
  /** Alembic's `env.py`. */
  readonly environment?: string;
  /** Ids of the elements of the design that the code implements. */
  readonly implemented: readonly string[];
}

/**
 * `features`: a folder for each resource, with `router.py`, `service.py` and the like in it. `router` is the name
 * of the first of these where it is another one; `isSingular`: the folders are called `order`, not `orders`.
 */
export type Layout =
  | { readonly kind: "layers"; readonly routers?: string }
  | { readonly kind: "features"; readonly router?: string; readonly isSingular?: true };

/** The class that the project maps to a table. What is not recorded is read anew with every run. */
export interface ModelShape extends NamedObject {
  readonly table: string;
  /** What of the design's table is not there yet; not recorded. */
  readonly lacks?: TableLacks;
  /** Not recorded; undefined also where the class is not written in a way that lines can be added to. */
  readonly place?: ModelPlace;
}

/** Ids of columns, constraints, indexes and policies; that of the table itself where its row security is not on. */
export interface TableLacks {
  readonly model: readonly string[];
  readonly database: readonly string[];
  /** What is there in another way, each as a clause: `created_at: Is nullable, the design says NOT NULL`. */
  readonly differences: readonly string[];
}

/** Where in a class columns and table arguments are added. */
export interface ModelPlace {
  readonly path: string;
  /** `name: Mapped[…] = mapped_column(…)`, `name = Column(…)`, or `name: … = Field(…)` of a SQLModel. */
  readonly style: "mapped" | "column" | "field";
  /** How the project spells the call: `sa.Column`. */
  readonly callee: string;
  /** Last line of the last column. Lines count from 1. */
  readonly columnsEnd: number;
  /** The line after which `__table_args__` would stand, or the statement that does. */
  readonly arguments: number | TableArguments;
}

/** `at` is the offset of the first item of a dictionary, else of the closing bracket; `end` that of a lone dictionary. */
export interface TableArguments {
  readonly line: number;
  readonly endLine: number;
  readonly at: number;
  readonly end?: number;
}

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
