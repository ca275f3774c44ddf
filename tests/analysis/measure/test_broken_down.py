"""Every measure by group: the groups add up to the whole, and no group is told of another's deals."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.measure.asked import Asked
from engine.analysis.measure.built_in.outcomes import outcomes
from engine.analysis.measure.groups.broken_down import broken_down, grouped
from engine.analysis.measure.groups.grouping import ALL, grouping
from engine.analysis.measure.measure import measure, viewed
from engine.analysis.measure.sections import MEASURES
from engine.model.errors import UnknownName
from engine.model.study import Chart, Mark, Section
from engine.report import schemas
from engine.report.study import render
from tests.analysis.telling import SALE, deal, many, rows, section, tables

ENDS = ("new 0, won 5", "new 0, demo 2, lost 9", "new 1, gone 2", "new 3", "demo 4, offer 6")
DUE = ((1, "due", "2026-01-05"), (2, "due", "2026-01-09"))
DEALS = (
    *many(9, "new 0, demo 3, won 10", owner="ana", amount=100, touches="call 1, call 5", facts=DUE),
    *many(2, "new 1, lost 4", "a", owner="ana", amount=50, touches="call 2"),
    *many(3, "new 0, demo 5, won 8", "b", owner="ben", amount=7, touches="call 3", facts=DUE[:1]),
    *many(9, "new 0, demo 2, lost 9", "b", owner="ben"),
    *many(4, "new 6", "c"),
)

odd = st.tuples(
    st.sampled_from((*ENDS, "new", "new, won", "won 3", "new 0, won 0", "new 0, lost 1, won 2, new 3")),
    st.sampled_from((None, 0, -5, 10**17)),
    st.sampled_from((1, 2)),
    st.one_of(st.none(), st.dates()),
    st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=4000))),
)
made_up = st.lists(
    st.tuples(st.sampled_from(ENDS), st.sampled_from(("ana", "ben", "kim", ""))), min_size=1, max_size=30
)


def test_groups_stand_beside_each_other_with_what_is_beyond_chance():
    found = section(measure(tables(*DEALS), SALE, asked=Asked(by="owner")), "groups")
    assert rows(found, "group", "deals", "won", "lost", "other", "open", "tells", "value_won") == [
        ("ben", 12, 3, 9, 0, 0, "lower", Decimal(21)),
        ("ana", 11, 9, 2, 0, 0, "higher", Decimal(900)),
        ("(not known)", 4, 0, 0, 0, 4, "", Decimal(0)),
    ]
    ((ben,), (ana,), (nobody,)) = rows(found, "from_others")
    assert (ana.value, nobody) == (pytest.approx(9 / 11 - 3 / 12), None)
    assert (ben.low, ben.high) == pytest.approx((-ana.high, -ana.low))


def test_the_rows_of_all_deals_come_first_and_then_those_of_each_group():
    found = section(measure(tables(*DEALS), SALE, asked=Asked(by="owner")), "outcomes")
    assert [row[:3] for row in found.rows[::4]] == [
        (ALL, "won", 12),
        ("ben", "won", 3),
        ("ana", "won", 9),
        ("(not known)", "won", 0),
    ]
    assert found.headings[0].title == "Owner"


@settings(max_examples=40)
@given(made_up)
def test_groups_add_up_to_the_whole(made):
    deals = [deal(str(place), visits, owner=owner, amount=place) for place, (visits, owner) in enumerate(made)]
    study = measure(tables(*deals), SALE, asked=Asked(by="owner", only=("outcomes", "groups")))
    told = rows(section(study, "outcomes"), "group", "outcome", "deals", "value")
    for outcome in ("won", "lost", "ended otherwise", "open"):
        (whole,) = [row for row in told if row[:2] == (ALL, outcome)]
        parts = [row for row in told if row[1] == outcome and row[0] != ALL]
        assert sum(row[2] for row in parts) == whole[2]
        assert sum(row[3] or 0 for row in parts) == (whole[3] or 0)
    assert sum(deals for (deals,) in rows(section(study, "groups"), "deals")) == len(deals)


@pytest.mark.parametrize("each", MEASURES, ids=lambda each: each.id)
def test_a_group_is_told_as_if_there_were_no_other_deals(each):
    seen = viewed(tables(*DEALS), SALE, Asked())
    by = grouping(seen.told, "owner", teams={})
    groups = grouped(seen, by)
    whole, found = each.of(seen), broken_down(each.of, seen, groups, title=by.title)
    assert [row[1:] for row in found.rows if row[0] == ALL] == list(whole.rows)
    assert [row[1:] for row in found.rows if row[0] == "ana"] == list(each.of(seen.of(by.code == 1)).rows)
    assert each.of(groups[1].view).headings == whole.headings
    assert len({row[: each.keys] for row in whole.rows}) == len(whole.rows)


def test_a_chart_is_drawn_a_group_each():
    seen = viewed(tables(*DEALS), SALE, Asked())

    def charted(view):
        found = outcomes(view)
        plain = Chart("plain", "Plain", Mark.BARS, ("outcome",), ("deals",))
        return Section(
            found.id,
            found.title,
            found.headings,
            found.rows,
            charts=(plain, Chart("split", "Split", Mark.BARS, ("deals",), ("value",), split="outcome")),
        )

    by = grouping(seen.told, "owner", teams={})
    plain, split = broken_down(charted, seen, grouped(seen, by), title="owner").charts
    assert (plain.split, plain.labels) == ("group", ("outcome",))
    assert (split.split, split.labels) == ("outcome", ("group", "deals"))


def test_only_what_is_named_is_told():
    study = measure(tables(*DEALS), SALE, asked=Asked(by="owner", only=("outcomes",)))
    assert [each.id for each in study.sections] == ["outcomes"]
    assert [each.id for each in measure(tables(*DEALS), SALE, asked=Asked(by="owner", only=("groups",))).sections] == [
        "groups"
    ]


@pytest.mark.parametrize(("split", "says"), [(40, "'Beyond chance' minds"), (0, "none differs from the others")])
def test_a_column_that_stands_empty_is_not_explained(split, says):
    owned = [("a" if n < 40 else "b", n < split if split else n % 2 == 0) for n in range(80)]
    made = [deal(f"{n}", f"new 0, {'won' if won else 'lost'} 1", owner=owner) for n, (owner, won) in enumerate(owned)]
    notes = section(measure(tables(*made), SALE, asked=Asked(by="owner")), "groups").notes
    assert [says in note for note in notes] == [False, True]


def test_groups_can_only_be_named_where_there_are_some():
    with pytest.raises(UnknownName, match="without groups there is no measure 'groups'"):
        measure(tables(*DEALS), SALE, asked=Asked(only=("groups",)))


def test_a_title_within_a_sentence_begins_small():
    facts = {"segment": replace(SALE.facts["segment"], title="Size of who buys")}
    found = section(measure(tables(*DEALS), replace(SALE, facts=facts), asked=Asked(by="segment")), "groups")
    assert (found.title, found.headings[0].title) == ("By size of who buys", "Size of who buys")


@settings(max_examples=8)
@given(
    st.lists(odd, min_size=1, max_size=12), st.sampled_from(("owner", "version", "segment", "amount", "due", "trial"))
)
def test_whatever_the_deals_are_a_report_by_group_can_be_written(made, by):
    deals = [
        deal(f"D{place}", visits, amount=amount, version=version, columns={"due": due, "trial": trial})
        for place, (visits, amount, version, due, trial) in enumerate(made)
    ]
    study = measure(tables(*deals), SALE, asked=Asked(by=by))
    told = json.loads(render(study, "json"), parse_constant=lambda name: pytest.fail(f"{name} is no figure"))
    jsonschema.validate(told, schemas.schema("measure"))
    assert "nan" not in str(render(study, "text"))


def test_a_measure_that_is_not_there_is_told_with_what_is_meant():
    with pytest.raises(UnknownName, match="there is no measure 'outcome'") as caught:
        measure(tables(*DEALS), SALE, asked=Asked(only=("outcome",)))
    assert caught.value.hint == "did you mean 'outcomes'?"


def test_of_many_groups_that_are_alike_hardly_any_is_beyond_chance():
    # Drawn by lot, eight times: of 30 owners alike about three have an interval that leaves out 0, and none is marked.
    dice, apart, marked = random.Random(3), 0, 0
    for _ in range(8):
        deals = (
            deal(f"{owner}-{number}", f"new 0, {'won' if dice.random() < 0.3 else 'lost'} 5", owner=f"owner {owner}")
            for owner in range(30)
            for number in range(20)
        )
        found = section(measure(tables(*deals), SALE, asked=Asked(by="owner", only=("groups",))), "groups")
        for difference, tells in rows(found, "from_others", "tells"):
            apart += difference.low > 0 or difference.high < 0
            marked += bool(tells)
    assert apart >= 12
    assert marked <= 2
