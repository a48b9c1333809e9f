import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, compileDesign, fileOf, planApi } from "../../support/compiledApi.ts";

const sql = `
  CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE, name text NOT NULL);
  CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES users (id), name text NOT NULL);
  CREATE TABLE listings (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL, code text NOT NULL);
  CREATE UNIQUE INDEX listings_code ON listings (code);
  CREATE TABLE saves (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES users (id),
    listing_id uuid NOT NULL REFERENCES listings (id), name text, UNIQUE (user_id, listing_id));
  CREATE TABLE views (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES users (id),
    listing_id uuid NOT NULL REFERENCES listings (id), name text);
  CREATE TABLE votes (
    user_id uuid NOT NULL REFERENCES users (id), listing_id uuid NOT NULL REFERENCES listings (id), name text,
    PRIMARY KEY (user_id, listing_id));
  CREATE TABLE photos (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), listing_id uuid NOT NULL REFERENCES listings (id),
    position int NOT NULL, name text, deleted_at timestamptz);
  CREATE UNIQUE INDEX photos_position ON photos (listing_id, position) WHERE deleted_at IS NULL;
  CREATE TABLE messages (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), sender_id uuid NOT NULL REFERENCES users (id),
    recipient_id uuid NOT NULL REFERENCES users (id), name text);
  CREATE TABLE payment_proofs (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text);`;

const named = answers("{ type: object, properties: { name: { type: string } } }");
const names = answers("{ type: array, items: { type: object, properties: { name: { type: string } } } }");

const found: readonly (readonly [string, readonly string[]])[] = [
  ["/users/{id}", ["id"]],
  ["/users/{userId}", ["id"]],
  ["/users/{email}", ["email"]],
  ["/profiles/{userId}", ["id"]],
  ["/listings/{code}", ["code"]],
  ["/listings/{listId}", ["id"]],
  ["/payment-proofs/{proofId}", ["id"]],
  ["/payment-proofs/{ppId}", ["id"]],
  ["/saves/{saveId}", ["id"]],
  ["/saves/{listingId}", ["listing_id", "user_id"]],
  ["/votes/{listingId}", ["listing_id", "user_id"]],
  ["/listings/{listingId}/photos/{position}", ["position"]],
  ["/listings/{listingId}/photos/{photoId}", ["id"]],
];

for (const [path, columns] of found) {
  test(`GET ${path} compares ${columns.join(" and ")}`, async () => {
    const { api, needsDetail } = await planApi({ sql, operations: { [`GET ${path}`]: `{ ${named} }` } });
    assert.deepEqual(needsDetail, []);
    const step = api.operations[0]?.path.steps.at(-1);
    assert.deepEqual(
      [step?.parameter?.field, step?.caller].flatMap((field) => field?.name ?? []),
      columns,
    );
  });
}

const refused: readonly (readonly [string, string, RegExp])[] = [
  ["/views/{listingId}", named, /\{listingId\} names no single row of views, because listing_id is not unique/],
  ["/listings/{title}", named, /\{title\} names no single row of listings, because title is not unique/],
  ["/listings/{slug}", named, /no unique column of listings is called like \{slug\}/i],
  ["/payment-proofs/{paymentId}", named, /no unique column of payment_proofs is called like \{paymentId\}/i],
  ["/photos/{position}", named, /\{position\} names no single row of photos/],
  ["/views/me", named, /no unique column of views says which row is the caller's own/i],
  ["/users/{userId}/messages", names, /more than one foreign key says which rows of messages belong to one of users/i],
];

for (const [path, answer, reason] of refused) {
  test(`GET ${path} needs detail: ${reason.source}`, async () => {
    const { api, needsDetail } = await planApi({ sql, operations: { [`GET ${path}`]: `{ ${answer} }` } });
    assert.deepEqual(api.operations, []);
    assert.match(needsDetail[0]?.reason ?? "", reason);
  });
}

test("a row that is unique for each caller is looked for with the caller, and a composite key is put together", async () => {
  const compilation = await compileDesign({
    sql,
    operations: {
      "GET /saves/{listingId}": `{ ${named} }`,
      "GET /votes/{listingId}": `{ ${named} }`,
      "GET /listings/{listingId}/photos/{position}": `{ ${named} }`,
    },
  });
  const lookups = fileOf(compilation, "src/app/services/lookups.py");
  const lines = lookups.split("\n").filter((line) => /criteria = |find_by_id|async def/.test(line));
  assert.deepEqual(lines, [
    "async def existing_save_own_by_listing_id(",
    "    criteria = SaveFilter(listing_id=listing_id, user_id=caller_id)",
    "async def existing_vote_own(uow: UnitOfWork, caller_id: UUID, listing_id: UUID) -> Vote:",
    "    found = await uow.votes.find_by_id(caller_id, listing_id)",
    "async def existing_photo_by_position_of_listing(",
    "    criteria = PhotoFilter(position=position, listing_id=listing_id)",
  ]);
});
