import assert from "node:assert/strict";
import { test } from "node:test";
import { folderNameIn, type NamedFolder } from "../../../src/vscode/folders/folderName.ts";
import { createFolderScopes, type FolderScope, type FolderScopes } from "../../../src/vscode/folders/folderScopes.ts";

interface Given {
  readonly folders: readonly string[];
  readonly choice?: string;
  readonly designed?: readonly string[];
  /** What the user answers, one after the other. */
  readonly answers?: readonly (string | undefined)[];
}

/** A workspace; `said` is what happened in it, in order. */
function workspace({ folders, choice, designed = [], answers = [] }: Given) {
  const state = { folders, choice, failsToClose: false };
  const left = [...answers];
  const said: string[] = [];
  const open = (folder: string | undefined): FolderScope => {
    said.push(`open ${folder}`);
    return {
      folder,
      close: async () => {
        if (state.failsToClose) throw new Error("EDIT_NOT_SAVED");
        said.push(`closing ${folder}`);
        await Promise.resolve();
        said.push(`closed ${folder}`);
      },
      dispose: () => said.push(`dispose ${folder}`),
    };
  };
  const scopes = createFolderScopes({
    folders: () => state.folders,
    choice: {
      read: () => state.choice,
      write: async (folder) => {
        state.choice = folder;
      },
    },
    open,
    withDesign: async (all) => all.filter((folder) => designed.includes(folder)),
    ask: async (among) => {
      said.push(`ask ${among.join(" ")}`);
      return left.shift();
    },
    refusals: { inUse: (folder) => new Error(`IN_USE ${folder}`), undecided: () => new Error("UNDECIDED") },
    onFailure: (thrown) => said.push(`failed ${thrown instanceof Error ? thrown.message : ""}`),
  });
  const used = () => scopes.use(async ({ folder }) => folder);
  return { state, scopes, said, used };
}

/** A run that goes on until it is ended. */
async function begin(scopes: FolderScopes<FolderScope>): Promise<{ running: Promise<void>; end: () => void }> {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let running = Promise.resolve();
  await new Promise<void>((begun) => {
    running = scopes.use(() => {
      begun();
      return ended;
    });
  });
  return { running, end };
}

const starts: readonly [
  what: string,
  given: Given,
  folder: string | undefined,
  afterUse: string | Error,
  said: string[],
][] = [
  ["no folder is open", { folders: [] }, undefined, "undefined", ["open undefined"]],
  ["a single folder is it", { folders: ["a"] }, "a", "a", ["open a"]],
  ["a single folder is it, whatever was chosen", { folders: ["a"], choice: "gone" }, "a", "a", ["open a"]],
  ["what was chosen is opened with the window", { folders: ["a", "b"], choice: "b" }, "b", "b", ["open b"]],
  [
    "the only one with a design is picked silently, at the first use",
    { folders: ["a", "b"], designed: ["b"] },
    undefined,
    "b",
    ["open undefined", "closing undefined", "closed undefined", "open b"],
  ],
  [
    "of several designs the user picks one",
    { folders: ["a", "b", "c"], designed: ["a", "c"], answers: ["c"] },
    undefined,
    "c",
    ["open undefined", "ask a c", "closing undefined", "closed undefined", "open c"],
  ],
  [
    "without any design the user picks among all",
    { folders: ["a", "b"], answers: ["b"] },
    undefined,
    "b",
    ["open undefined", "ask a b", "closing undefined", "closed undefined", "open b"],
  ],
  [
    "who picks none is told so, and nothing is opened",
    { folders: ["a", "b"], answers: [undefined] },
    undefined,
    new Error("UNDECIDED"),
    ["open undefined", "ask a b"],
  ],
  [
    "what was chosen and has gone is not guessed at",
    { folders: ["a", "b"], choice: "gone", answers: ["a"] },
    undefined,
    "a",
    ["open undefined", "ask a b", "closing undefined", "closed undefined", "open a"],
  ],
];

for (const [what, given, folder, afterUse, expected] of starts) {
  test(`the folder: ${what}`, async () => {
    const { scopes, said, used } = workspace(given);
    assert.equal((await scopes.current()).folder, folder);
    if (afterUse instanceof Error) await assert.rejects(used(), afterUse);
    else assert.equal(String(await used()), afterUse);
    assert.deepEqual(said, expected);
  });
}

test("a choice is kept, and asked for once, also by two requests at the same time", async () => {
  const { state, said, used } = workspace({ folders: ["a", "b"], answers: ["b"] });
  assert.deepEqual(await Promise.all([used(), used()]), ["b", "b"]);
  assert.equal(await used(), "b");
  assert.equal(state.choice, "b");
  assert.deepEqual(said, ["open undefined", "ask a b", "closing undefined", "closed undefined", "open b"]);
});

test("a folder is let go of before the other one is opened, and commands in between wait for it", async () => {
  const { scopes, said } = workspace({ folders: ["a", "b"], choice: "a" });
  const choosing = scopes.choose("b");
  const during = scopes.current().then(({ folder }) => said.push(`command in ${folder}`));
  await Promise.all([choosing, during]);
  await scopes.choose("a");
  assert.deepEqual(said, [
    "open a",
    "closing a",
    "closed a",
    "open b",
    "command in b",
    "closing b",
    "closed b",
    "open a",
  ]);
});

test("the folder is not changed in the middle of its use; choosing what is chosen is no change", async () => {
  const { scopes, said, state } = workspace({ folders: ["a", "b"], choice: "a" });
  const { running, end } = await begin(scopes);
  await assert.rejects(scopes.choose("b"), new Error("IN_USE a"));
  await scopes.choose("a");
  end();
  await running;
  assert.deepEqual([said, state.choice], [["open a"], "a"]);
  await scopes.choose("b");
  assert.equal((await scopes.current()).folder, "b");
});

test("a use that fails ends as well", async () => {
  const { scopes } = workspace({ folders: ["a", "b"], choice: "a" });
  await assert.rejects(
    scopes.use(async () => {
      throw new Error("the run's own");
    }),
    new Error("the run's own"),
  );
  await scopes.choose("b");
});

test("where what waits cannot be kept, the folder and the choice stay", async () => {
  const { scopes, state } = workspace({ folders: ["a", "b"], choice: "a" });
  state.failsToClose = true;
  await assert.rejects(scopes.choose("b"), new Error("EDIT_NOT_SAVED"));
  assert.deepEqual([(await scopes.current()).folder, state.choice], ["a", "a"]);
  state.folders = ["b"];
  await scopes.follow();
  assert.equal((await scopes.current()).folder, "a");
});

test("a folder that leaves the workspace is let go of, and comes back as the chosen one", async () => {
  const { scopes, said, state, used } = workspace({ folders: ["a", "b", "c"], choice: "b" });
  state.folders = ["a", "c"];
  await scopes.follow();
  state.folders = ["a", "c", "b"];
  await scopes.follow();
  assert.equal(await used(), "b");
  assert.deepEqual(said, [
    "open b",
    "closing b",
    "closed b",
    "open undefined",
    "closing undefined",
    "closed undefined",
    "open b",
  ]);
});

test("a folder that leaves in the middle of a run stays until the run has ended", async () => {
  const { scopes, said, state } = workspace({ folders: ["a", "b"], choice: "b" });
  const { running, end } = await begin(scopes);
  state.folders = ["a"];
  await scopes.follow();
  assert.deepEqual(said, ["open b"]);
  end();
  await running;
  assert.deepEqual(said, ["open b", "closing b", "closed b", "open a"]);
});

test("another folder that joins changes nothing for the one in use", async () => {
  const { scopes, said, state, used } = workspace({ folders: ["a"] });
  await used();
  state.folders = ["new", "a"];
  await scopes.follow();
  assert.deepEqual([await used(), said, state.choice], ["a", ["open a"], "a"]);
});

test("a folder is named where the workspace has others, and with its path where another has the same name", () => {
  const folder = (name: string, path: string, scheme = "file") => ({ name, address: `${scheme}://${path}`, path });
  const [api, web, otherApi] = [folder("api", "/one/api"), folder("web", "/one/web"), folder("api", "/two/api")];
  const names = (all: readonly NamedFolder[]) => all.map(({ address }) => folderNameIn(all, address));
  assert.deepEqual(names([api]), [undefined]);
  assert.deepEqual(names([api, web]), ["api", "web"]);
  assert.deepEqual(names([api, web, otherApi]), ["api (/one/api)", "web", "api (/two/api)"]);
  assert.deepEqual(names([folder("virtual", "/one/api", "memfs"), api]), ["virtual", "api"]);
  assert.equal(folderNameIn([api, web], "file:///gone"), undefined);
});
