import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DesignDocument } from "../../src/spec/model.ts";

const folder = join(import.meta.dirname, "../fixtures/orders/docs");

/** The documents of the sample project. */
export function orderDocuments(): readonly DesignDocument[] {
  return readdirSync(folder)
    .sort()
    .map((name) => ({ path: `docs/${name}`, text: readFileSync(join(folder, name), "utf8") }));
}

/** One change of the sample design; each text must stand in its document exactly once. */
export interface DesignEdit {
  readonly what: string;
  readonly replacements: readonly (readonly [document: string, text: string, replacement: string])[];
}

export function edited(documents: readonly DesignDocument[], edits: readonly DesignEdit[]): readonly DesignDocument[] {
  const texts = new Map(documents.map(({ path, text }) => [path, text]));
  for (const [name, text, replacement] of edits.flatMap(({ replacements }) => replacements)) {
    const path = `docs/${name}`;
    const parts = texts.get(path)?.split(text) ?? [];
    if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times: ${text}`);
    texts.set(path, parts.join(replacement));
  }
  return [...texts].map(([path, text]) => ({ path, text }));
}

const notesTable = `CREATE TABLE order_notes (
  id          uuid          NOT NULL DEFAULT gen_random_uuid(),
  order_id    uuid          NOT NULL,
  body        varchar(500)  NOT NULL,
  created_at  timestamptz   NOT NULL DEFAULT now(),
  CONSTRAINT order_notes_pkey PRIMARY KEY (id),
  CONSTRAINT order_notes_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE
);

CREATE INDEX order_notes_order_idx ON order_notes (order_id, created_at DESC);

ALTER TABLE order_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_notes FORCE ROW LEVEL SECURITY;

CREATE POLICY order_notes_owner ON order_notes FOR ALL
  USING (EXISTS (SELECT 1 FROM orders WHERE orders.id = order_notes.order_id
    AND orders.owner_id = nullif(current_setting('app.user_id', true), '')::uuid));
`;

const notesEndpoint = `  /orders/{orderId}/notes:
    parameters:
      - $ref: '#/components/parameters/OrderId'
    get:
      tags: [Orders]
      operationId: listOrderNotes
      summary: List the notes of an order
      parameters:
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
      responses:
        '200':
          description: One page of notes.
          content:
            application/json:
              schema:
                type: object
                required: [data, total, limit, offset]
                properties:
                  data: { type: array, items: { $ref: '#/components/schemas/OrderNote' } }
                  total: { type: integer }
                  limit: { type: integer }
                  offset: { type: integer }
        '404': { $ref: '#/components/responses/OrderNotFound' }
`;

const noteSchema = `    OrderNote:
      type: object
      required: [id, body, createdAt]
      properties:
        id: { type: string, format: uuid }
        body: { type: string, maxLength: 500 }
        createdAt: { type: string, format: date-time }
`;

const vatId = "        vatId: { type: [string, 'null'], maxLength: 20 }\n";

const above = `        name: { type: string, minLength: 1, maxLength: 200 }
        email: { type: string, format: email, maxLength: 320 }
        phone: { type: [string, 'null'], maxLength: 32 }
`;

/** The property in each of its three schemas, by what stands around it. */
const vatIdProperties = [
  `        id: { type: string, format: uuid, readOnly: true }\n${above}${vatId}`,
  `${vatId}        paymentTerms: { $ref: '#/components/schemas/PaymentTerms', default: net30 }`,
  `      additionalProperties: false\n      properties:\n${above}${vatId}`,
];

/** What a team changes in a design between two implementations. */
export const designEdits: readonly DesignEdit[] = [
  {
    what: "add a column",
    replacements: [
      [
        "database-design.md",
        "  requested_delivery_date  date,\n",
        "  requested_delivery_date  date,\n  priority                 smallint      NOT NULL DEFAULT 0,\n",
      ],
    ],
  },
  {
    what: "rename an endpoint",
    replacements: [
      ["openapi.yaml", "  /orders/{orderId}/submit:\n", "  /orders/{orderId}/place:\n"],
      ["domain-model.md", "| draft | submitted | `submit` |", "| draft | submitted | `place` |"],
    ],
  },
  {
    what: "drop an index",
    replacements: [["database-design.md", "CREATE INDEX products_tags_idx ON products USING gin (tags);\n", ""]],
  },
  {
    what: "add an error code",
    replacements: [
      [
        "error-handling.md",
        "| 409 | `ORDER_EMPTY` | Only",
        "| 409 | `ORDER_ARCHIVED` | Archived orders never change | The order is archived | no |\n| 409 | `ORDER_EMPTY` | Only",
      ],
    ],
  },
  {
    what: "add a table",
    replacements: [
      ["database-design.md", "## 7. Queries that", `\`\`\`sql\n${notesTable}\`\`\`\n\n## 7. Queries that`],
    ],
  },
  {
    what: "change the type of a column",
    replacements: [
      ["database-design.md", "stock_quantity  integer       NOT NULL", "stock_quantity  bigint        NOT NULL"],
    ],
  },
  {
    what: "add a value to an enum",
    replacements: [["database-design.md", "'delivered', 'cancelled');", "'delivered', 'returned', 'cancelled');"]],
  },
  {
    what: "make a column nullable",
    replacements: [["database-design.md", "  changed_by   uuid         NOT NULL,\n", "  changed_by   uuid,\n"]],
  },
  {
    what: "add an endpoint",
    replacements: [
      ["openapi.yaml", "  /orders/{orderId}/pay:\n", `${notesEndpoint}  /orders/{orderId}/pay:\n`],
      ["openapi.yaml", "    Shipment:\n", `${noteSchema}    Shipment:\n`],
    ],
  },
  {
    what: "remove a policy",
    replacements: [
      [
        "database-design.md",
        "CREATE POLICY products_staff ON products FOR ALL\n" +
          "  USING (current_setting('app.role', true) = 'staff')\n" +
          "  WITH CHECK (current_setting('app.role', true) = 'staff');\n",
        "",
      ],
    ],
  },
  {
    what: "drop a column",
    replacements: [
      ["database-design.md", "  vat_id         varchar(20),\n", ""],
      ["domain-model.md", "| vat_id | string(20) | no | VAT identification number |\n", ""],
      ["openapi.yaml", "phone, vatId, paymentTerms", "phone, paymentTerms"],
      ...vatIdProperties.map((text) => ["openapi.yaml", text, text.replace(vatId, "")] as const),
    ],
  },
  {
    what: "change the status of an answer",
    replacements: [
      [
        "openapi.yaml",
        "description: Moves the order from `paid` to `shipped`.\n      responses:\n        '200':",
        "description: Moves the order from `paid` to `shipped`.\n      responses:\n        '202':",
      ],
    ],
  },
  {
    what: "change a policy",
    replacements: [
      [
        "database-design.md",
        "CREATE POLICY categories_staff ON categories FOR ALL\n" +
          "  USING (current_setting('app.role', true) = 'staff')\n" +
          "  WITH CHECK (current_setting('app.role', true) = 'staff');\n",
        "CREATE POLICY categories_staff ON categories FOR ALL\n" +
          "  USING (current_setting('app.role', true) IN ('staff', 'owner'))\n" +
          "  WITH CHECK (current_setting('app.role', true) IN ('staff', 'owner'));\n",
      ],
    ],
  },
  {
    what: "ask for another role",
    replacements: [
      [
        "openapi.yaml",
        "description: A category with products or child categories cannot be deleted.\n      security:\n        - BearerAuth: [staff]",
        "description: A category with products or child categories cannot be deleted.\n      security:\n        - BearerAuth: [owner]",
      ],
    ],
  },
];
