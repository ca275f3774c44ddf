from __future__ import annotations

import pytest

from engine.versions.diff import diff
from tests.versions.pairs import changes, process, told

USES = {"terms/1": "ruleset: terms\nversion: 1\n", "terms/2": "ruleset: terms\nversion: 2\n"}


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("because: Of this\n", "because: Of that\n", []),
        ("currency: EUR\n", "currency: USD\n", ["D903 break currency"]),
        ("", "currency: USD\n", ["D903 note currency"]),
        ("time_zone: UTC\n", "time_zone: Europe/Berlin\n", ["D902 note time_zone"]),
        ("title: One\n", "title: Two\n", ["D901 note title"]),
        ("uses: {terms: 1}\n", "uses: {terms: 2}\n", ["D953 note terms"]),
        ("uses: {terms: 1}\n", "", ["D952 note terms"]),
        ("", "tracks: {t: {stages: {a: {}, b: {}}, actions: {go: {from: a, to: b}}}}\n", ["D701 looser t"]),
    ],
)
def test_what_differs_in_the_process_as_a_whole_is_told(was: str, now: str, expected: list[str]) -> None:
    found = changes(was, now, rules=USES)
    assert told(found) == expected


def test_other_stories_are_no_change() -> None:
    story = "examples: {a-win: {facts: {}, moves: [show, sign]}}\n"
    assert changes("", story) == ()


def test_a_version_that_follows_one_before_the_other_is_told() -> None:
    found = diff(process("", 2), process("follows: {version: 1}\n", 3)).changes
    assert told(found) == ["D905 note follows"]
    assert found[0].says == (
        "version 3 follows version 1, and not version 2: what has another name counts as gone and new"
    )


def test_what_follows_names_and_was_not_there_is_told_with_a_guess() -> None:
    follows = "follows: {version: 1, stages: {dema: demo}, reasons: {pirce: price}}\n"
    actions = "actions: {lose: {from: open, to: lost, reasons: {price: Too expensive}}}\n"
    found = changes(actions, follows + actions)
    assert told(found) == ["D904 note follows/reasons/pirce", "D904 note follows/stages/dema"]
    assert found[0].says == (
        "version 1 had no reason 'pirce', of which `follows` says what became of it; did you mean 'price'?"
    )
