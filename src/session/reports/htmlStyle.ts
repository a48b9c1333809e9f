/** Of the one page; light and dark by the reader's choice, and of use on paper. */
export const htmlStyle = `
:root { color-scheme: light dark; --page: #f6f8fa; --box: #fff; --text: #1f2328; --quiet: #59636e; --pass: #1a7f37; --fail: #cf222e; --review: #8a5a00; --line: #d0d7de; --quote: #f3f5f7; --track: #e4e8ec; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d1117; --box: #161b22; --text: #e6edf3; --quiet: #9aa4af; --pass: #57c271; --fail: #ff8078; --review: #e0b040; --line: #3d444d; --quote: #22272e; --track: #2d333b; }
}
body { background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 0; }
main { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.25rem; margin: 0 0 .6rem; }
header p { color: var(--quiet); margin: .2rem 0 0; }
main > section { background: var(--box); border: 1px solid var(--line); border-radius: 8px; margin-top: 1.2rem; padding: 1.1rem 1.3rem; }
.tiles { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); list-style: none; margin: 1.2rem 0 0; padding: 0; }
.tiles li { background: var(--box); border: 1px solid var(--line); border-left: 4px solid currentColor; border-radius: 8px; margin: 0; padding: .7rem 1rem; }
.tiles strong { display: block; font-size: 1.6rem; font-variant-numeric: tabular-nums; line-height: 1.2; }
.tiles span { color: var(--text); font-size: .9rem; }
.tiles .none { color: var(--quiet); }
details { border-top: 1px solid var(--line); }
h2 + details { border-top: none; }
summary { cursor: pointer; padding: .45rem 0; }
summary h3 { display: inline; font-size: 1rem; font-weight: 600; margin: 0 .4rem 0 0; }
details p { color: var(--quiet); margin: 0 0 .6rem; padding-left: 1.1rem; }
details ul { list-style: none; margin: 0 0 .6rem; padding-left: 1.1rem; }
li { margin: .6rem 0; overflow-wrap: anywhere; }
td code, tbody th { overflow-wrap: anywhere; }
tbody th { min-width: 7rem; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
pre { background: var(--quote); border-left: 3px solid var(--line); margin: .2rem 0; overflow-x: auto; padding: .3rem .6rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { font-weight: 600; padding: .5rem 0; text-align: left; }
td, th { border-bottom: 1px solid var(--line); font-weight: normal; padding: .35rem .6rem; text-align: left; vertical-align: top; }
tbody tr:last-child > * { border-bottom: none; }
thead th { color: var(--quiet); font-size: .85rem; }
td.amount { font-variant-numeric: tabular-nums; white-space: nowrap; }
td.share { min-width: 8rem; vertical-align: middle; width: 45%; }
.track { background: var(--track); border-radius: 4px; display: block; height: .5rem; overflow: hidden; }
.track b { background: var(--pass); display: block; height: 100%; }
.track .part { background: var(--review); }
.state { font-weight: 600; white-space: nowrap; }
.pass, .implemented { color: var(--pass); }
.fail, .missing, .mismatched { color: var(--fail); }
.review, .extra { color: var(--review); }
.notApplicable { color: var(--quiet); }
@media print { body { background: none; } main { margin: 0; max-width: none; } main > section { break-inside: auto; } }
`;
