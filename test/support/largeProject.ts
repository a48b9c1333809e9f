import { compile } from "../../src/compiler/compile.ts";
import type { ReviewInput } from "../../src/review/model.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { largeDesign } from "./largeDesign.ts";
import { legacyFeatures, legacyShared } from "./legacyCode.ts";

/** A generated backend for a design of that many tables, and beside it features that people have grown; always the same. */
export async function largeProject(size: { readonly tables: number; readonly features: number }): Promise<ReviewInput> {
  const { spec } = await readSpec(largeDesign({ tables: size.tables, endpoints: Math.ceil(size.tables * 1.6) }));
  const files = [...compile(spec).files, ...legacyShared, ...legacyFeatures(size.features, 7)];
  return { spec, files: files.map(({ path, text }) => ({ path, text })) };
}
