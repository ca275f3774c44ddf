"""Deals that come to another version: all at once, once, and with their past going on under its new names."""

from __future__ import annotations

import os
import signal
import time
import warnings
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advance.migrate import check_base, migrate, migration, standing
from engine.advance.move import can
from engine.advance.occasion import Occasion, machines
from engine.advance.tick import tick
from engine.history.columnar import tables_by_columns
from engine.history.entries import tables_of
from engine.journal.connect import connect
from engine.journal.deals import rebuild
from engine.journal.verify import counts, verify
from engine.machine.compile import compile_process
from engine.machine.decide import decide
from engine.machine.situation import DealSituation
from engine.model.alarm import Alarm, AlarmKind
from engine.model.decision import Move
from engine.model.entry import EntryKind
from engine.model.errors import BadTime, BadValue, PlanOutdated
from engine.model.plan import Fate, FilledLine
from engine.model.syntax import MONEY, NUMBER
from engine.report.story import story
from engine.versions.plan import Definitions, plan
from engine.versions.settled import Undecided, faults, settled, to_do
from tests.versions.sale import NEW, NOW, OLD, deal_of, life, loaded

BOSS = Occasion(now=NOW, at=NOW, actor="eva", role="boss")


read_once = cache(loaded)


class Sale:
    """A journal in a file, and the two versions."""

    def __init__(self, folder, old: str = OLD, new: str = NEW) -> None:
        (self.old, self.before), (self.new, self.after) = read_once(folder, old), read_once(folder, new)
        self.journal = connect(":memory:")

    def begin(self, lives) -> None:
        self.journal.append_many(((one, 0, deal_of(one)) for one in lives), definition=self.before)

    def plan(self, deals=None):
        found = self.journal.deals(process="sale", outcome="") if deals is None else deals
        definitions = Definitions({self.before.digest: self.old})
        return plan(found, definitions, self.new, digest=self.after.digest, now=NOW)

    def filled(self, **decided: str):
        """The lines as written, with what was decided by deal."""
        return tuple(
            FilledLine(
                f"row {number}",
                line.deal,
                line.digest[:16],
                line.length,
                decided.get(line.deal, line.to_stage),
                {step.track: step.to_stage or "signed" for step in line.tracks if not step.is_gone},
            )
            for number, line in enumerate(self.plan().lines, start=2)
        )

    def apply(self, lines, occasion=BOSS):
        """As the command does it: the entries, or what is wrong."""
        wrong = faults(lines, self.new, undecided=Undecided.REFUSED)
        if wrong:
            return wrong
        lines = to_do(lines)
        now = standing(self.journal, lines, self.after.digest)
        check_base(now)
        waiting = [line for line in lines if line.deal in now.fresh]
        made, wrong = settled(self.plan(now.fresh.values()), waiting, self.new)
        if wrong:
            return wrong
        batches = migration(made, lines, now.fresh, new=self.new, definition=self.after, occasion=occasion)
        migrate(self.journal, batches, self.after)
        return made


@pytest.fixture
def sale(tmp_path):
    found = Sale(tmp_path)
    with closing(found.journal):
        yield found


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return tmp_path_factory.mktemp("sale")


STAGES = st.lists(st.sampled_from(["new", "call", "meet", "chat", "offer", "pilot"]), min_size=1, max_size=4)
FACTS = st.fixed_dictionaries(
    {"amount": st.sampled_from([Decimal(1), Decimal(1000)])},
    optional={"users": st.just(Decimal(5)), "tier": st.sampled_from(["gold", "silver"])},
)
LIVES = st.lists(st.tuples(STAGES, FACTS, st.sampled_from(["", "legal/asked", "legal/checked press/loud"])), max_size=5)


@settings(max_examples=40, deadline=None)
@given(lives=LIVES, edits=st.lists(st.sampled_from(["", "", "demo", "large", "lost", "nonsense"]), max_size=5))
def test_a_plan_is_done_as_it_says_or_not_at_all(text, lives, edits):
    sale = Sale(text)
    sale.begin(
        life(sale.before, f"d{n}", *stages, facts=facts, tracks=at) for n, (stages, facts, at) in enumerate(lives)
    )
    before = tuple(sale.journal.all_entries())
    decided = {f"d{n}": stage for n, stage in enumerate(edits) if stage}
    made = sale.apply(sale.filled(**decided))
    after = tuple(sale.journal.all_entries())
    assert tuple(entry for entry in after if entry.kind is not EntryKind.MIGRATED) == before
    assert not verify(sale.journal)
    if isinstance(made, tuple):
        assert after == before
        return
    deals = {deal.id: deal for deal in sale.journal.deals()}
    for line in made.lines:
        deal = deals[line.deal]
        assert (deal.stage, deal.version, deal.digest) == (line.to_stage, 2, sale.after.digest)
        assert {step.track: deal.tracks[step.track] for step in line.tracks} == {
            step.track: step.to_stage or step.from_stage for step in line.tracks
        }
        assert deal == deal_of(sale.journal.entries(line.deal))
    rebuild(sale.journal)
    assert {deal.id: deal for deal in sale.journal.deals()} == deals
    sale.apply(to_do(sale.filled()))
    assert tuple(sale.journal.all_entries()) == after


def test_time_in_a_stage_goes_on_unless_somebody_put_the_deal_elsewhere(sale):
    lives = {stage: life(sale.before, stage, "new", stage) for stage in ("call", "meet", "pilot")}
    sale.begin([life(sale.before, "new", "new"), *lives.values()])
    sale.apply(sale.filled(pilot="talk"))
    deals = {deal.id: deal for deal in sale.journal.deals()}
    for name in ("new", "call", "meet"):
        assert deals[name].entered_at == sale.journal.entries(name)[-2].happened_at
    assert deals["pilot"].entered_at == NOW
    assert {deals[name].previous for name in ("call", "meet", "pilot")} == {"new"}
    assert [entry.reason for entry in (sale.journal.entries(name)[-1] for name in deals)] == [
        *("follows", "maps", "stays", "decided")
    ]
    assert deals["call"].active_at == lives["call"][-1].happened_at


def test_what_was_reached_and_done_is_known_by_its_new_name(sale):
    sale.begin([life(sale.before, "acme", "new", "call", "offer", facts={"amount": Decimal(1), "users": Decimal(5)})])
    sale.apply(sale.filled())
    deal = sale.journal.deal("acme")
    assert deal.visited == {"new", "talk", "small"}
    assert deal.previous == "talk"
    assert set(deal.actions) == {"phone", "go"}
    assert deal.facts == {"amount": Decimal(1), "seats": Decimal(5)}
    situation = DealSituation(compile_process(sale.new).frame, deal, Move(""), NOW, None)
    assert situation.reached("talk")
    assert situation.done("phone")
    assert not situation.reached("large")


def test_no_visit_is_split_and_the_tables_agree(sale, tmp_path):
    journal = sale.journal = connect(str(tmp_path / "deals.journal"), create=True)
    with closing(journal):
        sale.begin(
            [life(sale.before, stage, "new", stage, tracks="legal/asked") for stage in ("call", "meet", "pilot")]
        )
        sale.apply(sale.filled(pilot="talk"))
        facts = {"amount": MONEY, "users": NUMBER, "seats": NUMBER}
        rows = tables_of(journal.all_entries(), facts)
        with journal.columns() as batches:
            assert batches is not None
            columns = tables_by_columns(batches, facts)
    for name in ("deals", "moves", "touches", "facts", "verdicts"):
        assert columns.table(name).equals(rows.table(name)), name
    told = "deal version to_stage left_at dwell_days reason".split()
    visits = [tuple(row[name] for name in told) for row in rows.moves.to_pylist() if row["track"] == "main"]
    assert visits[:2] == [("call", 1, "new", visits[0][3], 1.0, ""), ("call", 1, "call", None, None, "")]
    assert [row[2:3] + row[5:] for row in visits[3:]] == [
        *(("meet", ""), ("new", ""), ("pilot", ""), ("talk", "decided"))
    ]
    assert [row["to_stage"] for row in rows.moves.to_pylist() if row["track"] == "legal"] == ["asked"] * 3
    assert rows.deals["stage"].to_pylist() == ["talk", "demo", "talk"]


def test_a_second_time_adds_nothing_and_the_rest_can_follow(sale):
    sale.begin([life(sale.before, "one", "new"), life(sale.before, "two", "pilot")])
    lines = sale.filled(two="demo")
    sale.apply(lines[:1])
    sale.apply(lines)
    after = tuple(sale.journal.all_entries())
    sale.apply(lines)
    assert tuple(sale.journal.all_entries()) == after
    assert [entry.kind for entry in after] == [EntryKind.STARTED, EntryKind.MIGRATED] * 2


def test_a_deal_that_moved_on_stops_all(sale):
    sale.begin([life(sale.before, "one", "new"), life(sale.before, "two", "new", "call")])
    lines = sale.filled()
    again = life(sale.before, "one", "new", "call")
    sale.journal.append(again[1:], after=1, deal=deal_of(again))
    with pytest.raises(PlanOutdated, match="deal 'one' moved on since the plan was made"):
        sale.apply(lines)
    assert len(tuple(sale.journal.all_entries())) == 4


def test_a_race_that_is_lost_while_it_is_written_leaves_nothing(sale):
    sale.begin([life(sale.before, "one", "new"), life(sale.before, "two", "new")])
    lines = sale.filled()
    now = standing(sale.journal, lines, sale.after.digest)
    batches = migration(sale.plan(), lines, now.fresh, new=sale.new, definition=sale.after, occasion=BOSS)
    again = life(sale.before, "two", "new", "call")
    sale.journal.append(again[1:], after=1, deal=deal_of(again))
    with pytest.raises(PlanOutdated, match="deal 'two' moved on"):
        migrate(sale.journal, batches, sale.after)
    assert len(tuple(sale.journal.all_entries())) == 3


def test_who_may_override_places_deals_by_hand(sale):
    sale.begin([life(sale.before, "one", "pilot"), life(sale.before, "two", "call")])
    rep = replace(BOSS, role="rep")
    with pytest.raises(BadValue, match="role 'rep' may not place deals"):
        sale.apply(sale.filled(one="demo"), rep)
    assert sale.apply(sale.filled()[1:], rep).lines[0].fate is Fate.FOLLOWS


def test_the_id_that_a_deal_had_is_placed_by_hand_unless_the_version_leaves_it_open(tmp_path):
    text = NEW.replace("{to: large, when", "{to: offer, when").replace("  large: {", "  offer: {")
    rep = replace(BOSS, role="rep")
    for by, said in (
        (text, "role 'rep' may not place deals"),
        (text.replace("override: {by: [boss]}\n", ""), "nobody may put deal 'one'"),
    ):
        sale = Sale(tmp_path, OLD, by)
        sale.begin([life(sale.before, "one", "offer"), life(sale.before, "two", "offer", facts={"users": Decimal(5)})])
        assert [line.to_stage for line in sale.filled()] == ["small", ""]
        one, two = sale.filled(one="offer", two="offer")
        with pytest.raises(BadValue, match=said):
            sale.apply((one,), rep)
        assert sale.apply((two,), rep).lines[0].fate is Fate.STAYS
        assert (sale.journal.deal("one").version, sale.journal.deal("two").version) == (1, 2)


def test_a_side_track_is_placed_by_hand_as_well(sale):
    sale.begin([life(sale.before, "one", "new", tracks="legal/asked")])
    lines = tuple(replace(line, tracks={"legal": "signed"}) for line in sale.filled())
    with pytest.raises(BadValue, match="role 'rep' may not place deals"):
        sale.apply(lines, replace(BOSS, role="rep"))
    sale.apply(lines)
    assert "new version  legal: asked → signed" in story({}, sale.journal.entries("one"))


def test_where_nobody_may_override_only_what_the_version_leaves_open_is_chosen(tmp_path):
    sale = Sale(tmp_path, OLD, NEW.replace("override: {by: [boss]}\n", ""))
    lives = [life(sale.before, "one", "pilot", tracks="legal/checked"), life(sale.before, "two", "call")]
    sale.begin([*lives, life(sale.before, "three", "new", tracks="legal/asked")])
    one, three, two = sorted(sale.filled(one="demo"), key=lambda line: line.deal)
    for spoiled in (
        replace(one, to_stage="won", because="it is"),
        replace(two, to_stage="demo"),
        replace(two, to_stage="won", because="it is"),
        replace(three, tracks={"legal": "signed"}),
    ):
        with pytest.raises(BadValue, match=f"nobody may put deal '{spoiled.deal}' in an end, or otherwise than sale@2"):
            sale.apply((spoiled,), replace(BOSS, actor="mallory", role=""))
    assert len(sale.apply((one, two, three)).lines) == 3
    assert (sale.journal.deal("one").stage, sale.journal.deal("one").tracks["legal"]) == ("demo", "signed")


def test_time_never_runs_backwards(sale):
    sale.begin([life(sale.before, "one", "new")])
    with pytest.raises(BadTime):
        sale.apply(sale.filled(), replace(BOSS, at=NOW - timedelta(days=200)))


def test_an_end_asks_for_a_reason_and_closes_the_deal(sale):
    sale.begin([life(sale.before, "one", "new"), life(sale.before, "two", "hold")])
    lines = sale.filled(one="lost", two="hold")
    assert [fault.at for fault in sale.apply(lines)] == ["row 2, because", "row 3, because"]
    sale.apply(tuple(replace(line, because="they are gone") for line in lines))
    assert [(deal.outcome, deal.closed_at) for deal in sale.journal.deals()] == [("lost", NOW)] * 2


def test_a_stage_that_became_an_end_closes_its_deals(tmp_path):
    sale = Sale(tmp_path, OLD, NEW.replace("    chat: demo", "    chat: demo\n    pilot: lost"))
    sale.begin([life(sale.before, "one", "new", "pilot")])
    sale.apply(sale.filled(), replace(BOSS, role=""))
    deal = sale.journal.deal("one")
    assert (deal.stage, deal.outcome, deal.closed_at, deal.entered_at) == ("lost", "lost", NOW, NOW)
    rows = tables_of(sale.journal.all_entries(), {})
    assert rows.deals.to_pylist()[0]["outcome"] == "lost"
    assert [row["to_stage"] for row in rows.moves.to_pylist()] == ["new", "pilot", "lost"]


def test_approvals_given_before_no_longer_count(sale):
    told = life(sale.before, "one", "new")
    grant = replace(told[0], sequence=2, kind=EntryKind.APPROVED, action="go", approval="go/approval/1", role="boss")
    sale.begin([(*told, grant)])
    sale.apply(sale.filled())
    there = sale.journal.deal("one")
    assert [each.is_void for each in there.grants] == [True]
    # Nor where the deal comes back to the version for which it was given.
    definitions = Definitions({sale.after.digest: sale.new})
    made = plan([there], definitions, sale.old, digest=sale.before.digest, now=NOW)
    lines = (FilledLine("row 2", "one", there.digest, there.length, "new"),)
    back = migration(made, lines, {"one": there}, new=sale.old, definition=sale.before, occasion=BOSS)
    migrate(sale.journal, back, sale.before)
    deal = sale.journal.deal("one")
    assert (deal.digest, not verify(sale.journal)) == (sale.before.digest, True)
    refused = decide(compile_process(sale.old), deal, Move("go", to="call", actor="ana", role="rep"), now=NOW)
    assert not refused.allowed
    _, asked = can(sale.journal, lambda _: compile_process(sale.old), "one", occasion=replace(BOSS, actor="ana"))
    told = [one.needs for one in next(each for each in asked if each.move.action == "go").refusals]
    assert told == ["approval by boss (that of 'ana' does not count: it was given under another version)"]


def test_a_clock_goes_on_counting_and_a_new_name_is_no_activity(tmp_path):
    clock = "clocks: {{quiet: {{in: open, idle: 60d, activity: [{}]}}}}\n"
    sale = Sale(tmp_path, OLD + clock.format("users"), NEW + clock.format("seats"))
    told = life(sale.before, "one", "new", facts={"users": Decimal(5)})
    sale.begin([told, life(sale.before, "two", "new")])
    alarm = Alarm("quiet", AlarmKind.ACT, told[0].happened_at)
    passed = replace(told[0], sequence=2, kind=EntryKind.WARNED, alarm=alarm, facts={}, to_stage="")
    sale.journal.append((passed,), after=1, deal=deal_of((*told, passed)))
    sale.apply(sale.filled())
    rung = list(tick(sale.journal, machines(lambda digest: sale.new), now=NOW))
    assert [(each.deal.id, each.clock) for each in rung] == [("two", "quiet")]
    assert sale.journal.deal("two").alarms["quiet"].since == told[0].happened_at


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that is like this one is killed")
def test_ten_thousand_deals_killed_in_the_middle_and_done_again_end_the_same(sale, tmp_path):
    path = tmp_path / "deals.journal"
    with closing(connect(str(path), create=True)) as sale.journal:
        alike = [life(sale.before, "", stage)[0] for stage in ("new", "call", "meet")]
        sale.begin((replace(alike[number % 3], deal=f"d{number:05d}"),) for number in range(10_000))
        lines = sale.filled()
        now = standing(sale.journal, lines, sale.after.digest)
        batches = migration(sale.plan(), lines, now.fresh, new=sale.new, definition=sale.after, occasion=BOSS)
    for seconds in (0.1, 0.3):
        going = forked(lambda: migrate(connect(str(path), create=False), batches, sale.after))
        time.sleep(seconds)
        os.kill(going, signal.SIGKILL)
        os.waitpid(going, 0)
        with closing(connect(str(path), create=False)) as sale.journal:
            assert counts(sale.journal)[1] in (10_000, 20_000)
    with closing(connect(str(path), create=False)) as sale.journal:
        left = standing(sale.journal, lines, sale.after.digest).fresh
        migrate(sale.journal, [batch for batch in batches if batch[2].id in left], sale.after)
        assert tuple(sale.journal.all_entries())[1::2] == tuple(entry for (entry,), _, _ in batches)
        assert {deal.id: deal for deal in sale.journal.deals()} == {deal.id: deal for _, _, deal in batches}
        assert not verify(sale.journal)


def forked(work) -> int:
    """Another process, like this one, that does some work; its number."""
    with warnings.catch_warnings():
        # It has one thread and uses nothing that others of this process could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        work()
        os._exit(0)
    return child
