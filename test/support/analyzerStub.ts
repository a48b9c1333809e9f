import { existsSync, writeFileSync } from "node:fs";

/**
 * A forked analyzer that does what the first document's path says: `pid`, `nothing`, `fail`, `hang`, `crash`, or
 * `crash-once:<file>`, which dies unless the file exists.
 */
process.on("message", ({ id, argument }: { id: number; argument: readonly { path: string }[] }) => {
  const [wish = "", file = ""] = argument[0]?.path.split(":") ?? [];
  if (wish === "crash") process.exit(7);
  if (wish === "crash-once" && !existsSync(file)) {
    writeFileSync(file, "");
    process.exit(7);
  }
  if (wish === "hang") return;
  const value = wish === "nothing" ? undefined : process.pid;
  const answer = wish === "fail" ? { id, error: { message: "no good", stack: "stack" } } : { id, value };
  process.send?.(answer);
});
process.on("disconnect", () => process.exit());
