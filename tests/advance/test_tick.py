"""``tick``: clocks warn and act once, in order of due time, whoever runs it and however often."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.advance.tick import tick
from engine.journal.connect import connect
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.alarm import AlarmKind
from engine.model.entry import EntryKind
from engine.model.errors import BadValue, JournalError
from engine.model.names import ENGINE
from engine.model.ticked import Came, Ticked
from tests.advance.shop import Shop

SALES = """\
time_zone: Europe/Berlin
touchpoints: [call]
roles: {rep: []}
by: [rep]
facts:
  amount: {type: money}
  decided: {type: date}
  hold: {type: yes-no, default: false}
stages: {lead: {}, demo: {}, dormant: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  show: {from: lead, to: demo, by: [rep]}
  sign: {from: demo, to: won}
  lose: {from: open, to: lost, reasons: {silent: They do not answer}, asks: [note]}
  park: {from: lead, to: dormant}
  wake: {from: dormant, to: lead, auto: true, when: amount > 9000}
always: [{must: not hold, says: Nothing holds it}]
tracks:
  legal:
    stages: {unasked: {}, review: {}, late: {}}
    actions:
      ask: {from: unasked, to: review}
      remind: {from: review, to: late}
clocks:
  quiet: {in: lead, idle: 10d, warn: 4d, activity: [decided], then: lose, reason: silent}
  slow: {in: demo, stays: 20d}
  review: {track: legal, in: review, stays: 3d, then: remind}
  asleep: {in: dormant, stays: 5d, then: lose, reason: silent, when: amount < 100}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, {"sales": SALES})
    yield shop
    shop.journal.close()


def test_a_clock_warns_then_acts_and_each_once(shop: Shop) -> None:
    shop.start("sales")
    assert shop.told(days=3) == []
    assert shop.told(days=1) == [("acme", "quiet", "warned")]
    assert shop.told() == []
    assert shop.told(days=6) == [("acme", "quiet", "moved")]
    assert shop.told(days=900) == []
    deal = shop.deal()
    assert (deal.stage, deal.outcome) == ("lost", "lost")
    last = shop.journal.entries("acme")[-1]
    assert (last.action, last.reason, last.actor, last.role) == ("lose", "silent", ENGINE, "")
    assert last.alarm is not None
    assert last.alarm.kind is AlarmKind.ACT


def test_what_was_due_first_is_done_first_over_all_deals(shop: Shop) -> None:
    shop.start("sales", "late")
    shop.wait(days=1)
    shop.start("sales", "later")
    told = shop.tick(days=30)
    assert [(each.deal.id, each.came) for each in told] == [
        ("late", Came.WARNED),
        ("later", Came.WARNED),
        ("late", Came.MOVED),
        ("later", Came.MOVED),
    ]
    due = [each.due_at for each in told if each.due_at]
    assert due == sorted(due)
    assert len(due) == 4


@pytest.mark.parametrize(
    "activity",
    [
        {"touchpoint": "call"},
        {"decided": __import__("datetime").date(2026, 4, 1)},
    ],
)
def test_activity_starts_the_count_anew(shop: Shop, activity: dict[str, Any]) -> None:
    shop.start("sales")
    assert shop.told(days=5) == [("acme", "quiet", "warned")]
    shop.record(**activity)
    assert shop.told(days=3) == []
    assert shop.told(days=1) == [("acme", "quiet", "warned")]
    assert shop.told(days=6) == [("acme", "quiet", "moved")]


def test_what_is_no_activity_does_not(shop: Shop) -> None:
    shop.start("sales")
    shop.wait(days=3)
    shop.record(amount=Decimal(5))
    assert shop.told(days=1) == [("acme", "quiet", "warned")]
    assert shop.told(days=6) == [("acme", "quiet", "moved")]


def test_a_limit_without_an_action_is_told_when_it_has_passed(shop: Shop) -> None:
    shop.start("sales")
    shop.do("show", who={"role": "rep"})
    assert shop.told(days=25) == [("acme", "slow", "limit passed")]
    assert shop.journal.entries("acme")[-1].kind is EntryKind.WARNED
    assert shop.told(days=25) == []


def test_entering_the_stage_again_is_a_new_count(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(10)})
    shop.do("park", who={"role": "rep"})
    shop.record(amount=Decimal(10_000))
    assert shop.deal().stage == "lead"
    assert shop.told(days=4) == [("acme", "quiet", "warned")]


def test_a_clock_of_a_track_moves_the_track(shop: Shop) -> None:
    shop.start("sales")
    shop.do("show", who={"role": "rep"})
    shop.do("ask", who={"role": "rep"})
    assert shop.told(days=3) == [("acme", "review", "moved")]
    assert dict(shop.deal().tracks) == {"legal": "late"}
    assert shop.deal().stage == "demo"


def test_a_condition_is_judged_when_the_clock_is_due(shop: Shop) -> None:
    shop.start("sales", facts={"amount": Decimal(5000)})
    shop.do("park", who={"role": "rep"})
    assert shop.told(days=6) == []
    shop.record(amount=Decimal(50))
    assert shop.told() == [("acme", "asleep", "moved")]


def test_what_always_holds_binds_clocks_too_and_is_told_once(shop: Shop) -> None:
    shop.start("sales")
    shop.record(hold=True)
    assert shop.told(days=11) == [("acme", "quiet", "warned"), ("acme", "quiet", "refused")]
    refused = shop.journal.entries("acme")[-1]
    assert refused.kind is EntryKind.REFUSED
    assert [verdict.requirement for verdict in refused.verdicts if not verdict.stands] == ["always/1"]
    before = shop.journal.entries("acme")
    assert shop.told(days=1) == [("acme", "quiet", "still refused")]
    assert shop.told(days=1) == [("acme", "quiet", "still refused")]
    assert shop.journal.entries("acme") == before
    shop.record(hold=False)
    assert shop.told() == [("acme", "quiet", "moved")]


def test_a_refused_clock_keeps_no_other_from_what_it_does(tmp_path: Path) -> None:
    shop = Shop(tmp_path, {"sales": SALES.replace("  slow:", "  long: {in: lead, stays: 15d}\n  slow:")})
    shop.start("sales")
    shop.record(hold=True)
    assert shop.told(days=10) == [("acme", "quiet", "warned"), ("acme", "quiet", "refused")]
    assert shop.told(days=5) == [("acme", "quiet", "still refused"), ("acme", "long", "limit passed")]
    assert shop.told(days=5) == [("acme", "quiet", "still refused")]
    shop.record(hold=False)
    assert shop.told() == [("acme", "quiet", "moved")]


def test_a_clock_that_fails_keeps_no_other_from_what_it_does(tmp_path: Path) -> None:
    text = SALES.replace("  slow:", "  gone: {in: lead, stays: 1d, then: hand}\n  slow:").replace(
        "  park:", "  hand: {from: lead, to: nowhere/a}\n  park:"
    )
    shop = Shop(tmp_path, {"sales": text})
    shop.start("sales")
    assert shop.told(days=11) == [
        ("acme", "gone", "failed"),
        ("acme", "quiet", "warned"),
        ("acme", "quiet", "moved"),
    ]


def test_a_limit_beyond_all_dates_stops_nobody(tmp_path: Path) -> None:
    shop = Shop(tmp_path, {"sales": SALES})
    far = replace(shop.read("sales")[0].clocks[0], id="far", limit=timedelta(days=9_000_000), warn=None)
    process, definition = shop.read("sales")
    shop.loaded[definition.digest] = (replace(process, clocks=(far, *process.clocks)), definition)
    shop.start("sales")
    shop.loaded[definition.digest] = (replace(process, clocks=(far, *process.clocks)), definition)
    assert shop.told(days=4) == [("acme", "quiet", "warned")]


def test_what_is_done_for_an_earlier_time_says_when_it_was_written_down(shop: Shop) -> None:
    shop.start("sales")
    then = shop.now + timedelta(days=4)
    now = shop.now + timedelta(days=90)
    assert [each.came for each in tick(shop.journal, shop.machine_of, now=now, at=then)] == [Came.WARNED]
    entry = shop.journal.entries("acme")[-1]
    assert (entry.happened_at, entry.recorded_at) == (then, now)


def test_a_deal_that_someone_came_to_during_the_run_is_left_to_the_next(shop: Shop) -> None:
    shop.start("sales", "a")
    shop.start("sales", "b")
    shop.wait(days=4)
    ticking = tick(shop.journal, shop.machine_of, now=shop.now)
    assert next(ticking).deal.id == "a"
    shop.wait(minutes=30)
    shop.record("b", amount=Decimal(5))
    assert list(ticking) == []
    assert shop.told() == [("b", "quiet", "warned")]


@pytest.mark.parametrize("key", ["clock:quiet:x:act", "started:acme:2:win/starts/1", "import:m:1"])
def test_nobody_takes_a_key_of_the_engine(shop: Shop, key: str) -> None:
    with pytest.raises(BadValue, match="a key does not begin with"):
        shop.start("sales", key=key)
    shop.start("sales")
    with pytest.raises(BadValue, match="a key does not begin with"):
        shop.do("show", who={"role": "rep", "key": key})


def test_automatic_actions_follow_what_a_clock_did(tmp_path: Path) -> None:
    text = SALES.replace("then: remind", "then: remind").replace(
        "  wake:", "  give-up: {from: demo, to: lost, auto: true, when: 'track.legal == \"late\"'}\n  wake:"
    )
    shop = Shop(tmp_path, {"sales": text})
    shop.start("sales")
    shop.do("show", who={"role": "rep"})
    shop.do("ask", who={"role": "rep"})
    told = shop.tick(days=3)
    assert [entry.action for entry in told[0].entries] == ["remind", "give-up"]
    assert shop.deal().stage == "lost"


def test_a_deal_that_is_no_longer_due_is_left_alone(shop: Shop) -> None:
    shop.start("sales")
    shop.wait(days=11)
    ticking = tick(shop.journal, shop.machine_of, now=shop.now)
    assert next(ticking).came is Came.WARNED
    shop.record(touchpoint="call")
    assert list(ticking) == []
    assert shop.deal().stage == "lead"


def test_a_tick_reads_only_what_may_be_due(shop: Shop) -> None:
    for number in range(20):
        shop.start("sales", f"deal-{number}")
    shop.tick()
    shop.wait(days=2)
    shop.record("deal-7", amount=Decimal(5))
    met = [deal.id for deal in shop.journal.due(shop.now)]
    assert met == ["deal-7"]
    shop.tick()
    assert [deal.id for deal in shop.journal.due(shop.now)] == []


def test_a_process_without_clocks_is_never_read_twice(tmp_path: Path) -> None:
    shop = Shop(tmp_path, {"plain": "stages: {lead: {}, won: {ends: won}}\nactions: {sign: {from: lead, to: won}}\n"})
    shop.start("plain")
    assert shop.told(days=400) == []
    assert list(shop.journal.due(shop.now)) == []


def test_a_clock_set_back_does_nothing_and_says_so(shop: Shop) -> None:
    shop.start("sales")
    shop.wait(days=-2)
    assert [each.came for each in shop.tick()] == [Came.AHEAD]
    assert len(shop.journal.entries("acme")) == 1
    assert shop.told(days=6) == [("acme", "quiet", "warned")]


def test_two_computers_an_hour_apart_do_it_once(shop: Shop) -> None:
    shop.start("sales")
    shop.wait(days=4)
    ahead = list(tick(shop.journal, shop.machine_of, now=shop.now + timedelta(hours=1)))
    behind = list(tick(shop.journal, shop.machine_of, now=shop.now))
    assert [each.came for each in ahead] == [Came.WARNED]
    assert behind == []
    assert len(shop.journal.entries("acme")) == 2


def _ticked(shop: Shop, path: Path) -> list[Ticked]:
    with closing(connect(str(path))) as journal:
        return list(tick(journal, shop.machine_of, now=shop.now))


def test_two_ticks_at_once_do_everything_once(tmp_path: Path) -> None:
    path = tmp_path / "deals.journal"
    with closing(connect(str(path))) as journal:
        shop = Shop(tmp_path, {"sales": SALES}, journal)
        for number in range(40):
            shop.start("sales", f"deal-{number:02}")
        shop.wait(days=30)
        with ThreadPoolExecutor(4) as pool:
            ran = [each for found in pool.map(lambda _: _ticked(shop, path), range(4)) for each in found]
        # Whoever lost three races left the rest to the next.
        ran += shop.tick()
        done = [(each.deal.id, each.came) for each in ran if each.came in (Came.WARNED, Came.MOVED)]
        assert len(done) == len(set(done)) == 80
        assert {len(journal.entries(f"deal-{number:02}")) for number in range(40)} == {3}
        assert verify(journal) == ()


def test_a_deal_whose_rules_cannot_be_read_stops_no_other(shop: Shop) -> None:
    shop.start("sales", "a")
    shop.start("sales", "b")
    shop.write("sales", SALES.replace("warn: 4d", "warn: 5d"))
    shop.start("sales", "c")
    broken = shop.deal("a").digest
    of = shop.machine_of

    def machine_of(digest: str) -> Any:
        if digest == broken:
            raise JournalError("the definition of sales@1 in the journal no longer reads")
        return of(digest)

    shop.wait(days=6)
    told = list(tick(shop.journal, machine_of, now=shop.now))
    assert [(each.deal.id, each.came) for each in told] == [
        ("a", Came.FAILED),
        ("b", Came.FAILED),
        ("c", Came.WARNED),
    ]
    assert told[0].problem == "the definition of sales@1 in the journal no longer reads"


def test_a_row_that_cannot_be_read_stops_no_other_deal(shop: Shop) -> None:
    shop.start("sales", "a")
    shop.start("sales", "b")
    assert isinstance(shop.journal, SqlJournal)
    shop.journal.session.rows("UPDATE deals SET more = 'x' WHERE id = 'a'")
    told = shop.tick(days=4)
    assert [(each.deal.id, each.came) for each in told] == [("a", Came.FAILED), ("b", Came.WARNED)]
    assert told[0].problem == "the row of deal 'a' cannot be read"


class _Full:
    """A journal whose disk is full after some entries."""

    def __init__(self, inner: SqlJournal, left: int) -> None:
        self.inner, self.left = inner, left

    def append_together(self, batches: Any, **rest: Any) -> None:
        if not self.left:
            raise JournalError("there is no room left for the journal; nothing was recorded")
        self.left -= 1
        self.inner.append_together(batches, **rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@pytest.mark.parametrize("left", range(5))
def test_a_disk_that_is_full_in_the_middle_loses_nothing_and_the_next_tick_goes_on(shop: Shop, left: int) -> None:
    for name in ("a", "b", "c"):
        shop.start("sales", name)
    shop.wait(days=30)
    whole = shop.journal
    assert isinstance(whole, SqlJournal)
    told: list[Ticked] = []
    with pytest.raises(JournalError, match="no room left"):
        told.extend(tick(_Full(whole, left), shop.machine_of, now=shop.now))  # type: ignore[arg-type]
    before = sum(len(whole.entries(name)) for name in ("a", "b", "c"))
    assert before == 3 + left
    rest = shop.tick()
    assert len(rest) == 6 - left
    assert [shop.deal(name).stage for name in ("a", "b", "c")] == ["lost"] * 3
    assert verify(whole) == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["tick", "call", "amount", "decided", "park", "show", "hold"]), st.integers(0, 9 * 24)
        ),
        max_size=14,
    )
)
def test_a_second_tick_adds_nothing_and_what_was_reckoned_ahead_is_never_too_late(
    tmp_path: Path, steps: list[tuple[str, int]]
) -> None:
    shop = Shop(tmp_path, {"sales": SALES}, connect(":memory:"))
    shop.start("sales", facts={"amount": Decimal(50)})
    for kind, hours in steps:
        shop.wait(hours=hours)
        _do(shop, kind)
    shop.tick()
    before = shop.journal.entries("acme")
    assert all(each.came is Came.STILL for each in shop.tick())
    assert shop.journal.entries("acme") == before
    # A journal that was never ticked knows nothing ahead, and comes to the same.
    keys = [entry.key for entry in before if entry.alarm and entry.kind is not EntryKind.REFUSED]
    assert len(keys) == len(set(keys))
    shop.wait(days=40)
    ahead = shop.tick()
    assert isinstance(shop.journal, SqlJournal)
    shop.journal.session.rows("UPDATE deals SET due_at = '1970-01-01T00:00:00.000000+00:00'")
    assert all(each.came is Came.STILL for each in shop.tick())
    assert ahead or shop.deal().outcome or shop.deal().facts.get("hold") or shop.deal().alarms


def _do(shop: Shop, kind: str) -> None:
    simple = {
        "call": {"touchpoint": "call"},
        "amount": {"amount": Decimal(50)},
        "decided": {"decided": shop.now.date()},
        "hold": {"hold": not shop.deal().facts.get("hold", False)},
    }
    if kind == "tick":
        shop.tick()
    elif kind in simple:
        shop.record(**simple[kind])  # type: ignore[arg-type]
    else:
        shop.do(kind, who={"role": "rep"})
