import { createHash } from "node:crypto";
import type { Column } from "../../spec/model.ts";
import type { Decision, GeneratedFile } from "../compilation.ts";
import { finished } from "../compile.ts";
import type { ExistingProject } from "../existingProject.ts";
import { inRevisions, revisionFile } from "../migrationFiles.ts";
import type { MigrationStep } from "../migrationText.ts";
import type { BackendPlan } from "../plan.ts";
import { tableKey } from "../schemaText.ts";
import { sqlTypeText } from "../sqlTypes.ts";
import { backfillOf, needsBackfill } from "./columnChanges.ts";
import { databaseDelta } from "./databaseDelta.ts";
import type { DesignRecord } from "./designRecord.ts";
import { statedRenames, withRenames } from "./renames.ts";
import { retain } from "./retention.ts";
import { tableChanges } from "./tableChanges.ts";

/** What a project's migrations become under a new design. */
export interface Revisions {
  /** New files only: a migration that stands is history and never changes. */
  readonly files: readonly GeneratedFile[];
  /** The revision that brings a database to the design; what loses data comes after it. */
  readonly revision?: string;
  readonly retained?: DesignRecord["retained"];
  readonly decisions: readonly Decision[];
}

export interface RevisionsInput {
  /** The chain that a new project would get. */
  readonly generated: readonly GeneratedFile[];
  readonly existing: ExistingProject;
  readonly lineWidth: number;
  readonly after: BackendPlan;
  /** The design that the project's migrations make; undefined when it is not known. */
  readonly before?: BackendPlan;
  readonly revision?: string;
  /** As the record has it; it stays there until there is something else to say. */
  readonly retained?: DesignRecord["retained"];
}

export function isRevision({ path }: { readonly path: string }): boolean {
  return /(^|\/)versions\/[^/]+\.py$/.test(path);
}

/** Whether a revision is among the migrations that stand. */
export function hasRevision(existing: ExistingProject, revision: string): boolean {
  return readChain(existing).revisions.some(({ id }) => id === revision);
}

/** The difference of the two designs as new revisions; the whole chain where no migration stands yet. */
export function revisionsFor(input: RevisionsInput): Revisions {
  const { generated, existing, before, revision } = input;
  const chain = readChain(existing);
  if (chain.revisions.length === 0) return { files: generated, decisions: [], ...named(idOf(generated.at(-1)?.text)) };
  if (!before) return unknownBefore(generated, existing, chain);
  const delta = deltaRevisions(input, before, chain);
  const isThere = revision === undefined || hasRevision(existing, revision);
  return isThere ? delta : { ...delta, decisions: [missingRevision(revision), ...delta.decisions] };
}

interface Revision {
  readonly id: string;
  readonly path: string;
  readonly down: readonly string[];
}

interface Chain {
  readonly revisions: readonly Revision[];
  readonly heads: readonly string[];
  readonly folder: string;
}

function readChain(existing: ExistingProject): Chain {
  const revisions = Object.entries(existing).flatMap(([path, text]): Revision[] => {
    const id = isRevision({ path }) ? idOf(text) : undefined;
    return id === undefined ? [] : [{ id, path, down: downOf(text) }];
  });
  const referred = new Set(revisions.flatMap(({ down }) => down));
  return {
    revisions,
    heads: revisions
      .map(({ id }) => id)
      .filter((id) => !referred.has(id))
      .sort(),
    folder: revisions[0]?.path.replace(/\/[^/]+$/, "") ?? "migrations/versions",
  };
}

function idOf(text: string | undefined): string | undefined {
  return /^revision\s*(?::[^=\n]+)?=\s*["']([^"']+)["']/m.exec(text ?? "")?.[1];
}

function downOf(text: string): readonly string[] {
  const value = /^down_revision\s*(?::[^=\n]+)?=\s*(\([^)]*\)|\[[^\]]*\]|[^\n]*)/m.exec(text)?.[1] ?? "";
  return [...value.matchAll(/["']([^"']+)["']/g)].map((match) => match[1] ?? "");
}

function named(revision: string | undefined): { readonly revision?: string } {
  return revision === undefined ? {} : { revision };
}

/** Without the old design there is no difference to compute, and a guess could lose data. */
function unknownBefore(generated: readonly GeneratedFile[], existing: ExistingProject, chain: Chain): Revisions {
  const [head] = chain.heads;
  const same = generated.every(({ path, text }) => existing[path]?.replaceAll("\r\n", "\n") === text);
  const text =
    `The migrations in ${chain.folder} were not made from a design on record, so they are left as they are. Where the ` +
    "database design has changed since, write the difference with `alembic revision --autogenerate`.";
  return { files: [], decisions: same ? [] : [{ text }], ...named(head) };
}

function missingRevision(revision: string): Decision {
  const text =
    `The accepted design belongs to revision ${revision}, which is not among the migrations. Restore it, or the new ` +
    "migration starts from tables that are not there.";
  return { text };
}

function deltaRevisions(input: RevisionsInput, accepted: BackendPlan, chain: Chain): Revisions {
  const { after } = input;
  const renames = statedRenames(accepted.spec, after.spec);
  const before = withRenames(accepted, renames);
  const { plan: between, losses } = retain(before, after);
  const keeping = databaseDelta(accepted, between, renames);
  const losing = losses.length > 0 ? databaseDelta(between, after) : [];
  const files: GeneratedFile[] = [];
  const heads = () => (files.length > 0 ? [idOf(files.at(-1)?.text) ?? ""] : chain.heads);
  const write = (steps: readonly MigrationStep[], slug: string, docstring: string): void => {
    for (const part of steps.length === 0 ? [] : inRevisions(steps)) {
      const revision = nextId(chain, files.length, heads(), part.map(({ text }) => text).join("\n"));
      const place = { revision, down: heads(), folder: chain.folder, slug, docstring };
      files.push(finished(revisionFile(part, place), input.lineWidth));
    }
  };
  write(keeping, slugOf(keeping), `${titleOf(keeping)}.`);
  const safe = idOf(files.at(-1)?.text);
  const kept = files.length;
  write(losing, "drop_retired_data", "Drop what the design does not have any more, with its data.");
  return {
    files,
    ...named(safe ?? input.revision ?? chain.heads[0]),
    ...(kept < files.length ? { retained: { database: between.spec.database, revision: heads()[0] ?? "" } } : {}),
    ...(files.length === 0 && input.retained ? { retained: input.retained } : {}),
    decisions: [
      ...backfills(before, between),
      ...files
        .slice(kept)
        .map(({ path }): Decision => ({ path, text: lossText(path, losses, likelyRenames(before, after)) })),
    ],
  };
}

/** Numbers go on where the chain has numbers; elsewhere ids look as Alembic's own do, from what they do. */
function nextId(chain: Chain, offset: number, heads: readonly string[], text: string): string {
  const numbers = chain.revisions.map(({ id }) => (/^\d{4}$/.test(id) ? Number(id) : Number.NaN));
  if (numbers.every((number) => !Number.isNaN(number))) {
    return String(Math.max(...numbers) + 1 + offset).padStart(4, "0");
  }
  return createHash("sha256").update(`${heads.join()}\n${text}`).digest("hex").slice(0, 12);
}

function modulesOf(steps: readonly MigrationStep[]): readonly string[] {
  const named = steps.flatMap(({ name }) => /^(?:create|change)_(.+)$/.exec(name)?.[1] ?? []);
  return [...new Set(named.filter((name) => !general.has(name)))];
}

const general: ReadonlySet<string> = new Set(["enums", "types", "sequences", "views", "triggers", "functions"]);

function onlyAdds(steps: readonly MigrationStep[]): boolean {
  return steps.every(({ name }) => !/^(?:change|drop|release|rename|remove)_?/.test(name));
}

function slugOf(steps: readonly MigrationStep[]): string {
  const modules = modulesOf(steps);
  const verb = onlyAdds(steps) ? "add" : "change";
  return modules.length > 0 && modules.length <= 2 ? `${verb}_${modules.join("_and_")}`.slice(0, 40) : "change_design";
}

function titleOf(steps: readonly MigrationStep[]): string {
  const modules = modulesOf(steps).map((module) => module.replaceAll("_", " "));
  if (modules.length > 0 && modules.length <= 4 && onlyAdds(steps)) return `Add ${modules.join(", ")}`;
  return modules.length > 0 && modules.length <= 4
    ? `Bring ${modules.join(", ")} to the changed design`
    : "Bring the database to the changed design";
}

function lossText(path: string, losses: readonly string[], renames: readonly string[]): string {
  const question =
    renames.length > 0
      ? `Has ${renames.join(", and ")} only got another name? Then say`
      : "A column that only has another name keeps its values when you say";
  return (
    `${path} loses data: ${losses.join("; ")}. Reject it to keep the data. ${question} "renamed from \`old_name\`" in the ` +
    "comment of the new column in the design, and implement again before you accept."
  );
}

/** Pairs of a column that goes and the only one of its type that comes, in words: `notes.body (now content?)`. */
function likelyRenames(before: BackendPlan, after: BackendPlan): readonly string[] {
  return tableChanges(before, after).changed.flatMap(({ to: { table }, removedColumns, addedColumns }) =>
    removedColumns.flatMap(({ name, type }) => {
      const same = (column: Column): boolean => sqlTypeText(column.type) === sqlTypeText(type);
      const added = addedColumns.map(({ column }) => column).filter(same);
      const isOnly = added.length === 1 && removedColumns.filter(same).length === 1 && added[0]?.name !== name;
      return isOnly ? [`${tableKey(table)}.${name} (now ${added[0]?.name}?)`] : [];
    }),
  );
}

/** What rows that stand are given, or what has to be decided for them. */
function backfills(from: BackendPlan, to: BackendPlan): readonly Decision[] {
  const enums = new Map(to.spec.database.enums.map((type) => [type.name, type.values]));
  return tableChanges(from, to).changed.flatMap(({ to: { table }, addedColumns, alteredColumns }) => [
    ...addedColumns
      .filter(({ column }) => needsBackfill(column))
      .map((placed): Decision => {
        const name = `${tableKey(table)}.${placed.column.name}`;
        const value = backfillOf(placed, enums);
        return value === undefined
          ? {
              text: `${name} must not be null and has no default: the migration fails while the table has rows. Give it a default in the design, or fill it in the migration.`,
            }
          : {
              text: `Rows that stand get ${value} as ${name}, which must not be null and has no default in the design.`,
            };
      }),
    ...alteredColumns
      .filter((pair) => pair.from.column.nullable && needsBackfill(pair.to.column))
      .map(
        ({ to: { column } }): Decision => ({
          text: `${tableKey(table)}.${column.name} must not be null any more: the migration fails while a row has no value. Give it a default in the design, or fill it in the migration.`,
        }),
      ),
  ]);
}
