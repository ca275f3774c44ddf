"""What becomes of open deals: each kind of stage, facts, side tracks, and deals that no line is about."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.deal import Deal
from engine.model.plan import Fate, Plan
from engine.versions.plan import Definitions, plan
from tests.versions.sale import NEW, NOW, OLD, deal_of, life, loaded


@pytest.fixture(scope="module")
def sale(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sale")
    return loaded(folder, OLD), loaded(folder, NEW)


@pytest.fixture
def planned(sale):
    def made(*deals: Deal, unread=None) -> Plan:
        (old, before), (new, after) = sale
        definitions = Definitions({} if unread else {before.digest: old, after.digest: new}, unread or {})
        return plan(deals, definitions, new, digest=after.digest, now=NOW)

    return made


@pytest.fixture
def one(sale, planned):
    def made(*stages: str, **said):
        (line,) = planned(deal_of(life(sale[0][1], "acme", *stages, **said))).lines
        return line

    return made


@pytest.mark.parametrize(
    ("stage", "amount", "fate", "to"),
    [
        ("new", 900, Fate.STAYS, "new"),
        ("call", 900, Fate.FOLLOWS, "talk"),
        ("meet", 900, Fate.MAPS, "demo"),
        ("chat", 900, Fate.MAPS, "demo"),
        ("offer", 900, Fate.MAPS, "small"),
        ("offer", 1000, Fate.MAPS, "large"),
        ("pilot", 900, Fate.DECIDE, ""),
        ("hold", 900, Fate.DECIDE, ""),
    ],
)
def test_a_stage_stays_follows_maps_or_waits_for_somebody(one, stage, amount, fate, to):
    line = one(stage, facts={"amount": Decimal(amount)})
    assert (line.fate, line.to_stage, line.stage) == (fate, to, stage)
    assert stage in line.why
    assert bool(line.candidates) is (fate is Fate.DECIDE)


def test_a_split_that_no_condition_decides_waits_among_its_targets(one):
    line = one("offer", facts={"users": Decimal(5), "budget": True})
    assert line.fate is Fate.DECIDE
    assert [(each.stage, each.met, each.of) for each in line.candidates] == [("small", 1, 2), ("large", 3, 3)]


def test_the_last_line_of_a_split_takes_those_of_which_nothing_is_known(tmp_path):
    (old, before), (new, after) = (
        loaded(tmp_path, OLD),
        loaded(tmp_path, NEW.replace("{to: large, when: amount >= 1000}", "{to: large}")),
    )
    definitions = Definitions({before.digest: old, after.digest: new})
    deal = deal_of(life(before, "acme", "offer", facts={"users": Decimal(5)}))
    (line,) = plan((deal,), definitions, new, digest=after.digest, now=NOW).lines
    assert (line.fate, line.to_stage) == (Fate.MAPS, "large")


def test_a_value_of_another_type_decides_no_split(tmp_path):
    text = NEW.replace("{to: small, when: amount < 1000}", '{to: small, when: tier.starts_with("g")}')
    (old, before), (new, after) = (
        loaded(tmp_path, OLD.replace("tier: {type: text}", "tier: {type: number}")),
        loaded(tmp_path, text.replace("tier: {type: choice, of: [gold, basic]}", "tier: {type: text}")),
    )
    definitions = Definitions({before.digest: old, after.digest: new})
    deal = deal_of(life(before, "acme", "offer", facts={"tier": Decimal(5), "amount": Decimal(2000)}))
    (line,) = plan((deal,), definitions, new, digest=after.digest, now=NOW).lines
    assert (line.to_stage, line.facts) == ("large", {"tier": ""})


def test_a_merged_stage_read_backwards_waits_for_somebody(sale):
    (old, before), (new, after) = sale
    deal = deal_of(life(after, "acme", "demo"))
    (line,) = plan([deal], Definitions({after.digest: new}), old, digest=before.digest, now=NOW).lines
    assert (line.fate, [each.stage for each in line.candidates]) == (Fate.DECIDE, ["meet", "chat"])


@pytest.mark.parametrize("is_known", [True, False])
def test_where_a_step_of_the_way_is_missing_only_ids_are_matched(tmp_path, is_known):
    ways = "actions: {{go: {{from: open, to: later}}, win: {{from: open, to: won}}, lose: {{from: open, to: lost}}}}\n"
    text = "process: way\nversion: {}\nstages: {{{}, won: {{ends: won}}, lost: {{ends: lost}}}}\n" + ways
    follows = "because: Renamed.\nfollows: {{version: {}, stages: {{{}}}}}\n"
    (first, before), (second, _), (third, after) = (
        loaded(tmp_path, text.format(1, "n: {}, a: {}, b: {}")),
        loaded(tmp_path, text.format(2, "n: {}, b: {}") + follows.format(1, "a: b")),
        loaded(tmp_path, text.format(3, "n: {}, c: {}") + follows.format(2, "b: c")),
    )
    between = (second,) if is_known else ()
    for old, new, stages, candidates in (
        ((third, after), (first, before), "nc", ["b", "a"] if is_known else ["n", "a", "b"]),
        ((first, before), (third, after), "nb", [] if is_known else ["n", "c"]),
    ):
        deals = [deal_of(life(old[1], stage, stage)) for stage in stages]
        made = plan(deals, Definitions({old[1].digest: old[0]}, between=between), new[0], digest=new[1].digest, now=NOW)
        assert (made.lines[0].fate, made.lines[0].to_stage) == (Fate.STAYS, "n")
        assert [each.stage for each in made.lines[1].candidates] == candidates
        assert len(made.undecided) == bool(candidates)
        assert len(made.breaks) == (not is_known)


def test_candidates_count_what_it_takes_to_stand_there(one):
    line = one("new", "call", "pilot", facts={"users": Decimal(5), "budget": True, "tier": "gold"})
    met = {each.stage: (each.met, each.of) for each in line.candidates}
    assert met == {"new": (0, 0), "talk": (0, 0), "demo": (0, 0), "small": (2, 2), "large": (3, 3)}
    # What was called 'call' counts as 'talk'; whoever never stood there has not reached it.
    for stages, reached in ((("call", "pilot"), 1), (("new", "pilot"), 0)):
        bare = one(*stages, facts={"amount": Decimal(1)})
        assert {each.stage: each.met for each in bare.candidates}["large"] == reached


def test_facts_are_told_by_their_new_names_or_as_lost(one):
    line = one("new", facts={"users": Decimal(5), "tier": "silver", "budget": True})
    assert line.facts == {"users": "seats", "tier": ""}
    assert one("new", facts={"tier": "gold"}).facts == {}


def test_side_tracks_stay_wait_or_are_gone(one):
    line = one("new", tracks="legal/asked press/loud")
    assert [(step.track, step.to_stage, step.is_gone) for step in line.tracks] == [
        ("legal", "asked", False),
        ("press", "", True),
    ]
    assert not line.waits
    assert one("new", tracks="legal/checked").waits


def test_no_deal_is_left_out_in_silence(sale, planned):
    (_, before), (_, after) = sale
    fine = deal_of(life(before, "fine", "new"))
    there = deal_of(life(after, "there", "new"))
    told = planned(
        fine,
        there,
        replace(fine, id="gone", forgotten=True),
        replace(fine, id="other", process="renewals"),
        replace(fine, id="lost", digest="f" * 64),
        deal_of(life(before, "shut", "new", "won")),
    )
    assert [line.deal for line in told.lines] == ["fine"]
    assert len(told.left_out) == 5
    assert "1 deal, on sale@1 (ffffffffffff), which cannot be read, for its definition is nowhere to be found" in (
        told.left_out
    )


def test_a_version_that_cannot_be_read_says_why(sale, planned):
    deal = deal_of(life(sale[0][1], "acme", "new"))
    told = planned(deal, unread={deal.digest: "it is of a newer form"})
    assert not told.lines
    assert told.left_out == (
        f"1 deal, on sale@1 ({deal.digest[:12]}), which cannot be read, for it is of a newer form",
    )


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.sampled_from([Decimal(1), Decimal(1000)]),
        "users": st.sampled_from([Decimal(2), Decimal(5)]),
        "tier": st.sampled_from(["gold", "silver"]),
        "budget": st.booleans(),
    },
)
STAGES = st.lists(st.sampled_from(["new", "call", "meet", "chat", "offer", "pilot", "hold"]), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(STAGES, FACTS), min_size=1, max_size=8))
def test_many_deals_are_judged_as_each_alone(sale, lives):
    (old, before), (new, after) = sale
    deals = [deal_of(life(before, f"d{n}", *stages, facts=facts)) for n, (stages, facts) in enumerate(lives)]
    definitions = Definitions({before.digest: old})
    together = plan(deals, definitions, new, digest=after.digest, now=NOW).lines
    alone = [plan([deal], definitions, new, digest=after.digest, now=NOW).lines[0] for deal in deals]
    assert list(together) == alone
