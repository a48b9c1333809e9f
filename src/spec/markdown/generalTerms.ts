import type { SecurityRequirement } from "../security.ts";
import { bearerScheme } from "./access.ts";
import type { Block } from "./document.ts";
import type { EndpointDraft } from "./endpointDraft.ts";
import { basePathIn, endpointsIn } from "./endpointLines.ts";
import { statementsIn } from "./endpointStatements.ts";
import type { MarkdownReading } from "./reading.ts";

/** The base path that the document declares; empty where it declares none. */
export function documentBasePath(reading: MarkdownReading): string {
  for (const section of reading.document.sections) {
    for (const line of [section.raw, ...section.blocks.flatMap(linesOf)]) {
      const basePath = basePathIn(line);
      if (basePath !== undefined) return basePath;
    }
    const [fence] = /base (?:path|url)|ベース/i.test(section.title)
      ? section.blocks.filter((block) => block.type === "fence")
      : [];
    const inFence =
      fence && /(?:^|[a-z])(\/[\w\-./]+)\s*$/m.exec(fence.excerpt.text.replace(/https?:\/\/[^/\s]+/g, ""))?.[1];
    if (inFence !== undefined) return inFence.replace(/\/+$/, "");
  }
  return "";
}

/** Whether the endpoints are written with the base path; the few without it lie beside it then: `/health`. */
export function repeatsBasePath(reading: MarkdownReading, basePath: string): boolean {
  if (basePath === "") return false;
  const paths = [...reading.document.excerpt.text.matchAll(/\b(?:GET|POST|PUT|PATCH|DELETE)\b[`*|\s]+(\/[^\s`|]*)/g)];
  const repeated = paths.filter(([, path = ""]) => path === basePath || path.startsWith(`${basePath}/`));
  return repeated.length > 2 && repeated.length > paths.length / 2;
}

function linesOf(block: Block): readonly string[] {
  if (block.type === "paragraph") return block.raw.split("\n");
  if (block.type === "list") return block.items.map((item) => item.raw);
  return block.type === "table" ? block.rows.map((row) => row.cells.join(" : ")) : [];
}

/** What the document says of all endpoints together holds where an endpoint says nothing itself. */
export function applyAccess(reading: MarkdownReading, drafts: readonly EndpointDraft[]): void {
  const general = generalAccess(reading);
  for (const draft of drafts) if (general) draft.security ??= general;
  const usesBearer = drafts.some((draft) => draft.security?.some((requirement) => requirement.scheme === bearerScheme));
  if (usesBearer) reading.outline.securitySchemes.push({ name: bearerScheme, type: "bearer" });
}

const generalLine =
  /^(?:[-*]\s+)?(?:\*\*)?(?:authentication|authorization|auth|認証|认证|аутентификация|autentica[çc][aã]o|autenticación)(?:\*\*)?\s*[:：]/i;

function generalAccess(reading: MarkdownReading): readonly SecurityRequirement[] | undefined {
  const sections = reading.document.sections;
  const firstEndpoint = sections.findIndex((section) => endpointsIn(section.raw).length > 0);
  const lines = sections
    .slice(0, firstEndpoint === -1 ? undefined : firstEndpoint)
    .flatMap((section) => section.blocks.flatMap(linesOf).flatMap(statementsIn));
  const isGeneral = (line: string): boolean =>
    (generalLine.test(line) ||
      /^auth(?:entication|orization) (?:is|uses|by|via|with)\b/i.test(line) ||
      /^(?:bearer|jwt)\b.*\b(?:except|unless|required|everywhere)\b/i.test(line) ||
      /all (?:other )?(?:endpoints|routes)[^.]*(?:require|authenticat)/i.test(line)) &&
    /bearer|jwt|token/i.test(line);
  return lines.some(isGeneral) ? [{ scheme: bearerScheme, scopes: [] }] : undefined;
}
