import * as vscode from "vscode";
import type { Hunk, ProposedFile } from "../../changes/model.ts";
import { type ReviewComment, userWords } from "../../changes/userWords.ts";
import {
  type DesignOrigin,
  type EngineRationale,
  engineRationale,
  type StoryPart,
  storyOf,
} from "../../session/changeRationale.ts";
import type { TurnWords } from "../../session/runRationale.ts";
import { fileName } from "../../support/fileName.ts";
import { plainMarkdown } from "../../support/plainMarkdown.ts";
import { documentUri } from "../designDocuments.ts";
import type { ReviewParts } from "./reviewParts.ts";

/** `noted`: what the user has said, which can be deleted. */
export type ShownComment = vscode.Comment & { readonly noted?: ReviewComment };

/**
 * What stands in the thread beside a change: why it is proposed, where that `isAsked`, what the user has said of it and what
 * was done with that. Empty where nobody has asked or said anything.
 */
export type CommentsOn = (file: ProposedFile, hunk: Hunk, isAsked: boolean) => readonly ShownComment[];

/** Answers what there is to say now: to be asked anew after each update, for all changes at once. */
export function createRationaleComments(parts: ReviewParts): () => CommentsOn {
  const { changes, store, runs } = parts;
  const engineOn = createEngineComments(parts);
  return () => {
    const sources = {
      known: store.rationale(),
      comments: store.notes().comments,
      decisions: changes.snapshot().decisions,
    };
    const history = (runs.state()?.messages ?? []).flatMap(({ role, parts: said }) =>
      role === "user" ? said.flatMap((part) => (part.type === "text" ? [part.text] : [])) : [],
    );
    return (file, hunk, isAsked) => {
      const story = storyOf(file, hunk, sources);
      // What was said before the user had a word in it, nobody has asked for.
      const first = story.findIndex(({ type }) => isAsked || type !== "words");
      const shown = first < 0 ? [] : story.slice(first).map((part) => commentOf(part, history));
      if (!isAsked) return shown;
      const why = [...engineOn(file, hunk), ...shown];
      return why.length > 0 ? why : [comment("Backend Implementer", unknownWhy(hunk))];
    };
  };
}

/** Which elements lead to a change is worked out once for each review: a decision about another changes nothing in it. */
function createEngineComments({ changes, store, paths }: ReviewParts) {
  const known = new WeakMap<Hunk, { readonly of: readonly unknown[]; readonly comments: readonly ShownComment[] }>();
  return (file: ProposedFile, hunk: Hunk): readonly ShownComment[] => {
    const of = [store.review(), store.rationale()];
    const earlier = known.get(hunk);
    if (earlier?.of.every((each, index) => each === of[index])) return earlier.comments;
    const elements = store.review()?.coverage.elements ?? [];
    const why = engineRationale(file, hunk, { files: changes.files(), elements, known: store.rationale() });
    const comments = why === undefined ? [] : [engineComment(why, paths.toFile(""))];
    known.set(hunk, { of, comments });
    return comments;
  };
}

function unknownWhy({ origins = [] }: Hunk): string {
  if (origins.includes("user")) return plainMarkdown(vscode.l10n.t("You have typed this into the proposal yourself."));
  return plainMarkdown(vscode.l10n.t("Nothing is kept of why this is proposed."));
}

function comment(author: string, markdown: string): vscode.Comment {
  return {
    body: new vscode.MarkdownString(markdown),
    mode: vscode.CommentMode.Preview,
    author: { name: author },
    contextValue: "rationale",
  };
}

function commentOf(part: StoryPart, history: readonly string[]): ShownComment {
  switch (part.type) {
    case "words":
      return wordsComment(part.turn);
    case "rejection":
      return { ...comment(vscode.l10n.t("You"), plainMarkdown(part.reason)), label: vscode.l10n.t("rejected") };
    case "comment":
      return {
        ...comment(vscode.l10n.t("You"), plainMarkdown(part.comment.text)),
        noted: part.comment,
        contextValue: "comment",
        ...(isTold(part.comment, history) && { label: vscode.l10n.t("told to the agent") }),
      };
  }
}

function isTold(noted: ReviewComment, history: readonly string[]): boolean {
  const [word] = userWords([], { comments: [noted], withheld: [] });
  return word !== undefined && history.some((text) => text.includes(word.line));
}

const howSaid: Readonly<Record<TurnWords["how"], string | undefined>> = {
  said: undefined,
  thought: vscode.l10n.t("thought"),
  earlier: vscode.l10n.t("said in an earlier turn"),
};

function wordsComment({ model, words, how, command }: TurnWords): vscode.Comment {
  const by = command === undefined ? [] : [vscode.l10n.t("Changed by the command:"), codeBlock(command)];
  const said = words === "" ? vscode.l10n.t("The model said nothing in the turn in which it wrote this.") : words;
  const label = words === "" ? undefined : howSaid[how];
  return { ...comment(model, [...by, plainMarkdown(said)].join("\n\n")), ...(label !== undefined && { label }) };
}

function codeBlock(text: string): string {
  return new vscode.MarkdownString().appendCodeblock(text, "shell").value;
}

/** Of what everything rests on, the first say enough. */
const mostElements = 12;

function engineComment({ elements, assumptions, skills }: EngineRationale, folder: vscode.Uri): vscode.Comment {
  const rest = elements.length - mostElements;
  const more = rest > 0 ? [`- ${plainMarkdown(vscode.l10n.t("… and {0} more", rest))}`] : [];
  const from = [...elements.slice(0, mostElements).map((element) => `- ${designLink(element, folder)}`), ...more];
  const sections = [
    elements.length === 0
      ? plainMarkdown(vscode.l10n.t("It follows from the design as a whole, and from no single element of it."))
      : section(vscode.l10n.t("It comes from the design:"), from),
    section(
      vscode.l10n.t("Assumed, because the design leaves it open:"),
      assumptions.map(
        ({ text, source }) => `- ${plainMarkdown(text)}${source ? ` (${placeLink(source, folder)})` : ""}`,
      ),
    ),
    section(
      vscode.l10n.t("Skills and rules that it follows:"),
      skills.map(({ name, how }) => `- **${plainMarkdown(name)}**: ${plainMarkdown(how)}`),
    ),
  ];
  return comment(vscode.l10n.t("Offline engine"), sections.filter((text) => text !== "").join("\n\n"));
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [plainMarkdown(title), "", ...lines].join("\n");
}

function designLink({ name, design }: DesignOrigin, folder: vscode.Uri): string {
  return `${plainMarkdown(name)} · ${placeLink(design, folder)}`;
}

/** An ordinary link to the document: nothing in these comments is trusted, so a link can run no command. */
function placeLink({ path, line }: DesignOrigin["design"], folder: vscode.Uri): string {
  const text = plainMarkdown(`${fileName(path)}:${line}`);
  const uri = documentUri(path, folder)?.with({ fragment: `L${line}` });
  return uri ? `[${text}](${uri.toString()})` : text;
}
