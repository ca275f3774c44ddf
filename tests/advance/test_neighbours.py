"""Deals that go on in another process, and deals that a move starts there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.advance.unfolding import Unfolding
from engine.history.entries import fact_types, tables_of
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.deal import fold
from engine.model.decision import About, Result
from engine.model.entry import EntryKind
from engine.model.errors import DealExists, UnknownName
from tests.advance.shop import Shop

SALES = """\
touchpoints: [call]
roles: {rep: [], boss: []}
override: {by: [boss]}
facts:
  amount: {type: money}
  seats: {type: number}
  pain: {type: text}
  plan: {type: choice, of: [month, year]}
  signed_on: {type: date}
stages: {lead: {}, demo: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  show: {from: lead, to: demo, touchpoint: call}
  sign:
    from: demo
    to: won
    sets: {signed_on: today}
    starts: {process: renewals, when: 'plan == "year"', sets: {amount: amount, ends_on: signed_on + 365d}}
  hand-over: {from: [lead, demo], to: self-serve/trial, by: [rep], asks: [note]}
  lose: {from: open, to: lost}
tracks:
  legal: {stages: {asked: {}, agreed: {}}, actions: {agree: {from: asked, to: agreed}}}
clocks:
  small: {in: demo, stays: 30d, then: hand-over, when: amount < 100}
"""
SELF_SERVE = """\
touchpoints: [call]
facts:
  amount: {type: money}
  seats: {type: text}
  pain: {type: text}
  paid: {type: yes-no}
  tried_on: {type: date}
stages:
  visit: {}
  trial: {asks: [pain], stamps: {tried_on: today}, to_enter: [{must: amount < 5000, says: Small enough}]}
  retained: {ends: won}
actions:
  try: {from: visit, to: trial}
  retain: {from: trial, to: retained, auto: true, when: paid}
  back: {from: trial, to: sales/demo}
always: [{must: pain != "none", says: There is a pain}]
"""
RENEWALS = """\
facts: {amount: {type: money}, ends_on: {type: date}}
stages: {waiting: {asks: [amount]}, talking: {}, renewed: {ends: won}}
actions:
  talk: {from: waiting, to: talking, auto: true, when: amount >= 10000}
  renew: {from: [waiting, talking], to: renewed, starts: {process: renewals, sets: {amount: amount}}}
"""
REP = {"role": "rep"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, {"sales": SALES, "self-serve": SELF_SERVE, "renewals": RENEWALS})
    yield shop
    shop.journal.close()


def refused(outcome) -> list[str]:
    return [verdict.requirement for verdict in outcome.decision.refusals]


def test_a_deal_goes_on_in_another_process_with_the_facts_that_both_have(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(900), "seats": Decimal(3), "pain": "slow", "plan": "year"})
    shop.do("show")
    shop.do("agree")
    shop.wait(days=2)
    outcome = shop.do("hand-over", who=REP, note="too small")
    deal = shop.deal()
    assert outcome.decision.allowed
    assert (deal.process, deal.version, deal.stage) == ("self-serve", 1, "trial")
    assert dict(deal.facts) == {"amount": Decimal(900), "pain": "slow", "tried_on": date(2026, 3, 4)}
    assert deal.touches["call"].count == 1
    assert (dict(deal.tracks), deal.visited, deal.previous) == ({}, frozenset({"trial"}), "")
    assert deal.entered_at == shop.now
    assert isinstance(shop.journal, SqlJournal)
    assert verify(shop.journal) == ()
    assert {each.process for each in shop.journal.definitions()} == {"sales", "self-serve"}


def test_money_does_not_go_over_into_another_currency(tmp_path: Path) -> None:
    there = "currency: USD\n" + SELF_SERVE
    shop = Shop(tmp_path, {"sales": "currency: EUR\n" + SALES, "self-serve": there, "renewals": RENEWALS})
    shop.start("sales", facts={"amount": Decimal(900), "pain": "slow"})
    outcome = shop.do("hand-over", who=REP, note="too small")
    assert refused(outcome) == ["self-serve@1:trial/to_enter/1"]
    shop.write("self-serve", there.replace("to_enter: [{must: amount < 5000, says: Small enough}]", "to_enter: []"))
    shop.do("hand-over", who=REP, note="too small")
    assert "amount" not in shop.deal().facts


def test_it_goes_on_there_by_the_rules_of_there_and_may_come_back(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(900), "pain": "slow"})
    shop.do("hand-over", who=REP, note="too small")
    assert set(shop.can()) == {"try", "retain", "back"}
    shop.do("back")
    deal = shop.deal()
    assert (deal.process, deal.stage) == ("sales", "demo")
    assert dict(deal.facts) == {"amount": Decimal(900), "pain": "slow"}
    shop.do("hand-over", who=REP, note="after all")
    shop.record(paid=True)
    assert (shop.deal().stage, shop.deal().outcome) == ("retained", "won")


def test_both_processes_tell_all_that_stands_in_the_way(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(9000)})
    outcome = shop.do("hand-over")
    assert refused(outcome) == [
        "hand-over/role",
        "hand-over/asks/note",
        "self-serve@1:trial/asks/pain",
        "self-serve@1:trial/to_enter/1",
        "self-serve@1:always/1",
    ]
    assert (shop.deal().process, shop.deal().stage) == ("sales", "lead")
    assert shop.journal.entries("acme")[-1].kind is EntryKind.REFUSED


def test_an_override_waives_there_only_what_the_other_process_lets_it_waive(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(9000), "pain": "none"})
    boss = {"role": "boss"}
    outcome = shop.do("hand-over", who=boss, override=True)
    assert refused(outcome) == ["hand-over/role", "self-serve@1:trial/to_enter/1", "self-serve@1:always/1"]
    shop.write("self-serve", "roles: {boss: []}\noverride: {by: [boss]}\n" + SELF_SERVE)
    outcome = shop.do("hand-over", who=boss, override=True)
    assert refused(outcome) == ["hand-over/role", "self-serve@1:always/1"]
    waived = [each.requirement for each in outcome.decision.verdicts if each.result is Result.WAIVED]
    assert waived == ["hand-over/asks/note", "self-serve@1:trial/to_enter/1"]


def test_what_is_left_behind_knowingly_stays_behind(shop: Shop) -> None:
    shop.write("sales", SALES.replace("asks: [note]}", "asks: [note], drops: [amount]}"))
    shop.start("sales", facts={"amount": Decimal(900), "pain": "slow"})
    outcome = shop.do("hand-over", who=REP, note="too small")
    assert refused(outcome) == ["self-serve@1:trial/to_enter/1"]


def test_a_clock_is_exempt_there_from_what_it_is_exempt_from_here(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(50)})
    shop.do("show")
    shop.write("self-serve", SELF_SERVE.replace('always: [{must: pain != "none", says: There is a pain}]', ""))
    assert shop.told(days=31) == [("acme", "small", "moved")]


AUTOMATIC = """\
facts: {go: {type: yes-no}}
stages: {a: {}, parked: {}, b: {ends: won}}
actions:
  hand: {from: a, to: other/entry, auto: true, when: go}
  park: {from: a, to: parked, auto: true, when: go}
"""
OTHER = "facts: {go: {type: yes-no}}\nstages: {entry: {to_enter: [{must: not go, says: Never}]}, out: {ends: won}}\n"


@pytest.mark.parametrize("texts", [{"one": AUTOMATIC}, {"one": AUTOMATIC, "other": OTHER}])
def test_an_automatic_hand_over_that_cannot_be_leaves_the_next_action_to_be_done(tmp_path: Path, texts) -> None:
    shop = Shop(tmp_path, texts)
    shop.start("one")
    shop.record(go=True)
    assert (shop.deal().process, shop.deal().stage) == ("one", "parked")


def test_a_started_deal_whose_own_hand_over_cannot_be_is_started_all_the_same(tmp_path: Path) -> None:
    selling = (
        "stages: {a: {}, b: {ends: won}}\nactions: {win: {from: a, to: b, starts: {process: one, sets: {go: true}}}}\n"
    )
    shop = Shop(tmp_path, {"selling": selling, "one": AUTOMATIC})
    shop.start("selling")
    assert shop.do("win").decision.allowed
    assert shop.deal("acme-one").stage == "parked"


def test_a_started_deal_that_fails_on_the_way_leaves_nothing_behind(shop: Shop, monkeypatch) -> None:
    follow = Unfolding.follow

    def failing(unfolding: Unfolding) -> None:
        if unfolding.deal.process == "renewals":
            raise UnknownName("there is no such thing")
        follow(unfolding)

    shop.start("sales", facts={"amount": Decimal(900), "plan": "year"})
    shop.do("show")
    monkeypatch.setattr(Unfolding, "follow", failing)
    assert shop.do("sign").decision.allowed
    assert [deal.id for deal in shop.journal.deals()] == ["acme"]
    told = [each for each in shop.journal.entries("acme")[-1].verdicts if each.about is About.STARTS]
    assert [(each.result, each.needs) for each in told] == [(Result.FAILED, "there is no such thing")]


def test_the_name_of_a_started_deal_is_no_longer_than_a_name_may_be(shop: Shop) -> None:
    name = "x" * 200
    shop.start("sales", name, facts={"amount": Decimal(900), "plan": "year"})
    shop.do("show", name)
    shop.do("sign", name)
    names = [deal.id for deal in shop.journal.deals()]
    assert len(names) == 2
    assert max(map(len, names)) == 200


def test_a_hand_over_of_a_side_track_takes_the_whole_deal_along(shop: Shop) -> None:
    """No file can say so any more; an older journal may hold one."""
    shop.start("sales", facts={"amount": Decimal(900), "pain": "slow"})
    shop.do("hand-over", who=REP, note="too small")
    entries = shop.journal.entries("acme")
    deal = fold((*entries[:-1], replace(entries[-1], track="legal")))
    assert deal == fold(entries)


def test_can_tells_what_the_other_process_asks_and_records_nothing(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(9000), "pain": "slow"})
    assert shop.can()["hand-over"] is False
    assert len(shop.journal.entries("acme")) == 1


def test_a_process_that_is_gone_is_an_error_that_changes_nothing_and_hides_no_other_action(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(900), "pain": "slow"})
    (shop.folder / "processes" / "self-serve" / "1.yaml").unlink()
    with pytest.raises(UnknownName, match="no process 'self-serve'"):
        shop.do("hand-over", who=REP, note="too small")
    assert shop.can() == {"show": True, "sign": False, "hand-over": False, "lose": True, "agree": True}
    assert len(shop.journal.entries("acme")) == 1


def test_a_clock_hands_over_too(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(50), "pain": "slow"})
    shop.do("show")
    assert shop.told(days=31) == [("acme", "small", "moved")]
    assert (shop.deal().process, shop.deal().stage) == ("self-serve", "trial")


def test_tables_tell_the_visits_in_both_processes(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(900), "pain": "slow", "plan": "year"})
    shop.wait(days=2)
    shop.do("hand-over", who=REP, note="too small")
    processes = [shop.read(name)[0] for name in ("sales", "self-serve")]
    assert isinstance(shop.journal, SqlJournal)
    tables = tables_of(shop.journal.all_entries(), fact_types(processes))
    moves = tables.table("moves").select(["process", "to_stage", "dwell_days"]).to_pylist()
    assert moves == [
        {"process": "sales", "to_stage": "lead", "dwell_days": 2.0},
        {"process": "self-serve", "to_stage": "trial", "dwell_days": None},
    ]
    deals = tables.table("deals").select(["process", "stage", "plan", "pain"]).to_pylist()
    assert deals == [{"process": "self-serve", "stage": "trial", "plan": None, "pain": "slow"}]


def won(shop: Shop, **facts) -> None:
    shop.start("sales", facts={"amount": Decimal(900), **facts})
    shop.do("show")
    shop.outcome = shop.do("sign")  # type: ignore[attr-defined]


def test_a_won_deal_starts_the_next_one_with_what_is_set_and_nothing_else(shop: Shop) -> None:
    won(shop, plan="year", pain="slow")
    new = shop.deal("acme-renewals")
    assert (new.process, new.stage, new.owner) == ("renewals", "waiting", "ana")
    assert dict(new.facts) == {"amount": Decimal(900), "ends_on": date(2027, 3, 2)}
    assert shop.deal().stage == "won"
    first = shop.journal.entries("acme-renewals")[0]
    assert first.note == "started by sign of acme"
    told = [each for each in shop.journal.entries("acme")[-1].verdicts if each.about is About.STARTS]
    assert [(each.result, each.says) for each in told] == [
        (Result.PASSED, "'acme-renewals' starts in renewals@1"),
    ]


def test_automatic_actions_follow_there(shop: Shop) -> None:
    won(shop, plan="year", amount=Decimal(20_000))
    assert shop.deal("acme-renewals").stage == "talking"


def test_a_condition_starts_on_true_only_and_says_so_where_nobody_knows(shop: Shop) -> None:
    won(shop, plan="month")
    assert shop.journal.deal("acme-renewals") is None
    assert not shop.outcome.decision.warnings  # type: ignore[attr-defined]
    shop.start("sales", "globex", facts={"amount": Decimal(900)})
    shop.do("show", "globex")
    shop.do("sign", "globex")
    assert shop.journal.deal("globex-renewals") is None
    told = [each for each in shop.journal.entries("globex")[-1].verdicts if each.about is About.STARTS]
    assert [(each.result, each.needs) for each in told] == [(Result.UNKNOWN, "record plan")]


def test_a_deal_that_cannot_start_stands_in_no_way_and_is_told(shop: Shop) -> None:
    shop.write("renewals", RENEWALS.replace("asks: [amount]", "asks: [ends_on]"))
    shop.write("sales", SALES.replace("ends_on: signed_on + 365d", "amount: amount").replace("amount: amount, ", ""))
    won(shop, plan="year")
    assert shop.deal().outcome == "won"
    assert shop.journal.deal("acme-renewals") is None
    told = [each for each in shop.journal.entries("acme")[-1].verdicts if each.about is About.STARTS]
    assert [(each.result, each.needs) for each in told] == [(Result.FAILED, "record ends_on")]


def test_a_second_one_gets_a_name_of_its_own(shop: Shop) -> None:
    won(shop, plan="year")
    shop.do("renew", "acme-renewals")
    shop.do("renew", "acme-renewals-renewals")
    shop.start("renewals", "b", facts={"amount": Decimal(1)})
    shop.start("renewals", "b-renewals", facts={"amount": Decimal(1)})
    shop.do("renew", "b")
    assert shop.deal("b-renewals-2").stage == "waiting"


def test_the_same_deed_under_the_same_key_starts_nothing_more(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(900), "plan": "year"})
    shop.do("show")
    shop.do("sign", who={"key": "k"})
    assert shop.do("sign", who={"key": "k"}).repeated
    assert [deal.id for deal in shop.journal.deals()] == ["acme", "acme-renewals"]


def test_when_the_name_is_taken_in_the_same_moment_it_is_decided_again(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(900), "plan": "year"})
    shop.do("show")
    inner = shop.journal

    class Quick:
        left = 1

        def append_together(self, batches, **rest) -> None:
            if self.left and len(batches) == 2:
                self.left -= 1
                shop.journal = inner
                shop.start("renewals", "acme-renewals", facts={"amount": Decimal(1)})
                shop.journal = quick  # type: ignore[assignment]
            inner.append_together(batches, **rest)

        def __getattr__(self, name: str):
            return getattr(inner, name)

    quick = Quick()
    shop.journal = quick  # type: ignore[assignment]
    outcome = shop.do("sign")
    assert outcome.decision.allowed
    assert shop.deal("acme-renewals-2").facts["amount"] == Decimal(900)


def test_deals_that_start_each_other_do_not_go_on_for_ever(tmp_path: Path) -> None:
    text = (
        "stages: {a: {}, b: {ends: won}}\n"
        'actions: {go: {from: a, to: b, auto: true, when: reached("a"), starts: {process: loop}}}\n'
    )
    shop = Shop(tmp_path, {"loop": text})
    shop.start("loop")
    assert len(list(shop.journal.deals())) == 17
    with pytest.raises(DealExists):
        shop.start("loop")
