/** Reads the arguments of a Write while they come: the path, and the text of the file piece by piece. */
export interface WriteReader {
  /** Takes more of the JSON, cut anywhere; returns what it adds to the file's text. */
  add(json: string): string;
  /** Undefined until it has come as a whole. */
  path(): string | undefined;
}

/**
 * For the eyes only: what is proposed comes from the whole, parsed arguments. Only strings of the outermost object
 * are looked at, each character once (research/model-clients.md §2). A text that comes before its path is kept
 * until the path is known.
 */
export function createWriteReader(): WriteReader {
  const place: Place = { depth: 0, isKey: true, key: "", inString: false, escape: "", piece: "" };
  let path: string | undefined;
  let held = "";
  const take = (whole: boolean): void => {
    const { piece, depth, isKey, key } = place;
    if (!whole && (isKey || key === "file_path")) return;
    place.piece = "";
    if (depth !== 1) return;
    if (isKey) place.key = piece;
    else if (key === "content") held += piece;
    else if (key === "file_path") path ??= piece;
  };
  return {
    add: (json) => {
      for (let at = 0; at < json.length; ) {
        at = place.inString ? readString(place, json, at) : readStructure(place, json, at);
        if (place.inString === "ended") {
          take(true);
          place.inString = false;
        }
      }
      if (place.inString) take(false);
      if (path === undefined) return "";
      const text = held;
      held = "";
      return text;
    },
    path: () => path,
  };
}

interface Place {
  depth: number;
  /** Whether the next string of the object is a key. */
  isKey: boolean;
  key: string;
  inString: boolean | "ended";
  /** An escape that is not complete. */
  escape: string;
  /** What has been read of the string and not been taken. */
  piece: string;
}

/** Reads up to the next string; returns where it stopped. */
function readStructure(place: Place, json: string, from: number): number {
  let at = from;
  while (at < json.length && !place.inString) {
    const character = json[at++] ?? "";
    if (character === '"') place.inString = true;
    else if (character === "{" || character === "[") place.depth++;
    else if (character === "}" || character === "]") place.depth--;
    else if (character === ",") place.isKey = true;
    else if (character === ":") place.isKey = false;
  }
  return at;
}

/** Reads a run of plain characters, one escape, or the end of the string; returns where it stopped. */
function readString(place: Place, json: string, from: number): number {
  if (place.escape !== "") {
    place.escape += json[from];
    const character = unescaped(place.escape);
    if (character !== undefined) {
      place.piece += character;
      place.escape = "";
    }
    return from + 1;
  }
  const end = nextSpecial(json, from);
  place.piece += json.slice(from, end);
  if (end === json.length) return end;
  if (json[end] === "\\") place.escape = "\\";
  else place.inString = "ended";
  return end + 1;
}

function nextSpecial(json: string, from: number): number {
  let at = from;
  while (at < json.length && json[at] !== '"' && json[at] !== "\\") at++;
  return at;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** What an escape stands for; undefined while it is not complete. */
function unescaped(sequence: string): string | undefined {
  const kind = sequence[1] ?? "";
  if (kind !== "u") return escapes[kind] ?? kind;
  return sequence.length === 6 ? String.fromCharCode(Number.parseInt(sequence.slice(2), 16)) : undefined;
}
