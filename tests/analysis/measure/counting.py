"""Any deals, made up by hypothesis, and what their counts must come to when each is gone through by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from engine.analysis.measure.asked import Asked
from engine.analysis.measure.measure import measure, viewed
from engine.analysis.measure.periods import Every
from engine.analysis.measure.view import View
from engine.model.study import Estimate, Figure, Section, Study
from tests.analysis.telling import SALE, Told, deal, section, tables

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo")

__all__ = ["ZONES", "Asked", "Every", "dated_deals", "deal", "deals", "figures", "found", "given", "seen"]


def given(*deals: Told, zone: str = "UTC", **asked: object) -> Study:
    """What ``measure`` tells of the deals."""
    return measure(tables(*deals), replace(SALE, time_zone=zone), asked=Asked(**asked))  # type: ignore[arg-type]


def seen(*deals: Told, zone: str = "UTC", **asked: object) -> View:
    """The view of the deals."""
    return viewed(tables(*deals), replace(SALE, time_zone=zone), Asked(**asked))  # type: ignore[arg-type]


def found(study: Study, name: str) -> dict[str, dict[str, Figure]]:
    """The rows of a section by their first column; estimates as their values."""
    return {str(row[0]): figures(section(study, name), row) for row in section(study, name).rows}


def figures(of: Section, row: tuple[Figure, ...]) -> dict[str, Figure]:
    """A row by the ids of its columns; estimates as their values."""
    plain = (each.value if isinstance(each, Estimate) else each for each in row)
    return dict(zip((heading.id for heading in of.headings), plain, strict=True))


@dataclass(frozen=True)
class Path:
    """How a made-up deal goes: how many hours after the start it begins, and what follows after how many more."""

    begin: int
    steps: tuple[tuple[str, int], ...]
    amount: int | None
    is_dated: bool

    def told(self, name: str) -> Told:
        hours, parts = self.begin, []
        for stage, after in (("new", 0), *self.steps):
            hours += after
            parts.append(f"{stage} {hours / 24!r}" if self.is_dated or stage not in ("new", "lost") else stage)
        return deal(name, ", ".join(parts), amount=self.amount)


_STEP = st.tuples(st.sampled_from(("demo", "offer", "won", "lost", "gone")), st.integers(0, 60 * 24))
_PATH = st.builds(
    Path,
    st.integers(0, 200 * 24),
    st.lists(_STEP, max_size=4).map(tuple),
    st.none() | st.integers(-500, 500),
    st.integers(0, 9).map(bool),
)


def _told(paths: list[Path]) -> tuple[Told, ...]:
    return tuple(path.told(f"D{number}") for number, path in enumerate(paths))


deals = st.lists(_PATH, min_size=1, max_size=25).map(_told)
dated_deals = st.lists(_PATH.map(lambda path: replace(path, is_dated=True)), min_size=1, max_size=25).map(_told)
