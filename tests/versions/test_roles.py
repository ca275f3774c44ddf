from __future__ import annotations

import pytest

from tests.versions.pairs import changes, told

OLD = "roles: {rep: [], boss: [rep], guest: []}\n"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("", "override: {by: [boss]}\n", ["D554 looser override"]),
        ("override: {by: [boss]}\n", "override: {by: [rep]}\n", ["D554 looser override"]),
        ("override: {by: [rep]}\n", "override: {by: [rep, boss]}\n", []),
        ("override: {by: [boss]}\n", "override: {by: [guest]}\n", ["D555 tighter override", "D554 looser override"]),
    ],
)
def test_who_may_waive_is_told_by_who_may_and_not_by_what_is_written(was: str, now: str, expected: list[str]) -> None:
    assert told(changes(OLD + was, OLD + now)) == expected


def test_a_role_that_includes_one_that_may_waive_may_waive_too() -> None:
    found = changes(
        f"{OLD}override: {{by: [boss]}}\n", "roles: {rep: [], boss: [rep], guest: [boss]}\noverride: {by: [boss]}\n"
    )
    assert told(found) == ["D554 looser override", "D553 note guest"]
    assert found[0].says == "'guest' may now waive requirements and approvals"


def test_roles_that_came_and_went_are_notes() -> None:
    assert told(changes(OLD, "roles: {rep: [], boss: [rep], clerk: []}\n")) == ["D551 note clerk", "D552 note guest"]


def test_groups_and_touchpoints_are_told_with_the_process_and_their_order_is_none() -> None:
    was = "touchpoints: [call, mail]\ngroups: {early: [lead, demo], odd: [lead]}\n"
    now = "touchpoints: [mail, call, visit]\ngroups: {early: [demo, lead], odd: [demo], new: [lead]}\n"
    assert told(changes(was, now)) == ["D911 note visit", "D913 note new", "D915 note odd"]
