import assert from "node:assert/strict";
import { after, test } from "node:test";
import { annotateReturn } from "../../../src/review/annotateReturn.ts";
import { createFileReader } from "../../../src/review/fileReader.ts";
import { startParser } from "./reviewing.ts";

const parser = await startParser();
after(() => parser.dispose());

const head = "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n";

/** The line that the function begins in is the last one with `def` in it. */
async function annotated(text: string): Promise<string | undefined> {
  const whole = head + text;
  const line = whole.split("\n").findLastIndex((each) => /\bdef\b/.test(each)) + 1;
  const result = await annotateReturn(
    { path: "a.py", files: [{ path: "a.py", text: whole }], line },
    createFileReader(parser),
  );
  return result?.slice(head.length);
}

const certain: readonly (readonly [title: string, before: string, after: string])[] = [
  [
    "an endpoint answers with its response model",
    '@router.get("/a", response_model=list[Order])\nasync def orders(page: int):\n    return await service.all(page)\n',
    '@router.get("/a", response_model=list[Order])\nasync def orders(page: int) -> list[Order]:\n    return await service.all(page)\n',
  ],
  [
    "a function that returns nothing",
    "def show(value: int):\n    print(value)\n",
    "def show(value: int) -> None:\n    print(value)\n",
  ],
  [
    "a constructor over several lines",
    "class A:\n    def __init__(\n        self,\n        size: int,\n    ):\n        self.size = size\n",
    "class A:\n    def __init__(\n        self,\n        size: int,\n    ) -> None:\n        self.size = size\n",
  ],
  [
    "literals",
    'def name(a: bool):\n    return "x" if a else "y"\n',
    'def name(a: bool) -> str:\n    return "x" if a else "y"\n',
  ],
];

for (const [title, before, expected] of certain) {
  test(`certain: ${title}`, async () => assert.equal(await annotated(before), expected));
}

const guesses: readonly (readonly [title: string, text: string])[] = [
  ["what another function returns", "def total(values: list[int]):\n    return add(values)\n"],
  ["a type that needs an import", "def fail(value: int):\n    raise ValueError(value)\n"],
  [
    "a model that is no plain type",
    '@router.get("/a", response_model=make(Order))\ndef one(key: int):\n    return service.one(key)\n',
  ],
  ["a function that has its type", "def show(value: int) -> int:\n    return value\n"],
];

for (const [title, text] of guesses) {
  test(`left alone: ${title}`, async () => assert.equal(await annotated(text), undefined));
}
