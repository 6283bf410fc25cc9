"""How a report looks, on the screen and on paper."""

STYLE = """
:root { color-scheme: light; }
body {
  margin: 2em auto; max-width: 60em; padding: 0 1em; background: #ffffff; color: #1c2127;
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC",
    "Microsoft YaHei", sans-serif;
  -webkit-print-color-adjust: exact; print-color-adjust: exact;
}
h1 { font-size: 1.7em; margin: 0 0 .2em; overflow-wrap: anywhere; }
h2 { font-size: 1.2em; margin: 2em 0 .4em; padding-top: .6em; border-top: 1px solid #cfd5dd; }
h3 { font-size: 1em; margin: 1em 0 .2em; }
p { margin: .4em 0; max-width: 46em; }
.muted, caption, figcaption { color: #5a6472; }
.figure { font-size: 2.6em; font-weight: 300; margin: .3em 0 0; }
table { border-collapse: collapse; margin: .6em 0; font-variant-numeric: tabular-nums; }
caption { text-align: start; padding-bottom: .4em; }
th, td { padding: .18em .6em; text-align: end; font-weight: normal; vertical-align: top; }
thead th, tbody th { color: #5a6472; }
table.facts th { text-align: start; padding-inline-start: 0; }
table.facts td { text-align: start; overflow-wrap: anywhere; }
table.rows td { white-space: nowrap; }
table.rows tbody tr { border-top: 1px solid #e6e9ed; }
table.rows tbody th { text-align: start; padding-inline-start: 0; }
table.matrix th, table.matrix td {
  min-width: 2.5em; text-align: center; padding: .3em .2em; border: 2px solid #ffffff;
}
.beside { display: flex; flex-wrap: wrap; gap: 1em 2em; align-items: flex-start; }
.beside > * { flex: 1 1 20em; max-width: 30em; }
svg.chart { width: 100%; height: auto; font-size: 12px; }
svg.chart text { fill: #1c2127; }
svg.key { width: 1em; height: 1em; vertical-align: -.15em; margin-inline-end: .4em; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(7em, 1fr)); gap: .8em; }
.images figure { margin: 0; }
.images img {
  width: 5.25em; height: 5.25em; image-rendering: pixelated; border: 1px solid #cfd5dd;
}
.images figcaption { font-size: .85em; line-height: 1.3; font-variant-numeric: tabular-nums; }
.images strong { color: #1c2127; }
@page { size: A4; margin: 15mm; }
@media print {
  body { margin: 0; max-width: none; padding: 0; font-size: 9pt; line-height: 1.35; }
  h2 { margin-top: 1.2em; break-after: avoid; }
  section:not(.long), table, figure { break-inside: avoid; }
  .beside > * { flex-basis: 40%; }
  .images { grid-template-columns: repeat(6, 1fr); }
}
"""
