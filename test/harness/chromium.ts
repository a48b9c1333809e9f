import { existsSync } from "node:fs";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { ensureDebianPackages } from "./debian.ts";

const usualPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A headless Chromium: the one named by CHROME_PATH, else the system's, else Debian's, installed on first use. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureChromium(),
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", ...offline],
    ...options,
  });
}

export function ensureChromium(): string {
  const chosen = process.env["CHROME_PATH"];
  if (chosen) return chosen;
  if (!installed()) ensureDebianPackages(["chromium", "fonts-dejavu-core"]);
  const found = installed();
  if (!found) throw new Error("No Chromium found. Install one, or name it in CHROME_PATH.");
  return found;
}

const offline = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--disable-features=LocalNetworkAccessChecks,Translate,MediaRouter,OptimizationHints",
];

function installed(): string | undefined {
  return usualPlaces.find((path) => existsSync(path));
}
