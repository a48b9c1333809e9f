import assert from "node:assert/strict";
import { test } from "node:test";
import { isReadAsUuid, needsValue, planSession } from "../../../src/compiler/sessionSettings.ts";
import { callerColumns } from "../../../src/spec/join/callerColumns.ts";
import { specOf } from "../../support/compilerPlans.ts";

const table = "CREATE TABLE notes (id int PRIMARY KEY, owner_id uuid, tenant_id bigint, status text);";

async function sessionOf(policies: string) {
  return planSession(await specOf({ "schema.sql": `${table} ${policies}` }));
}

test("settings are found in policies and fed from the claim their name speaks of", async () => {
  const session = await sessionOf(`
    CREATE POLICY a ON notes USING (owner_id = current_setting('app.user_id')::uuid);
    CREATE POLICY b ON notes USING (tenant_id = current_setting('app.current_tenant', true)::bigint);
    CREATE POLICY c ON notes USING (current_setting('app.role', true) = 'staff');`);
  assert.deepEqual(session, {
    settings: [
      { name: "app.user_id", claim: "user_id" },
      { name: "app.current_tenant", claim: "tenant_id" },
      { name: "app.role", claim: "role" },
    ],
    supabase: false,
    roles: [],
  });
});

test("Supabase functions and missing roles", async () => {
  const session = await sessionOf(`
    CREATE ROLE editor;
    CREATE POLICY a ON notes TO authenticated, editor USING (owner_id = auth.uid());
    GRANT SELECT, INSERT ON notes TO reporting, PUBLIC;`);
  assert.deepEqual(session, { settings: [], supabase: true, roles: ["authenticated", "reporting"] });
});

test("owner and tenant are the columns compared with the caller, on this table only", async () => {
  const spec = await specOf({
    "schema.sql": `${table}
      CREATE TABLE parts (id int PRIMARY KEY, note_id int, owner_id uuid);
      CREATE POLICY a ON notes USING (owner_id = nullif(current_setting('app.user_id', true), '')::uuid
        AND tenant_id = (SELECT current_setting('app.tenant_id')::bigint) AND status = 'open');
      CREATE POLICY b ON parts USING (EXISTS (SELECT 1 FROM notes WHERE notes.owner_id = auth.uid()));`,
  });
  const columns = spec.database.tables.map((item) => [...callerColumns(spec, item)]);
  assert.deepEqual(columns, [
    [
      ["owner_id", "owner"],
      ["tenant_id", "tenant"],
    ],
    [],
  ]);
});

test("how a setting is read decides what it may be given", async () => {
  const spec = await specOf({
    "schema.sql": `${table}
      CREATE POLICY a ON notes USING (owner_id = current_setting('app.strict')::uuid);
      CREATE POLICY b ON notes USING (owner_id = nullif(current_setting('app.lenient', true), '')::uuid);
      CREATE POLICY c ON notes USING (status = current_setting('app.plain'));`,
  });
  const readings = ["app.strict", "app.lenient", "app.plain"].map((name) => [
    isReadAsUuid(spec, name),
    needsValue(spec, name),
  ]);
  assert.deepEqual(readings, [
    [true, true],
    [true, false],
    [false, false],
  ]);
});
