"""Studies by hand: one with everything in it, and flows of pipelines with few and with many stages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from engine.model.study import Edge, Estimate, Fan, Flow, Heading, Node, Section, Study, Unit, Way

STAGES = ("prospect", "qualified", "demo", "proposal", "negotiation")

VARIANTS = Section(
    "variants",
    "Steps that deals followed",
    (
        Heading("steps", "steps"),
        Heading("won", "won", Unit.COUNT),
        Heading("lost", "lost", Unit.COUNT),
        Heading("share", "share of deals", Unit.SHARE),
        Heading("amount", "money won", Unit.MONEY),
        Heading("p50_days", "P50 days", Unit.DAYS),
    ),
    (
        ("prospect, qualified, demo, proposal, negotiation, won", 612, 0, 0.2815, Decimal("1284500.50"), 57.25),
        ("prospect, lost", 0, 431, 0.1982, None, 12.0),
        ("prospect, qualified, demo, demo, proposal, won", 3, 0, 0.0004, Decimal("980.25"), 0.04),
        ("prospect, qualified, lost", 0, 1204, 0.5, Decimal("0"), 140.2),
    ),
    says=("2,174 deals ended in 48 ways; the 4 most frequent are shown.",),
    notes=("A deal that came back to a stage counts once in each way.",),
    shown=3,
)
TIMES = Section(
    "times",
    "Time from start to end",
    (
        Heading("what", "from start to"),
        Heading("n", "n", Unit.COUNT),
        Heading("p50", "P50 days", Unit.DAYS),
        Heading("p90", "P90 days", Unit.DAYS),
        Heading("rate", "win rate", Unit.SHARE),
        Heading("last", "last one", Unit.TIME),
        Heading("touches", "contacts", Unit.NUMBER),
    ),
    (
        (
            "won",
            1_034,
            Estimate(57.0, 55.0, 59.0),
            Estimate(None, 98.0, None, beyond=120.0),
            Estimate(0.632, 0.601, 0.662),
            date(2026, 3, 31),
            4.25,
        ),
        (
            "lost",
            1_140,
            Estimate(12.5, None, 14.0),
            Estimate(140.0, 131.0, None),
            None,
            datetime(2026, 3, 31, 14, 5),  # noqa: DTZ001 - as the tables hold it
            12.34,
        ),
    ),
)
EMPTY = Section("returns", "Deals that went back", (Heading("stage", "stage"),), (), empty="no deal went back")


def _node(stage: str, deals: int, days: float, still: int) -> Node:
    return Node(stage, stage.capitalize(), "", deals, deals + 12, still, Estimate(days, days * 0.9, days * 1.1))


WEEKS = tuple(date(2026, 12, 7) + timedelta(days=7 * at) for at in range(6))
FANS = (
    Fan(
        "won_so_far",
        "Deals won so far",
        Unit.COUNT,
        date(2026, 11, 30),
        WEEKS,
        (0.1, 0.25, 0.5, 0.75, 0.9),
        ((0, 1, 2, 4, 5, 7), (1, 3, 4, 6, 8, 10), (2, 4, 7, 9, 12, 14), (3, 6, 9, 12, 15, 18), (5, 8, 12, 15, 19, 22)),
        says="At the end of each week, over 200 simulated runs.",
    ),
    Fan(
        "value_so_far",
        "Value won so far",
        Unit.MONEY,
        date(2026, 11, 30),
        WEEKS,
        (0.1, 0.5, 0.9),
        (
            (0.0, 4_000.0, 9_500.5, 21_000.0, 30_000.0, 41_000.0),
            (9e3, 2e4, 4.1e4, 6e4, 8.2e4, 1.1e5),
            (3e4, 6e4, 9e4, 1.2e5, 1.6e5, 2e5),
        ),
        start=2_000.0,
    ),
)
FLOW = Flow(
    (
        _node("prospect", 2174, 3.2, 40),
        _node("qualified", 1700, 8.5, 61),
        _node("demo", 1310, 12.25, 33),
        _node("proposal", 1002, 21.0, 58),
        Node("negotiation", "Negotiation", "", 790, 830, 44, Estimate(None, 80.0, None, beyond=120.0)),
        Node("won", "Won", "won", 612, 612, 0),
        Node("lost", "Lost", "lost", 1204, 1240, 0),
        Node("unqualified", "Unqualified", "other", 131, 131, 0),
    ),
    (
        Edge("", "prospect", Way.START, 2100, 2100, 0.966),
        Edge("", "demo", Way.START, 74, 74, 0.034),
        Edge("prospect", "qualified", Way.NEXT, 1650, 1630, 0.76, 2.9),
        Edge("qualified", "demo", Way.NEXT, 1210, 1190, 0.71, 7.5),
        Edge("demo", "proposal", Way.NEXT, 930, 921, 0.72, 10.0),
        Edge("proposal", "negotiation", Way.NEXT, 760, 748, 0.8, 16.5),
        Edge("negotiation", "won", Way.WON, 560, 560, 0.71, 24.0),
        Edge("proposal", "won", Way.WON, 52, 52, 0.052, 9.0),
        Edge("prospect", "demo", Way.SKIP, 66, 64, 0.03, 4.0),
        Edge("qualified", "negotiation", Way.SKIP, 34, 33, 0.02, 11.0),
        Edge("proposal", "demo", Way.RETURN, 48, 45, 0.04, 6.0),
        Edge("negotiation", "qualified", Way.RETURN, 31, 30, 0.04, 19.0),
        Edge("demo", "demo", Way.AGAIN, 90, 71, 0.05, 5.0),
        Edge("prospect", "lost", Way.LOST, 310, 310, 0.14, 12.0),
        Edge("qualified", "lost", Way.LOST, 410, 405, 0.24, 19.0),
        Edge("demo", "lost", Way.LOST, 250, 248, 0.19, 23.0),
        Edge("proposal", "lost", Way.LOST, 140, 138, 0.14, 31.0),
        Edge("negotiation", "lost", Way.LOST, 130, 128, 0.16, 40.0),
        Edge("prospect", "unqualified", Way.OTHER, 131, 131, 0.06, 5.0),
        Edge("lost", "qualified", Way.REOPEN, 36, 36, 0.03, 45.0),
        Edge("demo", "prospect", Way.RETURN, 3, 3, 0.002, 2.0),
    ),
)
STUDY = Study(
    "review",
    "Review of inside-sales",
    "deals.csv, 2,174 deals started from 2025-01-02 to 2026-03-30",
    datetime(2026, 3, 31, 14, 5, tzinfo=UTC),
    (VARIANTS, TIMES, EMPTY),
    says=("Of 1,816 deals that ended, 612 were won (33.7 %).",),
    notes=("Intervals are 90 %.",),
    flow=FLOW,
    currency="EUR",
    asked=(("since", date(2025, 1, 1)), ("by", "owner"), ("window", None)),
)
FORECAST = replace(
    STUDY,
    kind="simulate",
    title="Forecast of inside-sales@2",
    subject="scenario base",
    sections=(TIMES,),
    fans=FANS,
    flow=None,
)


def long_flow(stages: int) -> Flow:
    """A pipeline of many stages, with skips, returns and losses at each of them."""
    names = [f"stage-{i}" for i in range(1, stages + 1)]
    counts = [round(4000 * 0.9**i) for i in range(stages)]
    nodes = [
        Node(name, f"{i + 1}. Stage with a rather long name", "", counts[i], counts[i], 10, Estimate(9.5 + i))
        for i, name in enumerate(names)
    ]
    ends = [Node("won", "Won", "won", 900, 900, 0), Node("lost", "Lost", "lost", 3000, 3000, 0)]
    edges = [Edge("", names[0], Way.START, counts[0], counts[0], 1.0)]
    for i, name in enumerate(names):
        after = names[i + 1] if i + 1 < stages else "won"
        way = Way.NEXT if i + 1 < stages else Way.WON
        edges.append(Edge(name, after, way, round(counts[i] * 0.8), round(counts[i] * 0.8), 0.8, 7.0))
        edges.append(Edge(name, "lost", Way.LOST, round(counts[i] * 0.1), round(counts[i] * 0.1), 0.1, 14.0))
    edges += [Edge(names[i], names[i + 3], Way.SKIP, 90, 90, 0.03, 5.0) for i in range(0, stages - 3, 2)]
    edges += [Edge(names[i], names[i - 2], Way.RETURN, 60, 60, 0.02, 4.0) for i in range(3, stages, 3)]
    edges += [Edge(names[0], names[-1], Way.SKIP, 120, 120, 0.03, 2.0)]
    edges += [Edge(names[-1], names[0], Way.RETURN, 80, 80, 0.05, 2.0)]
    return Flow((*nodes, *ends), tuple(edges))


SMALL = Flow(
    (
        Node("new", "New", "", 20, 20, 3, Estimate(2.0, 1.0, 4.0)),
        Node("offer", "Offer", "", 14, 14, 2, Estimate(9.0, 5.0, 14.0)),
        Node("won", "Won", "won", 8, 8, 0),
        Node("lost", "Lost", "lost", 7, 7, 0),
    ),
    (
        Edge("", "new", Way.START, 20, 20, 1.0),
        Edge("new", "offer", Way.NEXT, 14, 14, 0.82, 2.0),
        Edge("offer", "won", Way.WON, 8, 8, 0.67, 8.0),
        Edge("new", "lost", Way.LOST, 3, 3, 0.18, 3.0),
        Edge("offer", "lost", Way.LOST, 4, 4, 0.33, 12.0),
    ),
)
