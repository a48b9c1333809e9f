import assert from "node:assert/strict";
import { test } from "node:test";
import { type RuleStatement, ruleStatements } from "../../../src/compiler/rules/ruleStatement.ts";

const bound = (subject: string, operator: "<" | "<=" | ">" | ">=", limit: number): RuleStatement => ({
  kind: "bound",
  of: "value",
  subject,
  operator,
  limit,
});
const length = (subject: string, operator: "<=" | ">=", limit: number): RuleStatement => ({
  kind: "bound",
  of: "length",
  subject,
  operator,
  limit,
});
const order = (subject: string, operator: "<" | "<=" | ">" | ">=", other: string): RuleStatement => ({
  kind: "order",
  subject,
  operator,
  other,
});
const count = (counted: string, owner: string, most: number): RuleStatement => ({
  kind: "count",
  counted,
  owner,
  most,
});
const only = (states: readonly string[], acts: readonly ("change" | "delete")[]): RuleStatement => ({
  kind: "state",
  states,
  allowed: true,
  onwards: false,
  acts,
});
const never = (states: readonly string[], onwards: boolean, subject?: string): RuleStatement => ({
  kind: "state",
  ...(subject !== undefined && { subject }),
  states,
  allowed: false,
  onwards,
  acts: ["change"],
});

const understood: Readonly<Record<string, readonly RuleStatement[]>> = {
  "quantity must be between 1 and 100": [bound("quantity", ">=", 1), bound("quantity", "<=", 100)],
  "The price must be greater than zero.": [bound("The price", ">", 0)],
  "Stock is never negative": [bound("Stock", ">=", 0)],
  "seats must not exceed 1,000 (HALL_TOO_LARGE)": [bound("seats", "<=", 1000)],
  "title at most 200 characters": [length("title", "<=", 200)],
  "A name must have at least 3 characters": [length("A name", ">=", 3)],
  "title: Required, 1-200 characters": [
    { kind: "required", subject: "title" },
    length("title", ">=", 1),
    length("title", "<=", 200),
  ],
  "description MUST NOT be empty or whitespace-only": [{ kind: "notBlank", subject: "description" }],
  "end date must be after start date": [order("end date", ">", "start date")],
  "The start must not be after the end": [order("The start", "<=", "the end")],
  "spent <= budget": [order("spent", "<=", "budget")],
  "at most 20 items per order": [count("items", "order", 20)],
  "a customer may have no more than 5 open orders": [count("open orders", "customer", 5)],
  "An order must not contain more than twelve items": [count("items", "order", 12)],
  "only drafts can be deleted": [only(["drafts"], ["delete"])],
  "Only draft or submitted orders may be changed or deleted": [
    only(["draft", "submitted orders"], ["delete", "change"]),
  ],
  "cannot be changed once shipped": [never(["shipped"], true)],
  "An order that is already shipped cannot be edited": [never(["shipped"], false, "An order")],
  "A card in status done cannot be edited": [never(["done"], false, "A card")],
  "ticketsSold must never exceed capacity": [order("ticketsSold", "<=", "capacity")],
  "Only DRAFT events can be published": [{ kind: "move", subject: "DRAFT events", verb: "published", allowed: true }],
  "A cancelled event cannot be published": [
    { kind: "move", subject: "A cancelled event", verb: "published", allowed: false },
  ],
  "A booking that is cancelled cannot be cancelled again": [
    { kind: "settled", subject: "A booking", state: "cancelled" },
  ],
  "Paid invoices cannot be paid twice": [{ kind: "settled", subject: "invoices", state: "Paid" }],
  "An order cannot be changed while it is on hold": [never(["on hold"], false, "An order")],
  "Email is unique (case-insensitive)": [{ kind: "unique", subject: "Email", anyCase: true }],
  "The slug is unique per account": [{ kind: "unique", subject: "The slug", anyCase: false, within: "account" }],
  "The slug is unique across all accounts": [{ kind: "unique", subject: "The slug", anyCase: false }],
  "The SKU is immutable": [{ kind: "immutable", subject: "The SKU" }],
  "The number of an order cannot be changed after creation": [{ kind: "immutable", subject: "The number of an order" }],
  "Payments are never changed once created": [{ kind: "immutable", subject: "Payments" }],
  "A person has no two lists of the same name": [{ kind: "unique", subject: "lists name", anyCase: false }],
  "Every booking belongs to a hall": [{ kind: "reference", subject: "booking", other: "hall", cascades: false }],
  "Orders are never deleted, they are cancelled; the price must be positive": [
    { kind: "never", subject: "Orders", acts: ["delete"] },
    bound("the price", ">", 0),
  ],
  "Users can have unlimited concurrent sessions": [{ kind: "permission" }],
  "Recording a payment does not change the order by itself": [{ kind: "permission" }],
  "A closed ticket cannot be commented on": [
    { kind: "barred", subject: "A closed ticket", by: "commented on", allowed: false },
  ],
  "Only articles that are published can be commented on": [
    { kind: "barred", subject: "published articles", by: "commented on", allowed: true },
  ],
  "Products which are not active cannot be added to any order": [
    { kind: "barred", subject: "not active Products", by: "order", allowed: false },
  ],
  "Lines may only be added or removed while their order is still in draft": [
    {
      kind: "ownerState",
      subject: "Lines",
      owner: "order",
      states: ["draft"],
      allowed: true,
      onwards: false,
      acts: ["create", "delete"],
    },
  ],
  "A tracking number is required before a shipment can be delivered": [
    { kind: "needs", subject: "a shipment", verb: "delivered", needed: "tracking number" },
  ],
  "An order can only be placed if it has lines": [
    { kind: "needs", subject: "An order", verb: "placed", needed: "lines" },
  ],
  "Only agents of the tenant may be assignees": [
    { kind: "holder", role: "agents", reference: "assignees", within: "tenant" },
  ],
  "Orders can be cancelled within 2 days after they were placed": [
    { kind: "window", subject: "Orders", verb: "cancelled", seconds: 172_800, since: "placed" },
  ],
  "A user that is not active cannot sign in": [{ kind: "signIn", subject: "not active user", allowed: false }],
  "Only active users can log in": [{ kind: "signIn", subject: "active users", allowed: true }],
  "Only the customer who placed the order, or a clerk, may see it": [
    { kind: "seenBy", owner: "the customer who placed the order", roles: ["clerk"], object: "it" },
  ],
  "Only agents and admins can see internal comments": [
    { kind: "seenBy", owner: "agents and admins", roles: [], object: "internal comments" },
  ],
  "Internal comments are never shown to requesters": [
    { kind: "hidden", subject: "Internal comments", roles: ["requesters"], allowed: false },
  ],
  "Requesters cannot see drafts or internal notes": [
    { kind: "hidden", subject: "drafts or internal notes", roles: ["Requesters"], allowed: false },
  ],
  "Customers can only see their own orders": [{ kind: "ownOnly", roles: ["Customers"], object: "orders" }],
  "Boards that are archived are read-only": [{ kind: "readOnly", subject: "archived Boards" }],
  "Die Menge muss zwischen 1 und 100 liegen.": [bound("Die Menge", ">=", 1), bound("Die Menge", "<=", 100)],
  "Der Titel darf höchstens 200 Zeichen lang sein.": [length("Der Titel", "<=", 200)],
  "Das Enddatum muss nach dem Startdatum liegen.": [order("Das Enddatum", ">", "Startdatum")],
  "Höchstens 20 Positionen pro Bestellung.": [count("Positionen", "Bestellung", 20)],
  "Nur Entwürfe dürfen gelöscht werden.": [only(["Entwürfe"], ["delete"])],
  "Eine Bestellung darf nicht mehr geändert werden, sobald sie versendet ist.": [
    never(["versendet"], true, "Eine Bestellung"),
  ],
  "Die E-Mail-Adresse muss eindeutig sein.": [{ kind: "unique", subject: "Die E-Mail-Adresse", anyCase: false }],
  "数量は1以上100以下でなければならない。": [bound("数量", ">=", 1), bound("数量", "<=", 100)],
  タイトルは200文字以内とする: [length("タイトル", "<=", 200)],
  "終了日は開始日より後でなければならない。": [order("終了日", ">", "開始日")],
  "1つの注文につき明細は20件まで。": [count("明細", "注文", 20)],
  "下書きのみ削除できる。": [only(["下書き"], ["delete"])],
  "status == DONE の Task は更新不可": [never(["DONE"], false, "Task")],
  "メールアドレスは一意である。": [{ kind: "unique", subject: "メールアドレス", anyCase: false }],
};

for (const [sentence, expected] of Object.entries(understood)) {
  test(`a rule is read: ${sentence}`, () => assert.deepEqual(ruleStatements(sentence), expected));
}

const notUnderstood = [
  "Orders above 10000 EUR need the approval of a manager.",
  "The amount must be at most 500 EUR.",
  "The score must be between 0 and the maximum of the course.",
  "Only managers can delete orders.",
  "A room can be booked at most 30 days in advance.",
  "A cancelled booking frees the room.",
  "The price must be positive; a manager decides about discounts.",
  "Reports may be sent until the end of the month.",
  "在庫がない場合は注文を受け付けない。",
  "Archived products can be retrieved by id but are excluded from lists.",
  "Ein Rabatt braucht die Zustimmung der Leitung.",
  "",
];

for (const sentence of notUnderstood) {
  test(`a rule is left to people: ${sentence}`, () => assert.equal(ruleStatements(sentence), undefined));
}
