import type { Block } from "./document.ts";
import { type EndpointLine, endpointOf } from "./endpointLines.ts";
import { readHeaders } from "./headers.ts";
import { plainText } from "./text.ts";

/** An endpoint whose method and path stand in lines of their own: `- Method: POST`, `| URL | /orders |`. */
export function labelledEndpoint(block: Block): { readonly line: EndpointLine; readonly at: number } | undefined {
  const pairs = pairsIn(block);
  const method = pairs.find(({ label }) => readHeaders([label]).has("method"));
  const path = pairs.find(({ label, value }) => readHeaders([label]).has("path") && value.startsWith("/"));
  const [line] = method && path ? endpointOf(method.value, path.value.split(/\s/)[0] ?? "", "") : [];
  return line && path && { line, at: path.line };
}

interface Pair {
  readonly label: string;
  readonly value: string;
  readonly line: number;
}

function pairsIn(block: Block): Pair[] {
  if (block.type === "table") {
    if (block.header.length !== 2) return [];
    const rows = [{ cells: block.header, line: block.line }, ...block.rows];
    return rows.map(({ cells, line }) => ({
      label: plainText(cells[0] ?? ""),
      value: plainText(cells[1] ?? ""),
      line,
    }));
  }
  if (block.type === "list") return block.items.flatMap(({ raw, line }) => pairIn(raw, line));
  return block.type === "paragraph"
    ? block.raw.split("\n").flatMap((raw, index) => pairIn(raw, block.line + index))
    : [];
}

function pairIn(raw: string, line: number): Pair[] {
  const [, label, value] = /^([\p{L}\s-]{2,24})\s*[:：]\s*(\S.*)$/u.exec(plainText(raw)) ?? [];
  return label === undefined || value === undefined ? [] : [{ label: label.trim(), value, line }];
}
