"""How the page of changes looks: as the page of a study, with two maps side by side."""

from engine.report.study_style import CSS as _STUDY

CSS = (
    _STUDY
    + """
:root{--same:#7b8797;--added:#1d6b3c;--added-bg:#e3f2e8;--removed:#a02c22;--removed-bg:#fae6e3;--changed:#8a5a00;
--changed-bg:#fbf0d9}
@media screen and (prefers-color-scheme:dark){:root{
--same:#8691a1;--added:#8ad3a4;--added-bg:#1c3526;--removed:#f0a39b;
--removed-bg:#41211e;--changed:#e8c47c;--changed-bg:#3a2e17}}
body{max-width:84rem}
.two{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem;align-items:start}
.two figure{margin:.5rem 0}
.two figcaption{margin:0 0 .6rem;font-weight:600;color:var(--ink)}
.two ul{margin:.6rem 0 0;padding-left:1.2rem;font-size:.9rem}
@media (max-width:60rem){.two{grid-template-columns:minmax(0,1fr)}}
.map g{--c:var(--same);--b:var(--paper)}
.map .added{--c:var(--added);--b:var(--added-bg)}
.map .removed{--c:var(--removed);--b:var(--removed-bg)}
.map .changed{--c:var(--changed);--b:var(--changed-bg)}
.map .card{fill:var(--b)}
.map .added>.card,.map .changed>.card,.map .removed>.card{stroke-width:2}
.map .removed>.card,.map .removed>.way{stroke-dasharray:6 4}
.map .changed>.way{stroke-dasharray:none}
.map g text{stroke:var(--card)}
.map g>.card~text{stroke:var(--b)}
.map .added>.move,.map .removed>.move,.map .changed>.move{fill:var(--c)}
.map .badge{fill:var(--c)}
.map g>.card~.sign{fill:var(--card);stroke:none;font-size:15px;font-weight:700}
.signs{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;margin:.4rem 0 0;padding:0;font-size:.92rem}
.signs b{display:inline-block;min-width:1.5em;text-align:center;border:2px solid var(--c);border-radius:.35em;
color:var(--c);background:var(--b);margin-right:.45em}
.signs .added{--c:var(--added);--b:var(--added-bg)}
.signs .removed{--c:var(--removed);--b:var(--removed-bg)}.signs .removed b{border-style:dashed}
.signs .changed{--c:var(--changed);--b:var(--changed-bg)}
.signs .same{--c:var(--same);--b:var(--paper)}
.levels{display:flex;flex-wrap:wrap;gap:.6rem;list-style:none;margin:1rem 0 0;padding:0}
.levels li{background:var(--card);border:1px solid var(--line);border-left:.3rem solid var(--c);border-radius:.5rem;
padding:.45rem .9rem;min-width:12rem}
.levels b{font-size:1.25rem;margin-right:.35em}
.levels span{display:block;color:var(--soft);font-size:.88rem}
.break{--c:var(--bad)}.tighter{--c:var(--caution)}.looser{--c:var(--accent)}.note{--c:var(--line)}
.changes{list-style:none;margin:.4rem 0 0;padding:0}
.changes>li{background:var(--card);border:1px solid var(--line);border-left:.3rem solid var(--c);border-radius:.5rem;
padding:.6rem 1rem;margin:.5rem 0}
.changes p{margin:0}
.changes .code{font:600 .86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;margin-right:.6em}
.changes .so{margin-top:.25rem}
.changes dl{margin:.3rem 0 0;font-size:.9rem}
.changes dl div{grid-template-columns:3rem minmax(0,1fr)}
@media (min-width:60rem){.changes dl{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 2rem}
.changes dl div:only-child{grid-column:1/-1}}
.changes pre{margin:.1rem 0 .2rem;white-space:pre-wrap;font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,
monospace}
h3{margin:1.2rem 0 .2rem;color:var(--soft);font-size:.95rem}
@media print{.two{grid-template-columns:1fr 1fr}.changes>li{break-inside:avoid}}
"""
)
