import { elementsOf } from "./elements.ts";
import type { DesignDocument, DesignSpec } from "./model.ts";
import type { Problem } from "./reading.ts";

/**
 * Characters that a person does not see and a model reads: tag characters (but those of flag emoji),
 * direction overrides and isolates, fillers, and zero-width characters inside words of Latin, Greek or
 * Cyrillic script, where no orthography has them. Joiners in emoji and in other scripts stay.
 */
const hidden =
  /(?<!\u{1F3F4}[\u{E0020}-\u{E007E}]*)[\u{E0000}-\u{E007F}]+|[\u202A-\u202E\u2066-\u2069\u115F\u1160\u3164\uFFA0]|(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}_])[\u200B-\u200D\u2060\uFEFF]+(?=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}_])/gu;

/** Most texts hold none, and looking for the ranges alone is quick. */
const candidate = /[\u{E0000}-\u{E007F}\u115F\u1160\u200B-\u200D\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFA0]/u;

/** The text without its hidden characters; lines stay where they are. */
export function withoutHidden(text: string): string {
  return candidate.test(text) ? text.replace(hidden, "") : text;
}

const reportedLines = 5;

/** One warning for each line with hidden characters, with what tag characters spell. */
export function hiddenCharacterProblems({ path, text }: DesignDocument): Problem[] {
  if (!candidate.test(text)) return [];
  return text
    .split(/\r\n?|\n/)
    .flatMap((line, index): Problem[] => {
      const found = (line.match(hidden) ?? []).join("");
      if (found === "") return [];
      const spelled = [...found].map((character) => tagLetter(character.codePointAt(0) ?? 0)).join("");
      const count = [...found].length;
      const what = `${count} invisible ${count === 1 ? "character" : "characters"}${spelled === "" ? "" : `, which decode to "${spelled}"`}`;
      const message = `This line has ${what}; they are left out here, look at the line and remove them.`;
      return [{ path, line: index + 1, severity: "warning", code: "SPEC-INVISIBLE", message }];
    })
    .slice(0, reportedLines);
}

function tagLetter(code: number): string {
  return code >= 0xe0020 && code <= 0xe007e ? String.fromCharCode(code - 0xe0000) : "";
}

/** Names such as `usеr_id` with a Cyrillic е: they look like another name and are not it. */
export function mixedScriptProblems(spec: DesignSpec): Problem[] {
  return elementsOf(spec)
    .filter(({ name }) => /\p{Script=Latin}/u.test(name) && lookalikes.test(name))
    .map(({ name, source: { path, line } }) => ({
      path,
      line,
      severity: "warning",
      code: "SPEC-MIXED-SCRIPT",
      message: `The name ${name} mixes letters of several scripts and is not the name it looks like; type it again.`,
    }));
}

/** A word in which Latin letters touch Greek or Cyrillic ones. */
const lookalikes =
  /\p{Script=Latin}[\p{Script=Greek}\p{Script=Cyrillic}]|[\p{Script=Greek}\p{Script=Cyrillic}]\p{Script=Latin}/u;
