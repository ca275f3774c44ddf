"""Imports that go on after deals came to another version, or stayed on theirs while the map went on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.advance.imported import ImportSummary
from engine.advance.many import import_past
from engine.journal.connect import connect
from engine.loading.processes import load_process
from engine.model.deal import fold
from engine.model.entry import Entry, EntryKind, Migrated
from engine.model.past import PastDeal
from engine.versions.called import called_by_digest
from tests.advance.test_many import NOW, TEXT, at, deal, move

FOLLOWS = """
version: 2
follows:
  version: 1
  stages: {{{stages}}}
  facts: {{city: town}}
"""
RENAMED = (
    TEXT.replace("  offer:\n", "  quote:\n").replace("offer,", "quote,").replace("offer}", "quote}")
    .replace("to: offer", "to: quote").replace("from: offer", "from: quote").replace("city", "town")
)  # fmt: skip


class Sale:
    """A process of two versions, and a journal."""

    def __init__(self, folder: Path, new: str, stages: str) -> None:
        texts = (TEXT, new.replace("version: 1\n", FOLLOWS.format(stages=stages)))
        for number, text in enumerate(texts, start=1):
            path = folder / "processes" / "sale" / f"{number}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        loaded = [load_process(folder / "processes" / "sale" / f"{number}.yaml") for number in (1, 2)]
        self.texts = [(each.value, each.definition) for each in loaded]
        assert all(process for process, _ in self.texts), [each.findings for each in loaded]
        self.journal = connect(":memory:")

    def take(self, version: int, *deals: PastDeal, now=NOW, **how) -> ImportSummary:
        process, definition = self.texts[version - 1]
        others = {text.digest: other for other, text in self.texts if other is not process}
        called = called_by_digest(process, others, ())
        return import_past(self.journal, process, definition, deals, now=now, map_id="crm", called=called, **how)

    def migrate(self, to: str, reason: Migrated = Migrated.FOLLOWS, name: str = "D1", **renamed: str) -> None:
        found = self.journal.deal(name)
        entry = Entry(
            name, found.length + 1, EntryKind.MIGRATED, at(20), at(20), "sale", 2, self.texts[1][1].digest,
            from_stage=found.stage, to_stage=to, reason=reason.value, key="plan:x",
            renamed={f"stages/{old}": new for old, new in renamed.items()},
        )  # fmt: skip
        after = fold([entry], found)
        self.journal.append([entry], after=found.length, deal=after, definition=self.texts[1][1])

    def stages(self, name: str = "D1") -> list[str]:
        return [entry.to_stage for entry in self.journal.entries(name) if entry.kind is EntryKind.MOVED]


@pytest.fixture
def sale(tmp_path):
    return Sale(tmp_path, RENAMED, "offer: quote")


OPEN = (move("new", 0, facts={"city": "Ulm"}), move("offer", 3))
SINCE = (move("new", 0, facts={"town": "Ulm"}), move("quote", 3))


def test_what_was_imported_is_compared_in_the_words_of_the_new_version(sale):
    sale.take(1, deal(*OPEN), deal(*OPEN, move("won", 9), name="D2"))
    sale.migrate("quote", offer="quote")
    assert sale.take(2, deal(*SINCE), deal(*SINCE, move("won", 9), name="D2")).unchanged == 2
    assert sale.take(1, deal(*OPEN), deal(*OPEN, move("won", 9), name="D2")).unchanged == 2
    assert sale.take(2, deal(*SINCE, move("won", 25)), deal(*SINCE, move("won", 9), name="D2")).moves == 1
    assert sale.take(2, deal(move("won", 25))).unchanged == 1
    last = sale.journal.entries("D1")[-1]
    assert (last.version, last.action, last.from_stage, last.deviating) == (2, "win", "quote", False)
    other = (move("new", 0, facts={"town": "Bonn"}), move("quote", 3))
    assert sale.take(2, deal(*other)).conflicts[0].message.startswith("differs in facts")


def test_a_file_of_what_is_new_goes_on_after_a_migration(sale):
    sale.take(1, deal(*OPEN[:1]), snapshot=True)
    sale.migrate("new", Migrated.STAYS)
    later = deal(move("quote", 25))
    assert sale.take(2, later, snapshot=True).moves == 1
    assert sale.take(2, later, snapshot=True).unchanged == 1


def test_a_snapshot_of_a_migrated_deal_is_nothing_new(sale):
    sale.take(1, deal(move("offer", None)), snapshot=True)
    sale.migrate("quote", offer="quote")
    assert sale.take(2, deal(move("quote", None)), snapshot=True).unchanged == 1
    assert sale.take(2, deal(move("won", None)), snapshot=True).moves == 1


def test_what_a_deal_cannot_take_is_told_with_a_mend(sale):
    sale.take(1, deal(*OPEN), deal(*OPEN, move("won", 9), name="D2"))
    sale.migrate("quote", offer="quote")
    told = sale.take(1, deal(*OPEN, move("won", 25))).conflicts[0].message
    assert told == "the deal follows sale@2, and the map is for sale@1; let the map say process: sale@2"
    told = sale.take(2, deal(*SINCE, move("won", 9), move("new", 30), name="D2")).conflicts[0].message
    assert told == "the deal follows sale@1, and the map is for sale@2; import it with a map for sale@1"
    told = sale.take(2, deal(*SINCE, move("won", 12))).conflicts[0].message
    assert told.startswith("it happened before the deal came to sale@2 (2026-01-21 00:00:00 UTC)")


def test_late_facts_and_owners_of_a_deal_that_stays_go_to_its_version(sale):
    sale.take(1, deal(*OPEN, move("won", 9), owner="ana", late={"city": "Ulm"}))
    late = {"town": "Bonn"}
    for count in (1, 0):
        told = sale.take(2, deal(*SINCE, move("won", 9), owner="bo", late=late), now=NOW + timedelta(days=1))
        assert (told.entries, told.conflicts) == (count, ())
    found = sale.journal.deal("D1")
    assert (found.version, found.owner, found.facts["city"]) == (1, "bo", "Bonn")


def test_where_two_stages_became_one_the_export_may_tell_one_move(tmp_path):
    merged = (
        RENAMED.replace("  talking: {}\n", "").replace("[new, talking]", "new")
        .replace("talk: {from: new, to: talking}", "talk: {from: new, to: quote}")
    )  # fmt: skip
    sale = Sale(tmp_path, merged, "offer: quote, talking: quote")
    sale.take(1, deal(move("new", 0), move("talking", 2), move("offer", 3)))
    sale.migrate("quote", Migrated.MAPS, offer="quote", talking="quote")
    now = (move("new", 0), move("quote", 2), move("quote", 3))
    assert sale.take(2, deal(*now)).unchanged == 1
    assert sale.take(2, deal(*now, move("won", 25))).moves == 1
    assert sale.take(2, deal(*now, move("won", 25), move("lost", 26))).moves == 1
    assert sale.stages() == ["talking", "offer", "won", "lost"]
    keys = [entry.key for entry in sale.journal.entries("D1")]
    assert len(set(keys)) == len(keys)


def test_where_somebody_placed_a_deal_its_past_is_still_its_past(sale):
    sale.take(1, deal(move("new", 0), move("talking", 2)))
    sale.migrate("quote", Migrated.DECIDED)
    assert sale.take(2, deal(move("new", 0), move("talking", 2))).unchanged == 1
    assert sale.take(2, deal(move("new", 0), move("quote", 2))).unchanged == 1
    assert sale.take(2, deal(move("new", 0), move("talking", 2), move("quote", 30), move("won", 31))).moves == 1
    assert sale.stages() == ["talking", "won"]


SPLIT = RENAMED.replace("  won: {ends", "  legal: {}\n  won: {ends").replace(
    "win: {from: quote", "check: {from: quote, to: legal}\n  win: {from: [quote, legal]"
)
ELSEWHERE = (
    "the export says 'legal', and the deal came to sale@2 in 'quote'; "
    "if it has gone there, make the move by hand with 'stagewright advance'"
)


@pytest.fixture
def parted(tmp_path):
    return Sale(tmp_path, SPLIT, "offer: [{to: legal, when: amount > 4000}, {to: quote}]")


def test_where_a_stage_was_split_the_export_may_tell_both_parts(parted):
    for name in ("D1", "D2"):
        parted.take(1, deal(move("new", 0), move("offer", 3), name=name))
        parted.migrate("quote", Migrated.MAPS, name=name, offer="quote")
    both = (move("new", 0), move("quote", 3), move("legal", 5))
    assert parted.take(2, deal(move("new", 0), move("legal", 3))).unchanged == 1
    assert [each.message for each in parted.take(2, deal(*both)).conflicts] == [ELSEWHERE]
    assert parted.take(2, deal(*both[:2], move("legal", 25))).moves == 1
    assert parted.take(2, deal(*both, move("won", 25), name="D2")).moves == 1
    assert parted.take(2, deal(*both, move("won", 25), name="D2")).unchanged == 1
    assert (parted.stages("D1"), parted.stages("D2")) == (["offer", "legal"], ["offer", "won"])


def test_a_snapshot_that_names_another_part_of_a_split_stage_is_told(parted):
    parted.take(1, deal(move("offer", None)), snapshot=True)
    parted.migrate("quote", Migrated.MAPS, offer="quote")
    assert parted.take(2, deal(move("quote", None)), snapshot=True).unchanged == 1
    assert [each.message for each in parted.take(2, deal(move("legal", None)), snapshot=True).conflicts] == [ELSEWHERE]
    assert parted.take(2, deal(move("won", None)), snapshot=True).moves == 1
    assert parted.stages() == ["offer", "won"]
