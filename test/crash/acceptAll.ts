/** Accepts the same changes of 200 files as the test that ends this process: `acceptAll.ts <root> <storage>`. */
import { createDiskWriter } from "../../src/node/diskWriter.ts";
import { someWrites } from "../support/acceptUnderFaults.ts";

const [root = "", storage = ""] = process.argv.slice(2);
const writes = someWrites(200);
const writer = createDiskWriter(root, { storage });
process.send?.("begin");
await writer.journaled(writes, (intent) => writer.write(writes, intent));
process.send?.("end");
process.disconnect?.();
