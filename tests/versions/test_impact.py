"""What a version does to open deals: held to what the machine says of each of them under both versions."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.machine.compile import compile_process
from engine.machine.decide import options
from engine.machine.tracks import is_forward
from engine.model.deal import Deal
from engine.model.decision import About
from engine.model.process import Follows, Process, Split
from engine.versions.impact import Effect, Impact, impact
from engine.versions.impact_sections import impact_says, sections
from tests.machine.building import NOW, deal, process
from tests.machine.worlds import deals, processes

SLOWLY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
FACTS = {"amount": "money", "rebate": "percent", "budget": "yes-no"}
STAGES: dict[str, Any] = {"new": {}, "offer": {}, "won": {"ends": "won"}, "lost": {"ends": "lost"}}
ACTIONS: dict[str, Any] = {
    "offer-it": {"from": "new", "to": "offer"},
    "sign": {"from": "offer", "to": "won", "approval": [{"by": "boss", "when": "rebate > 10%"}]},
    "lose": {"from": "open", "to": "lost"},
}
OLD = process(stages=STAGES, actions=ACTIONS, facts=FACTS, roles={"boss": ()})


def changed(*, follows: Follows | None = None, **spec: Any) -> Process:
    """The second version, with something else than the first."""
    whole = {"stages": STAGES, "actions": ACTIONS, "facts": FACTS, "roles": {"boss": ()}, **spec}
    return replace(process(**whole), version=2, follows=follows)


def standing(stage: str, name: str = "acme", **facts: Any) -> Deal:
    return deal(stage, id=name, owner="ana", facts={"amount": Decimal(9000), **facts})


def found(new: Process, *its: Deal, old: Process = OLD) -> Impact:
    return impact(its, lambda _: old, new, now=NOW)


def told(of: Impact) -> set[tuple[str, str, str]]:
    return {(hit.deal, hit.effect.value, hit.cause) for hit in of.hits}


def test_a_version_that_differs_in_nothing_does_nothing():
    of = found(changed(), standing("new"), standing("offer", "beta"))
    assert not of.hits
    assert of.unchanged.deals == 2
    assert impact_says(of) == (
        "None of 2 open deals would be stranded or refused by selling@2, and none would be spared anything.",
    )


def test_a_stage_that_is_gone_strands_its_deals_and_says_how_much_money_they_are():
    stages = {name: spec for name, spec in STAGES.items() if name != "offer"}
    actions = {"sign": {"from": "new", "to": "won"}, "lose": ACTIONS["lose"]}
    of = found(changed(stages=stages, actions=actions), standing("offer"), standing("new", "beta"))
    assert ("acme", "stranded", "its stage 'offer' is gone, and nothing says where it goes") in told(of)
    assert impact_says(of)[0] == "1 of 2 open deals would be stranded, 9,000, all of ana."


def test_a_stage_that_was_renamed_or_split_takes_its_deals_along():
    stages: dict[str, Any] = {"new": {}, "small": {}, "large": {}, "won": {"ends": "won"}, "lost": {"ends": "lost"}}
    actions = {
        "offer-it": {"from": "new", "to": ["small", "large"]},
        "sign": {**ACTIONS["sign"], "from": ["small", "large"]},
        "lose": ACTIONS["lose"],
    }
    new = changed(stages=stages, actions=actions)
    large = process(stages={"x": {"to_enter": [{"must": "amount >= 10000"}]}}, actions={}, facts=FACTS)
    when = large.main.first.to_enter[0].condition
    split = Follows(1, stages={"offer": (Split("large", when), Split("small"))})
    assert not found(replace(new, follows=split), standing("offer")).hits
    only_large = Follows(1, stages={"offer": (Split("large", when),)})
    assert told(found(replace(new, follows=only_large), standing("offer"))) == {
        ("acme", "stranded", "nothing says where a deal like it goes from 'offer'")
    }


def test_a_stage_from_which_nothing_leads_on_strands_its_deals():
    actions = {"offer-it": ACTIONS["offer-it"], "lose": {"from": "new", "to": "lost"}}
    assert told(found(changed(actions=actions), standing("offer"))) == {
        ("acme", "stranded", "no action leads on from 'offer'")
    }


def test_a_new_requirement_refuses_the_next_move_and_only_that_of_deals_that_fail_it():
    stages = {**STAGES, "offer": {"to_enter": [{"must": "budget"}]}}
    of = found(
        changed(stages=stages), standing("new"), standing("new", "beta", budget=True), standing("offer", "gamma")
    )
    assert told(of) == {("acme", "refused at the next move", "offer/to_enter/1")}
    assert [row[1] for row in sections(of)[0].rows] == [0, 1, 0, 2, 0]


def test_a_lost_approval_lets_deals_escape_it_where_they_needed_it():
    actions = {**ACTIONS, "sign": {"from": "offer", "to": "won"}}
    high, low = standing("offer", rebate=Decimal("0.2")), standing("offer", "beta", rebate=Decimal("0.05"))
    assert told(found(changed(actions=actions), high, low)) == {("acme", "escaping a control", "sign/approval/1")}
    # An approval that was given does not come along.
    back = impact([high, low], lambda _: replace(changed(actions=actions), version=1), replace(OLD, version=2), now=NOW)
    assert told(back) == {("acme", "refused at the next move", "sign/approval/1")}


def test_deals_that_cannot_be_judged_are_counted_and_never_pass_for_unchanged():
    lost = replace(standing("new", "beta"), digest="other")
    forgotten = replace(standing("new", "gamma"), forgotten=True)
    of = impact(
        [standing("new"), lost, forgotten, replace(standing("won", "delta"), outcome="won")],
        lambda digest: OLD if digest == "d1" else "it is gone",
        changed(),
        now=NOW,
    )
    assert (of.every.deals, of.unchanged.deals, of.unjudged) == (3, 1, 2)
    assert impact_says(of) == (
        "Nothing changes for the 1 open deal that could be judged.",
        "2 of 3 open deals could not be judged: 1 open deal was forgotten; "
        "1 open deal follows a definition that cannot be read: it is gone.",
    )


def test_a_value_that_the_new_version_cannot_hold_counts_as_unknown():
    old = process(stages=STAGES, actions=ACTIONS, facts={**FACTS, "tag": "number"}, roles={"boss": ()})
    sign = {**ACTIONS["sign"], "requires": [{"must": 'tag.starts_with("x")'}]}
    new = changed(facts={**FACTS, "tag": "text"}, actions={**ACTIONS, "sign": sign})
    of = found(new, standing("offer", tag=Decimal(5)), old=old)
    assert told(of) == {("acme", "refused at the next move", "sign/requires/1")}


def test_money_is_that_of_the_deals_whatever_the_new_version_calls_it_or_counts_in():
    worth = {**{name: of for name, of in FACTS.items() if name != "amount"}, "value": "money"}
    old = replace(process(stages=STAGES, actions=ACTIONS, facts=worth, roles={"boss": ()}), currency="USD")
    deals = [deal("offer", id="acme", owner="ana", facts={"value": Decimal(1000)})]
    new = replace(changed(follows=Follows(1, facts={"value": "amount"})), currency="USD")
    for its in (new, replace(new, currency="EUR")):
        of = impact(deals, lambda _: old, its, now=NOW)
        assert (of.unchanged.money, of.currency, of.uncounted) == (1000, "USD", 0)
    euros = replace(OLD, currency="EUR")
    both = [*deals, replace(standing("offer", "beta"), digest="other")]
    of = impact(both, lambda digest: old if digest == "d1" else euros, replace(new, currency="EUR"), now=NOW)
    assert (of.unchanged.money, of.currency, of.uncounted) == (9000, "EUR", 1)
    assert "that of 1 deal on versions with another currency is not counted" in sections(of)[0].notes[-1]


def test_a_stage_of_a_side_track_keeps_its_name_where_one_of_the_main_track_is_renamed():
    legal = {"legal": {"stages": {"todo": {}, "offer": {}}, "actions": {"ask": {"from": "todo", "to": "offer"}}}}
    old = process(stages=STAGES, actions=ACTIONS, facts=FACTS, roles={"boss": ()}, tracks=legal)
    stages = {"new": {}, "sent": {}, "won": {"ends": "won"}, "lost": {"ends": "lost"}}
    actions = {**ACTIONS, "offer-it": {"from": "new", "to": "sent"}, "sign": {**ACTIONS["sign"], "from": "sent"}}
    new = changed(stages=stages, actions=actions, tracks=legal, follows=Follows(1, stages={"offer": (Split("sent"),)}))
    assert not found(new, replace(standing("offer"), tracks={"legal": "offer"}), old=old).hits


def test_stages_that_became_one_show_what_the_deals_really_meet_next():
    stages = {name: spec for name, spec in STAGES.items() if name != "offer"}
    sign = {"from": "new", "to": "won", "requires": [{"must": "budget", "says": "There is a budget"}]}
    merged = changed(
        stages=stages,
        actions={"sign": sign, "lose": ACTIONS["lose"]},
        follows=Follows(1, stages={"offer": (Split("new"),)}),
    )
    low: dict[str, Any] = {"rebate": Decimal("0.05")}
    its = (standing("new", **low), standing("offer", "beta", **low), standing("new", "gamma", budget=True, **low))
    of = found(merged, *its)
    # 'offer-it' would lead them to where they stand already.
    assert told(of) == {(name, "refused at the next move", "sign/requires/1") for name in ("acme", "beta")}
    large = standing("new", rebate=Decimal("0.2"), budget=True)
    assert told(found(merged, large)) == {("acme", "escaping a control", "sign/approval/1")}


def test_a_move_that_leads_on_only_from_elsewhere_says_from_where():
    stages: dict[str, Any] = {"new": {}, "offer": {}, "talk": {}, "won": {"ends": "won"}, "lost": {"ends": "lost"}}
    actions = {**ACTIONS, "talk-it-over": {"from": "offer", "to": "talk"}, "sign": {**ACTIONS["sign"], "from": "talk"}}
    of = found(changed(stages=stages, actions=actions), standing("offer"))
    assert [hit.says for hit in of.hits] == ["'sign' leads to 'won' from 'talk' only"]


def test_most_are_of_an_owner_only_where_more_than_half_are():
    stages = {**STAGES, "offer": {"to_enter": [{"must": "budget"}]}}
    its = [replace(standing("new", f"d{at}"), owner=owner) for at, owner in enumerate("aabbc")]
    assert impact_says(found(changed(stages=stages), *its))[0].endswith("45,000, a 2, b 2, c 1.")
    assert impact_says(found(changed(stages=stages), *its[:3]))[0].endswith("27,000, mostly of a.")


@SLOWLY
@given(processes, processes, st.lists(deals(), min_size=4, max_size=12))
def test_what_is_refused_and_what_escapes_is_what_the_machine_says_of_each_deal(
    spec: dict[str, Any], other: dict[str, Any], its: list[Deal]
):
    old, new = process(**spec), replace(process(**other), version=2)
    opened = [replace(each, id=f"d{at}") for at, each in enumerate(its) if not old.main.is_end(each.stage)]
    of = impact(opened, lambda _: old, new, now=NOW)
    for each in opened:
        mine = [hit for hit in of.hits if hit.deal == each.id]
        if any(hit.effect is Effect.STRANDED for hit in mine):
            continue
        before, after = next_moves(old, each), next_moves(new, replace(each, grants=()))
        for effect, here, there in ((Effect.REFUSED, after, before), (Effect.ESCAPING, before, after)):
            hits = {(hit.move, hit.cause) for hit in mine if hit.effect is effect and not hit.cause.endswith("/target")}
            shared = here.keys() & there.keys()
            assert hits <= {(move, name) for move in shared for name in here[move] - there[move]}
            # What stands in the way under another id may ask the very same; where nothing did, all of it is new.
            assert hits >= {(move, name) for move in shared for name in here[move] if not there[move]}
        gone = {hit.move for hit in mine if hit.cause.endswith("/target")}
        assert gone == before.keys() - after.keys()


def next_moves(of: Process, each: Deal) -> dict[str, set[str]]:
    """By move forward: the requirements that stand in its way, but for roles and what is still to be given."""
    found: dict[str, set[str]] = {}
    for decision in options(compile_process(of), each, role="", actor="\0", now=NOW):
        misplaced = any(verdict.about in (About.STAGE, About.TARGET) for verdict in decision.verdicts)
        if decision.track == "main" and not misplaced and is_forward(of.main, each.stage, decision.to_stage):
            names = {verdict.requirement for verdict in decision.refusals if verdict.about is not About.ROLE}
            found[f"{decision.move.action} to {decision.to_stage}"] = names
    return found
