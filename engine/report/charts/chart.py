"""A chart as a figure of a page: its title, the key to its series, its pictures, and the same in words."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.study import Chart, Mark, Section
from engine.report.charts import words
from engine.report.charts.axes import axes
from engine.report.charts.looks import sample
from engine.report.charts.lying import lying
from engine.report.charts.picture import Drawing, Picture, drawing
from engine.report.charts.scale import Scale
from engine.report.charts.upright import upright
from engine.report.escape import html
from engine.report.widths import cut

_TITLE = 200


def figure_html(
    chart: Chart, section: Section, name: str, *, rows: int, pictures: int, currency: str = ""
) -> Iterator[str]:
    """The figure; ``name`` is unique in the page. Nothing where the section has no figure that could be drawn."""
    found = drawing(chart, section, rows=rows, pictures=pictures, currency=currency)
    if found is None:
        return
    yield f'<figure class="chart" aria-labelledby="{name}"><figcaption><h3 id="{name}">{_html(chart.title)}</h3>'
    yield f"<p>{_html(chart.says)}</p>" if chart.says else ""
    yield f'<ul class="keys">{"".join(_keys(found))}</ul></figcaption>'
    yield '<div class="pictures">' if len(found.pictures) > 1 else ""
    for at, (picture, axis) in enumerate(zip(found.pictures, axes(found), strict=True)):
        yield from _picture(picture, found, axis, (name, f"{name}-{at}"))
    yield "</div>" if len(found.pictures) > 1 else ""
    told = " ".join(words.remarks(found))
    yield f'<p class="remarks">{html(told)}</p>' if told else ""
    yield "</figure>"


def _picture(picture: Picture, found: Drawing, axis: Scale, names: tuple[str, str]) -> Iterator[str]:
    whole, own = names
    labelled = whole
    yield "<div>"
    if picture.title:
        yield f'<h4 id="{own}" dir="auto">{_html(picture.title)}</h4>'
        labelled = f"{whole} {own}"
    yield f'<div class="picture" role="img" aria-labelledby="{labelled}" aria-describedby="{own}-told">'
    yield from (upright if found.is_upright else lying)(picture, found, axis)
    yield f'</div><p class="unseen" id="{own}-told">{html(words.told(picture, found))}</p></div>'


def _keys(found: Drawing) -> Iterator[str]:
    is_line, is_point = found.mark is Mark.LINES, found.mark is Mark.RANGES
    for series in found.series:
        look = "" if found.has_own_looks else sample(series.look, is_line=is_line, is_point=is_point)
        yield f"<li>{look}{_html(series.title)}</li>"


def _html(text: str) -> str:
    return html(cut(text, _TITLE))
