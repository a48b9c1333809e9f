import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../../src/compiler/compile.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { writeDesign } from "../../../src/spec/write/writeDesign.ts";
import { fence } from "./fixtures.ts";

const time = 'datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00","Z")';

/** The bodies of errors that designs have: the example, what its leaves are, and what the backend answers. */
const variants: readonly (readonly [what: string, example: object, fields: string, answer: string])[] = [
  [
    "an object under `error`",
    {
      error: {
        code: "ORDER_GONE",
        message: "m",
        details: [{ field: "a" }],
        correlationId: "x",
        timestamp: "2026-01-01T00:00:00Z",
      },
    },
    "error.code code, error.message message, error.details details, error.correlationId correlationId, error.timestamp timestamp",
    `{"error":{"code":error.code.value,"message":error.message,"details":_details(error),"correlationId":correlation_id,"timestamp":${time},},}`,
  ],
  [
    "flat, as Spring has it",
    { timestamp: "2026-01-01T00:00:00Z", status: 410, errorCode: "ORDER_GONE", message: "m", path: "/orders/1" },
    "timestamp timestamp, status status, errorCode code, message message, path path",
    `{"timestamp":${time},"status":error.status_code,"errorCode":error.code.value,"message":error.message,"path":request.url.path,}`,
  ],
  [
    "the envelope of successes with its other half empty",
    { success: false, data: null, error: { code: "ORDER_GONE", message: "m" }, metadata: { requestId: "x" } },
    "success constant, data constant, error.code code, error.message message, metadata.requestId correlationId",
    '{"success":False,"data":None,"error":{"code":error.code.value,"message":error.message,},"metadata":{"requestId":correlation_id,},}',
  ],
  [
    "a phrase beside the code",
    { error: "Gone", message: "m", code: "ORDER_GONE", request_id: "x" },
    "error reason, message message, code code, request_id correlationId",
    '{"error":responses.get(error.status_code,"Error"),"message":error.message,"code":error.code.value,"request_id":correlation_id,}',
  ],
  [
    "the code beside a number",
    { error: "ORDER_GONE", message: "m", code: 410 },
    "error code, message message, code status",
    '{"error":error.code.value,"message":error.message,"code":error.status_code,}',
  ],
  [
    "a phrase and no code, as Nest has it",
    { statusCode: 404, error: "Not Found", message: "m" },
    "statusCode status, error reason, message message",
    '{"statusCode":error.status_code,"error":responses.get(error.status_code,"Error"),"message":error.message,}',
  ],
  [
    "business codes",
    { biz_code: "ORDER_GONE", msg: "m", data: null, trace_id: "x" },
    "biz_code code, msg message, data constant, trace_id correlationId",
    '{"biz_code":error.code.value,"msg":error.message,"data":None,"trace_id":correlation_id,}',
  ],
  [
    "RFC 9457",
    {
      type: "https://example.com/problems/order-gone",
      title: "Gone",
      status: 410,
      detail: "m",
      instance: "/orders/1",
      code: "ORDER_GONE",
    },
    "type type, title message, status status, detail message, instance path, code code",
    '{"type":"https://example.com/problems/"+error.code.value.lower().replace("_","-"),"title":error.message,"status":error.status_code,"detail":error.message,"instance":request.url.path,"code":error.code.value,}',
  ],
  ["FastAPI's own", { detail: "It is gone" }, "detail message", '{"detail":error.message,}'],
  [
    "an object under `detail`",
    { detail: { code: "ORDER_GONE", message: "m" } },
    "detail.code code, detail.message message",
    '{"detail":{"code":error.code.value,"message":error.message,},}',
  ],
];

const codes = "## Codes\n\n| Code | HTTP |\n|--|--|\n| `ORDER_GONE` | 410 |\n";
const database = { path: "database.sql", text: "CREATE TABLE orders (id uuid PRIMARY KEY);" };

for (const [what, example, fields, answer] of variants) {
  test(`envelope: ${what}`, async () => {
    const text = `# Error handling\n\n## Response format\n\n${fence("json", JSON.stringify(example))}\n${codes}`;
    const { spec } = await readSpec([{ path: "errors.md", text }, database]);
    const { envelope } = spec.errors;
    assert.equal(envelope?.fields.map(({ path, role }) => `${path.join(".")} ${role}`).join(", "), fields);
    assert.equal(envelope?.contentType, "type" in example ? "application/problem+json" : "application/json");
    const handlers = compile(spec).files.find(({ path }) => path.endsWith("/error_handlers.py"))?.text ?? "";
    assert.equal(/content=(\{[\s\S]*?),\n {8}headers=/.exec(handlers)?.[1]?.replace(/\s+/g, ""), answer);
    assert.equal(handlers.includes('media_type="application/problem+json"'), "type" in example);
    const again = await readSpec(writeDesign(spec).map(({ name: path, text: own }) => ({ path, text: own })));
    assert.deepEqual(again.spec.errors.envelope?.fields, envelope?.fields);
  });
}
