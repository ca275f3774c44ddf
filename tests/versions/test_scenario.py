"""A scenario in another version's words: what is renamed follows, what is gone is said, what lacks is asked for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.loading.processes import load_process
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.scenario import (
    Agreeing,
    Arrivals,
    Branch,
    FactDrawn,
    FactRows,
    Form,
    Pool,
    Scenario,
    Serving,
    Spread,
    Standing,
    TrackAssumed,
    Work,
)
from engine.versions.scenario import carried

from .sale import NEW, OLD, loaded

ROOT = Path(__file__).parents[2]
WAIT = Spread(Form.LOGNORMAL, 86_400, 4 * 86_400)
HOURS = Spread(Form.CONSTANT, 3_600)


def shipped(version: int) -> Process:
    found = load_process(ROOT / f"processes/inside-sales/{version}.yaml", workspace=ROOT)
    assert found.value is not None
    return found.value


def standing(stage: str, *branches: tuple[str, str, float]) -> Standing:
    return Standing(stage, tuple(Branch(*branch) for branch in branches), dwell=WAIT)


def scenario(*stages: Standing, process: str = "inside-sales", **others: object) -> Scenario:
    return Scenario("base", process, timedelta(weeks=26), Arrivals(weekly=20), stages, **others)  # type: ignore[arg-type]


SECOND = scenario(
    standing("prospect", ("qualify", "qualified", 0.6), ("disqualify", "unqualified", 0.2), ("lose", "lost", 0.2)),
    standing("qualified", ("hold-demo", "demo", 0.7), ("lose", "lost", 0.3)),
    standing("demo", ("send-proposal", "proposal", 0.6), ("lose", "lost", 0.3), ("step-back", "qualified", 0.1)),
    standing("proposal", ("negotiate", "negotiation", 0.6), ("lose", "lost", 0.4)),
    standing("negotiation", ("sign", "won", 0.6), ("lose", "lost", 0.4)),
    standing("lost", ("reopen", "qualified", 1.0)),
    facts=(
        FactDrawn("discount", Spread(Form.LOGNORMAL, 0.05, 0.2)),
        FactDrawn("contact_role", choices=(("user", 1.0),)),
    ),
    rows=FactRows(("amount", "decision_date"), ((9000, None),)),  # type: ignore[arg-type]
    pools=(Pool("ae", (), serving=Serving.BY_FACT, fact="discount", stages=("qualified",)),),
    touchpoints={"demo": Work("ae", HOURS)},
    approvals=(Agreeing("manager"),),
    tracks=(TrackAssumed("legal", (standing("in-review", ("approve-contract", "approved", 1.0)),)),),
)


def test_a_scenario_in_its_own_words_stays_as_it_is() -> None:
    two = shipped(2)
    assert carried(SECOND, two, two).scenario == SECOND.__class__(
        **{name: getattr(SECOND, name) for name in SECOND.__slots__} | {"version": 2}
    )


def test_backwards_everything_is_called_as_it_was_and_what_came_up_since_is_left_out() -> None:
    told = carried(SECOND, shipped(2), shipped(1))
    now = told.scenario
    assert [each.stage for each in now.stages] == ["prospect", "interested", "demo", "proposal", "negotiation"]
    assert [(b.action, b.to, round(b.share, 6)) for b in now.stages[0].branches] == [
        ("mark-interested", "interested", 0.6),
        ("lose", "lost", 0.4),
    ]
    assert now.stages[2].branches[2].to == "interested"
    assert [each.fact for each in now.facts] == ["rebate"]
    assert now.rows == FactRows(("amount",), ((9000,),))  # type: ignore[arg-type]
    assert (now.pools[0].fact, now.pools[0].stages, now.version) == ("rebate", ("interested",), 1)
    assert (now.touchpoints, now.approvals, now.tracks) == (SECOND.touchpoints, SECOND.approvals, ())
    assert now.luck == {
        "main/interested": "main/qualified",
        "facts/rebate": "facts/discount",
        "actions/mark-interested": "actions/qualify",
    }
    rest = "is no action of inside-sales@1 there: what leads the same way is tried more often"
    assert told.notes == (
        f"in 'prospect' 'disqualify' (20%) {rest}",
        f"in 'lost' 'reopen' (100%) {rest}",
        "'legal' is no track of inside-sales@1: what was assumed of it is left out",
        "'contact_role' is no fact of inside-sales@1: it is not drawn there",
        "'decision_date' is no fact of inside-sales@1: it is not drawn there",
    )


def test_a_fact_that_only_the_new_version_needs_is_asked_for() -> None:
    first = carried(SECOND, shipped(2), shipped(1)).scenario
    with pytest.raises(BadValue, match="needs the fact 'contact_role' for 'qualify'") as caught:
        carried(first, shipped(1), shipped(2))
    assert caught.value.hint == "copy the scenario, write 'version: 2' and the fact contact_role into the copy"


OLD_SALE = scenario(
    standing("new", ("ring", "call", 0.5), ("go", "meet", 0.3), ("lose", "lost", 0.2)),
    standing("call", ("go", "meet", 0.5), ("go", "chat", 0.3), ("lose", "lost", 0.2)),
    standing("meet", ("go", "offer", 0.8), ("lose", "lost", 0.2)),
    standing("chat", ("go", "pilot", 0.6), ("lose", "lost", 0.4)),
    standing("offer", ("win", "won", 0.5), ("lose", "lost", 0.5)),
    standing("pilot", ("win", "won", 1.0)),
    process="sale",
    facts=(FactDrawn("users", Spread(Form.LOGNORMAL, 5, 20)), FactDrawn("tier", choices=(("gold", 0.5), ("tin", 0.5)))),
)


def test_stages_that_became_one_or_several_are_said(tmp_path: Path) -> None:
    old, new = (loaded(tmp_path, text)[0] for text in (OLD, NEW.replace("{asks: [tier]}", "{}")))
    told = carried(OLD_SALE, old, new)
    stages = {each.stage: [(b.action, b.to, round(b.share, 3)) for b in each.branches] for each in told.scenario.stages}
    assert list(stages) == ["new", "talk", "demo", "small", "large"]
    assert stages["new"] == [("phone", "talk", 0.5), ("go", "demo", 0.3), ("lose", "lost", 0.2)]
    assert stages["demo"] == [("go", "small", 0.4), ("go", "large", 0.4), ("lose", "lost", 0.2)]
    assert stages["small"] == stages["large"] == [("win", "won", 0.5), ("lose", "lost", 0.5)]
    assert [each.fact for each in told.scenario.facts] == ["seats"]
    assert any("'pilot' is no stage of sale@2" in note for note in told.notes)
    assert any("what was of 'chat' is left out" in note for note in told.notes)
    assert any("'tier' is a choice in sale@2, no text" in note for note in told.notes)


def test_a_stage_that_deals_come_to_and_nothing_is_said_of_is_asked_for(tmp_path: Path) -> None:
    old = loaded(tmp_path, OLD)[0]
    text = NEW.replace("  hold: {ends: lost}", "  check: {}\n  hold: {ends: lost}")
    new = loaded(tmp_path, text.replace("win: {from: open, to: won}", "win: {from: check, to: won}"))[0]
    with pytest.raises(BadValue, match="nothing of how deals go on from 'small' in sale@2") as caught:
        carried(OLD_SALE, old, new)
    assert "'win' (50%) is no action of sale@2 there" in str(caught.value)
    assert "'go' that leads on" in str(caught.value)
