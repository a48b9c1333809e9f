/** Colours are those of the theme, mixed with its text where they would be too pale for words; high contrast themes bring borders, and nothing moves by itself. */
export const pageStyle = `
:root {
  --good: color-mix(in srgb, var(--vscode-testing-iconPassed, #1a7f37) 50%, var(--vscode-editor-foreground, CanvasText));
  --bad: var(--vscode-errorForeground, #c72e0f);
  --warn: color-mix(in srgb, var(--vscode-list-warningForeground, #855f00) 50%, var(--vscode-editor-foreground, CanvasText));
  --quiet: var(--vscode-descriptionForeground, #616161);
  --line: var(--vscode-contrastBorder, var(--vscode-widget-border, #8886));
  --box: var(--vscode-editorWidget-background, Canvas);
  --focus: var(--vscode-focusBorder, #005fb8);
}
body { color: var(--vscode-editor-foreground, CanvasText); font: 13px/1.5 var(--vscode-font-family, system-ui, sans-serif); margin: 0; padding: 1rem 1.5rem; }
h1 { font-size: 1.5em; margin: 0 0 .3rem; }
h2 { border-bottom: 1px solid var(--line); font-size: 1.2em; margin: 1.6rem 0 .6rem; padding-bottom: .2rem; }
h3 { font-size: 1em; margin: 0 0 .4rem; overflow-wrap: anywhere; }
small, .legend, .type, .rest { color: var(--quiet); fill: var(--quiet); font-weight: normal; }
.legend > span { display: inline-block; margin-right: 1.4em; white-space: nowrap; }
.implemented { color: var(--good); } .missing { color: var(--bad); } .mismatched, .extra { color: var(--warn); } .designed { color: var(--quiet); }
.canvas { border: 1px solid var(--line); max-height: 80vh; overflow: auto; }
button { background: var(--vscode-button-secondaryBackground, transparent); border: 1px solid var(--vscode-button-border, var(--line)); border-radius: 2px; color: var(--vscode-button-secondaryForeground, var(--vscode-editor-foreground, CanvasText)); cursor: pointer; font: inherit; padding: .15rem .7rem; }
button:hover { background: var(--vscode-button-secondaryHoverBackground, transparent); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); }
.zoom { display: flex; flex-wrap: wrap; gap: .4rem; }
.zoom button { white-space: nowrap; }
svg text { fill: var(--vscode-editor-foreground, CanvasText); font: 12px var(--vscode-editor-font-family, ui-monospace, monospace); }
svg .name { font-weight: 600; }
svg .type { fill: var(--quiet); text-anchor: end; }
svg text.missing { fill: var(--bad); } svg text.mismatched { fill: var(--warn); }
.table { cursor: pointer; }
.table .box { fill: var(--box); stroke: currentColor; stroke-width: 1.2; }
.table .head { fill: currentColor; fill-opacity: .14; stroke: none; }
.relations path { fill: none; stroke: var(--quiet); stroke-width: 1.2; }
.relations .optional { stroke-dasharray: 5 3; }
.relations .near { stroke: var(--focus); stroke-width: 2.2; }
marker path { fill: var(--quiet); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.table:has(:focus-visible) .box { stroke: var(--focus); stroke-width: 3; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
.card { background: var(--box); border: 1px solid var(--line); border-radius: 4px; padding: .7rem .9rem; }
.card ul { list-style: none; margin: 0; padding: 0; }
.endpoint { align-items: baseline; background: none; border: none; display: flex; gap: .4rem; padding: .15rem .2rem; text-align: left; width: 100%; }
.endpoint.implemented { color: var(--good); } .endpoint.missing { color: var(--bad); } .endpoint.mismatched { color: var(--warn); } .endpoint.designed { color: var(--quiet); }
.endpoint code, .endpoint b { color: var(--vscode-editor-foreground, CanvasText); font-family: var(--vscode-editor-font-family, ui-monospace, monospace); overflow-wrap: anywhere; }
.endpoint b { flex: none; min-width: 4.2em; }
.scroll { overflow-x: auto; }
.timeline { border-collapse: collapse; white-space: nowrap; }
.timeline td, .timeline th { border-bottom: 1px solid var(--line); font-weight: normal; padding: .2rem .8rem .2rem 0; text-align: left; }
.timeline thead th { color: var(--quiet); }
.timeline td:not(:last-child) { font-variant-numeric: tabular-nums; text-align: right; }
.bar rect { fill: var(--vscode-charts-blue, #1a85ff); }
.bar.tool rect { fill: var(--vscode-charts-purple, #652d90); } .bar.review rect { fill: var(--good); } .bar.turn rect { fill: var(--vscode-charts-orange, #b5731a); }
@media (prefers-reduced-motion: reduce) { * { scroll-behavior: auto !important; transition: none !important; } }
`;
