import type { ChecklistId } from "./model.ts";

/** What an item decides, how, and what it cannot see, for people; `docs/checklist.md` says the same. */
export interface ChecklistSummary {
  readonly decides: string;
  readonly how: string;
  readonly unseen: string;
}

export const checklistSummaries: Readonly<Record<ChecklistId, ChecklistSummary>> = {
  annotations: {
    decides: "Every parameter and every return value has a type annotation; tests are left out.",
    how: "ruff's ANN rules, without ANN401, because `Any` is an annotation.",
    unseen: "Whether an annotation is true; mypy tells that.",
  },
  repository: {
    decides:
      "Data access goes through repositories: no endpoint and no service uses a session or builds queries, and services depend on a repository Protocol or abstract class.",
    how: "Sessions, engines and connections are known by their types and by customary names, and are followed through parameters and attributes. A service may commit, roll back and begin, which *transactions* judges; a health check may ask the database for a constant.",
    unseen: "A session behind an unusual name and without annotation.",
  },
  service: {
    decides:
      "Every endpoint that reaches data calls a service, none calls a repository, and nothing below the API layer raises HTTPException or knows request, response and Depends.",
    how: "A service is a class named so, or code in a folder named so. Calls are resolved through `Depends`, constructors and annotations. An endpoint that answers from constants alone needs none, nor does a health check.",
    unseen: "How much logic an endpoint holds beside its call of a service.",
  },
  parameterized: {
    decides: "Values reach SQL as bound parameters; no text that is put together at run time is executed.",
    how: "Text from f-strings, `%`, `.format`, `+` and `join` is followed to `text()`, `execute()` and their like: through local variables, functions that return it and functions that it is handed to. ruff's S608 is reported too. Where a value belongs (behind a comparison, within quotes, in `IN` and `VALUES`) only what is written in the code may stand; elsewhere no text that a function is handed, by its callers too, that a request carries or that the environment holds. Constants are fine, also behind functions, tables and lists of them; so are fields of a model as names of columns, what a guard has let through, what its type limits to written values, what the driver quotes, and what one function of a migration hands to another.",
    unseen:
      "Text that travels inside an object or a collection, and names of tables and columns or parts of a statement that an object holds or a function returns: they are taken for written ones.",
  },
  validation: {
    decides:
      "Bodies of requests are Pydantic models, and no endpoint reads the raw request, except to verify a signature over it.",
    how: "The parameters of every endpoint, of its dependencies and of the functions that it hands the request to are read. A raw body is accepted in what is called a webhook, where a signature over it is verified, where it is kept as bytes or as a text, and, like a dictionary, where a model takes it next.",
    unseen: "How strict a model is.",
  },
  errors: {
    decides:
      "Errors are answered in one place, with the designed codes, statuses and envelope; no except swallows one, and no endpoint answers with what it caught.",
    how: "Handlers must be registered for the project's errors, for validation where the design gives it a shape, and for the unexpected where the design has a 500. Every designed code must stand in the code with its status. HTTPException is raised, and an error response built, nowhere but beside the handlers; a catalogue of classes may derive them from HTTPException.",
    unseen: "What the handlers really answer; nothing is run. An error that is logged counts as handled.",
  },
  secrets: {
    decides:
      "No password, key, token or connection string with a password stands in the code, in settings files or in .env.",
    how: "ruff's S105 to S107 without their usual false alarms, and the shapes that ruff does not know: defaults of environment variables and settings, dictionary entries, keys handed to jwt and hmac, connection strings, private keys, tokens of well-known services, random text. `.env.example` is searched for tokens only, tests not at all.",
    unseen: "A memorable secret behind a harmless name.",
  },
  nPlusOne: {
    decides:
      "No query runs once an item: reads in loops fail, also behind calls; writes in loops and lazy relationships that something reads object by object need your judgement.",
    how: "Loops and comprehensions are followed into what they call. Left out are loops that page, work through chunks, work off a queue or give one session, calls that a flag or the index lets run once or that are known to be rare, answers that are kept in a cache, tasks that nobody waits for, and statements that no single one could replace: batches, changes of the schema, tables of their own.",
    unseen:
      "Calls on objects without annotation and without a customary name, and relationships that only a serializer reads.",
  },
  transactions: {
    decides:
      "What belongs together is written in one transaction: commits belong to a unit of work or to the session's dependency, never to a loop and never twice to one way through a function.",
    how: "Two commits on one way through a function fail, so do a commit in a loop, a call of two functions that commit on their own, and a unit of work that never commits; one that a cache spares the next call does not count, nor a note beside the operation, as in an audit log, that has a session of its own and lets no failure through. A commit that a write follows, several units of work in one operation, autocommit and a session closed with its writes ask for your judgement.",
    unseen: "Whether the steps of an operation belong together; where it may matter you are asked.",
  },
  immutable: {
    decides: "Domain entities are frozen dataclasses, attrs classes or models, and no method gets round that.",
    how: "The domain layer is found by folder name. Dataclasses and attrs classes there must be frozen, designed entities that are Pydantic models too; plain classes, dictionaries and database rows are none.",
    unseen: "Lists and dictionaries inside a frozen object.",
  },
  size: {
    decides: "Files have at most 800 lines, functions at most 50; decorators and tests do not count.",
    how: "A function counts from `def` to its last line, docstring and comments included.",
    unseen: "Whether a long text is hard to read, or a short one is.",
  },
  format: {
    decides:
      "Every file, tests too, is as the black-compatible formatter of ruff writes it, with imports sorted as isort's black profile does, by the project's own settings.",
    how: "ruff's formatter and its I001, at the line length, Python version and first-party packages that the nearest `pyproject.toml` names. A file that does not parse fails.",
    unseen: "The few expressions that black itself writes differently.",
  },
};
