"""Waived requirements and broken ones: which, by whom, and who won beside whom."""

from engine.analysis.measure.built_in.deviations import deviations
from engine.analysis.measure.built_in.overrides import overrides
from tests.analysis.measure.lives import Life, Tried, half, rows, seen

WAIVED, BROKEN, UNKNOWN = ({"budget": result} for result in ("waived", "failed", "unknown"))


def signed(name, outcome, not_met=None, actor="ana"):
    sent = Tried("send", 1, "offer", not_met or {}, actor=actor)
    return Life(name, (sent, Tried("close", 2, outcome))) if outcome else Life(name, (sent,))


TEAM = (
    signed("a", "won", WAIVED),
    signed("b", "lost", WAIVED, actor="ben"),
    signed("c", "won"),
    signed("d", "won"),
    signed("e", "lost"),
    signed("f", ""),
    Life("never-sent", (Tried("lose", 1, "lost"),)),
)


def test_deals_with_a_waiver_stand_beside_those_that_did_the_same_without():
    found = rows(overrides(seen(*TEAM)), "by", "name", "moves", "deals", "win_rate", "others", "win_rate_others")
    assert found == [
        ("all", "any requirement", 2, 2, 0.5, 4, 2 / 3),
        ("requirement", "budget", 2, 2, 0.5, 4, 2 / 3),
        ("person", "ana", 1, 1, 1.0, 5, 0.5),
        ("person", "ben", 1, 1, 0.0, 5, 0.75),
    ]


def test_a_waiver_that_did_not_help_is_none():
    life = Life("a", (Tried("send", 1, not_met={"budget": "waived", "frozen": "failed"}),))
    assert overrides(seen(life)).rows == ()


def test_who_made_the_move_may_be_untold():
    found = rows(overrides(seen(signed("a", "won", WAIVED, actor=""))), "by", "name", "win_rate_others")
    assert found[-1] == ("person", "(not told)", None)


def test_a_move_deviates_where_it_was_made_and_broke_what_it_must_meet():
    sent = (signed("a", "won", BROKEN), signed("b", "lost", UNKNOWN), signed("c", "won"), signed("d", "lost"))
    found = rows(
        deviations(seen(*sent)),
        "requirement",
        "action",
        "moves",
        "deals",
        "share",
        "unclear",
        "win_rate",
        "win_rate_others",
    )
    assert found == [("budget", "send", 1, 1, 0.25, 1, 1.0, 1 / 3)]


def test_what_is_refused_waived_or_only_advised_does_not_deviate():
    advised = Life("a", (Tried("send", 1, "offer", advised=("champion",)),))
    refused = Life("b", (Tried("send", 1, not_met=BROKEN),))
    assert deviations(seen(advised, refused, signed("c", "won", WAIVED))).rows == ()


def test_moves_of_groups_add_up_to_the_whole():
    view = seen(*TEAM, *(signed(f"x{number}", "won", BROKEN) for number in range(5)))
    parts = (view.of(half(view)), view.of(~half(view)))
    assert sum(row[0] for part in parts for row in rows(deviations(part), "moves")) == 5
    assert sum(rows(overrides(part), "moves")[0][0] for part in parts if overrides(part).rows) == 2
