import type { StateMachine, StateTransition } from "../stateMachine.ts";
import { type Block, type Fence, headingPath, type Section, type TableBlock } from "./document.ts";
import { readHeaders } from "./headers.ts";
import { type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { entityNameIn, isChapter, subjectSection } from "./subjects.ts";
import { cellAt, codeSpans, isBlank, plainText } from "./text.ts";
import { splitTop } from "./typeText.ts";

export interface Transition {
  readonly from: string;
  readonly to: string;
  readonly trigger?: string;
  readonly guard?: string;
  readonly line: number;
  /** What the line itself names in front: `Course: draft → published`, `**ClaimStatus**: …`. */
  readonly of?: string;
}

const stateHeading =
  /state machine|state transition|status transition|transitions?\b|life ?cycle|workflow states?|状態遷移|ステータス遷移|ライフサイクル|状态机|状态流转|状态转换|жизненный цикл|переход|ciclo de vida|transi[cç]|상태/i;

/** Reads state machines: transition tables, `A → B` lists and lines, and mermaid state diagrams. */
export function readStateMachines(reading: MarkdownReading): void {
  for (const section of reading.document.sections) {
    const transitions = sectionTransitions(reading, section);
    for (const subject of new Set(transitions.map(({ of }) => of))) {
      const own = unique(transitions.filter(({ of }) => of === subject));
      const machine = machineOf(reading, section, own);
      if (machine) reading.prose.stateMachines.push(machine);
    }
  }
}

function sectionTransitions(reading: MarkdownReading, section: Section): readonly Transition[] {
  const transitions: Transition[] = [];
  let label = "";
  for (const block of section.blocks) {
    if (reading.used.has(block)) continue;
    transitions.push(...fieldTransitions(reading, section, block));
    const found = transitionsOf(section, block, label);
    if (block.type === "paragraph") label = plainText(block.raw.split("\n").at(-1) ?? "");
    if (found.length === 0) continue;
    reading.used.add(block);
    transitions.push(...found);
  }
  return transitions;
}

function transitionsOf(section: Section, block: Block, label: string): Transition[] {
  if (block.type === "table") return tableTransitions(block);
  if (block.type === "fence" && block.language === "mermaid") return diagramTransitions(block);
  const isAbout = stateHeading.test(
    `${headingPath(section)
      .slice(-2)
      .map((heading) => heading.title)
      .join(" ")} ${label}`,
  );
  const read = (raw: string, line: number): Transition[] => {
    const found = labelledArrows(section, raw, line);
    return found.length > 0 || !isAbout ? found : arrowLine(raw, line);
  };
  if (block.type === "list")
    return block.items.flatMap((item) => [item, ...item.children].flatMap((line) => read(line.raw, line.line)));
  if (block.type === "paragraph") return block.raw.split("\n").flatMap((line, index) => read(line, block.line + index));
  if (!isAbout) return [];
  const isText = ["", "text", "txt", "plaintext"].includes(block.language);
  return isText ? arrowBlock(block) : [];
}

const lineLabel = /^[*_`]*([A-Z][\p{L}\p{N}]*(?:[ .]\p{L}[\p{L}_]*)?)[*_`]*\s*[:：][*_\s]*(?=.*(?:→|->))(.*)$/u;

/**
 * `Course: draft → published (publish), published → archived (archive)`: the line says whose states these are, where the
 * headings do not or where it names them as states.
 */
function labelledArrows(section: Section, raw: string, line: number): Transition[] {
  if (!raw.includes("→") && !raw.includes("->")) return [];
  const [, label = "", said = ""] = lineLabel.exec(raw.trim()) ?? [];
  const named = /^(.+?)[ .]?(?:Status|State|Phase|Life ?cycle)$/i.exec(label)?.[1];
  const isOfHeading = machineSubject(section) !== undefined || stateHeading.test(label);
  const of = named ?? (isOfHeading ? undefined : label);
  if (of === undefined || of === "" || /^(?:allowed|valid|possible|happy|initial|final)\b/i.test(of)) return [];
  return chainsIn(said).flatMap((chain) => arrowLine(chain, line).map((transition) => ({ ...transition, of })));
}

/** Chains stand apart behind what brings them about, between code spans, and at a semicolon. */
function chainsIn(text: string): readonly string[] {
  return text.split(/(?<=[)`])\s*[,;]\s*(?=[^()]*(?:→|->))|;\s*/).filter((chain) => chain.trim() !== "");
}

const stateField = /^[*_`]*(?:status|state)[*_`]*\s*(?:[:：]|[–—-](?=\s))\s*(.+)$/i;

/**
 * `- status: todo → doing → done (done → todo allowed)` and `draft → sent; sent may go back to draft ("recall")` among the fields of
 * an entity; the list is still to be read.
 */
function fieldTransitions(reading: MarkdownReading, section: Section, block: Block): Transition[] {
  if (block.type !== "list" || topicOf(reading, section) !== "domain") return [];
  return block.items.flatMap(({ raw, line }) => {
    const [, said = ""] = stateField.exec(raw) ?? [];
    return splitTop(said, ";").flatMap((clause) => clauseTransitions(clause, line));
  });
}

const mayGo =
  /\s+(?:may|can)\s+(?:also\s+)?(?:go|move|return|be moved|be set|be reset|be changed|change|become|revert)\s+(?:back\s+)?to\s+/i;

function clauseTransitions(clause: string, line: number): Transition[] {
  const [, move = clause, trigger] = /^([^()]*)\(\s*["“`]([\w -]+)["”`]\s*\)\s*$/.exec(clause) ?? [];
  const [chain = "", ...others] = move.split(/[()]/);
  return [
    chain.replace(mayGo, " → "),
    ...others.map((other) => other.replace(/\s*(?:is |are )?(?:allowed|possible|ok|too)\s*$/i, "")),
  ]
    .map((text) => text.replace(/[,;.]?\s*$/, ""))
    .flatMap((text) => arrowLine(text, line))
    .map((found) => ({ ...found, ...(trigger !== undefined && { trigger }) }));
}

function tableTransitions(table: TableBlock): Transition[] {
  const headers = readHeaders(table.header);
  const from = headers.find("from");
  const to = headers.find("to");
  if (from === undefined || to === undefined || from === to) return [];
  const trigger = headers.find("trigger");
  const guarding = table.header.findIndex((cell) => guardHeader.test(plainText(cell).trim()));
  return table.rows.flatMap((row) => {
    const by = plainText(cellAt(row.cells, trigger));
    const guard = guarding < 0 ? "" : plainText(cellAt(row.cells, guarding));
    return statesIn(cellAt(row.cells, from)).flatMap((source) =>
      statesIn(cellAt(row.cells, to)).map(
        (target): Transition => ({
          from: source,
          to: target,
          line: row.line,
          ...(!isBlank(by) && { trigger: by }),
          ...(!isBlank(guard) && { guard }),
        }),
      ),
    );
  });
}

const guardHeader = /^(?:guards?|preconditions?|only if|requires)$/i;

const stateName = /^[\p{L}][\p{L}\p{N}_-]*(?: [\p{L}\p{N}_-]+){0,2}$/u;

function statesIn(cell: string): string[] {
  const spans = codeSpans(cell);
  const names = spans.length > 0 ? spans : plainText(cell).split(/\s*(?:,|、|\/|\||\bor\b)\s*/);
  return names
    .map((name) => name.replace(/\s*\(.*\)$/, "").trim())
    .filter((name) => stateName.test(name) && !isBlank(name) && !/^(?:initial|start|end|final|terminal)$/i.test(name));
}

const arrow = /\s*(?:→|⟶|➔|➜|-{1,3}>|=+>)\s*/;

/** The moves of a line, none where it says anything else: `draft → submitted → paid (payment received)`, `` `draft` -> `cancelled`: customer cancels ``. */
export function arrowLine(raw: string, line: number): Transition[] {
  const plain = plainText(raw.replace(/--?\s*[[(]?([\w /{}-]+?)[\])]?\s*--?>/g, "→")).replace(
    /^[\p{L} ]{2,30}[:：]\s*(?=\S+\s*(?:→|->))/u,
    "",
  );
  if (!arrow.test(plain)) return [];
  const note = /^(.*?)\s*(?:[:：(（[—–]|\s-\s|\bwhen\b|\bon\b|\bvia\b|\bby\b)\s*([^→]*)$/i.exec(plain);
  const steps = (note?.[1] !== undefined && arrow.test(note[1]) ? note[1] : plain).split(arrow);
  const trigger = note?.[2]?.replace(/[)\]）]\s*$/, "").trim();
  const states = steps.map((step) => statesIn(step));
  if (states.length < 2 || states.some((names) => names.length === 0)) return [];
  return states
    .slice(1)
    .flatMap((targets, index) =>
      (states[index] ?? []).flatMap((from) =>
        targets.map(
          (to): Transition => ({ from, to, line, ...(trigger !== undefined && trigger !== "" && { trigger }) }),
        ),
      ),
    );
}

/** Lines of arrows; a line that begins with `↘` continues from the first state of the line above. */
function arrowBlock(fence: Fence): Transition[] {
  let lineStart = "";
  const transitions: Transition[] = [];
  for (const [index, text] of fence.excerpt.text.split("\n").entries()) {
    const branch = /^\s*[↘↗↓└├|+\\]+[─\-–>→\s]*([\p{L}_]\w*)/u.exec(text);
    const line = fence.excerpt.line + index;
    const found = arrowLine(text, line);
    if (branch?.[1] !== undefined && lineStart !== "") transitions.push({ from: lineStart, to: branch[1], line });
    else if (found.length > 0) {
      transitions.push(...found);
      lineStart = found[0]?.from ?? lineStart;
    }
  }
  return transitions;
}

function diagramTransitions(fence: Fence): Transition[] {
  const { text, line } = fence.excerpt;
  if (!/^\s*stateDiagram/m.test(text)) return [];
  return text.split("\n").flatMap((row, index) => {
    const match = /^\s*([\w.-]+)\s*-->\s*([\w.-]+)\s*(?::\s*(.+))?$/.exec(row);
    const [, from = "", to = "", trigger] = match ?? [];
    return match ? [{ from, to, line: line + index, ...(trigger !== undefined && { trigger: trigger.trim() }) }] : [];
  });
}

function unique(transitions: readonly Transition[]): Transition[] {
  const seen = new Set<string>();
  return transitions.filter((transition) => {
    const key = `${transition.from}\n${transition.to}\n${transition.trigger ?? ""}`;
    return !seen.has(key) && seen.add(key);
  });
}

function machineOf(
  reading: MarkdownReading,
  section: Section,
  transitions: readonly Transition[],
): StateMachine | undefined {
  const [first] = transitions;
  const last = transitions.at(-1);
  const subject = first?.of === undefined ? machineSubject(section) : { entity: pascal(first.of), field: "status" };
  if (!first || !last || !subject) return undefined;
  const span = (transition: Transition): StateTransition => ({
    from: transition.from,
    to: transition.to,
    ...(transition.trigger !== undefined && { trigger: transition.trigger }),
    ...(transition.guard !== undefined && { guard: transition.guard }),
    source: spanOf(reading, transition),
  });
  return {
    ...subject,
    states: [...new Set(transitions.flatMap((transition) => [transition.from, transition.to]))],
    transitions: transitions.map(span),
    source: spanOf(reading, { line: first.line, endLine: Math.max(first.line, last.line) }),
  };
}

function pascal(name: string): string {
  return name.replace(/[ _.](\p{L})/gu, (_, letter: string) => letter.toUpperCase());
}

interface MachineSubject {
  readonly entity: string;
  readonly field: string;
}

const statusField = /\b([A-Za-z_]\w*)\.(\w*(?:status|state|phase))\b/i;

/** Whose states these are, and in which field: from the text of the section, else from the headings. */
function machineSubject(section: Section): MachineSubject | undefined {
  for (const block of section.blocks) {
    const named = block.type === "paragraph" ? statusField.exec(plainText(block.raw)) : null;
    if (named?.[1] !== undefined && named[2] !== undefined) return { entity: named[1], field: named[2] };
  }
  const headings = [section, ...headingPath(subjectSection(section)).toReversed()];
  return headings.flatMap((heading) => subjectIn(heading) ?? [])[0];
}

const titleForms: readonly RegExp[] = [
  /^\s*(?:ADR[- ]?\d+\s*[:：—–-]\s*)?(?:[\d.]+\s+)?(?!State|Status|Allowed|Valid)([A-Z]\w*(?: [A-Z]\w*)?)\s+(?:status|state|life ?cycle|workflow|transitions?)/i,
  /^\s*(?:state machine|life ?cycle|states|(?:state |status )?transitions)\s*[:—–-]\s*`?([A-Z]\w*)`?\s*$/i,
  /(?:life ?cycle|states?|transitions?|status(?:es)?)\s+(?:of|for) (?:an? |the )?`?([A-Za-z]\w*)`?\s*$/i,
];

/** `### Order.status`, `Order status transitions`, `Life cycle of an order`, `## Order`. */
function subjectIn(heading: Section): MachineSubject | undefined {
  const dotted = /\b([A-Za-z_]\w*)\.([a-z_]\w*)\b/.exec(heading.title);
  if (dotted?.[1] !== undefined && dotted[2] !== undefined) return { entity: dotted[1], field: dotted[2] };
  const field = /\b(\w+_(?:status|state))\b/.exec(heading.title)?.[1] ?? "status";
  const found = titleForms.flatMap((form) => form.exec(heading.title)?.[1] ?? [])[0];
  if (found !== undefined) return { entity: found.charAt(0).toUpperCase() + found.slice(1).replaceAll(" ", ""), field };
  const isNoName = heading.depth < 2 || isChapter(heading) || stateHeading.test(heading.title);
  const name = isNoName ? undefined : entityNameIn(heading);
  return name === undefined ? undefined : { entity: name, field };
}
