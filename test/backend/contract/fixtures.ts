import { randomUUID } from "node:crypto";
import { at, request, text } from "../support/client.ts";
import type { RunningBackend } from "../support/runningBackend.ts";

export interface ContractFixture {
  readonly name: string;
  /** The OpenAPI document among the design's. */
  readonly document?: string;
  /** Asks what the application itself documents, because the design says less: it has no OpenAPI document, or no errors in it. */
  readonly asksApplication?: true;
  readonly basePath: string;
  /** Of who asks everything. */
  readonly owner: Claims;
  /** Of somebody who must not be answered with what is the owner's. */
  readonly stranger: Claims;
  /** Cases for an operation and phase, so that there are enough requests in all. */
  readonly cases: number;
  /** Operations that hardly succeed at random: the contract says too little, or other questions move the rows away. */
  readonly hardly?: readonly string[];
  /** Makes rows that questions made at random do not arrive at. */
  readonly prepare?: (backend: RunningBackend, token: string) => Promise<Readonly<Record<string, readonly string[]>>>;
}

type Claims = Readonly<Record<string, unknown>>;

export const contractFixtures: readonly ContractFixture[] = [
  {
    name: "orders",
    document: "openapi.yaml",
    basePath: "/api/v1",
    owner: { sub: randomUUID(), role: "staff" },
    stranger: { sub: randomUUID(), role: "staff" },
    cases: 8,
    hardly: [
      "POST /orders/{orderId}/items",
      "PATCH /orders/{orderId}/items/{itemId}",
      "DELETE /orders/{orderId}/items/{itemId}",
    ],
    prepare: prepareOrders,
  },
  {
    name: "variants",
    document: "openapi.yaml",
    basePath: "/v2",
    owner: { sub: "ed", scope: "articles:write articles:admin" },
    stranger: { sub: "flo", scope: "articles:write articles:admin" },
    cases: 32,
    hardly: ["POST /labels"],
    prepare: prepareArticles,
  },
  {
    name: "catalog",
    document: "openapi.yaml",
    basePath: "/api/v3",
    owner: { sub: "ed", role: "editor" },
    stranger: { sub: "flo", role: "editor" },
    cases: 60,
  },
  {
    name: "payments",
    document: "openapi.yaml",
    basePath: "/v1",
    owner: { sub: "ed", role: "manager", tenant_id: randomUUID() },
    stranger: { sub: "ed", role: "manager", tenant_id: randomUUID() },
    cases: 90,
  },
  {
    name: "documents",
    document: "openapi.yaml",
    basePath: "/v1",
    owner: { sub: "ed" },
    stranger: { sub: "flo" },
    cases: 100,
  },
  {
    name: "helpdesk",
    document: "openapi.yaml",
    basePath: "/v1",
    owner: { sub: "ed", scope: "tickets:read tickets:write tickets:delete" },
    stranger: { sub: "flo" },
    cases: 48,
    hardly: ["POST /oauth/token", "PATCH /tickets", "POST /tickets:batchDelete"],
  },
  {
    name: "brownfield",
    document: "api.yaml",
    asksApplication: true,
    basePath: "",
    owner: { sub: "ed" },
    stranger: { sub: "flo" },
    cases: 130,
  },
  {
    name: "todo",
    asksApplication: true,
    basePath: "",
    owner: { sub: randomUUID() },
    stranger: { sub: randomUUID() },
    cases: 160,
  },
  {
    name: "petstore",
    document: "openapi.yaml",
    asksApplication: true,
    basePath: "",
    owner: { sub: "ed" },
    stranger: { sub: "flo" },
    cases: 40,
  },
];

/** A label, which the contract says nothing about, and an article to have it. */
async function prepareArticles({ server }: RunningBackend, token: string) {
  await request(server.url, "POST", "/v2/labels", { token, body: { code: "news", name: "News" } });
  const body = { slug: "labelled", title: "Labelled" };
  const made = await request(server.url, "POST", "/v2/articles", { token, body });
  return { articles: [text(made.body, "id")], labels: ["news"] };
}

/** Orders in every state but the last, because only some of many orders at random have items and move on. */
async function prepareOrders({ server }: RunningBackend, token: string) {
  const post = async (path: string, body?: unknown) => {
    const answer = await request(server.url, "POST", `/api/v1${path}`, { token, body });
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const made = async (path: string, body: unknown) => text(await post(path, body), "id");
  const customerId = await made("/customers", { name: "Ada", email: "ada@example.org" });
  const categoryId = await made("/categories", { slug: "tools", name: "Tools" });
  const productId = await made("/products", { categoryId, sku: "SKU-TOOL", name: "Hammer", price: "1.50" });
  const other = await made("/products", { categoryId, sku: "SKU-OTHER", name: "Saw", price: "2.50" });
  const orders = async (...actions: readonly string[]) => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const id = await made("/orders", { customerId, items: [{ productId, quantity: 1 }] });
      for (const action of actions) await post(`/orders/${id}/${action}`);
      ids.push(id);
    }
    return ids;
  };
  const edited = await post("/orders", { customerId, items: [{ productId, quantity: 1 }] });
  return {
    products: [other],
    draft: await orders(),
    submitted: await orders("submit"),
    paid: await orders("submit", "pay"),
    shipped: await orders("submit", "pay", "ship"),
    edited: [text(edited, "id")],
    item: [String(at(edited, "items", 0, "id"))],
  };
}
