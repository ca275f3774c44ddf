"""The score card as people read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from engine.model.draft import Draft, Evidence, Remark, Score, ScoreCard
from engine.report.draft import card_text
from engine.report.style import Style
from tests.report.samples import PROCESS

DRAFT = Draft(
    process=PROCESS,
    evidence={("stages", "lead"): Evidence("40 of 50 deals (80 %)", 40, 50)},
    remarks={("stages",): (Remark("rare", "left out: demo in 1 deal"),)},
    card=ScoreCard(
        learnt=35,
        judged=1,
        apart=True,
        scores=(
            Score("draft", 5, 6, 9, 0.987, 0.9, 0.95),
            Score("most frequent path", 4, 3, 3, 0.6, 1.0, None),
        ),
    ),
    deals=50,
    closed=41,
    source="deals.csv",
    as_of=datetime(2026, 3, 31, tzinfo=UTC),
)


def test_the_card_says_on_which_deals_the_draft_was_judged_and_stands_it_beside_yardsticks():
    assert card_text(DRAFT, width=100, style=Style.PLAIN) == (
        f"Draft of {PROCESS.id}\n"
        "deals.csv\n"
        "as of 2026-03-31 00:00 UTC; deals open then are counted as open\n"
        "\n"
        "Score card\n"
        "Made anew from the 35 deals that began first, judged on the 1 later one that closed.\n"
        "\n"
        "                    Stages  Actions  Moves  Fitness  Precision  Deals that fit\n"
        "draft                    5        6      9   98.7 %     90.0 %          95.0 %\n"
        "most frequent path       4        3      3   60.0 %    100.0 %               -\n"
        "Fitness: how little deals differ from what is allowed (100 %: they never do). Precision: of what is\n"
        "allowed at each point, the share that deals did. A good draft has much of both, with few actions.\n"
        "Low fitness: deals do what it leaves out, so try a lower --keep. Low precision: it allows what deals\n"
        "seldom do, so try a higher --keep, or fewer stages in the map.\n"
    )


def test_where_too_few_deals_closed_the_card_says_that_none_were_kept_apart():
    card = replace(DRAFT.card, apart=False, judged=6)
    assert "Judged on the 6 closed deals that it was made from" in card_text(
        replace(DRAFT, card=card), width=200, style=Style.PLAIN
    )
