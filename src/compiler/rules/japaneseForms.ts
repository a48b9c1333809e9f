import { actsIn, bound, clause, count, statesIn } from "./formParts.ts";
import type { RuleForm } from "./ruleStatement.ts";

const s = "(?<s>[^、:]+?)は、?";
const amount = (name: string): string => `(?<${name}>-?\\d+(?:,\\d{3})*(?:\\.\\d+)?)`;
const unit = "(?<unit>文字)?";
const end =
  "(?:の範囲(?:内)?)?(?:の(?:値|整数|数値))?(?:でなければならない|でなければなりません|である(?:こと|必要がある)?|であること|とする|にする|です|で入力する)?";
const acts = "(?<acts>(?:削除|変更|編集|更新)(?:(?:・|、|または|や)(?:削除|変更|編集|更新))*)";
const can = "(?:できる|可能(?:である)?|できます|可)";
const cannot = "(?:できない|できません|不可|してはならない)";

export const japaneseForms: readonly RuleForm[] = [
  {
    pattern: clause(`${s}${amount("a")}(?:文字)?(?:以上|から|[〜~-])、?${amount("b")}${unit}(?:以下|以内|まで)?${end}`),
    read: (groups) => [...bound(groups, ">=", groups["a"]), ...bound(groups, "<=", groups["b"])],
  },
  {
    pattern: clause(
      `(?:1(?:つの|件の|回の)?)?(?<o>[^、は]+?)(?:につき|あたり|ごとに|に含められる|に登録できる|の)、?(?<c>[^、は]+?)は、?(?:最大|上限)?${amount("n")}(?:件|個|つ|品目|名|人|点)(?:以下|以内|まで)?${end}`,
    ),
    read: count,
  },
  {
    pattern: clause(`${s}(?:最大)?${amount("n")}${unit}(?:以下|以内|まで)${end}`),
    read: (groups) => bound(groups, "<=", groups["n"]),
  },
  { pattern: clause(`${s}最大${amount("n")}${unit}${end}`), read: (groups) => bound(groups, "<=", groups["n"]) },
  {
    pattern: clause(`${s}${amount("n")}${unit}を超えて(?:は)?(?:ならない|いけない)`),
    read: (groups) => bound(groups, "<=", groups["n"]),
  },
  {
    pattern: clause(`${s}(?:最低)?${amount("n")}${unit}以上${end}`),
    read: (groups) => bound(groups, ">=", groups["n"]),
  },
  { pattern: clause(`${s}${amount("n")}${unit}未満${end}`), read: (groups) => bound(groups, "<", groups["n"]) },
  {
    pattern: clause(`${s}${amount("n")}(?:より大きい|を超える)(?:正の)?${end}`),
    read: (groups) => bound(groups, ">", groups["n"]),
  },
  { pattern: clause(`${s}正の(?:数|値|整数)${end}`), read: (groups) => bound(groups, ">", "0") },
  {
    pattern: clause(`${s}(?:空(?:文字)?(?:に(?:は)?できない|であってはならない|ではならない|不可)|空でない${end})`),
    read: ({ s: subject = "" }) => [{ kind: "notBlank", subject }],
  },
  {
    pattern: clause(`${s}(?<o>[^\\d].*?)(?<op>より後|より前|より大きい|より小さい|以降|以前)${end}`),
    read: ({ s: subject = "", op = "", o: other = "" }) => {
      const operator = /以降/.test(op) ? ">=" : /以前/.test(op) ? "<=" : /後|大きい/.test(op) ? ">" : "<";
      return [{ kind: "order", subject, operator, other }];
    },
  },
  {
    pattern: clause(`(?<st>[^、は]+?)(?:状態)?のみ(?:が|を)?${acts}${can}`),
    read: ({ st = "", acts: text }) => [stateOf(st, { allowed: true, onwards: false, text })],
  },
  {
    pattern: clause(
      `(?<s>[^、は]+?)は、?(?<st>[^、]+?)(?:の状態|状態)?(?:の場合|のとき|の間)?(?:のみ|だけ|に限り)${acts}${can}`,
    ),
    read: ({ s: subject = "", st = "", acts: text }) => [
      { ...stateOf(st, { allowed: true, onwards: false, text }), subject },
    ],
  },
  {
    pattern: clause(
      `(?:status|state|ステータス|状態)\\s*={1,3}\\s*(?<st>\\w+)\\s*の\\s*(?<s>[^は]+?)\\s*は${acts}${cannot}`,
    ),
    read: ({ s: subject = "", st = "", acts: text }) => [
      { ...stateOf(st, { allowed: false, onwards: false, text }), subject },
    ],
  },
  {
    pattern: clause(`(?<st>[^、は]+?)(?<after>した後|された後|後|以降)(?:の)?(?<s>[^、は]*?)(?:は)?${acts}${cannot}`),
    read: ({ s: subject, st = "", acts: text }) => [
      { ...stateOf(st, { allowed: false, onwards: true, text }), ...(subject && { subject }) },
    ],
  },
  {
    pattern: clause(`(?<s>[^、は]+?)は${acts}${cannot}`),
    read: ({ s: subject = "", acts: text }) => [{ kind: "never", subject, acts: actsIn(text) }],
  },
  {
    pattern: clause(
      `${s}(?:.+?(?:内|ごと)(?:で|に))?(?:一意|ユニーク)${end}(?<any>\\(大文字小文字(?:は)?(?:を)?区別しない\\))?`,
    ),
    read: ({ s: subject = "", any }) => [{ kind: "unique", subject, anyCase: any !== undefined }],
  },
  {
    pattern: clause(`${s}\\s*(?:必須|null 不可)${end}`),
    read: ({ s: subject = "" }) => [{ kind: "required", subject }],
  },
];

function stateOf(
  states: string,
  {
    allowed,
    onwards,
    text,
  }: { readonly allowed: boolean; readonly onwards: boolean; readonly text: string | undefined },
) {
  return { kind: "state" as const, states: statesIn(states), allowed, onwards, acts: actsIn(text) };
}
