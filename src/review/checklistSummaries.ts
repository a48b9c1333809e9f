import type { ChecklistId } from "./model.ts";

/** What an item decides and what it cannot see, for people; `docs/checklist.md` says the same and how. */
export interface ChecklistSummary {
  readonly decides: string;
  readonly unseen: string;
}

export const checklistSummaries: Readonly<Record<ChecklistId, ChecklistSummary>> = {
  annotations: {
    decides: "Every parameter and every return value has a type annotation; tests are left out.",
    unseen: "Whether an annotation is true; mypy tells that.",
  },
  repository: {
    decides:
      "Data access goes through repositories: no endpoint and no service uses a session or builds queries, and services depend on a repository Protocol or abstract class.",
    unseen: "A session behind an unusual name and without annotation.",
  },
  service: {
    decides:
      "Every endpoint that reaches data calls a service, none calls a repository, and nothing below the API layer raises HTTPException or knows request, response and Depends.",
    unseen: "How much logic an endpoint holds beside its call of a service.",
  },
  parameterized: {
    decides: "Values reach SQL as bound parameters; no text that is put together at run time is executed.",
    unseen: "Text that travels inside an object or a collection.",
  },
  validation: {
    decides:
      "Bodies of requests are Pydantic models, and no endpoint reads the raw request, except to verify a signature over it.",
    unseen: "How strict a model is.",
  },
  errors: {
    decides:
      "Errors are answered in one place, with the designed codes, statuses and envelope; no except swallows one, and no endpoint answers with what it caught.",
    unseen: "What the handlers really answer; nothing is run. An error that is logged counts as handled.",
  },
  secrets: {
    decides:
      "No password, key, token or connection string with a password stands in the code, in settings files or in .env.",
    unseen: "A memorable secret behind a harmless name.",
  },
  nPlusOne: {
    decides:
      "No query runs once an item: reads in loops fail, also behind calls; writes in loops and lazy relationships that something reads object by object need your judgement.",
    unseen:
      "Calls on objects without annotation and without a customary name, and relationships that only a serializer reads.",
  },
  transactions: {
    decides:
      "What belongs together is written in one transaction: commits belong to a unit of work or to the session's dependency, never to a loop and never twice to one way through a function.",
    unseen: "Whether the steps of an operation belong together; where it may matter you are asked.",
  },
  immutable: {
    decides: "Domain entities are frozen dataclasses, attrs classes or models, and no method gets round that.",
    unseen: "Lists and dictionaries inside a frozen object.",
  },
  size: {
    decides: "Files have at most 800 lines, functions at most 50; decorators and tests do not count.",
    unseen: "Whether a long text is hard to read, or a short one is.",
  },
  format: {
    decides:
      "Every file, tests too, is as the black-compatible formatter of ruff writes it, with imports sorted as isort's black profile does, by the project's own settings.",
    unseen: "The few expressions that black itself writes differently.",
  },
};
