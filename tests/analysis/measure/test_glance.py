"""What is read first is what the tables say."""

from __future__ import annotations

from decimal import Decimal

from engine.analysis.measure.glance import glance
from engine.model.study import Estimate, Figure, Heading, Section, Unit

RATE = Estimate(0.6, 0.5, 0.7)


def outcomes(*keys: Heading, front: tuple[str, ...] = ()) -> Section:
    headings = (
        *keys,
        Heading("outcome", "Outcome"),
        Heading("deals", "Deals", Unit.COUNT),
        Heading("share", "Share", Unit.SHARE),
        Heading("value", "Value", Unit.MONEY),
    )
    rows: tuple[tuple[Figure, ...], ...] = (
        (*front, "won", 6, RATE, Decimal("1234.50")),
        (*front, "lost", 4, Estimate(0.4), Decimal(0)),
        (*front, "open", 3, None, None),
        *((("west", "won", 1, Estimate(1.0), Decimal(1)),) if front else ()),
    )
    return Section("outcomes", "Won, lost, open", headings, rows)


def told(section: Section) -> list[tuple[str, Figure, str]]:
    return [(each.title, each.figure, each.says) for each in glance((section,), "EUR")]


WHOLE = [
    ("Won", 6, "worth 1,234 EUR"),
    ("Lost", 4, ""),
    ("Win rate", RATE, "of won and lost"),
    ("Open", 3, ""),
]


def test_it_tells_what_came_of_deals() -> None:
    assert told(outcomes()) == WHOLE


def test_of_groups_it_tells_all_deals() -> None:
    assert told(outcomes(Heading("group", "Region"), front=("All deals",))) == WHOLE


def test_of_two_versions_it_tells_nothing() -> None:
    assert told(outcomes(Heading("version", "Version"), front=("sales@1",))) == []


def test_it_tells_the_time_to_a_win_and_what_the_pipeline_is_worth() -> None:
    half, weighted = Estimate(None, beyond=120.0), Estimate(900.0, 700.0, 1100.0)
    times = Section(
        "cycle-time", "T", (Heading("outcome", "Outcome"), Heading("p50_days", "P50", Unit.DAYS)), (("won", half),)
    )
    pipeline = Section(
        "pipeline", "P", (Heading("stage", "Stage"), Heading("weighted_seen", "W", Unit.MONEY)), (("all", weighted),)
    )

    assert [each.figure for each in glance((times, pipeline))] == [half, weighted]


def test_of_nothing_it_tells_nothing() -> None:
    assert glance(()) == ()
    assert glance((Section("outcomes", "O", (Heading("what", "What"),), ()),)) == ()
