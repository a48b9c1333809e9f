import { join } from "node:path";
import { root } from "../../harness/paths.ts";
import { writtenReport } from "../../support/studyAbroad.ts";

export interface SideBySideDesign {
  readonly name: string;
  readonly folder: string;
  /** Paths in the folder. */
  readonly documents: readonly string[];
  readonly contract: string;
  /** Of the caller's token. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** SQL for tables of another part of the product, to which those of the design refer. */
  readonly tables?: string;
  /** SQL for rows that another part of the product makes, such as the caller's account. */
  readonly rows?: string;
}

const corpus = join(root, "../shared/corpus");
const caller = "0b6f1a52-7f3f-4a43-9d5e-0d1c5a0b7e11";

/** A pet store of our own, and real designs that carry no licence and lie beside the repository where they are. */
export const designs: readonly SideBySideDesign[] = [
  {
    name: "pet store",
    folder: join(root, "test/fixtures/petstore/docs"),
    documents: ["openapi.yaml", "schema.sql"],
    contract: "openapi.yaml",
    claims: { sub: caller },
  },
  {
    name: "todo2",
    folder: join(corpus, "sunfmin__todo2"),
    documents: ["specs/001-todo-app/contracts/openapi.yaml", "specs/001-todo-app/data-model.md"],
    contract: "specs/001-todo-app/contracts/openapi.yaml",
    claims: { sub: caller },
  },
  {
    name: "spec-driven-todo-app",
    folder: join(corpus, "hubaibmahmood__spec-driven-todo-app"),
    documents: ["specs/003-fastapi-rest-api/contracts/openapi.yaml", "specs/003-fastapi-rest-api/data-model.md"],
    contract: "specs/003-fastapi-rest-api/contracts/openapi.yaml",
    claims: { sub: caller },
    tables: "CREATE TABLE users (id uuid PRIMARY KEY, email text, created_at timestamptz)",
    rows: `INSERT INTO users (id, email, created_at) VALUES ('${caller}', 'ada@example.com', now())`,
  },
  {
    name: "studyAbroad",
    folder: join(corpus, "vihang-hub__studyAbroad"),
    documents: [
      "docs/api/openapi.yaml",
      "docs/database/schema.sql",
      "docs/database/rls-policies.sql",
      "docs/design/error-handling.md",
    ],
    contract: "docs/api/openapi.yaml",
    claims: { sub: caller },
    rows: `INSERT INTO users (user_id, clerk_user_id, auth_provider, email)
        VALUES ('${caller}', '${caller}', 'email', 'ada@example.com');
      INSERT INTO reports (user_id, subject, content, citations, expires_at)
        VALUES ('${caller}', 'Physics', '${JSON.stringify(writtenReport)}', '[]', now() + interval '1 day')`,
  },
];
