from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from engine.model.expression import Assignment
from engine.model.process import Metric, Start, Track, Transfer
from engine.model.rule import DecisionTable, Fact, Hit, Row
from engine.model.story import Story
from engine.model.syntax import NUMBER
from engine.report import process
from engine.report.style import Style
from tests.report.golden import golden
from tests.report.samples import ACTIONS, PROCESS, expression

SCORE = Fact(
    "score",
    NUMBER,
    "Fit",
    table=DecisionTable(Hit.SUM, (Row(Decimal(2), expression("amount > 5000")), Row(Decimal(1)))),
)
HANDED_ON = replace(
    ACTIONS[5],
    variant=2,
    auto=True,
    when=expression("score > 2"),
    transfer=Transfer("renewals", "onboarding"),
    starts=(Start("renewals", expression("amount > 0"), (Assignment("amount", expression("amount")),)),),
)
FULL = replace(
    PROCESS,
    facts={**PROCESS.facts, "score": SCORE},
    main=Track("main", PROCESS.main.stages, (*ACTIONS, HANDED_ON), PROCESS.main.always),
    metrics=(
        Metric(
            "close_rate",
            "ratio",
            parts={
                "numerator": {"count": "won", "by": "closed_at"},
                "where": expression('reached("qualified")'),
                "stats": ("p50", "p90"),
                "within": timedelta(days=90),
            },
        ),
    ),
    examples=(Story("a-usual-win", "A champion with budget buys"),),
)


def test_a_process_is_shown_in_plain_words() -> None:
    golden("process.txt", process.text(FULL))


def test_a_process_is_shown_as_markdown() -> None:
    golden("process.md", process.markdown(PROCESS))


def test_the_words_as_json_name_their_sections() -> None:
    told = json.loads(process.json(FULL))

    assert list(dict.fromkeys(row["section"] for row in told["rows"])) == [
        "roles",
        "stages",
        "actions",
        "always",
        "stages of legal",
        "actions of legal",
        "clocks",
        "facts",
        "metrics",
        "examples",
    ]


def test_colours_are_used_only_where_they_are_asked_for() -> None:
    assert "\x1b[" in process.text(PROCESS, style=Style.COLOUR)
    assert "\x1b[" not in process.text(PROCESS)
