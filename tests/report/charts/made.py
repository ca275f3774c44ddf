"""A report by hand with every kind of chart, and one with what is missing, huge, below nothing or hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from engine.model.study import Chart, Estimate, Figure, Heading, KeyFigure, Mark, Section, Study, Unit

MONTHS = (*(f"2025-{month:02}" for month in range(4, 13)), "2026-01", "2026-02", "2026-03")
_WON = (41, 38, 52, 47, 30, 55, 61, 58, 64, 40, 0, 71)
_LOST = (60, 72, 55, 66, 71, 49, 70, 81, 66, 92, 0, 64)

TREND = Section(
    "by-period",
    "Won and lost by month",
    (
        Heading("period", "Period"),
        Heading("won", "Won", Unit.COUNT),
        Heading("lost", "Lost", Unit.COUNT),
        Heading("other", "Ended otherwise", Unit.COUNT),
        Heading("win_rate", "Win rate", Unit.SHARE),
        Heading("value_won", "Value won", Unit.MONEY),
    ),
    tuple(
        (
            name,
            won,
            lost,
            at % 4 * 3,
            Estimate(won / (won + lost), won / (won + lost) - 0.07, won / (won + lost) + 0.08) if won else None,
            Decimal(won * 2350),
        )
        for at, (name, won, lost) in enumerate(zip(MONTHS, _WON, _LOST, strict=True))
    ),
    says=("Deals by the month in which they were closed.",),
    charts=(
        Chart("outcomes", "Deals closed in each month", Mark.STACK, ("period",), ("won", "lost", "other")),
        Chart("win-rate", "Win rate of the deals closed in each month", Mark.LINES, ("period",), ("win_rate",)),
        Chart("value", "Value won in each month", Mark.BARS, ("period",), ("value_won",)),
    ),
)
FUNNEL = Section(
    "funnel",
    "How far deals come",
    (
        Heading("stage", "Stage"),
        Heading("deals", "Deals", Unit.COUNT),
        Heading("next_30", "On by day 30", Unit.SHARE),
        Heading("next_90", "On by day 90", Unit.SHARE),
        Heading("won_90", "Won by day 90", Unit.SHARE),
    ),
    tuple(
        (
            stage,
            deals,
            Estimate(early, early - 0.02, early + 0.02),
            Estimate(late, late - 0.02, late + 0.02),
            Estimate(won, won - 0.015, won + 0.015),
        )
        for stage, deals, early, late, won in (
            ("Prospect", 2174, 0.71, 0.782, 0.2),
            ("Qualified", 1700, 0.6, 0.77, 0.31),
            ("Demo", 1310, 0.44, 0.765, 0.4),
            ("Proposal with terms that both sides have read and that nobody has signed so far", 1002, 0.3, 0.79, 0.55),
            ("Negotiation", 790, 0.2, 0.78, 0.78),
        )
    ),
    charts=(
        Chart(
            "reach",
            "Share that comes further",
            Mark.BARS,
            ("stage",),
            ("next_30", "next_90", "won_90"),
            says="Of all deals that entered the stage.",
        ),
    ),
)
DWELL = Section(
    "dwell",
    "Time in each stage",
    (
        Heading("stage", "Stage"),
        Heading("deals", "Deals", Unit.COUNT),
        Heading("p50", "P50", Unit.DAYS),
        Heading("p90", "P90", Unit.DAYS),
    ),
    (
        ("Prospect", 2174, Estimate(3.2, 2.9, 3.5), Estimate(14.0, 12.0, 17.0)),
        ("Qualified", 1700, Estimate(8.5, 8.0, 9.1), Estimate(31.0, 28.0, 36.0)),
        ("Demo", 1310, Estimate(12.2, 11.0, 13.0), Estimate(44.0, 41.0, 49.0)),
        ("Proposal", 1002, Estimate(21.0, 18.0, 23.0), Estimate(None, 98.0, None, beyond=120.0)),
        ("Negotiation", 3, Estimate(30.0, 4.0, 900.0), None),
        ("Legal", 0, None, None),
    ),
    charts=(Chart("dwell", "Days in each stage", Mark.RANGES, ("stage",), ("p50", "p90")),),
)
REASONS = Section(
    "reasons",
    "Why deals ended",
    (
        Heading("end", "End"),
        Heading("reason", "Reason"),
        Heading("deals", "Deals", Unit.COUNT),
        Heading("share", "Share", Unit.SHARE),
    ),
    tuple(
        (end, reason, deals, Estimate(deals / 400, deals / 400 * 0.8, deals / 400 * 1.25))
        for end, reason, deals in (
            ("lost", "price", 171),
            ("lost", "no decision", 122),
            ("lost", "competitor", 80),
            ("lost", "not told", 27),
            ("won", "price", 51),
            ("won", "champion", 141),
        )
    ),
    charts=(Chart("reasons", "Why deals were won and lost", Mark.BARS, ("reason",), ("share",), split="end"),),
)
GLANCE = (
    KeyFigure("Won", 1034, Unit.COUNT, "2,429,900 EUR"),
    KeyFigure("Lost", 1140, Unit.COUNT),
    KeyFigure("Win rate", Estimate(0.476, 0.458, 0.493), Unit.SHARE),
    KeyFigure("Days to win, half of them", Estimate(57.0, 55.0, 59.0), Unit.DAYS),
    KeyFigure("Open", 231, Unit.COUNT, "worth 1,204,000 EUR"),
)
REPORT = Study(
    "measure",
    "Measures of inside-sales",
    "deals.csv, 2,174 deals started from 2025-04-02 to 2026-03-30",
    datetime(2026, 3, 31, 14, 5, tzinfo=UTC),
    (TREND, FUNNEL, DWELL, REASONS),
    says=("Of 2,174 deals that ended, 1,034 were won (47.6 %).",),
    glance=GLANCE,
    currency="EUR",
)


def bars(*rows: tuple[Figure, ...], mark: Mark = Mark.BARS, unit: Unit = Unit.NUMBER, split: str = "") -> Section:
    """A section of one chart: a label and so many series as the rows have figures."""
    series = tuple(f"s{at}" for at in range(len(rows[0]) - 1))
    return Section(
        "made",
        "Made up",
        (Heading("name", "Name"), *(Heading(each, f"Series {each}", unit) for each in series)),
        rows,
        charts=(Chart("c", "Chart", mark, ("name",), series, split),),
    )


HARD = replace(
    REPORT,
    title="What is hard to draw",
    sections=(
        replace(bars(("gain", 4.5, -2.0), ("loss", -7.25, 3.0), ("nothing", 0, None)), id="below"),
        replace(bars(("gain", 4.5, -2.0), ("loss", -7.25, 3.0), ("nothing", 0, None), mark=Mark.STACK), id="parts"),
        replace(bars(("one", 12), unit=Unit.COUNT), id="one"),
        replace(bars(("zero", 0), ("zero too", 0), unit=Unit.COUNT), id="zeros"),
        replace(bars(*((f"row {i}", i * 37 % 211) for i in range(200)), unit=Unit.COUNT), id="many"),
        replace(
            bars(*((f"{2000 + i // 12}-{i % 12 + 1:02}", i * 37 % 211, i % 50) for i in range(240)), mark=Mark.LINES),
            id="long",
        ),
        replace(bars(("2026-01", 4.0), ("2026-02", None), ("2026-03", 6.0), mark=Mark.LINES), id="gap"),
        replace(
            bars(*((f"2026-{i:02}", -5.0 + i, 3.0 - i, 1.0) for i in range(1, 8)), mark=Mark.STACK), id="below-upright"
        ),
        replace(
            bars(
                ("far", Estimate(3.0, 1.0, 9000.0)),
                ("never", Estimate(None, None, None, beyond=4.0)),
                ("below", Estimate(-2.0, -3.0, -1.0)),
                mark=Mark.RANGES,
            ),
            id="far",
        ),
        replace(bars(("w" * 400, 1e12), ("שלום עולם", 3e11), mark=Mark.BARS, unit=Unit.MONEY), id="wide"),
    ),
)
