from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.journal.codec import (
    body_text,
    canonical,
    envelope_of,
    envelope_text,
    iso,
    verdict_writer,
)
from engine.journal.decoding import entry_of, moment
from engine.journal.projection import deal_of, row_of
from engine.model.alarm import Alarm, AlarmKind
from engine.model.deal import Deal, Grant, Times
from engine.model.decision import About, Clause, Result, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.errors import BadTime, JournalError
from engine.model.rule import Force
from tests.journal.build import BUDGET, NOON, started, story

# Any text at all but halves of characters; names have no null character either.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["\x1b[31m", "=1+1", "\u202e", '"', "\\", "\\u0000", "\r\n", "é", "e\u0301", "\U0001f600", "null", "{}"]
)
names = texts.filter(lambda text: "\0" not in text)
times = st.datetimes(timezones=st.just(UTC))
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18)
plain = (
    st.booleans() | numbers | texts | st.dates() | st.timedeltas(timedelta(days=-9_999_999), timedelta(days=9_999_999))
)
values = plain | st.lists(plain, max_size=3).map(tuple)
facts = st.dictionaries(texts, values, max_size=4)
clauses = st.builds(
    Clause,
    text=texts,
    holds=st.none() | st.booleans(),
    seen=st.lists(st.tuples(texts, st.none() | values), max_size=3).map(tuple),
    depth=st.integers(0, 30),
    joined=st.sampled_from(["", "all", "any"]),
)
several = st.lists(texts, max_size=2).map(tuple)
verdicts = st.builds(
    Verdict,
    requirement=texts,
    about=st.sampled_from(About),
    result=st.sampled_from(Result),
    says=texts,
    force=st.sampled_from(Force),
    needs=texts,
    fix=texts,
    who=several,
    missing=several,
    rule=texts,
    clauses=st.lists(clauses, max_size=2).map(tuple),
)
alarms = st.builds(Alarm, texts, st.sampled_from(AlarmKind), times)
entries = st.builds(
    Entry,
    deal=names,
    sequence=st.integers(1, 2**31 - 1),
    kind=st.sampled_from(EntryKind),
    happened_at=times,
    recorded_at=times,
    process=names,
    version=st.integers(0, 2**31 - 1),
    digest=names,
    **dict.fromkeys(("track", "action", "from_stage", "to_stage", "outcome", "reason", "key"), names),
    **dict.fromkeys(("actor", "role", "note", "touchpoint", "approval", "owner"), texts),
    **dict.fromkeys(("deviating", "undated", "override"), st.booleans()),
    facts=facts,
    verdicts=st.lists(verdicts, max_size=3).map(tuple),
    alarm=st.none() | alarms,
    renamed=st.dictionaries(texts, texts, max_size=2),
)
counts = st.dictionaries(texts, st.builds(Times, st.integers(0, 10**6), times), max_size=3)
deals = st.builds(
    Deal,
    **dict.fromkeys(("id", "process", "digest", "stage", "previous", "outcome", "owner"), names),
    version=st.integers(0, 10**6),
    **dict.fromkeys(("started_at", "entered_at", "last_at", "active_at"), times),
    track_entered_at=st.dictionaries(texts, times, max_size=2),
    alarms=st.lists(alarms, max_size=2).map(lambda found: {alarm.clock: alarm for alarm in found}),
    length=st.integers(1, 10**6),
    closed_at=st.none() | times,
    tracks=st.dictionaries(texts, texts, max_size=2),
    facts=facts,
    visited=st.frozensets(texts, max_size=3),
    touches=counts,
    actions=counts,
    grants=st.lists(
        st.builds(Grant, texts, texts, texts, texts, times, facts, texts, st.frozensets(texts, max_size=2)), max_size=2
    ).map(tuple),
    forgotten=st.booleans(),
)


def typed(value: Any) -> Any:
    """Facts with their types: ``True == 1`` must not hide a yes that became a number."""
    return {name: (type(each), each) for name, each in value.items()}


@given(entries)
def test_any_entry_comes_back_as_it_was(entry: Entry) -> None:
    back = entry_of(envelope_of(entry), body_text(entry))
    assert back == entry
    assert typed(back.facts) == typed(entry.facts)


@given(entries)
def test_texts_are_canonical_json(entry: Entry) -> None:
    body, envelope = body_text(entry), envelope_text(envelope_of(entry))
    assert canonical(json.loads(body)) == body
    assert canonical(envelope_of(entry)) == envelope
    assert json.loads(envelope) == list(envelope_of(entry))


@given(entries, st.randoms())
def test_equal_entries_have_equal_texts(entry: Entry, random: Any) -> None:
    shuffled = list(entry.facts.items())
    random.shuffle(shuffled)
    same = replace(entry, facts=dict(shuffled))
    assert body_text(same) == body_text(entry)


def test_verdicts_that_are_equal_and_not_the_same_keep_their_own_texts() -> None:
    write = verdict_writer()
    yes = replace(BUDGET, clauses=(Clause("x", True, (("x", True),)),))
    one = replace(BUDGET, clauses=(Clause("x", True, (("x", Decimal(1)),)),))
    assert yes == one
    texts = [body_text(started(verdicts=(verdict, verdict)), write) for verdict in (yes, one, yes)]
    assert texts == [body_text(started(verdicts=(verdict, verdict))) for verdict in (yes, one, yes)]
    assert texts[0] != texts[1]


def test_a_verdict_writer_forgets_before_it_fills_the_memory() -> None:
    write = verdict_writer()
    texts = [write(replace(BUDGET, says=str(number))) for number in range(5000)]
    assert [text.split(",")[3] for text in texts] == [f'"{number}"' for number in range(5000)]


@given(deals)
def test_any_deal_comes_back_as_it_was(deal: Deal) -> None:
    back = deal_of(row_of(deal), moment)
    assert back == deal
    assert typed(back.facts) == typed(deal.facts)


def test_equal_numbers_have_one_text() -> None:
    assert body_text(started(facts={"x": Decimal("5.0")})) == body_text(started(facts={"x": Decimal("5")}))


def test_the_body_leaves_out_what_is_empty() -> None:
    assert body_text(started(actor="")) == "{}"


def test_the_stored_form_of_an_entry_stays_as_it_is() -> None:
    assert [body_text(entry) for entry in story()] == [
        '{"actor":"ana","owner":"ana","facts":{"amount":{"n":"9000.5"}}}',
        '{"actor":"bo","touchpoint":"call","facts":{"contact":"buyer"}}',
        '{"actor":"bo","note":"tried","verdicts":[["budget-known","to_enter","failed","The budget is confirmed","must",'
        '"amount at least 5000 (is 100)","Ask for the yearly budget.",["ae","manager"],["amount"],'
        '"basic@1/budget-known",[["budget_confirmed",null,[["budget_confirmed",null]]],'
        '["amount >= 5000",false,[["amount",{"n":"100"}],["signed",true]],2,"all"]]]]}',
        '{"actor":"bo","role":"manager","approval":"sign/approval/1"}',
        '{"actor":"bo"}',
    ]


def test_every_kind_of_value_has_its_own_text() -> None:
    kinds = {"a": True, "b": Decimal("1"), "c": "1", "d": date(2026, 3, 31), "e": timedelta(days=1), "f": ("x", True)}
    assert body_text(started(actor="", facts=kinds)) == (
        '{"facts":{"a":true,"b":{"n":"1"},"c":"1","d":{"d":"2026-03-31"},"e":{"s":"86400000000"},"f":{"l":["x",true]}}}'
    )


def test_moments_are_told_in_utc() -> None:
    berlin = timezone(timedelta(hours=2))
    assert iso(NOON.astimezone(berlin)) == iso(NOON) == "2026-01-01T12:00:00.000000+00:00"


@pytest.mark.parametrize(
    "when", [NOON.replace(tzinfo=None), datetime.max.replace(tzinfo=timezone(timedelta(hours=-2)))]
)
def test_a_time_that_is_no_moment_is_refused(when: datetime) -> None:
    with pytest.raises(BadTime):
        iso(when)


HOSTILE_BODIES = [
    "",
    "null",
    "[]",
    "{",
    '{"actor": 5}',
    '{"actor": null}',
    '{"surprise": 1}',
    '{"override": false}',
    '{"override": "true"}',
    '{"facts": []}',
    '{"facts": {"a": null}}',
    '{"facts": {"a": 1.5}}',
    '{"facts": {"a": {"n": "x"}}}',
    '{"facts": {"a": {"n": "1", "d": "2"}}}',
    '{"facts": {"a": {"__class__": "os"}}}',
    '{"facts": {"a": "\\ud800"}}',
    '{"note": "\\udc80"}',
    '{"verdicts": {}}',
    '{"verdicts": [[]]}',
    '{"verdicts": [["a", "to_enter", "failed", "says"]]}',
    '{"verdicts": [["a", "no-such", "failed", "says", "must"]]}',
    '{"verdicts": [["a", ["to_enter"], "failed", "says", "must"]]}',
    '{"verdicts": [["a", "to_enter", "failed", 7, "must"]]}',
    '{"verdicts": [["a", "to_enter", "failed", "says", "must", "", "", "who", [], "", []]]}',
    '{"verdicts": [["a", "to_enter", "failed", "says", "must", "", "", [1], [], "", []]]}',
    '{"verdicts": [["a", "to_enter", "failed", "says", "must", "", "", [], [], "", [["x", 1, []]]]]}',
    '{"verdicts": [["a", "to_enter", "failed", "says", "must", "", "", [], [], "", [["x", true, [[1, true]]]]]]}',
    '{"verdicts": [["a", "to_enter", "failed", "says", "must", "", "", [], [], "", [["x", true, [], "1", ""]]]]}',
    "[" * 100_000,
    '{"facts":{"a":' * 50_000,
    "NaN",
]


@pytest.mark.parametrize("body", HOSTILE_BODIES, ids=range(len(HOSTILE_BODIES)))
def test_a_body_that_is_none_is_refused(body: str) -> None:
    with pytest.raises(JournalError, match="entry 1 of deal 'acme' cannot be read"):
        entry_of(envelope_of(started()), body)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *((0, b"acme"), (0, None), (1, "1"), (1, True), (2, "banana"), (2, None), (3, "2026"), (3, 7), (3, None)),
        *((3, "2026-01-01T12:00:00"), (4, "2026-01-01T12:00:00+02:00"), (6, 1.5), (7, None), (15, 2), (16, "no")),
    ],
)
def test_an_envelope_that_is_none_is_refused(place: int, value: object) -> None:
    envelope = list(envelope_of(started()))
    envelope[place] = value
    with pytest.raises(JournalError, match="cannot be read"):
        entry_of(envelope, "{}")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *((0, b"x"), (2, "1"), (4, None), (8, "soon"), (8, None), (11, "soon"), (12, 1.5)),
        *((14, text) for text in ("", "{}", "[]", '{"visited":[1]}', '{"visited":[],"tracks":{"a":1}}')),
        *((14, '{"visited":[],"touches":{"a":[1]}}'), (14, '{"visited":[],"grants":[["","","","","x","",{}]]}')),
        (14, '{"visited":[],"grants":[[1,"","","","2026-01-01T12:00:00+00:00","",{}]]}'),
        (14, '{"visited":[],"grants":[["","","","","2026-01-01T12:00:00+00:00","",{},[1]]]}'),
        (14, '{"visited":[],"grants":[["","","","","2026-01-01T12:00:00+00:00","",{},[],[]]]}'),
    ],
)
def test_a_row_that_is_no_deal_is_refused(place: int, value: object) -> None:
    deal = Deal("acme", "sales", 1, "d", "prospect", NOON, NOON, NOON)
    row = list(row_of(deal))
    row[place] = value
    with pytest.raises(JournalError, match="the row of deal"):
        deal_of(row, moment)
