"""A fan in words and as a table: how a figure may go on, by its quantiles over runs."""

from __future__ import annotations

from engine.model.study import Fan, Figure, Heading, Section, Study, Unit
from engine.report.figures import figure_text
from engine.report.flow import sections_of


def tables_of(study: Study) -> tuple[Section, ...]:
    """The sections of a study as spreadsheets have them: each fan is one more."""
    return (*sections_of(study), *(table(fan) for fan in study.fans))


def table(fan: Fan) -> Section:
    """The figures of a fan, a row for each moment."""
    headings = (
        Heading("until", "Until", Unit.TIME),
        *(Heading(f"p{share * 100:g}".replace(".", "_"), quantile(share), fan.unit) for share in fan.shares),
    )
    rows: list[tuple[Figure, ...]] = [
        (moment, *(curve[at] for curve in fan.curves)) for at, moment in enumerate(fan.moments)
    ]
    return Section(
        fan.id, fan.title, headings, tuple(rows), says=(fan.says,) if fan.says else (), empty="nothing is simulated"
    )


def quantile(share: float) -> str:
    """How a quantile is called: ``P90``."""
    return f"P{share * 100:g}"


def told(fan: Fan, currency: str) -> str:
    """The end of a fan, as a sentence for whoever does not see it."""
    if not fan.moments:
        return "Nothing is simulated."
    ends = ", ".join(
        f"{quantile(share)} {figure_text(curve[-1], fan.unit, currency)}"
        for share, curve in zip(fan.shares, fan.curves, strict=True)
    )
    return f"By {fan.moments[-1].isoformat()}: {ends}. The table below tells every week."
