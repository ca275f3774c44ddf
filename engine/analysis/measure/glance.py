"""The figures of a report that are read first, taken out of its sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from engine.model.study import Estimate, Figure, KeyFigure, Section, Unit

_OF_VERSIONS = "version"


def glance(sections: Sequence[Section], currency: str = "") -> tuple[KeyFigure, ...]:
    """Won, lost, win rate, open, days to a win, the pipeline; none that the sections do not tell.

    Where figures are broken down, those of all deals, which come first. Figures of two versions have no first one.
    """
    told = {section.id: section for section in sections if not _is_of_versions(section)}
    found: list[KeyFigure] = []
    if "outcomes" in told:
        found += _outcomes(told["outcomes"], currency)
    if "cycle-time" in told:
        found += _days(told["cycle-time"])
    if "pipeline" in told:
        found += _pipeline(told["pipeline"])
    return tuple(found)


def _is_of_versions(section: Section) -> bool:
    return any(heading.id == _OF_VERSIONS for heading in section.headings)


def _outcomes(section: Section, currency: str) -> Iterator[KeyFigure]:
    won, lost, still = (_row(section, "outcome", each) for each in ("won", "lost", "open"))
    if "deals" in won:
        yield KeyFigure("Won", won["deals"], Unit.COUNT, _worth(won.get("value"), currency))
    if "deals" in lost:
        yield KeyFigure("Lost", lost["deals"], Unit.COUNT, _worth(lost.get("value"), currency))
    if won.get("share") is not None:
        yield KeyFigure("Win rate", won["share"], Unit.SHARE, "of won and lost")
    if "deals" in still:
        yield KeyFigure("Open", still["deals"], Unit.COUNT, _worth(still.get("value"), currency))


def _days(section: Section) -> Iterator[KeyFigure]:
    half = _row(section, "outcome", "won").get("p50_days")
    if isinstance(half, Estimate):
        yield KeyFigure("Half of the won took at most", half, Unit.DAYS)


def _pipeline(section: Section) -> Iterator[KeyFigure]:
    whole = _row(section, "stage", "all")
    if whole.get("weighted_seen") is not None:
        yield KeyFigure("Pipeline, weighted as seen", whole["weighted_seen"], Unit.MONEY)


def _row(section: Section, key: str, name: str) -> Mapping[str, Figure]:
    """The first row of that name, by the ids of its columns; empty where there is none."""
    ids = [heading.id for heading in section.headings]
    if key not in ids:
        return {}
    row = next((row for row in section.rows if row[ids.index(key)] == name), ())
    return dict(zip(ids, row, strict=False))


def _worth(value: Figure, currency: str) -> str:
    """``worth 1,204,000 EUR``, to the whole unit: the cents are in the table."""
    if not isinstance(value, (int, Decimal)) or not value:
        return ""
    return f"worth {value:,.0f} {currency}".rstrip()
