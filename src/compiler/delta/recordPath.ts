/** Where a project keeps what was accepted of its design, from its root; committed with it. */
export const recordPath = ".backend/design.json";
