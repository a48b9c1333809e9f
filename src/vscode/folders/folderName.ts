export interface NamedFolder {
  readonly name: string;
  readonly address: string;
  readonly path: string;
}

/** What a folder is called where the workspace has others too; undefined where nobody could mean another one. */
export function folderNameIn(all: readonly NamedFolder[], address: string): string | undefined {
  const own = all.find((folder) => folder.address === address);
  if (own === undefined || all.length < 2) return undefined;
  const namesakes = all.filter(({ name }) => name === own.name);
  return namesakes.length > 1 ? `${own.name} (${own.path})` : own.name;
}
