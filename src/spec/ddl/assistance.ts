import type { DdlFailure } from "./execute.ts";
import { extensionOwning } from "./extensions.ts";

/** What a statement lacks that no statement creates, and the SQL that creates it. */
export interface Assistance {
  readonly kind: "role" | "extension";
  readonly name: string;
  readonly sql: string;
}

/** The role or extension behind a failure; undefined when the failure has another reason. */
export function assistance(failure: DdlFailure): Assistance | undefined {
  const role = /^role "(.+)" does not exist$/.exec(failure.message)?.[1];
  if (role !== undefined) {
    return { kind: "role", name: role, sql: `CREATE ROLE "${role.replaceAll('"', '""')}" NOLOGIN` };
  }
  const name = extensionOwning(lackedName(failure) ?? "");
  return name === undefined ? undefined : { kind: "extension", name, sql: `CREATE EXTENSION IF NOT EXISTS "${name}"` };
}

const lacking: readonly RegExp[] = [
  /^type "?([\w.[\]]+)"? does not exist$/,
  /^function ([\w."]+)\(.*\) does not exist$/,
  /^could not find a function named "([^"]+)"$/,
  /^schema "([^"]+)" does not exist$/,
  /^operator class "([^"]+)" does not exist/,
  /^access method "([^"]+)" does not exist$/,
  /has no default operator class for (access method "[^"]+")$/,
];

/** The type, function, schema, operator class or access method that PostgreSQL did not find. */
export function lackedName({ message }: DdlFailure): string | undefined {
  for (const pattern of lacking) {
    const name = pattern.exec(message)?.[1];
    if (name !== undefined)
      return name.startsWith("access method") ? name : name.replaceAll('"', "").replace(/\[\]$/, "");
  }
  return undefined;
}
