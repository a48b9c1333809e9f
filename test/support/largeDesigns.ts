import type { DesignDocument } from "../../src/spec/model.ts";

/** A script of the size of MusicBrainz's: 375 tables, 539 indexes, 761 foreign keys. */
export function largeScript(): DesignDocument {
  const count = { tables: 375, indexes: 539, foreignKeys: 761 };
  const tables = Array.from(
    { length: count.tables },
    (_, at) => `CREATE TABLE t${at} ( -- replicated
  id SERIAL, -- the key
  gid UUID NOT NULL,
  name VARCHAR NOT NULL,
  a INTEGER NOT NULL, -- references another one
  b INTEGER,
  c INTEGER,
  edits_pending INTEGER NOT NULL DEFAULT 0 CHECK (edits_pending >= 0),
  last_updated TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
  ended BOOLEAN NOT NULL DEFAULT FALSE CONSTRAINT ended${at}_check CHECK (b IS NOT NULL OR c IS NULL)
);
ALTER TABLE t${at} ADD CONSTRAINT t${at}_pkey PRIMARY KEY (id);`,
  );
  const indexes = Array.from({ length: count.indexes }, (_, at) => {
    return `CREATE ${at % 3 === 0 ? "UNIQUE " : ""}INDEX t_idx_${at} ON t${at % count.tables} (${at < count.tables ? "gid" : "b, c"});`;
  });
  const foreignKeys = Array.from({ length: count.foreignKeys }, (_, at) => {
    const column = at < count.tables ? "a" : at < 2 * count.tables ? "b" : "c";
    return `ALTER TABLE t${at % count.tables} ADD CONSTRAINT t_fk_${at} FOREIGN KEY (${column}) REFERENCES t${(at * 7) % count.tables} (id);`;
  });
  return { path: "large.sql", text: [...tables, ...indexes, ...foreignKeys].join("\n\n") };
}

/** A dump of the size of a grown monolith's `structure.sql`: 4.6 MB, 3,000 tables. */
export function largeDump(): DesignDocument {
  const count = 3000;
  const table = (at: number): string => `CREATE TABLE public.t${at} (
    id bigint NOT NULL,
    gid uuid DEFAULT gen_random_uuid() NOT NULL,
    name character varying(200) NOT NULL,
    a_id bigint,
    amount numeric(12,2) DEFAULT 0 NOT NULL,
    state character varying DEFAULT 'new'::character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT t${at}_amount_check CHECK ((amount >= (0)::numeric))
);
COMMENT ON TABLE public.t${at} IS '${"What the rows of this table are, in words that fill a line. ".repeat(14)}';
ALTER TABLE ONLY public.t${at} ADD CONSTRAINT t${at}_pkey PRIMARY KEY (id);
CREATE INDEX t${at}_a ON public.t${at} USING btree (a_id);
ALTER TABLE ONLY public.t${at} ADD CONSTRAINT t${at}_fk FOREIGN KEY (a_id) REFERENCES public.t${(at * 7) % count}(id);
`;
  return { path: "structure.sql", text: Array.from({ length: count }, (_, at) => table(at)).join("\n") };
}

/** A contract of 500 endpoints, each with a model of its own. */
export function manyEndpoints(): DesignDocument {
  const path = (at: number): string => `  /things${at}/{id}:
    get:
      operationId: getThing${at}
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses:
        '200':
          description: Fine
          content: { application/json: { schema: { $ref: '#/components/schemas/M${at}' } } }
`;
  const schema = (at: number): string => `    M${at}:
      type: object
      required: [id]
      properties:
        id: { type: string, format: uuid }
        name: { type: string, maxLength: 200 }
`;
  const of = (one: (at: number) => string): string => Array.from({ length: 500 }, (_, at) => one(at)).join("");
  const text = `openapi: 3.0.0\ninfo: { title: Many, version: '1' }\npaths:\n${of(path)}components:\n  schemas:\n${of(schema)}`;
  return { path: "openapi.yaml", text };
}

/** A contract of 2.9 MB, with as many operations and models as Plaid's: 329 and 2,275. */
export function largeContract(): DesignDocument {
  const schema = (at: number): string => `    Model${at}:
      type: object
      description: ${"What this model is for, in words that fill a line of it. ".repeat(11)}
      required: [id, name]
      properties:
        id: { type: string, format: uuid, description: The key that the server gives }
        name: { type: string, maxLength: 200, description: A name as a person would write it }
        amount:
          type: number
          description: In the currency of the account, never negative, with two places behind the point
          minimum: 0
          example: 12.5
        next: { $ref: '#/components/schemas/Model${(at + 1) % 2275}' }
`;
  const path = (at: number): string => `  /things${at}/get:
    post:
      operationId: getThing${at}
      description: ${"What this endpoint does, at some length. ".repeat(12)}
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Model${at}' } } }
      responses:
        '200':
          description: Fine
          content: { application/json: { schema: { $ref: '#/components/schemas/Model${at + 400}' } } }
`;
  const paths = Array.from({ length: 329 }, (_, at) => path(at)).join("");
  const schemas = Array.from({ length: 2275 }, (_, at) => schema(at)).join("");
  const text = `openapi: 3.0.0\ninfo: { title: Large, version: '1' }\npaths:\n${paths}components:\n  schemas:\n${schemas}`;
  return { path: "large.yaml", text };
}
