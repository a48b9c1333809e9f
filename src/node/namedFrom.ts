import { isAbsolute, relative, sep } from "node:path";

/** A file as reports name it: relative to the base below it, so that they do not depend on the machine; absolute elsewhere. */
export function namedFrom(base: string, file: string): string {
  const below = relative(base, file);
  const isBelow = below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below);
  return (isBelow ? below : file).replaceAll(sep, "/");
}
