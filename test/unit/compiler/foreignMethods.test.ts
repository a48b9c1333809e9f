import assert from "node:assert/strict";
import { test } from "node:test";
import { foreignMethods, type Route } from "../../../src/compiler/routeOrder.ts";

const get = (path: string): Route => ({ method: "GET", path });
const post = (path: string): Route => ({ method: "POST", path });
const remove = (path: string): Route => ({ method: "DELETE", path });

const cases: readonly (readonly [string, readonly Route[], readonly Route[], readonly Route[]])[] = [
  [
    "a word of a path is no key for the methods that it does not have",
    [get("/pets/{id}"), post("/pets/{id}"), get("/pets/sold")],
    [],
    [post("/pets/sold")],
  ],
  ["what needs detail has another answer", [post("/pets/{id}"), get("/pets/sold")], [post("/pets/sold")], []],
  [
    "the same path with another name of the key has its own methods",
    [get("/pets/{id}/toys"), post("/pets/{pet}/toys"), get("/pets/{id}/{part}"), post("/pets/{id}/{part}")],
    [],
    [],
  ],
  [
    "what would itself take another path is left alone",
    [get("/a/{x}/{y}"), post("/a/{x}/b"), get("/a/c/b")],
    [],
    [post("/a/c/b")],
  ],
  ["paths of other lengths have nothing to do with each other", [get("/pets"), remove("/pets/{id}")], [], []],
];

for (const [what, routes, named, expected] of cases) {
  test(what, () => assert.deepEqual(foreignMethods(routes, named), expected));
}
