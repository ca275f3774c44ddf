"""How the page of a deal looks: calm, in one column, on a phone as on paper, by day and by night."""

CSS = """
:root{color-scheme:light dark;--ink:#1f2733;--soft:#5b6675;--paper:#fbfaf7;--card:#fff;--line:#e2dfd7;--accent:#2f5d8a;
--good:#1d6b3c;--good-bg:#e3f2e8;--bad:#a02c22;--bad-bg:#fae6e3;--caution:#7a5200;--caution-bg:#fbf0d9}
@media screen and (prefers-color-scheme:dark){:root{
--ink:#e6e8ec;--soft:#a3adba;--paper:#15181d;--card:#1d2127;--line:#343a43;
--accent:#8fbbe6;--good:#8ad3a4;--good-bg:#1c3526;--bad:#f0a39b;--bad-bg:#41211e;--caution:#e8c47c;--caution-bg:#3a2e17}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:46rem;padding:2.5rem 1.25rem 4rem;background:var(--paper);color:var(--ink);
font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.25;margin:0;font-weight:650}
h1{font-size:2.1rem;letter-spacing:-.01em}
h2{font-size:1.15rem;margin:2.75rem 0 .75rem}
h3{font-size:1.02rem}
p{margin:.4rem 0}
.kicker{color:var(--accent);font-weight:600;font-size:.9rem}
.lead{font-size:1.1rem}
.quiet,.path,.who{color:var(--soft)}
.path{font-weight:400}
.who::before{content:"· "}
code{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.proof,aside{background:var(--card);border:1px solid var(--line);border-radius:.6rem;
padding:1rem 1.25rem;margin:2rem 0 0}
.proof{border-left:.3rem solid var(--good)}
.proof.bad{border-left-color:var(--bad)}
.proof h2{margin:0 0 .25rem}
aside{border-left:.3rem solid var(--caution)}
.badge{display:inline-block;padding:0 .5em;border-radius:.35em;font-size:.82rem;font-weight:600}
.badge.good{color:var(--good);background:var(--good-bg)}
.badge.bad{color:var(--bad);background:var(--bad-bg)}
.badge.caution{color:var(--caution);background:var(--caution-bg)}
span.good{color:var(--good)}span.bad{color:var(--bad)}span.caution{color:var(--caution)}
dl{margin:.5rem 0 0;font-size:.92rem}
dl div{display:grid;grid-template-columns:8.5rem 1fr;gap:.75rem;padding:.12rem 0}
dt{color:var(--soft)}
dd{margin:0}
.story{list-style:none;margin:1.25rem 0 0;padding:0 0 0 1.4rem;border-left:2px solid var(--line)}
.entry{position:relative;padding:0 0 2rem}
.entry::before{content:"";position:absolute;left:calc(-1.4rem - 6px);top:.42rem;width:10px;height:10px;
border-radius:50%;background:var(--accent);box-shadow:0 0 0 4px var(--paper)}
.entry.refused::before{background:var(--paper);border:2px solid var(--bad)}
.entry.refused h3{color:var(--bad)}
.kept{color:var(--soft);font-size:.84rem;margin:.6rem 0 0}
.when{margin:.1rem 0 .5rem;font-size:.92rem;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;table-layout:fixed;width:100%;margin:.6rem 0;font-size:.92rem}
caption{text-align:left;color:var(--soft);padding:0 0 .2rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;
border-bottom:1px solid var(--line);font-weight:400}
thead th{color:var(--soft);font-size:.82rem}
tbody th{font-weight:600}
thead th:first-child{width:42%}
.verdicts,.clauses{list-style:none;margin:.5rem 0;padding:0}
.verdicts>li{padding:.35rem 0}
.verdicts p{margin:0}
.verdicts dl{margin:.1rem 0 .1rem 1.25rem}
.clauses{margin:.15rem 0 .25rem 1.25rem;font-size:.92rem}
.d1{margin-left:1.2rem}.d2{margin-left:2.4rem}.d3{margin-left:3.6rem}.d4{margin-left:4.8rem}.d5,.d6{margin-left:6rem}
summary{cursor:pointer;color:var(--accent);font-size:.92rem;padding:.15rem 0}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:.2rem}
footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.88rem}
@media (max-width:34rem){body{padding-top:1.5rem}h1{font-size:1.7rem}dl div{grid-template-columns:6rem 1fr}
.proof dl div{grid-template-columns:1fr;gap:0}table{font-size:.84rem}}
@media print{body{max-width:none;padding:0;background:none}.entry{break-inside:avoid}
details::details-content{content-visibility:visible;block-size:auto}}
"""
