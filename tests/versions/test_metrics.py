from __future__ import annotations

import pytest

from engine.versions.diff import diff
from tests.versions.pairs import changes, process, told


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("{type: count, of: won, by: closed_at}", "{type: count, of: won, by: started_at}", ["D803 note m"]),
        ("{type: count, of: won}", "{type: dwell, stage: demo}", ["D803 note m"]),
        ("{type: count, of: n > 1 and n < 9}", "{type: count, of: n < 9 and n > 1}", []),
        ("{type: dwell, stage: demo, stats: [p50, p90]}", "{type: dwell, stage: demo, stats: [p90, p50]}", []),
        ("{type: dwell, stage: demo}", "{type: dwell, stage: demo, title: In demo}", ["D804 note m"]),
        ("{type: derived, of: n_sum * 2}", "{type: derived, of: (n_sum * 2)}", []),
        ("{type: derived, of: n_sum * 2}", "{type: derived, of: n_sum * 3}", ["D803 note m"]),
        ("{type: derived, of: n_sum}", "{type: sum, of: n}", ["D803 note m"]),
        (
            "{type: elapsed, from: {reached: demo}, to: closed}",
            "{type: elapsed, from: {stage: demo}, to: closed}",
            ["D803 note m"],
        ),
        (
            "{type: elapsed, from: {reached: demo}, to: closed}",
            "{type: elapsed, from: {reached: [demo]}, to: closed}",
            [],
        ),
        (
            "{type: elapsed, from: started, to: {action: show}}",
            "{type: elapsed, from: started, to: closed}",
            ["D803 note m"],
        ),
    ],
)
def test_a_metric_is_told_where_its_figures_stop_being_comparable(was: str, now: str, expected: list[str]) -> None:
    head = "facts: {n: {type: number}}\nmetrics:\n  n_sum: {type: sum, of: n}\n  m: "
    assert told(changes(f"{head}{was}\n", f"{head}{now}\n")) == expected


MERGED = """\
stages: {lead: {}, shown: {}, won: {ends: won}}
actions: {show: {from: lead, to: shown}, sign: {from: shown, to: won}}
metrics: {m: {type: dwell, stage: shown}, c: {type: conversion, from: lead, to: shown, within: 9d}}
"""


@pytest.mark.parametrize(("stages", "expected"), [("demo: shown", []), ("demo: shown, talk: shown", ["c", "m"])])
def test_a_metric_of_a_renamed_stage_is_the_same_and_of_a_merged_one_is_not(stages: str, expected: list[str]) -> None:
    was = (
        "stages: {lead: {}, talk: {}, demo: {}, won: {ends: won}}\n"
        "actions: {show: {from: lead, to: demo}, sign: {from: demo, to: won}}\n"
        "metrics: {m: {type: dwell, stage: demo}, c: {type: conversion, from: lead, to: demo, within: 9d}}\n"
    )
    now = f"follows: {{version: 1, stages: {{{stages}}}}}\n{MERGED}"
    found = diff(process(was), process(now, 2)).changes
    assert sorted(one.thing for one in found if one.code == "D803") == expected


def test_what_is_derived_from_a_metric_that_is_reckoned_otherwise_is_so_too() -> None:
    head = "facts: {n: {type: number}}\nmetrics:\n"
    more = "  a: {type: derived, of: 2 * wins}\n  b: {type: derived, of: a / 2}\n"
    was = f"{head}  wins: {{type: count, of: won}}\n{more}"
    now = f"{head}  wins: {{type: count, of: won, where: n > 1}}\n{more}"
    found = changes(was, now)
    assert told(found) == ["D803 note a", "D803 note b", "D803 note wins"]
    assert next(one.says for one in found if one.thing == "a") == (
        "the metric 'a' rests on 'wins', which is reckoned otherwise: figures stop being comparable with those before"
    )


def test_a_metric_from_reaching_a_stage_follows_its_name() -> None:
    metric = "metrics: {m: {type: elapsed, from: {reached: NAME}, to: closed}}\n"
    was = "stages: {lead: {}, talk: {}, won: {ends: won}}\n"
    was += "actions: {show: {from: lead, to: talk}, sign: {from: talk, to: won}}\n"
    now = "follows: {version: 1, stages: {talk: demo}}\n" + was.replace("talk", "demo")
    found = diff(process(was + metric.replace("NAME", "talk")), process(now + metric.replace("NAME", "demo"), 2))
    assert [one.code for one in found.changes if one.thing == "m"] == []
