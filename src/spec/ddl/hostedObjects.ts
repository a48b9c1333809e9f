import type { DdlStatement } from "./statement.ts";

const marks =
  /\bauth\s*\.\s*(?:users|uid|jwt|role|email)\b|\bstorage\s*\.\s*(?:objects|buckets)\b|\bsupabase_realtime\b/i;
const roles = /\b(?:anon|authenticated|service_role)\b/;

/** What a hosted database brings along and the script relies on: the SQL that stands in for it. */
export function hostedObjects(script: readonly DdlStatement[]): readonly string[] {
  const isHosted = script.some(({ sql }) => marks.test(sql));
  if (!isHosted && !script.some(({ sql }) => /\b(?:TO|GRANT|REVOKE)\b/i.test(sql) && roles.test(sql))) return [];
  return isHosted ? [...hostedRoles, ...hostedSchemas] : hostedRoles;
}

const hostedRoles = ["anon", "authenticated", "service_role"].map((role) => `CREATE ROLE ${role} NOLOGIN`);

const hostedSchemas = [
  ...["supabase_admin", "supabase_auth_admin", "supabase_storage_admin", "authenticator", "dashboard_user"].map(
    (role) => `CREATE ROLE ${role} NOLOGIN`,
  ),
  "CREATE SCHEMA auth",
  "CREATE SCHEMA storage",
  "CREATE SCHEMA extensions",
  "CREATE SCHEMA realtime",
  "CREATE SCHEMA vault",
  'CREATE EXTENSION "uuid-ossp" SCHEMA extensions',
  "CREATE EXTENSION pgcrypto SCHEMA extensions",
  `CREATE TABLE auth.users (instance_id uuid, id uuid PRIMARY KEY, aud varchar(255), role varchar(255), email varchar(255),
    encrypted_password varchar(255), email_confirmed_at timestamptz, invited_at timestamptz, confirmation_sent_at timestamptz,
    last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean,
    created_at timestamptz, updated_at timestamptz, phone text UNIQUE, phone_confirmed_at timestamptz,
    confirmed_at timestamptz, banned_until timestamptz, deleted_at timestamptz, is_sso_user boolean, is_anonymous boolean)`,
  "CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid'",
  "CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text'",
  "CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text'",
  "CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT NULL::jsonb'",
  `CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL UNIQUE, owner uuid, owner_id text, public boolean,
    file_size_limit bigint, allowed_mime_types text[], created_at timestamptz, updated_at timestamptz)`,
  `CREATE TABLE storage.objects (id uuid PRIMARY KEY, bucket_id text REFERENCES storage.buckets, name text, owner uuid,
    owner_id text, metadata jsonb, path_tokens text[], version text, created_at timestamptz, updated_at timestamptz,
    last_accessed_at timestamptz)`,
  "ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY",
  "CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE sql AS 'SELECT NULL::text[]'",
  "CREATE FUNCTION storage.filename(name text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'",
  "CREATE FUNCTION storage.extension(name text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'",
  "CREATE PUBLICATION supabase_realtime",
  "CREATE FUNCTION realtime.topic() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text'",
  `CREATE TABLE realtime.messages (id uuid, topic text, extension text, payload jsonb, event text, private boolean,
    inserted_at timestamp, updated_at timestamp)`,
  "ALTER TABLE realtime.messages ENABLE ROW LEVEL SECURITY",
];
