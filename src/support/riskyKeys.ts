/**
 * The keys of a settings file by which an editor or an agent runs programs, goes to the network or stops
 * asking, at most twenty, in the order they come. Found in the text, so that JSON with comments or faults
 * is read as well (research/security.md B25).
 */
export function riskyKeys(text: string): readonly string[] {
  const keys = [...text.slice(0, longestText).matchAll(/"([^"\\\n]{1,200})"\s*:/g)].map(([, key]) => key ?? "");
  return [...new Set(keys.filter((key) => risky.test(key)))].slice(0, 20);
}

const longestText = 1_000_000;

const risky =
  /autoApprove|^chat\.(?:permissions|defaultConfiguration)|^(?:command|args|hooks|env|preLaunchTask|postCreateCommand|initializeCommand)$|terminal\.|interpreterPath|executable|path$|trustedDomains|trust\b|baseUrl|proxy|mcp|runOn|yolo/i;
