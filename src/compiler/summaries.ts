import { words } from "../support/words.ts";
import type { OperationPlan } from "./apiPlan.ts";

/** What the contract calls the operation, else what it does in a few words. */
export function summaryOf({ endpoint, kind, path, target }: OperationPlan): string {
  if (endpoint.summary) return endpoint.summary;
  if (!target) return "Tell whether the service is up";
  const one = words(target.className).join(" ");
  const article = /^[aeiou]/.test(one) ? "an" : "a";
  const action = words(path.rest.at(-1) ?? "move")
    .join(" ")
    .replace(/^./, (first) => first.toUpperCase());
  const verbs: Readonly<Record<OperationPlan["kind"], string>> = {
    list: "List",
    get: "Get",
    create: "Create",
    createMany: "Create several",
    updateMany: "Change several",
    deleteMany: "Delete several",
    update: "Change",
    replace: "Replace",
    upsert: "Create or replace",
    link: "Add",
    delete: "Delete",
    transition: action,
    mark: action,
    adjust: action,
    restore: "Restore",
    tally: "Count",
    download: "Download",
    signIn: "Sign in",
    health: "Check",
  };
  if (kind === "signIn") return "Give a token for a name and a password";
  if (kind.endsWith("Many")) return `${verbs[kind]} ${words(target.plural).join(" ")}`;
  if (kind === "tally") return `Count ${words(target.plural).join(" ")}`;
  return kind === "list" ? `List ${words(target.plural).join(" ")}` : `${verbs[kind]} ${article} ${one}`;
}
