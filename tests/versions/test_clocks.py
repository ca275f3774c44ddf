from __future__ import annotations

import pytest

from engine.versions.diff import diff
from tests.versions.pairs import changes, process, told

HEAD = "facts: {n: {type: number}, m: {type: date}}\nclocks:\n"


def _clock(text: str) -> str:
    return f"{HEAD}  stale: {{{text}}}\n"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("in: open, idle: 60d, then: lose", "in: open, idle: 30d, then: lose", ["D603 tighter stale"]),
        ("in: open, idle: 60d", "in: open, idle: 30d", ["D603 note stale"]),
        ("in: open, idle: 60d", "in: open, idle: 60d, warn: 9d", ["D604 note stale"]),
        ("in: open, idle: 9d, then: lose", "in: open, stays: 9d, then: lose", ["D605 tighter stale"]),
        ("in: lead, idle: 9d, then: lose", "in: open, idle: 9d, then: lose", ["D606 tighter stale"]),
        (
            "in: lead, idle: 9d, then: lose",
            "in: demo, idle: 9d, then: lose",
            ["D606 tighter stale", "D607 looser stale"],
        ),
        ("in: open, idle: 9d, then: lose", "in: open, idle: 9d, when: n > 1, then: lose", ["D609 looser stale"]),
        ("in: open, idle: 9d, when: n > 1, then: lose", "in: open, idle: 9d, when: 1 < n, then: lose", []),
        (
            "in: open, idle: 9d, when: n > 1, then: lose",
            "in: open, idle: 9d, when: n < 5, then: lose",
            ["D608 tighter stale", "D609 looser stale"],
        ),
        ("in: open, idle: 9d", "in: open, idle: 9d, then: lose", ["D610 tighter stale"]),
        (
            "in: lead, idle: 9d, then: lose",
            "in: lead, idle: 9d, then: show",
            ["D610 tighter stale", "D610 looser stale"],
        ),
        ("in: open, idle: 9d, then: lose", "in: open, idle: 9d, activity: [m], then: lose", ["D612 looser stale"]),
    ],
)
def test_what_makes_a_clock_act_on_more_deals_or_sooner_is_tighter(was: str, now: str, expected: list[str]) -> None:
    assert told(changes(_clock(was), _clock(now))) == expected


def test_a_clock_that_acted_and_is_gone_is_a_lost_control() -> None:
    found = changes(
        f"{_clock('in: open, idle: 9d, then: lose')}  slow: {{in: open, stays: 9d}}\n",
        "facts: {n: {type: number}, m: {type: date}}\n",
    )
    assert told(found) == ["D602 looser stale", "D602 note slow"]


def test_a_clock_of_renamed_things_is_the_same_clock() -> None:
    was = _clock('in: demo, idle: 9d, when: n > 1 and stage == "demo", activity: [m], then: lose')
    now = (
        "follows: {version: 1, stages: {demo: shown}, facts: {n: seats, m: day}, actions: {lose: drop}}\n"
        "facts: {seats: {type: number}, day: {type: date}}\n"
        "stages: {lead: {}, shown: {}, won: {ends: won}, lost: {ends: lost}}\n"
        "actions: {show: {from: lead, to: shown}, sign: {from: shown, to: won}, drop: {from: open, to: lost}}\n"
        'clocks: {stale: {in: shown, idle: 9d, when: stage == "shown" and seats > 1, activity: [day], then: drop}}\n'
    )
    found = diff(process(was), process(now, 2))
    assert [one for one in told(found.changes) if one.startswith("D6")] == []


LEGAL = (
    "tracks: {legal: {stages: {todo: {}, review: {}, seen: {}},"
    " actions: {submit: {from: todo, to: review}, okay: {from: review, to: seen}}}}\n"
)
MAIN = "stages: {lead: {}, %s: {}, won: {ends: won}, lost: {ends: lost}}\n"
RENAMED = "follows: {version: 1, stages: {review: seen}}\n"


def test_stages_of_a_side_track_keep_their_names_where_those_of_the_main_one_are_renamed() -> None:
    text = (
        MAIN + LEGAL + "actions: {show: {from: lead, to: %s}, lose: {from: open, to: lost},"
        ' sign: {from: %s, to: won, requires: [{must: track.legal == "%s", says: It is read}]}}\n'
        "clocks: {slow: {track: legal, in: %s, stays: 9d, then: okay}}\n"
    )
    old, new = text % (*["review"] * 5,), RENAMED + text % ("seen", "seen", "seen", "review", "review")
    assert told(changes(old, new)) == ["D103 note seen"]
    other = RENAMED + text % ("seen", "seen", "seen", "seen", "review")
    assert told(changes(old, other)) == [
        "D303 tighter sign/requires/1",
        "D303 looser sign/requires/1",
        "D103 note seen",
    ]
    moved = RENAMED + text % ("seen", "seen", "seen", "review", "seen")
    assert told(changes(old, moved)) == ["D606 tighter slow", "D607 looser slow", "D103 note seen"]


def test_a_clock_that_acts_in_another_track_is_one_gone_and_one_new() -> None:
    old = LEGAL + "clocks: {slow: {in: lead, stays: 9d, then: lose}}\n"
    new = old.replace("in: lead", "track: legal, in: review").replace("then: lose", "then: okay")
    found = [one for one in told(changes(old, new)) if "D613" in one]
    assert found == ["D613 tighter slow", "D613 looser slow"]
