"""A study as one HTML page: whole, without scripts, network or other files, with the map of the process drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.model.study import Fan, Flow, KeyFigure, Section, Study, Unit
from engine.report import glance
from engine.report.charts.chart import figure_html
from engine.report.escape import html
from engine.report.fan import quantile, table
from engine.report.fan_svg import svg as fan_svg
from engine.report.figures import WHOLE, cells, is_figure, left_out
from engine.report.flow import moves
from engine.report.flow_svg import svg, untold
from engine.report.legible import legible, said_once
from engine.report.page_frame import head
from engine.report.study_style import CSS
from engine.report.study_text import opening
from engine.report.widths import cut
from engine.report.wording import count

LARGEST = 3_000_000
"""Bytes of a page: more is slow to open on a phone."""

_LONGEST = 400
_FEW = 3
_LONG = 40
"""A table of more rows scrolls by itself, so that what comes below it is not far away."""
_MAP = "The way deals went"
_LEGEND = (
    ("spine", "to the next stage"),
    ("over", "over stages"),
    ("back", "back, or again"),
    ("won", "won"),
    ("lost", "lost"),
    ("other", "another end"),
    ("in", "comes in"),
)


@dataclass(frozen=True, slots=True)
class Room:
    """How much of long tables a page holds: rows of a table, rows of a picture, small pictures of a chart."""

    rows: int
    drawn: int
    pictures: int


ROOMY = Room(300, 30, 12)
_ROOMS = (ROOMY, Room(60, 20, 6), Room(10, 10, 3), Room(10, 0, 0))


def page(study: Study) -> str:
    """The page. Of long tables it holds the first rows, fewer where it would grow too large."""
    for room in _ROOMS:
        text = _page(study, room)
        if len(text.encode()) < LARGEST:
            break
    return text


def _page(study: Study, room: Room) -> str:
    rows = room.rows
    body = [
        '<a class="skip" href="#main">Skip to the figures</a>',
        "<header>",
        f"<h1>{_html(study.title)}</h1>",
        *(f'<p class="quiet">{_html(line)}</p>' for line in opening(study)),
        *(f'<p class="lead">{_html(sentence)}</p>' for sentence in study.says),
        *_glance(study.glance, study.currency),
        "</header>",
        *_contents(study),
        '<main id="main">',
        *(_map(study.flow, study.title, rows) if study.flow else ()),
        *(part for i, fan in enumerate(study.fans) for part in _fan(fan, study, f"f{i}", rows)),
        *(
            part
            for i, section in enumerate(said_once(study.sections))
            for part in section_html(section, study, f"s{i}", room)
        ),
        "</main>",
        '<footer class="quiet">',
        *(f"<p>{_html(note)}</p>" for note in study.notes),
        "<p>Made by stagewright.</p></footer>",
    ]
    return "\n".join([*head(cut(study.title, _LONGEST), CSS), *body, "</body>", "</html>"]) + "\n"


def _glance(told: Sequence[KeyFigure], currency: str) -> Iterator[str]:
    """The figures that are read first; an interval stands below its figure."""
    yield '<dl class="glance">' if told else ""
    for each in told:
        middle, below = glance.told(each, currency)
        yield f"<div><dt>{_html(each.title)}</dt><dd>{_html(middle)}</dd>"
        yield f'<dd class="says">{_html(below)}</dd></div>' if below else "</div>"
    yield "</dl>" if told else ""


def _contents(study: Study) -> Iterator[str]:
    """Where each section is, for a page that is longer than a look."""
    places = [("map", _MAP)] if study.flow else []
    places += [(f"f{i}", fan.title) for i, fan in enumerate(study.fans)]
    places += [(f"s{i}", section.title) for i, section in enumerate(study.sections)]
    if len(places) > _FEW:
        lines = "".join(f'<li><a href="#{name}">{_html(title)}</a></li>' for name, title in places)
        yield f'<nav aria-label="Contents"><ol>{lines}</ol></nav>'


def _map(flow: Flow, title: str, rows: int) -> Iterator[str]:
    yield '<section aria-labelledby="map"><h2 id="map">' + f"{_MAP}</h2>"
    yield '<p class="measure">A line is as wide as its share of all deals. Beside it: deals, their share of all that'
    yield "left the stage, and within which time half of those that left this way had left.</p>"
    yield '<figure><div class="wide" role="region" aria-label="Map of the process" tabindex="0">'
    picture = svg(flow, title=f"Map of the process: {cut(title, _LONGEST)}", id="picture")
    yield picture
    yield "</div><figcaption>"
    shown = [f'<li class="{tone}">{told}</li>' for tone, told in _LEGEND if f'<g class="{tone}"' in picture]
    yield f'<ul class="legend">{"".join(shown)}</ul>'
    few = untold(flow)
    if few:
        yield f"<p>Not drawn, but in the table: {count(few, 'way')} that fewer than 1 % of the deals went, from an"
        yield "end to an end, or that begin at an end.</p>"
    yield "</figcaption></figure>"
    table = moves(flow)
    yield f"<details><summary>{html(table.title)}, as a table</summary>"
    yield from _table(table, "", rows)
    yield "</details></section>"


def _fan(fan: Fan, study: Study, name: str, rows: int) -> Iterator[str]:
    title = _html(fan.title)
    yield f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2>'
    yield from _paragraphs((fan.says,) if fan.says else (), "measure")
    yield f'<figure><div class="wide" role="region" aria-label="{title}, as a picture" tabindex="0">'
    yield fan_svg(fan, currency=study.currency, id=f"{name}-picture")
    yield '</div><figcaption><ul class="legend">'
    yield from (f'<li class="band-{at}">{told}</li>' for at, told in enumerate(_bands(fan.shares)))
    yield "</ul></figcaption></figure>"
    yield f"<details><summary>{title}, as a table</summary>"
    yield from _table(replace(table(fan), says=()), study.currency, rows)
    yield "</details></section>"


def _bands(shares: Sequence[float]) -> Iterator[str]:
    """What each band holds of all runs, the widest first, then the line in the middle."""
    for low, high in zip(shares[: len(shares) // 2], reversed(shares), strict=False):
        yield f"{(high - low) * 100:.0f} of 100 runs, {quantile(low)} to {quantile(high)}"
    if len(shares) % 2:
        yield f"the middle one, {quantile(shares[len(shares) // 2])}"


def section_html(section: Section, study: Study, name: str, room: Room, whole: str = WHOLE) -> Iterator[str]:
    """A section of a study with its charts above its table; ``name`` is unique in the page."""
    yield f'<section aria-labelledby="{name}"><h2 id="{name}">{_html(section.title)}</h2>'
    yield from _paragraphs(section.says, "measure")
    if section.rows and section.shown >= 0:
        for i, chart in enumerate(section.charts if room.drawn else ()):
            yield from figure_html(
                chart, section, f"{name}-c{i}", rows=room.drawn, pictures=room.pictures, currency=study.currency
            )
        yield from _table(section, study.currency, room.rows, whole)
    else:
        yield f'<p class="quiet">{_html(section.empty)}</p>'
    yield from _paragraphs(section.notes, "measure quiet")
    yield "</section>"


def _table(section: Section, currency: str, most: int, whole: str = WHOLE) -> Iterator[str]:
    kind = "wide long" if min(len(section.rows), most) > _LONG else "wide"
    yield f'<div class="{kind}" role="region" aria-label="{_html(section.title)}, table" tabindex="0"><table>'
    yield f"<caption>{_html(section.title)}: {count(len(section.rows), 'row')}</caption>"
    section = legible(section, currency)
    kinds = [_kind(section, i) for i in range(len(section.headings))]
    heads = zip(section.headings, kinds, strict=True)
    yield "<thead><tr>" + "".join(f'<th scope="col"{kind}>{_html(h.title)}</th>' for h, kind in heads) + "</tr></thead>"
    yield "<tbody>"
    for row in cells(section, currency, most=most):
        first, *others = (_html(cell) for cell in row)
        line = "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(others, kinds[1:], strict=True))
        yield f'<tr><th scope="row"{kinds[0]}>{first}</th>{line}</tr>'
    yield "</tbody></table></div>"
    more = left_out(len(section.rows), most, whole)
    yield f'<p class="quiet">{html(more)}</p>' if more else ""


def _kind(section: Section, column: int) -> str:
    if section.headings[column].unit is Unit.TIME:
        return ' class="t"'
    return ' class="n"' if is_figure(section, column) else ""


def _paragraphs(told: Sequence[str], kind: str) -> Iterator[str]:
    for sentence in told:
        yield f'<p class="{kind}">{_html(sentence)}</p>'


def _html(text: str) -> str:
    return html(cut(text, _LONGEST))
