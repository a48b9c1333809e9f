import type { DocumentKind } from "../model.ts";
import type { Fence } from "./document.ts";
import { type EndpointLine, endpointsAtStart, withBasePath } from "./endpointLines.ts";
import { controllerPath, routeIn } from "./routeCode.ts";

const endpointFences = ["", "http", "https", "text", "plaintext", "txt", "rest", "api"];

/** Controllers are sketched as the endpoints they have. */
const codeFences = ["java", "kotlin", "typescript", "ts", "javascript", "js", "python", "py", "go", "csharp"];

/** The request lines of a fence, and the lines on which they stand; of code, the routes that it declares. */
export function requestLines(fence: Fence): { readonly line: EndpointLine; readonly at: number }[] {
  const { text, line: first } = fence.excerpt;
  const isCode = codeFences.includes(fence.language);
  const base = isCode ? controllerPath(text) : "";
  return text.split("\n").flatMap((row, index) => {
    const request = isCode ? (routeIn(row) ?? row) : row;
    if (!/^\s*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(?:https?:|\/)/.test(request)) return [];
    const found = endpointsAtStart(request.replace(/\s+HTTP\/[\d.]+\s*$/, ""));
    return found.map((line) => ({ line: { ...line, path: withBasePath(base, line.path) }, at: first + index }));
  });
}

/** One route in code is a sketch of the endpoint; one request line in code is more likely a call. */
export function listsEndpoints(
  { language, excerpt }: Fence,
  count: number,
  announced: DocumentKind | undefined,
): boolean {
  if (endpointFences.includes(language)) return true;
  const isRoute = count > 1 || routeIn(excerpt.text) !== undefined;
  return codeFences.includes(language) && isRoute && announced !== "errors";
}
