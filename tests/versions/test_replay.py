"""Past moves judged again: as the machine judges them one by one, with what was known then."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.machine.compile import Machine
from engine.machine.decide import decide
from engine.model.decision import About, Move, Result
from engine.model.process import Follows, Split
from engine.versions.replay import Told, classed, replay
from engine.versions.replay_classes import Class, Replayed
from engine.versions.replay_judging import GONE, LEFT_OUT, PASSES, REFUSED, UNKNOWN
from engine.versions.replay_learnt import Beside
from tests.machine.building import NOW, machine
from tests.machine.worlds import processes
from tests.versions import pasts

SLOWLY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
STORIES = st.lists(pasts.lives, min_size=3, max_size=5)


@SLOWLY
@given(processes, STORIES, st.sampled_from([1, 2]))
def test_a_version_judges_its_own_journal_as_it_did(spec: dict[str, Any], stories: Any, version: int):
    selling = machine(**spec)
    entries, done = pasts.driven(selling, stories)
    if not entries:
        return
    same = replace(selling.process, version=version)
    replayed, _ = classed(pasts.tables(selling, entries), same, {1: selling.process}, told=Told.JOURNAL, as_of=NOW)
    assert {name: int(rows.sum()) for name, rows in replayed.classes.items() if rows.any()} == {
        Class.SAME: len(done) + len({each.deal for each in entries})
    }


RENAMED = {"s1": "begun", "s2": "shown", "act1": "do", "rate": "rebate", "ok": "fine"}
FOLLOWS = Follows(
    1,
    stages={old: (Split(RENAMED[old]),) for old in ("s1", "s2")},
    actions={"act1": "do"},
    facts={"rate": "rebate", "ok": "fine"},
)


@SLOWLY
@given(processes, STORIES)
def test_a_version_that_only_gives_other_names_changes_nothing(spec: dict[str, Any], stories: Any):
    old = machine(**spec)
    entries, _ = pasts.driven(old, stories)
    if not entries:
        return
    text = json.dumps(spec)
    for before, after in RENAMED.items():
        text = re.sub(rf"\b{before}\b", after, text)
    new = replace(machine(**json.loads(text)).process, version=2, follows=FOLLOWS)
    replayed, _ = classed(pasts.tables(old, entries), new, {1: old.process}, told=Told.JOURNAL, as_of=NOW)
    assert not [name for name, rows in replayed.classes.items() if rows.any() and name is not Class.SAME]


@SLOWLY
@given(processes, processes, STORIES, st.sampled_from(list(Told)))
def test_another_version_says_what_it_decides_move_by_move(
    spec: dict[str, Any], other: dict[str, Any], stories: Any, told: Told
):
    old, new = machine(**spec), machine(**other)
    entries, done = pasts.driven(old, stories)
    if not done:
        return
    process = replace(new.process, version=2)
    notes = {(each.deal, each.sequence): each.note for each in entries} if told is Told.JOURNAL else None
    replayed, _ = classed(
        pasts.tables(old, entries), process, {1: old.process}, told=told, beside=Beside(notes=notes), as_of=NOW
    )
    keys = {(each.entry.deal, each.entry.sequence): each for each in done}
    moves = replayed.moves
    names = moves.tables.deals.column("deal").to_pylist()
    for row in np.flatnonzero(~moves.begins).tolist():
        made = keys[names[moves.deal[row]], int(moves.key[row] % moves.width)]
        agrees(int(replayed.now.state[row]), new, made, told)


def agrees(state: int, new: Any, made: pasts.Done, told: Told) -> None:
    """What is said for sure is what the machine decides; of what a history does not tell nothing is said for sure.

    A journal tells all but who was in which role and what other approvals were given.
    """
    move = replace(made.move, to=made.entry.to_stage)
    decision = decide(new, made.deal, move, now=made.entry.happened_at)
    refused = [each for each in decision.refusals if each.about is not About.ROLE]
    kinds = {each.about for each in refused}
    assert state != LEFT_OUT
    if state == GONE:
        assert kinds & {About.STAGE, About.TARGET}
    elif state == REFUSED:
        assert any(each.result is Result.FAILED or told is Told.JOURNAL for each in refused)
    elif state == PASSES:
        assert not refused, refused
    elif told is Told.JOURNAL:
        assert state == UNKNOWN
        assert all(each.about is About.APPROVAL for each in refused), refused
    else:
        assert state == UNKNOWN
        untold = replace(move, note="", role="", override=False)
        assert not decide(new, replace(made.deal, grants=()), untold, now=made.entry.happened_at).allowed


GATED: dict[str, Any] = {
    "stages": {"a": {}, "b": {}, "won": {"ends": "won"}},
    "actions": {"go": {"from": "a", "to": "b"}, "win": {"from": "b", "to": "won"}},
    "facts": {"rate": "percent"},
    "roles": {"boss": (), "cfo": ()},
    "by": ("boss",),
}
APPROVED = (
    {"rate": Decimal("0.2")},
    [
        (timedelta(days=1), ("approve", ("go", "mia"))),
        (timedelta(days=1), ("move", Move("go", actor="ana", role="boss"))),
    ],
)


def gated(*approvals: dict[str, Any], action: str = "go", **rest: Any) -> Machine:
    actions = {
        action: {"from": "a", "to": "b", "by": ("boss",), "approval": list(approvals)},
        "win": {"from": "b", "to": "won"},
    }
    return machine(**{**GATED, "actions": actions, **rest})


def replayed(old: Machine, new: Machine, *stories: Any, follows: Follows | None = None) -> Replayed:
    entries, _ = pasts.driven(old, stories)
    process = replace(new.process, version=2, follows=follows)
    return classed(pasts.tables(old, entries), process, {1: old.process}, told=Told.JOURNAL, as_of=NOW)[0]


def classes(of: Replayed) -> dict[Class, int]:
    return {name: int(rows.sum()) for name, rows in of.classes.items() if rows.any()}


def test_an_approval_of_then_counts_where_its_role_may_give_the_one_of_now():
    boss, cfo = {"by": "boss", "when": "rate > 10%"}, {"by": "cfo", "when": "rate > 10%"}
    old = gated(boss)
    assert classes(replayed(old, gated(cfo), APPROVED)) == {Class.SAME: 1, Class.REFUSED: 1}
    both = replayed(old, gated({"by": "cfo"}, boss), APPROVED)
    assert [(hit.requirement, hit.verdict) for hit in both.now.hits] == [("go/approval/1", REFUSED)]
    lower = gated({"by": ("cfo", "boss"), "when": "rate > 5%"}, action="pass")
    assert classes(replayed(old, lower, APPROVED, follows=Follows(1, actions={"go": "pass"}))) == {Class.SAME: 2}
    # Nobody tells which of the two had approved, and one approval is not two.
    either = gated({"by": ("boss", "cfo"), "when": "rate > 10%"})
    assert classes(replayed(either, gated(boss), APPROVED)) == {Class.SAME: 1, Class.UNKNOWN: 1}
    twice = replayed(old, gated(boss, {"by": ("boss", "cfo")}), APPROVED)
    assert [(hit.requirement, hit.verdict) for hit in twice.now.hits] == [("go/approval/2", REFUSED)]


def test_where_a_version_has_several_texts_its_moves_are_judged_anew():
    win = {"from": "b", "to": "won", "requires": [{"must": "rate < 10%"}]}
    old, later = (machine(**{**GATED, "actions": {**GATED["actions"], **its}}) for its in ({}, {"win": win}))
    day = timedelta(days=1)
    story = ({"rate": Decimal("0.2")}, [(day, ("move", Move(name, actor="ana"))) for name in ("go", "win")])
    tables = pasts.tables(old, pasts.driven(old, [story])[0])
    new = replace(later.process, version=2)
    study = replay(
        tables,
        new,
        {1: later.process},
        beside=Beside((old.process, later.process)),
        told=Told.JOURNAL,
        subject="",
        as_of=NOW,
    )
    assert study.says == ("Of 3 moves of 1 deal selling@2 would refuse 1 (1 deal, won later for 0).",)
    assert any("several texts of selling@1" in note for note in study.notes)


def test_money_is_that_of_the_deals_whatever_the_new_version_calls_it_or_counts_in():
    old, new = (machine(**{**GATED, "facts": {name: "money"}}) for name in ("value", "amount"))
    dollars = replace(old.process, currency="USD")
    tables = pasts.tables(old, pasts.driven(old, [({"value": Decimal(1000)}, [])])[0])
    follows = Follows(1, facts={"value": "amount"})
    for currency in ("USD", "EUR"):
        its = replace(new.process, version=2, follows=follows, currency=currency)
        study = replay(tables, its, {1: dollars}, told=Told.JOURNAL, subject="", as_of=NOW)
        assert (study.currency, study.sections[0].rows[0][8]) == ("USD", 1000)
    study = replay(tables, its, {1: dollars}, told=Told.JOURNAL, subject="", as_of=NOW, currency="EUR")
    assert study.sections[0].rows[0][8] == 0
    assert study.notes[-1] == "Money is in EUR: that of 1 deal on versions with another currency is not counted."


def test_a_stage_of_a_side_track_keeps_its_name_where_one_of_the_main_track_is_renamed():
    legal = {"legal": {"stages": {"todo": {}, "b": {}}, "actions": {"submit": {"from": "todo", "to": "b"}}}}
    win = {"from": "b", "to": "won", "requires": [{"must": 'track.legal == "b"'}]}
    old = machine(**{**GATED, "tracks": legal, "actions": {**GATED["actions"], "win": win}})
    text = {"stages": {"a": {}, "c": {}, "won": {"ends": "won"}}, "tracks": legal}
    go, win = {"from": "a", "to": "c"}, {**win, "from": "c"}
    new = machine(**{**GATED, **text, "actions": {"go": go, "win": win}})
    day = timedelta(days=1)
    story = ({}, [(day, ("move", Move(name, actor="ana", role="boss"))) for name in ("submit", "go", "win")])
    assert classes(replayed(old, new, story, follows=Follows(1, stages={"b": (Split("c"),)}))) == {Class.SAME: 4}
