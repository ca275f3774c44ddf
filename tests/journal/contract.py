"""What every journal must do. Run over each store by ``test_store.py``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.journal.connect import connect
from engine.journal.deals import rebuild
from engine.journal.forget import forget
from engine.journal.store import Journal, SqlJournal
from engine.journal.verify import verify
from engine.model.alarm import Alarm, AlarmKind
from engine.model.entry import Definition, EntryKind, definition_digest
from engine.model.errors import BadTime, BadValue, DealExists, DealForgotten, DealMovedOn, JournalError, KeyReused
from engine.model.ticked import Damaged
from tests.journal.build import FILES, NOON, SALES, add, deal_of, keep, moved, started, story


class Contract:
    """Each test gets an empty ``journal``."""

    def test_entries_come_back_as_they_were_appended(self, journal: Journal) -> None:
        keep(journal, story())
        assert journal.entries("acme") == story()

    def test_a_deal_is_the_fold_of_its_entries(self, journal: Journal) -> None:
        assert journal.deal("acme") is None
        deal = keep(journal, story())
        assert journal.deal("acme") == deal
        assert add(journal, moved("acme", 6, outcome="won")) == journal.deal("acme") == deal_of(journal.entries("acme"))

    def test_an_unknown_deal_has_no_entries(self, journal: Journal) -> None:
        assert journal.entries("nobody") == ()

    def test_entries_of_all_deals_come_by_deal_and_sequence(self, journal: Journal) -> None:
        keep(journal, story("zebra"))
        keep(journal, story("Ärger"))
        keep(journal, story("acme", 12))
        places = [(entry.deal, entry.sequence) for entry in journal.all_entries()]
        assert places == sorted(places)
        assert len(places) == 22

    def test_many_entries_are_streamed_over_pages(self, journal: Journal) -> None:
        keep(journal, story("long", 2500))
        keep(journal, story("short"))
        assert [entry.sequence for entry in journal.all_entries()] == [*range(1, 2501), *range(1, 6)]
        assert len(list(journal.deals())) == 2

    def test_deals_are_found_by_what_they_are(self, journal: Journal) -> None:
        keep(journal, story("a", 1))
        keep(journal, story("b", 2))
        keep(journal, (started("c"), moved("c", 2, to_stage="won", outcome="won")))
        assert [deal.id for deal in journal.deals()] == ["a", "b", "c"]
        assert [deal.id for deal in journal.deals(stage="stage-2")] == ["b"]
        assert [deal.id for deal in journal.deals(outcome="won")] == ["c"]
        assert [deal.id for deal in journal.deals(outcome="", process="sales", version=1)] == ["a", "b"]
        assert not list(journal.deals(version=2))

    def test_a_definition_is_stored_once(self, journal: Journal) -> None:
        keep(journal, story("a"))
        keep(journal, story("b"))
        assert journal.definitions() == (SALES,)
        assert journal.definition(SALES.digest) == SALES
        assert journal.definition("unheard-of") is None

    def test_definitions_come_by_process_and_version(self, journal: Journal) -> None:
        for process, version in (("sales", 10), ("renewals", 1), ("sales", 9)):
            definition = Definition(process, version, definition_digest((*FILES, (process, str(version)))), FILES)
            entry = started(f"{process}-{version}", process=process, version=version, digest=definition.digest)
            keep(journal, (entry,), definition)
        names = [(each.process, each.version) for each in journal.definitions()]
        assert names == [("renewals", 1), ("sales", 9), ("sales", 10)]

    def test_an_entry_without_its_definition_is_refused(self, journal: Journal) -> None:
        entry = started()
        with pytest.raises(JournalError, match="the definition of sales@1 is not in the journal"):
            journal.append((entry,), after=0, deal=deal_of((entry,)))
        assert journal.entries("acme") == ()

    def test_a_taken_place_means_the_deal_moved_on(self, journal: Journal) -> None:
        keep(journal, story("acme", 2))
        late = moved("acme", 2, note="too late")
        with pytest.raises(DealMovedOn, match="deal 'acme' moved on: it has 2 entries now, not 1"):
            journal.append((late,), after=1, deal=replace(deal_of(story("acme", 1)), length=2))
        assert journal.entries("acme") == story("acme", 2)

    def test_a_place_too_far_ahead_means_the_deal_moved_on(self, journal: Journal) -> None:
        keep(journal, story("acme", 2))
        with pytest.raises(DealMovedOn):
            journal.append((moved("acme", 5),), after=4, deal=replace(deal_of(story()), length=5))

    def test_a_deal_is_started_once(self, journal: Journal) -> None:
        keep(journal, story())
        with pytest.raises(DealExists, match="there is a deal 'acme' already"):
            keep(journal, (started(),))
        assert len(journal.entries("acme")) == 5

    def test_a_key_is_used_up_in_its_deal_only(self, journal: Journal) -> None:
        keep(journal, story("acme"))
        keep(journal, story("other", 1))
        add(journal, moved("other", 2, key="second"))
        found = journal.by_key("acme", "second")
        assert found is not None
        assert (found.deal, found.sequence) == ("acme", 2)
        with pytest.raises(KeyReused, match="key 'second' was used before"):
            add(journal, moved("acme", 6, key="second"))
        assert len(journal.entries("acme")) == 5

    def test_a_refusal_uses_up_no_key(self, journal: Journal) -> None:
        keep(journal, (started(), moved("acme", 2, kind=EntryKind.REFUSED, key="k")))
        assert journal.by_key("acme", "k") is None
        add(journal, moved("acme", 3, kind=EntryKind.REFUSED, key="k"))
        add(journal, moved("acme", 4, key="k"))
        found = journal.by_key("acme", "k")
        assert found is not None
        assert found.sequence == 4

    def test_the_key_of_a_start_is_used_up_in_the_whole_journal(self, journal: Journal) -> None:
        keep(journal, (started("a", key="import-1"),))
        found = journal.start_by_key("import-1")
        assert found is not None
        assert found.deal == "a"
        with pytest.raises(KeyReused, match="key 'import-1' was used before"):
            keep(journal, (started("b", key="import-1"),))
        assert journal.deal("b") is None

    def test_no_key_finds_nothing(self, journal: Journal) -> None:
        keep(journal, (started("a"), moved("a", 2)))
        keep(journal, (started("b"),))
        assert journal.by_key("a", "") is None
        assert journal.start_by_key("") is None

    def test_batches_are_appended_and_counted(self, journal: Journal) -> None:
        batches = [(story(f"deal-{number}"), 0, deal_of(story(f"deal-{number}"))) for number in range(1700)]
        assert journal.append_many(iter(batches), definition=SALES) == 8500
        assert journal.deal("deal-7") == batches[7][2]
        assert journal.entries("deal-1699") == batches[1699][0]

    def test_two_batches_of_one_deal_follow_each_other(self, journal: Journal) -> None:
        whole = story("acme", 8)
        batches = [(whole[:3], 0, deal_of(whole[:3])), (whole[3:], 3, deal_of(whole))]
        assert journal.append_many(batches, definition=SALES) == 8
        assert journal.entries("acme") == whole
        assert journal.deal("acme") == deal_of(whole)

    def test_no_batches_are_no_entries(self, journal: Journal) -> None:
        assert journal.append_many([], definition=SALES) == 0

    def test_a_bad_batch_undoes_its_transaction(self, journal: Journal) -> None:
        keep(journal, story("b", 1))
        batches = [(story("a"), 0, deal_of(story("a"))), (story("b"), 0, deal_of(story("b")))]
        with pytest.raises(DealExists, match="'b'"):
            journal.append_many(batches)
        assert journal.deal("a") is None
        assert journal.entries("a") == ()

    def test_a_key_used_twice_in_one_transaction_is_refused(self, journal: Journal) -> None:
        batches = [((entry := started(name, key="k"),), 0, deal_of((entry,))) for name in ("a", "b")]
        with pytest.raises(KeyReused, match="key 'k' was used before"):
            journal.append_many(batches, definition=SALES)
        assert not list(journal.deals())

    def test_entries_that_are_not_in_order_are_refused(self, journal: Journal) -> None:
        keep(journal, story("acme", 1))
        deal = replace(deal_of(story("acme", 2)), length=3)
        with pytest.raises(JournalError, match="entry 3 of deal 'acme' is not entry 2 of 'acme'"):
            journal.append((moved("acme", 3), moved("acme", 2)), after=1, deal=deal)
        with pytest.raises(JournalError, match="entry 2 of deal 'b' is not entry 2 of 'acme'"):
            journal.append((moved("b", 2),), after=1, deal=deal)
        with pytest.raises(JournalError, match="of length 3 is not the fold of 2 entries"):
            journal.append((moved("acme", 2),), after=1, deal=deal)
        with pytest.raises(JournalError, match="has entries"):
            journal.append((), after=1, deal=deal)

    def test_half_a_character_is_refused_by_the_name_of_its_field(self, journal: Journal) -> None:
        with pytest.raises(BadValue, match=r"lone surrogate\) in note"):
            keep(journal, (started(note="cut \ud83d"),))
        with pytest.raises(BadValue, match="in action, key"):
            keep(journal, (started(action="\udc80", key="\udc80"),))
        with pytest.raises(BadValue, match="in its facts or verdicts"):
            keep(journal, (started(facts={"name": "\ud83d"}),))
        assert not list(journal.all_entries())

    def test_a_definition_that_is_no_unicode_is_refused(self, journal: Journal) -> None:
        with pytest.raises(BadValue, match="the definition of sales@1 is not Unicode"):
            keep(journal, story(), replace(SALES, files=(("a", "\ud83d"),)))
        assert journal.definitions() == ()

    def test_a_null_character_is_kept_in_texts_and_refused_in_names(self, journal: Journal) -> None:
        keep(journal, (started(note="nul \0 and \\u0000", facts={"name": "\0"}),))
        assert journal.entries("acme")[0].note == "nul \0 and \\u0000"
        with pytest.raises(BadValue, match="the reason of an entry holds a null character"):
            add(journal, moved("acme", 2, reason="a\0b"))
        add(journal, moved("acme", 2, reason="a\\u0000b"))

    def test_a_time_without_a_zone_is_refused(self, journal: Journal) -> None:
        entry = started(happened_at=NOON.replace(tzinfo=None))
        with pytest.raises(BadTime, match="needs a zone"):
            journal.append((entry,), after=0, deal=deal_of((started(),)), definition=SALES)

    def test_hostile_text_is_only_text(self, journal: Journal) -> None:
        text = "'; DROP TABLE entries; -- \x1b[31m \u202e \U0001f600 %s {0} \r\n\t\x7f\u2028"
        entry = started(text, note=text, reason=text, key=text, facts={"name": text}, owner=text, to_stage=text)
        deal = keep(journal, (entry,))
        assert journal.entries(text) == (entry,)
        assert journal.deal(text) == deal
        assert journal.by_key(text, text) == journal.start_by_key(text) == entry
        assert next(journal.deals(stage=text)) == deal

    def test_a_journal_can_be_read_while_it_is_added_to(self, journal: Journal) -> None:
        for name in "abc":
            keep(journal, (started(name),))
        for deal in journal.deals():
            add(journal, moved(deal.id, 2, facts={"seen": Decimal(1)}))
        assert [deal.length for deal in journal.deals()] == [2, 2, 2]

    def test_an_alarm_and_what_is_known_of_tracks_come_back(self, journal: Journal) -> None:
        alarm = Alarm("stale", AlarmKind.WARN, NOON)
        keep(journal, (*story(), moved("acme", 6, kind=EntryKind.WARNED, alarm=alarm)))
        deal = journal.deal("acme")
        assert deal is not None
        assert deal.alarms == {"stale": alarm}
        assert deal.track_entered_at == {"legal": NOON + timedelta(hours=5)}
        assert deal.active_at == NOON + timedelta(hours=5)
        assert journal.entries("acme")[-1].alarm == alarm

    def test_deals_are_due_until_someone_says_until_when_not(self, journal: Journal) -> None:
        acme, zebra, whale = keep(journal, story("acme")), keep(journal, story("zebra")), keep(journal, story("whale"))
        assert {deal.id for deal in journal.due(NOON)} == {"acme", "zebra", "whale"}
        journal.watch([(acme, NOON + timedelta(days=1)), (zebra, None), (whale, NOON)])
        assert [deal.id for deal in journal.due(NOON)] == ["whale"]
        assert [deal.id for deal in journal.due(NOON + timedelta(days=1))] == ["whale", "acme"]

    def test_a_deal_to_which_something_happens_is_due_again(self, journal: Journal) -> None:
        acme = keep(journal, story("acme"))
        journal.watch([(acme, None)])
        assert list(journal.due(NOON)) == []
        now_is = add(journal, moved("acme", 6))
        journal.watch([(acme, None)])
        assert list(journal.due(NOON)) == [now_is]

    def test_more_deals_are_due_than_a_page_holds_and_each_is_met_once(self, journal: Journal) -> None:
        batches = [((started(f"deal-{n}"),), 0, deal_of((started(f"deal-{n}"),))) for n in range(2500)]
        journal.append_many(batches, definition=SALES)
        met = []
        for deal in journal.due(NOON):
            met.append(deal.id)
            journal.watch([(deal, NOON + timedelta(hours=1) if len(met) % 500 else None)])
        assert len(met) == len(set(met)) == 2500

    def test_stages_without_clocks_are_never_due(self, journal: Journal) -> None:
        keep(journal, (started("a"),))
        keep(journal, (started("b"), moved("b", 2, to_stage="won", outcome="won")))
        journal.watch_none(SALES.digest, but=["prospect"])
        assert [deal.id for deal in journal.due(NOON)] == ["a"]
        journal.watch_none(SALES.digest, but=())
        assert list(journal.due(NOON)) == []

    def test_several_deals_are_recorded_together_or_not_at_all(self, journal: Journal) -> None:
        one, other = (started("one", key="k"),), (started("other", key="k"),)
        with pytest.raises(KeyReused):
            journal.append_together([(one, 0, deal_of(one)), (other, 0, deal_of(other))], definitions=(SALES,))
        assert list(journal.deals()) == []
        other = (started("other"),)
        journal.append_together([(one, 0, deal_of(one)), (other, 0, deal_of(other))], definitions=(SALES,))
        assert [deal.id for deal in journal.deals()] == ["one", "other"]

    def test_a_migration_is_kept_with_what_the_past_is_called_since(self, journal: Journal) -> None:
        before = keep(journal, story())
        files = (("processes/sales/2.yaml", "process: sales\nversion: 2\n"),)
        newer = Definition("sales", 2, definition_digest(files), files)
        entry = replace(
            moved("acme", 6, kind=EntryKind.MIGRATED, action="", version=2, digest=newer.digest, reason="follows"),
            from_stage=before.stage,
            to_stage="stage-two",
            facts={"buyer": "buyer"},
            renamed={f"stages/{before.stage}": "stage-two", "actions/go": "went", "facts/contact": "buyer"},
        )
        after = deal_of((*story(), entry))
        journal.append_together([((entry,), 5, after)], definitions=(newer,))
        assert journal.entries("acme")[-1] == entry
        assert journal.deal("acme") == after
        assert (after.stage, after.version, after.entered_at) == ("stage-two", 2, before.entered_at)
        assert after.visited == {"prospect", "stage-two"}
        assert set(after.actions) == {"went", "submit"}
        assert set(after.facts) == {"amount", "buyer"}


class SqlContract(Contract):
    """What else a journal in a database must do."""

    def test_approvals_are_told_by_deal(self, journal: SqlJournal) -> None:
        keep(journal, story("zebra"))
        keep(journal, story("acme"))
        keep(journal, story("short", 2))
        assert journal.approved() == (story("acme")[3], story("zebra")[3])

    def test_a_deal_that_cannot_be_read_stands_in_the_way_of_no_other(self, journal: SqlJournal) -> None:
        acme, beta, zebra = keep(journal, story("acme")), keep(journal, story("beta")), keep(journal, story("zebra"))
        journal.session.rows("UPDATE deals SET more = 'x' WHERE id = 'beta'")
        found = list(journal.due(NOON))
        assert found == [acme, Damaged("beta", "the row of deal 'beta' cannot be read"), zebra]
        journal.watch([(acme, None), (zebra, None)])
        assert list(journal.due(NOON)) == found[1:2]
        rebuild(journal)
        assert list(journal.due(NOON)) == [acme, beta, zebra]

    def test_many_that_cannot_be_read_are_told_each_once(self, journal: SqlJournal) -> None:
        batches = [((started(f"deal-{n}"),), 0, deal_of((started(f"deal-{n}"),))) for n in range(2100)]
        journal.append_many(batches, definition=SALES)
        journal.session.rows("UPDATE deals SET more = '[]' WHERE substr(id, length(id)) = '9'")
        found = list(journal.due(NOON))
        assert {each.id for each in found if isinstance(each, Damaged)} == {f"deal-{n}" for n in range(9, 2100, 10)}
        assert len(found) == len({each.id for each in found}) == 2100

    def test_what_was_kept_verifies(self, journal: SqlJournal) -> None:
        keep(journal, story("acme", 12))
        keep(journal, story("Ärger"))
        assert verify(journal) == ()
        journal.session.rows("UPDATE deals SET stage = 'won' WHERE id = 'acme'")
        assert [str(problem) for problem in verify(journal)] == [
            "deal 'acme': its row in the table of deals differs from its entries in: stage"
        ]

    def test_the_projection_is_rebuilt(self, journal: SqlJournal) -> None:
        keep(journal, story("acme"))
        keep(journal, story("beta"))
        before = journal.session.rows("SELECT * FROM deals ORDER BY id")
        journal.session.rows("UPDATE deals SET stage = 'won', more = '{}' WHERE id = 'acme'")
        journal.session.rows("DELETE FROM deals WHERE id = 'beta'")
        assert rebuild(journal) == 2
        assert journal.session.rows("SELECT * FROM deals ORDER BY id") == before

    def test_a_deal_is_forgotten_for_good(self, journal: SqlJournal) -> None:
        keep(journal, story("acme"))
        forget(journal, "acme")
        assert {entry.actor for entry in journal.entries("acme")} == {""}
        assert verify(journal) == ()
        with pytest.raises(DealForgotten, match="deal 'acme' was forgotten"):
            add(journal, moved("acme", 6))

    @pytest.mark.parametrize("table", ["entries", "payloads", "definitions"])
    def test_the_database_refuses_changes(self, journal: SqlJournal, table: str) -> None:
        keep(journal, story("acme"))
        column = {"entries": "reason", "payloads": "body", "definitions": "files"}[table]
        with pytest.raises(JournalError, match="the journal is append-only"):
            journal.session.rows(f"UPDATE {table} SET {column} = 'x'")
        with pytest.raises(JournalError, match="the journal is append-only"):
            journal.session.rows(f"DELETE FROM {table}")
        assert journal.entries("acme") == story("acme")

    def test_a_journal_on_the_same_database_sees_what_was_kept(self, journal: SqlJournal, url: str) -> None:
        keep(journal, story("acme"))
        with closing(connect(url, create=False, read_only=True)) as other:
            assert other.entries("acme") == story("acme")
            with pytest.raises(JournalError, match="was opened for reading only"):
                add(other, moved("acme", 6))

    def test_threads_that_race_for_one_deal_each_win_what_they_record(self, journal: SqlJournal, url: str) -> None:
        keep(journal, (started("shared"),))
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(lambda name: race(url, name, wins=20), "abcd")) == [20] * 4
        actors = [entry.actor for entry in journal.entries("shared")][1:]
        assert [actors.count(name) for name in "abcd"] == [20] * 4
        assert journal.deal("shared") == deal_of(journal.entries("shared"))
        assert verify(journal) == ()

    def test_threads_that_start_one_deal_start_it_once(self, journal: SqlJournal, url: str) -> None:
        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(lambda _: start(url, "acme"), range(8))) == [False] * 7 + [True]
        assert journal.entries("acme") == (started("acme"),)


def race(url: str, name: str, *, wins: int) -> int:
    """Win so many races for the next entry of one deal."""
    won = 0
    with closing(connect(url, wait_seconds=60)) as journal:
        while won < wins:
            deal = journal.deal("shared")
            assert deal is not None
            with suppress(DealMovedOn):
                add(journal, moved("shared", deal.length + 1, actor=name), before=deal)
                won += 1
    return won


def start(url: str, deal: str) -> bool:
    """Whether the deal could be started."""
    with closing(connect(url, wait_seconds=60)) as journal:
        try:
            keep(journal, (started(deal),))
        except DealExists:
            return False
        return True
