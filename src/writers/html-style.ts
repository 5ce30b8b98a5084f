/** The look of the HTML report: readable on light and dark screens and on paper, nothing loaded from elsewhere. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2126; --faint: #5b6670; --line: #d6dbe0; --page: #fff; --card: #f6f7f8; --alarm: #b3191f; --caution: #8a5a00; --mark: #1f5fa8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e7ea; --faint: #9aa5ae; --line: #3a424a; --page: #15191c; --card: #1d2226; --alarm: #ff7b7b; --caution: #e8b04a; --mark: #7db4f0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .75rem; overflow-wrap: anywhere; }
code, pre, .number { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: .875em; }
code { overflow-wrap: anywhere; }
pre { margin: .25rem 0; padding: .5rem .75rem; background: var(--page); border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: var(--mark); }
.alarm { color: var(--alarm); font-weight: 700; }
.caution { color: var(--caution); }
.faint, footer { color: var(--faint); font-size: .9rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th { color: var(--faint); font-weight: 600; }
.when { white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
tr.killed td { color: var(--alarm); font-weight: 600; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 1rem 1.25rem; margin: 1.25rem 0; }
dl { display: grid; grid-template-columns: 8rem 1fr; gap: .3rem 1rem; margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.finding { border-left: 4px solid var(--line); padding: .1rem 0 .1rem .9rem; margin: 1rem 0; }
.finding.critical { border-color: var(--alarm); }
.finding.warning { border-color: var(--caution); }
.finding p { margin: .2rem 0; }
.finding ul { margin: .2rem 0; padding-left: 1.2rem; }
details { margin-top: .9rem; }
summary { cursor: pointer; color: var(--mark); }
svg { display: block; width: 100%; height: auto; margin: 1rem 0; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .tick { fill: var(--faint); }
svg line { stroke: var(--line); }
svg .kill { fill: var(--mark); }
svg .node { fill: var(--caution); }
svg .panic { fill: var(--alarm); }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } body { padding: 1rem; } .when { white-space: normal; } }
@media print {
  :root { --ink: #000; --faint: #444; --line: #bbb; --page: #fff; --card: #fff; --alarm: #a00; --caution: #640; --mark: #024; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  section { break-inside: avoid-page; border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: .75rem 0; }
}
`
