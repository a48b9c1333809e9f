import { spawnSync } from "node:child_process";
import { runToEnd } from "./processes.ts";

/** Installs Debian packages, for root on a Debian system; says what to install by hand elsewhere. */
export function ensureDebianPackages(packages: readonly string[]): void {
  const names = packages.join(" ");
  const canInstall = process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
  if (!canInstall)
    throw new Error(`Missing: ${names}. Install them with your system's package manager, then try again.`);
  console.log(`Installing from Debian: ${names} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const quiet = ["-qq", "-o", "Dpkg::Use-Pty=0"];
  runToEnd("apt-get", [...quiet, "update"], { env });
  runToEnd("apt-get", [...quiet, "install", "-y", "--no-install-recommends", ...packages], { env });
}
