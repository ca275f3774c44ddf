"""What became of ids through several versions."""

from __future__ import annotations

from engine.model.process import Follows, Process, Split, Stage, Track
from engine.versions.became import became


def version(number: int, stages: str, **renamed: str) -> Process:
    follows = Follows(number - 1, stages={old: (Split(new),) for old, new in renamed.items()})
    track = Track("main", tuple(Stage(each) for each in stages.split()), ())
    return Process("sales", number, track, follows=follows if number > 1 else None)


def test_a_stage_that_others_became_part_of_is_followed_on_with_them() -> None:
    first, second, third = version(1, "new trial"), version(2, "new", trial="new"), version(3, "fresh", new="fresh")
    found = became(first, third, [second])

    assert (found.stage("new"), found.stage("trial")) == (("fresh",), ("fresh",))


def test_a_name_that_came_up_between_is_none_of_the_first_version() -> None:
    first, second, third = version(1, "new"), version(2, "open", new="open"), version(3, "fresh", open="fresh")

    assert dict(became(first, third, [second]).stages) == {"new": (Split("fresh"),)}
    assert dict(became(third, first, [second]).stages) == {"fresh": (Split("new"),)}


def test_names_that_were_swapped_are_not_followed_twice() -> None:
    first, second, third = version(1, "a b"), version(2, "a b", a="b", b="a"), version(3, "c b", a="c")
    found = became(first, third, [second])

    assert (found.stage("a"), found.stage("b")) == (("b",), ("c",))


def test_a_version_between_that_is_missing_renamed_nothing_and_the_others_are_followed() -> None:
    first, third, fourth = version(1, "a b"), version(3, "c b", a="c"), version(4, "c d", b="d")

    assert dict(became(first, fourth, [third]).stages) == {"a": (Split("c"),), "b": (Split("d"),)}
    assert dict(became(fourth, first, [third]).stages) == {"c": (Split("a"),), "d": (Split("b"),)}
    assert dict(became(first, fourth).stages) == {"b": (Split("d"),)}


def test_a_stage_that_was_merged_and_came_back_by_a_rollback_keeps_its_name() -> None:
    first, merged, back = version(1, "talk call"), version(2, "talk", call="talk"), version(3, "talk call")

    assert became(first, back, [merged]).is_nothing
    assert became(back, first, [merged]).is_nothing
    assert became(first, merged, [back]).stage("call") == ("talk",)


def test_an_id_that_was_given_to_something_else_since_leads_to_the_new_name() -> None:
    first, second, third = version(1, "call"), version(2, "talk", call="talk"), version(3, "talk call")

    assert became(first, third, [second]).stage("call") == ("talk",)


def test_a_stage_that_another_became_part_of_was_also_itself_before() -> None:
    first, merged = version(1, "talk call"), version(2, "talk", call="talk")

    assert set(became(merged, first).stage("talk")) == {"talk", "call"}
