/** Under which our models are offered to VS Code. */
export const ownVendor = "backend-implementer";

/** Before the alias in the identifier of a Claude of ours. */
export const claudeIdPrefix = "claude-";

/** The alias of a Claude of ours that was picked; undefined for the offline engine and for models of others. */
export function pickedClaude(picked: { readonly vendor: string; readonly id: string } | undefined): string | undefined {
  const isOurs = picked?.vendor === ownVendor && picked.id.startsWith(claudeIdPrefix);
  return isOurs ? picked.id.slice(claudeIdPrefix.length) : undefined;
}
