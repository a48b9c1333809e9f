import { actsIn, amount, bound, clause, count, statesIn } from "./formParts.ts";
import type { RuleForm } from "./ruleStatement.ts";

const s = "(?<s>[^:]+?)";
const unit = "(?: (?<unit>Zeichen|Buchstaben))?(?: lang)?";
const verb = "(?:muss|müssen|darf|dürfen|soll|hat|haben|ist|sind|enthält|liegt)";
const end = "(?: (?:sein|liegen|haben|enthalten|betragen|umfassen))?";
const most = "(?:höchstens|maximal|nicht mehr als|nicht länger als)";
const acts =
  "(?<acts>(?:gelöscht|entfernt|geändert|bearbeitet|aktualisiert)(?:(?:,| oder| und)* ?(?:gelöscht|entfernt|geändert|bearbeitet|aktualisiert))*) werden";
const may = "(?:darf|dürfen|kann|können)";

export const germanForms: readonly RuleForm[] = [
  {
    pattern: clause(`${s} ${verb} (?:zwischen|von) ${amount("a")} (?:und|bis) ${amount("b")}${unit}${end}`),
    read: (groups) => [...bound(groups, ">=", groups["a"]), ...bound(groups, "<=", groups["b"])],
  },
  {
    pattern: clause(`${s} ${verb} ${most} ${amount("n")}${unit}${end}`),
    read: (groups) => bound(groups, "<=", groups["n"]),
  },
  {
    pattern: clause(`${s} darf ${amount("n")}${unit} nicht (?:überschreiten|übersteigen)`),
    read: (groups) => bound(groups, "<=", groups["n"]),
  },
  {
    pattern: clause(`${s} ${verb} mindestens ${amount("n")}${unit}${end}`),
    read: (groups) => bound(groups, ">=", groups["n"]),
  },
  {
    pattern: clause(`${s} ${verb} größer als ${amount("n")}${end}`),
    read: (groups) => bound(groups, ">", groups["n"]),
  },
  {
    pattern: clause(`${s} ${verb} kleiner als ${amount("n")}${end}`),
    read: (groups) => bound(groups, "<", groups["n"]),
  },
  { pattern: clause(`${s} ${verb} positiv${end}`), read: (groups) => bound(groups, ">", "0") },
  { pattern: clause(`${s} ${verb} (?:nicht|nie) negativ${end}`), read: (groups) => bound(groups, ">=", "0") },
  { pattern: clause(`${s} ${verb} nicht leer${end}`), read: ({ s: subject = "" }) => [{ kind: "notBlank", subject }] },
  {
    pattern: clause(
      `${s} (?:muss|müssen|liegt|liegen) (?<op>nach|vor|hinter) (?:dem |der |den )?(?<o>[^\\d].*?)${end}`,
    ),
    read: ({ s: subject = "", op = "", o: other = "" }) => [
      { kind: "order", subject, operator: /vor/i.test(op) ? "<" : ">", other },
    ],
  },
  {
    pattern: clause(`${s} ${may} nicht (?<op>nach|vor) (?:dem |der |den )?(?<o>[^\\d].*?)${end}`),
    read: ({ s: subject = "", op = "", o: other = "" }) => [
      { kind: "order", subject, operator: /vor/i.test(op) ? ">=" : "<=", other },
    ],
  },
  {
    pattern: clause(
      `(?:höchstens|maximal|nicht mehr als) ${amount("n")} (?<c>.+?) (?:pro|je|in einem|in einer|für einen|für eine) (?<o>.+?)`,
    ),
    read: count,
  },
  {
    pattern: clause(
      `(?:ein|eine|jeder|jede|jedes) (?<o>.+?) (?:darf|kann|hat|enthält) ${most} ${amount("n")} (?<c>.+?)${end}`,
    ),
    read: count,
  },
  {
    pattern: clause(`nur (?<st>.+?) ${may} ${acts}`),
    read: ({ st, acts: text }) => [
      { kind: "state", states: statesIn(st), allowed: true, onwards: false, acts: actsIn(text) },
    ],
  },
  {
    pattern: clause(
      `(?:${s} )?${may} nicht(?: mehr)? ${acts},? (?<when>sobald|wenn|nachdem|solange) (?:(?:sie|er|es) )?(?<st>.+?)(?: (?:ist|sind|wurde|wurden))?`,
    ),
    read: ({ s: subject, st, when, acts: text }) => [
      {
        kind: "state",
        ...(subject !== undefined && { subject }),
        states: statesIn(st),
        allowed: false,
        onwards: /sobald|nachdem/i.test(when ?? ""),
        acts: actsIn(text),
      },
    ],
  },
  {
    pattern: clause(`(?<s>.+?) (?:${may} nicht|${may} nie|werden nie)(?: mehr)? ${acts}`),
    read: ({ s: subject = "", acts: text }) => [{ kind: "never", subject, acts: actsIn(text) }],
  },
  {
    pattern: clause(
      `${s} (?:ist|sind|muss|müssen)(?: (?:pro|je|innerhalb|für) .+?)? eindeutig${end}(?<any>,? ?\\(?(?:unabhängig von|ohne Rücksicht auf) .*?(?:schreibung|schreibweise)\\)?)?`,
    ),
    read: ({ s: subject = "", any }) => [{ kind: "unique", subject, anyCase: any !== undefined }],
  },
  {
    pattern: clause(`${s} (?:ist|sind) (?:ein Pflichtfeld|erforderlich|Pflicht)`),
    read: ({ s: subject = "" }) => [{ kind: "required", subject }],
  },
];
