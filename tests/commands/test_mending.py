"""What mends changes that break: each kind has a step of its own."""

from __future__ import annotations

from engine.commands.mending import STEPS, mending_steps
from engine.model.change import Level
from engine.versions.codes import CODES
from engine.versions.diff import diff
from tests.versions.pairs import process


def test_a_currency_is_no_matter_of_follows() -> None:
    old, new = process("currency: EUR\n"), process("currency: USD\n", 2)
    assert list(mending_steps(diff(old, new))) == [
        "keep the currency and make a process of its own for the other one, or have amounts recorded anew, "
        "then compare again"
    ]
    gone = process("stages: {lead: {}, won: {ends: won}}\nactions: {seal: {from: lead, to: won}}\n", 2)
    assert list(mending_steps(diff(old, gone))) == [
        "say under follows in the new version where the deals go that would be stranded, then compare again"
    ]


def test_a_stage_that_a_side_track_loses_is_no_matter_of_follows_either() -> None:
    track = "tracks:\n  legal:\n    stages: {todo: {}, %ssigned: {ends: other}}\n    actions:\n%s"
    signed = "      seal: {from: todo, to: signed}\n"
    text = track % (
        "review: {}, ",
        "      submit: {from: todo, to: review}\n      agree: {from: review, to: signed}\n" + signed,
    )
    found = diff(process(text), process(track % ("", signed), 2))
    steps = list(mending_steps(found))
    assert [(one.code, one.track) for one in found.changes if one.level is Level.BREAK] == [("D102", "legal")]
    assert steps == [
        "keep the stages that side tracks would lose, for follows cannot name them (if they are to go all the same, "
        "say in the plan where the deals there stand), then compare again"
    ]


def test_each_kind_that_breaks_has_its_own_step() -> None:
    kinds = {code.code for code in CODES if Level.BREAK in code.levels}
    assert kinds == set(STEPS)
