import { createItemParts } from "../changes/itemParts.ts";
import type { ProposedFile, SelectionPart } from "../changes/model.ts";
import type { ShownFile } from "../changes/proposalFilter.ts";
import type { CoverageElement } from "../review/model.ts";

/** Proposed files under one heading: a step of the work, or a folder. */
export interface ProposalGroup {
  readonly label: string;
  readonly files: readonly ShownFile[];
}

/** An element of the design with all that is proposed for it, decided as one. */
export interface DesignItem {
  readonly id: string;
  /** As a person would ask for it: "POST /orders", "table orders". */
  readonly label: string;
  /** The element's own name, where the heading says the kind. */
  readonly name: string;
  readonly parts: readonly SelectionPart[];
}

/** The elements of one kind; `items` are found when they are asked for, once. */
export interface ItemGroup {
  readonly kind: CoverageElement["kind"];
  readonly title: string;
  /** How many items there are at most. */
  readonly size: number;
  readonly items: () => readonly DesignItem[];
}

/** Few files need no folders; the seven steps are always worth their line. */
const mostUngroupedFiles = 6;

/** By the step that proposed them, else by folder; one group without label where there are few. */
export function groupByStep(
  files: readonly ShownFile[],
  stepOf: (path: string) => { readonly number: number; readonly title: string } | undefined,
  ofRoot = "Project folder",
): readonly ProposalGroup[] {
  const hasSteps = files.some(({ file }) => stepOf(file.path) !== undefined);
  if (!hasSteps && files.length <= mostUngroupedFiles) return [{ label: "", files }];
  const groups = new Map<string, ShownFile[]>();
  for (const shown of files) {
    const step = stepOf(shown.file.path);
    const label = step ? `${step.number}. ${step.title}` : folderOf(shown.file.path) || ofRoot;
    const group = groups.get(label) ?? [];
    group.push(shown);
    groups.set(label, group);
  }
  return [...groups]
    .map(([label, members]) => ({ label, files: members }))
    .toSorted((left, right) => left.label.localeCompare(right.label, "en", { numeric: true }));
}

/** The kinds of design elements that anything shown implements, in the order of the work; `all` is what is proposed. */
export function groupByItem(
  all: readonly ProposedFile[],
  files: readonly ShownFile[],
  elements: readonly CoverageElement[],
): readonly ItemGroup[] {
  const shown = new Map(files.map((each) => [each.file.path, each]));
  const partsOf = createItemParts(all);
  return itemKinds.flatMap(({ kind, title, noun }): ItemGroup[] => {
    const own = elements.filter((element) => element.kind === kind && shown.has(element.code?.path ?? ""));
    if (own.length === 0) return [];
    const itemOf = ({ id, name, code }: CoverageElement): DesignItem[] => {
      const parts = code === undefined ? [] : partsOf(code).flatMap((part) => shownPart(part, shown));
      const label = noun === "" ? name : `${noun} ${name}`;
      return parts.length === 0 ? [] : [{ id, label, name, parts }];
    };
    let items: readonly DesignItem[] | undefined;
    return [
      {
        kind,
        title,
        size: own.length,
        items: () => {
          items ??= own.flatMap(itemOf);
          return items;
        },
      },
    ];
  });
}

/** The files of which nothing belongs to any item. */
export function outsideItems(files: readonly ShownFile[], groups: readonly ItemGroup[]): readonly ShownFile[] {
  const taken = new Set(groups.flatMap(({ items }) => items().flatMap(({ parts }) => parts.map(({ path }) => path))));
  return files.filter(({ file }) => !taken.has(file.path));
}

/** Of one file what an item takes. */
export function restrictTo(files: readonly ShownFile[], parts: readonly SelectionPart[]): readonly ShownFile[] {
  const ids = new Map(parts.map(({ path, hunkIds }) => [path, new Set(hunkIds)]));
  return files.flatMap(({ file, hunks, conflicts }) => {
    const own = ids.get(file.path);
    const isOwn = ({ id }: { readonly id: string }): boolean => own?.has(id) === true;
    return own === undefined ? [] : [{ file, hunks: hunks.filter(isOwn), conflicts: conflicts.filter(isOwn) }];
  });
}

export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

function shownPart({ path, hunkIds }: SelectionPart, shown: ReadonlyMap<string, ShownFile>): readonly SelectionPart[] {
  const { hunks = [], conflicts = [] } = shown.get(path) ?? {};
  const visible = new Set([...hunks, ...conflicts].map(({ id }) => id));
  const ids = hunkIds.filter((id) => visible.has(id));
  return ids.length === 0 ? [] : [{ path, hunkIds: ids }];
}

/** Columns and fields belong to their tables and entities, indexes and constraints to the migration. */
const itemKinds: readonly {
  readonly kind: CoverageElement["kind"];
  readonly title: string;
  readonly noun: string;
}[] = [
  { kind: "endpoint", title: "Endpoints", noun: "" },
  { kind: "table", title: "Tables", noun: "table" },
  { kind: "policy", title: "Row policies", noun: "policy" },
  { kind: "entity", title: "Entities", noun: "entity" },
  { kind: "valueObject", title: "Value objects", noun: "value object" },
  { kind: "event", title: "Domain events", noun: "event" },
  { kind: "rule", title: "Business rules", noun: "rule" },
  { kind: "errorCode", title: "Error codes", noun: "error code" },
];
