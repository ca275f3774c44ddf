"""How charts look, by day and by night, on a phone and on paper; hues that colour-blind people tell apart."""

from engine.report.charts.looks import KNOWN, PLAIN

_HUES = "".join(f".chart .{name}{{--c:var(--hue-{name})}}" for name in (*KNOWN, *PLAIN))

# A phone's layout comes first; wider ones are added to it where the chart itself (not the page) has the room.
CSS = (
    """
:root{--hue-won:#065d49;--hue-lost:#a65922;--hue-other:#8b929e;--hue-open:#368ee9;--hue-one:#1f6fd0;--hue-two:#a86717;
--hue-three:#6d2f8d;--hue-four:#065e49;--hue-five:#e01970;--hue-six:#86919f}
@media screen and (prefers-color-scheme:dark){:root{
--hue-won:#2bd0a8;--hue-lost:#f58d48;--hue-other:#8d95a4;--hue-open:#a6cff3;
--hue-one:#83b7f2;--hue-two:#f59f58;--hue-three:#a855dd;--hue-four:#4de3bf;--hue-five:#f0407a;--hue-six:#8f98a7}}
.chart{position:relative}
.chart figcaption{margin:0 0 .6rem}
.chart h3{color:var(--ink);font-size:1.02rem}
.chart h4{margin:.4rem 0 .3rem;font-size:.92rem;font-weight:650}
.chart p{margin:.2rem 0}
.keys{display:flex;flex-wrap:wrap;gap:.15rem 1.2rem;list-style:none;margin:.35rem 0 0;padding:0}
.sample{margin-right:.45em;vertical-align:-.12em;flex:none}
.remarks{color:var(--soft);font-size:.84rem}
.picture{container-type:inline-size}
.picture svg,.sample{overflow:visible;display:block}
.sample{display:inline-block}
.picture text{fill:var(--soft);font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;
font-variant-numeric:tabular-nums}
.grid{stroke:var(--line)}
.zero{stroke:var(--soft)}
.bar rect{fill:var(--c)}
.bar line{stroke:var(--card);stroke-opacity:.75;stroke-dasharray:2 5}
.bar.other line,.bar.six line{stroke-dasharray:1 2}
.bar.three line{stroke-dasharray:5 3}
.bar.five line{stroke-dasharray:1.5 8}
.bar.open rect,.bar.four rect{fill-opacity:.3;stroke:var(--c);stroke-width:1.5}
.bar.hollow rect{fill:none;stroke:var(--c);stroke-width:1.5;stroke-dasharray:4 3}
.bar.hollow line{stroke:none}
.bar.part rect{stroke:var(--card);stroke-width:1}
.bar.part.open rect,.bar.part.four rect{stroke:var(--c)}
.picture .rim line{stroke:var(--card);stroke-width:4.5}
.line line{stroke:var(--c);stroke-width:2}
.line.ink{--c:var(--ink)}
.line.ink line{stroke-width:1.5}
.curve path{fill:none;stroke:var(--c);stroke-width:2.25;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.curve.lost path,.curve.two path{stroke-dasharray:7 4}
.curve.other path,.curve.three path{stroke-dasharray:2 3}
.curve.open path,.curve.four path{stroke-dasharray:9 3 2 3}
.curve.five path{stroke-dasharray:12 3}
.curve.six path{stroke-dasharray:4 2 1 2}
.point path{fill:var(--c);stroke:var(--card);stroke-width:1.25}
.point.hollow path{fill:var(--card);stroke:var(--c);stroke-width:2}
.tip path{fill:var(--c)}
.rows{display:grid;grid-template-columns:minmax(0,1fr) max-content;column-gap:.9rem;align-items:center}
.label{grid-column:1/-1;color:var(--ink);font-size:.86rem;line-height:1.3;padding-top:.35rem}
.field{grid-column:1}
.beside{font-size:.84rem;color:var(--ink);font-variant-numeric:tabular-nums;text-align:right}
.beside span{display:block;line-height:20px;white-space:nowrap}
.foot{grid-column:1}
.foot .roomy{display:none}
.field-and-axis{display:grid;grid-template-columns:max-content minmax(0,1fr)}
.field-and-axis .field{grid-column:2}
.name:not(.s){display:none}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:.8rem 2rem}
@container (min-width:34rem){.rows{grid-template-columns:fit-content(15rem) minmax(0,1fr) max-content}
.label{grid-column:1;padding:0}
.rows .field,.rows .foot{grid-column:2}
.foot .roomy{display:inline}
.name.m{display:inline}
.name:not(.m){display:none}}
@container (min-width:52rem){.name.l{display:inline}
.name:not(.l){display:none}}
@media print{.chart{break-inside:avoid}}
"""
    + _HUES
)
