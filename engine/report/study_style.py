"""How the page of a study looks: as the page of a deal, with wide tables and the map of the process."""

from engine.report.charts.style import CSS as _CHARTS
from engine.report.page_style import CSS as _DEAL

# A table wider than the page has a shade where it goes on.
# A fan is about its end: a page too narrow for it shows that first (direction).
CSS = (
    _DEAL
    + """
:root{--spine:#3b6ea5;--over:#2f8a99;--back:#c08a2d;--again:#c08a2d;--in:#8a94a3;--won:#2e8b57;--lost:#c25a50;
--other:#8f8a80;--stripe:#f4f2ec}
@media screen and (prefers-color-scheme:dark){:root{
--spine:#5b8fc7;--over:#4fa9b8;--back:#cf9f45;--again:#cf9f45;--in:#8c96a4;
--won:#4ea577;--lost:#cc6d64;--other:#93969c;--stripe:#22272e}}
body{max-width:66rem}
nav ol{columns:18rem;column-gap:2.5rem;margin:1.5rem 0 0;padding-left:1.4rem;font-size:.92rem}
nav a{color:var(--accent)}
nav li{break-inside:avoid}
main>section{margin-top:3rem}
h2{font-size:1.3rem;margin:0 0 .4rem}
.measure,header p{max-width:46rem}
.wide{overflow-x:auto;margin:.8rem 0;max-width:100%}
.wide:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.wide table{table-layout:auto;width:auto;min-width:min(100%,30rem);margin:0;overflow-wrap:normal}
.wide th,.wide td{padding:.35rem 1.4rem .35rem 0}
.wide thead th{vertical-align:bottom}
thead th:first-child{width:auto}
.wide tbody th{font-weight:400;max-width:30rem;min-width:8rem;overflow-wrap:break-word}
.wide tbody td{overflow-wrap:break-word;max-width:22rem}
.wide .n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.wide .t{white-space:nowrap}
.wide thead .n{white-space:normal;min-width:4rem}
tbody tr:hover{background:var(--stripe)}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.wide{position:relative}
.wide:has(>table){background:linear-gradient(90deg,var(--paper) 40%,transparent) 0 0/2.5rem 100% no-repeat local,
linear-gradient(270deg,var(--paper) 40%,transparent) 100% 0/2.5rem 100% no-repeat local,
linear-gradient(90deg,var(--line),transparent) 0 0/.8rem 100% no-repeat scroll,
linear-gradient(270deg,var(--line),transparent) 100% 0/.8rem 100% no-repeat scroll}
p.quiet{font-size:.92rem}
figure{margin:1rem 0;padding:1rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
figcaption{color:var(--soft);font-size:.9rem;margin-top:.6rem}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;margin:.4rem 0 0;padding:0}
.legend li::before{content:"";display:inline-block;width:1.4em;height:.4em;border-radius:.2em;margin-right:.45em;
vertical-align:.15em;background:var(--c)}
.legend .spine{--c:var(--spine)}.legend .over{--c:var(--over)}.legend .back{--c:var(--back)}.legend .won{--c:var(--won)}
.legend .lost{--c:var(--lost)}.legend .other{--c:var(--other)}.legend .in{--c:var(--in)}
.map{display:block;height:auto;max-width:100%;margin:0 auto;font:12px system-ui,-apple-system,"Segoe UI",
Roboto,"Helvetica Neue",sans-serif}
.map g{--c:var(--spine)}
.map .over{--c:var(--over)}.map .back{--c:var(--back)}.map .again{--c:var(--again)}.map .in{--c:var(--in)}
.map .won{--c:var(--won)}.map .lost{--c:var(--lost)}.map .other{--c:var(--other)}
.map path{fill:none}
.map .way{stroke:var(--c)}
.map .rim{stroke:var(--card)}
.map .tip{fill:var(--c)}
.map .card{fill:var(--paper);stroke:var(--c);stroke-width:1.25}
.map .bar{fill:var(--line)}
.map .full{fill:var(--c)}
.map text{fill:var(--ink);stroke:var(--card);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.map g text{stroke:var(--paper)}
.map .name{font-size:14px;font-weight:650}
.map .move{font-weight:600}
.map .small{font-size:11.5px;fill:var(--soft);font-variant-numeric:tabular-nums}
.map .strong{font-size:13px;font-weight:650;fill:var(--ink)}
.fan{display:block;height:auto;width:100%;min-width:34rem;font:12px system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",sans-serif}
.fan path{fill:none;stroke:var(--line);stroke-width:1}
.fan .axis{stroke:var(--soft)}
.fan .band{fill:var(--spine);stroke:none;fill-opacity:.22}
.fan .rim{stroke:var(--card);stroke-width:5;stroke-linejoin:round}
.fan .middle{stroke:var(--spine);stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
.fan text{fill:var(--soft);font-variant-numeric:tabular-nums}
.fan .strong{fill:var(--ink);font-weight:650}
.legend .band-0::before{background:var(--spine);opacity:.22;height:.8em;vertical-align:-.05em}
.legend .band-1::before{background:var(--spine);opacity:.4;height:.8em;vertical-align:-.05em}
.legend .band-2::before{background:var(--spine);height:.2em;vertical-align:.25em}
details summary{cursor:pointer;color:var(--soft);font-size:.92rem}
@media (max-width:34rem){.map{max-width:none}.fan{min-width:44rem;direction:ltr}
.wide:has(>.fan){direction:rtl}
figure{padding:.5rem}.wide th,.wide td{padding-right:.9rem}}
.long{max-height:32rem;overflow-y:auto;border-bottom:1px solid var(--line)}
.long thead th{position:sticky;top:0;background:var(--paper)}
@media print{.long{max-height:none}.long thead th{position:static}
nav{display:none}.wide{overflow:visible}.wide:has(>table){background:none}
.map{max-height:23cm;max-width:100%;width:auto}
figure,tr{break-inside:avoid}
.wide table{font-size:.75rem}
h2,caption,thead{break-after:avoid}}
.skip{position:absolute;left:1rem;top:-4rem;padding:.4rem .8rem;background:var(--accent);color:var(--paper);
border-radius:.3rem}
.skip:focus{top:.5rem}
.glance{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,9.2rem),1fr));gap:.7rem;margin:1.4rem 0 0}
.glance div{display:block;padding:.7rem .9rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
.glance dt{font-size:.84rem}
.glance dd{font-size:1.4rem;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
.glance .says{font-size:.84rem;font-weight:400;color:var(--soft)}
@media (max-width:34rem){.glance{grid-template-columns:1fr 1fr;gap:.5rem}.glance dd{font-size:1.2rem}
.glance .says{font-size:.8rem}}
@media print{.skip{display:none}.glance div{break-inside:avoid}}
"""
    + _CHARTS
)
