from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from engine.model.decision import About, Clause, Result, Verdict
from engine.model.entry import EntryKind
from engine.report import story
from engine.report.style import Style
from tests.report.golden import golden
from tests.report.samples import BEN, BUDGET_FAILED, DIGEST, ENTRIES, PROCESS, at, entry

PROCESSES = {DIGEST: PROCESS}
STARTED = replace(ENTRIES[0], facts={})

IMPORTED = (
    STARTED,
    entry(2, EntryKind.MOVED, at(3), from_stage="prospect", to_stage="qualified", undated=True),
    entry(3, EntryKind.MOVED, at(3), from_stage="qualified", to_stage="demo", undated=True),
    entry(
        4,
        EntryKind.MOVED,
        at(4),
        action="send-proposal",
        from_stage="demo",
        to_stage="proposal",
        deviating=True,
        verdicts=(BUDGET_FAILED,),
    ),
    entry(5, EntryKind.WARNED, at(20), action="stale"),
    entry(
        6,
        EntryKind.MOVED,
        at(21),
        action="negotiate",
        from_stage="proposal",
        to_stage="negotiation",
        override=True,
        verdicts=(replace(BUDGET_FAILED, result=Result.WAIVED),),
        owner="ben",
        **BEN,
    ),
    replace(
        entry(
            7,
            EntryKind.MIGRATED,
            at(22),
            from_stage="negotiation",
            to_stage="talks",
            reason="follows",
            note="'negotiation' is called 'talks' in inside-sales@3",
            renamed={"stages/negotiation": "talks", "facts/rebate": "discount", "facts/tier": ""},
        ),
        version=3,
        digest="e" * 64,
    ),
    replace(
        entry(
            8,
            EntryKind.MOVED,
            at(23),
            action="lose",
            from_stage="talks",
            to_stage="lost",
            outcome="lost",
            reason="price",
            note="Too dear\nby half",
        ),
        version=3,
        digest="e" * 64,
    ),
)


def test_the_story_of_a_won_deal_reads_as_it_should() -> None:
    golden("story.txt", story.story(PROCESSES, ENTRIES))


def test_the_story_of_an_imported_deal_tells_what_deviated_and_what_has_no_date() -> None:
    golden("story-imported.txt", story.story(PROCESSES, IMPORTED))


def test_the_story_as_markdown_reads_as_it_should() -> None:
    golden("story.md", story.markdown(PROCESSES, ENTRIES))


def test_the_story_as_json_keeps_all_evidence() -> None:
    told = json.loads(story.json(PROCESSES, ENTRIES))
    refusal = told["rows"][4]

    assert (told["deal"], told["stage"], told["outcome"], told["time_zone"]) == (
        "acme-1",
        "won",
        "won",
        "Europe/Berlin",
    )
    assert told["rows"][1]["reason_title"] == "The prospect named the need"
    assert refusal["verdicts"][3]["clauses"][2] == {
        "text": "amount >= 5000",
        "holds": False,
        "seen": [{"name": "amount", "value": 100}],
        "depth": 1,
        "joined": "",
    }


def test_times_can_be_told_in_another_zone() -> None:
    told = story.story(PROCESSES, ENTRIES, zone="Asia/Tokyo")

    assert "times in Asia/Tokyo" in told
    assert "2026-03-02 17:30  started" in told


def test_a_zone_that_is_not_known_here_is_said_and_utc_used() -> None:
    told = story.story(PROCESSES, ENTRIES, zone="Mars/Olympus")

    assert "times in UTC (the zone 'Mars/Olympus' is not known here)" in told
    assert "2026-03-02 08:30  started" in told


def test_an_open_deal_says_where_it_stands() -> None:
    assert story.story(PROCESSES, ENTRIES[:4]).startswith("acme-1  in demo since 2026-03-09, started 2026-03-02\n")


def test_a_deal_opened_again_is_open() -> None:
    reopened = entry(12, EntryKind.MOVED, at(20, 8, 4), action="reopen", from_stage="won", to_stage="qualified", **BEN)

    assert story.story(PROCESSES, (*ENTRIES, reopened)).startswith("acme-1  in qualified since 2026-04-20")


def test_a_story_without_definitions_is_told_by_ids() -> None:
    told = story.story({}, ENTRIES)

    assert "reason    need-confirmed\n" in told
    assert told.endswith("the definition of inside-sales@2 is not at hand: its titles are left out\n")


def test_a_fact_that_changes_tells_what_it_was() -> None:
    assert "budget_confirmed true, amount 9000 EUR (was 100 EUR)" in story.story(PROCESSES, ENTRIES)


def test_a_refused_move_records_none_of_the_facts_it_offered() -> None:
    offered = replace(ENTRIES[4], facts={"amount": Decimal(7)})
    told = story.story(PROCESSES, (*ENTRIES[:4], offered, *ENTRIES[5:]))

    assert "offered   amount 7 EUR (was 100 EUR)" in told
    assert "amount 9000 EUR (was 100 EUR)" in told


def test_what_must_hold_always_is_told_again_only_when_it_saw_something_else() -> None:
    def frozen(seen: bool | None) -> Verdict:
        clause = Clause("not export_hold", True, (("export_hold", seen),))
        return Verdict("always/1", About.ALWAYS, Result.PASSED, "Nobody froze it", clauses=(clause,))

    seen = (False, False, None, False)
    life = (
        ENTRIES[0],
        *(replace(ENTRIES[i], verdicts=(frozen(value),)) for i, value in zip((1, 3, 6, 8), seen, strict=True)),
    )
    told = story.story(PROCESSES, life)

    assert [line.split("it  ")[1] for line in told.split("\n") if "Nobody froze it" in line] == [
        "export_hold false",
        "export_hold unknown",
        "export_hold false",
    ]


def test_an_override_that_was_refused_was_only_asked_for() -> None:
    told = story.story(PROCESSES, (*ENTRIES[:4], replace(ENTRIES[4], override=True)))

    assert "override  was asked for" in told


def test_how_long_a_deal_stood_is_left_out_where_nobody_dated_its_coming() -> None:
    coming = replace(ENTRIES[1], undated=True)

    assert "6d 6h in qualified" in story.story(PROCESSES, ENTRIES[:4])
    assert "in qualified" not in story.story(PROCESSES, (ENTRIES[0], coming, *ENTRIES[2:4])).split("hold-demo")[1]


def test_no_entries_are_no_story() -> None:
    assert story.story(PROCESSES, ()) == story.markdown(PROCESSES, ()) == "nothing has happened yet\n"
    assert json.loads(story.json(PROCESSES, ()))["rows"] == []


def test_colours_change_nothing_but_colours() -> None:
    plain, coloured = (story.story(PROCESSES, ENTRIES, style=style) for style in (Style.PLAIN, Style.COLOUR))
    codes = ("\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[0m")
    for code in codes:
        coloured = coloured.replace(code, "")

    assert [line.rstrip() for line in coloured.split("\n")] == plain.split("\n")
