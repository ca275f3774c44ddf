"""Deals by owner or fact, by outcome, and the map of how they went: hand-worked."""

from decimal import Decimal

import pytest

from engine.analysis.asked import Asked
from engine.analysis.in_short import in_short
from engine.analysis.journeys import journeys
from engine.analysis.review.flow import flow as flow_of
from engine.analysis.review.groups import groups
from engine.analysis.review.overview import overview
from engine.analysis.review.review import review
from engine.analysis.review.times import stays
from engine.model.errors import BadValue, UnknownName
from engine.model.study import Way
from tests.analysis.telling import SALE, day, deal, many, rows, section, tables

DEALS = (
    deal("A", "new 0, demo 3, won 10", owner="ana", amount=100, columns={"segment": "large"}),
    deal("B", "new 1, won 4", owner="ana", amount=-20, columns={"segment": "small"}),
    deal("C", "new 2, demo 4, new 5, lost 8", owner="ana", amount=7),
    deal("D", "new 0, lost 9", owner="ben", columns={"segment": "large"}),
    deal("E", "new 0, gone 9", owner="ben", amount=0),
    deal("F", "demo 0, new 2, lost 3, new 6"),
)


def told(*deals, **asked):
    return journeys(tables(*deals), SALE, asked=Asked(**asked))


def flow(found):
    return flow_of(found, stays(found))


def figures(found, *columns):
    return [tuple(getattr(each, "value", each) for each in row) for row in rows(found, *columns)]


def test_deals_are_counted_by_outcome_with_their_value():
    found = overview(told(*DEALS))
    assert figures(found, "outcome", "deals", "share", "value", "mean_value") == [
        ("won", 2, 0.5, Decimal(80), Decimal("40.00")),
        ("lost", 2, 0.5, Decimal(7), Decimal("7.00")),
        ("ended otherwise", 1, None, Decimal(0), Decimal("0.00")),
        ("open", 1, None, None, None),
        ("all", 6, None, Decimal(87), Decimal("21.75")),
    ]
    assert found.says == ("Started from 2026-01-01 to 2026-01-03. Closed from 2026-01-05 to 2026-01-11.",)
    assert found.notes == (
        "First seen in another stage than 'new': 1 deal.",
        "Without a value, and so left out of sums: 2 deals.",
    )


def test_the_win_rate_is_of_won_and_lost():
    assert in_short(told(*DEALS)) == ("2 of 4 deals won or lost were won: 50 % (90 % interval 18 % to 82 %).",)
    assert in_short(told(deal("A", "new 0"))) == ("None of 1 deal was won or lost yet.",)
    assert in_short(told()) == ("There is no deal to look at.",)


def test_deals_are_grouped_by_owner():
    found = groups(told(*DEALS), "owner")
    assert figures(found, "group", "deals", "won", "lost", "other", "open", "win_rate", "p50_days", "value_won") == [
        ("ana", 3, 2, 1, 0, 0, pytest.approx(2 / 3), 3.0, Decimal(80)),
        ("ben", 2, 0, 1, 1, 0, 0.0, None, Decimal(0)),
        ("(not known)", 1, 0, 0, 0, 1, None, None, Decimal(0)),
    ]


def test_deals_are_grouped_by_a_fact():
    found = groups(told(*DEALS), "segment")
    assert figures(found, "group", "deals", "won") == [("(not known)", 3, 0), ("large", 2, 1), ("small", 1, 1)]


def test_what_cannot_group_is_refused_with_what_can():
    with pytest.raises(UnknownName, match="deals have no 'sgment' to be grouped by") as unknown:
        groups(told(*DEALS), "sgment")
    assert unknown.value.hint == "did you mean 'segment'?"
    with pytest.raises(BadValue, match="deals cannot be grouped by 'amount', which is of type money") as unfit:
        groups(told(*DEALS), "amount")
    assert unfit.value.hint == "known: owner, segment, urgent, note_of"


def test_the_map_has_every_stage_and_every_move():
    found = flow(told(*DEALS))
    assert [(each.stage, each.ends, each.deals, each.visits, each.open_deals) for each in found.nodes] == [
        ("new", "", 6, 8, 1),
        ("demo", "", 3, 3, 0),
        ("won", "won", 2, 2, 0),
        ("lost", "lost", 3, 3, 0),
        ("gone", "other", 1, 1, 0),
    ]
    edges = {(each.from_stage, each.to_stage): each for each in found.edges}
    assert {pair: (each.way, each.moves, each.deals) for pair, each in edges.items()} == {
        ("", "new"): (Way.START, 5, 5),
        ("", "demo"): (Way.START, 1, 1),
        ("new", "demo"): (Way.NEXT, 2, 2),
        ("demo", "new"): (Way.RETURN, 2, 2),
        ("demo", "won"): (Way.WON, 1, 1),
        ("new", "won"): (Way.WON, 1, 1),
        ("new", "lost"): (Way.LOST, 3, 3),
        ("new", "gone"): (Way.OTHER, 1, 1),
        ("lost", "new"): (Way.REOPEN, 1, 1),
    }
    assert (edges["new", "lost"].share, edges["new", "lost"].days) == (3 / 7, 3.0)
    assert sum(each.share for pair, each in edges.items() if pair[0] == "new") == pytest.approx(1)


def test_a_move_over_a_stage_and_into_the_same_one_have_their_ways():
    found = flow(told(deal("A", "new 0, offer 1, offer 2, won 3")))
    assert {(each.from_stage, each.to_stage): each.way for each in found.edges} == {
        ("", "new"): Way.START,
        ("new", "offer"): Way.SKIP,
        ("offer", "offer"): Way.AGAIN,
        ("offer", "won"): Way.WON,
    }


@pytest.mark.parametrize(
    "deals",
    [
        [deal("A", "new 0")],
        [deal("A", "new, won")],
        many(4, "new 0, demo 3"),
        many(4, "new 0, won 3", amount=0),
        many(4, "new 0, lost 3", amount=-5),
        [deal("A", "elsewhere 0, won 2")],
        [deal("A", "won 0"), deal("B", "lost 1, won 2")],
    ],
)
def test_whatever_deals_there_are_a_review_has_all_its_sections(deals):
    study = review(tables(*deals), SALE, asked=Asked(by="owner"))
    assert [each.id for each in study.sections] == [
        "overview",
        "groups",
        "steps-won",
        "steps-lost",
        "steps-other",
        "contacts",
        "contacts-before-close",
        "start-to-end",
        "between-stages",
        "in-stages",
        "skips",
        "returns",
        "loops",
        "differences",
        "differences-in-numbers",
    ]
    assert all(len(row) == len(each.headings) for each in study.sections for row in each.rows)


def test_a_review_says_what_it_looked_at():
    study = review(tables(*DEALS), SALE, asked=Asked(subject="deals.csv", as_of=day(30)))
    assert (study.kind, study.title, study.subject) == ("review", "Review of sale@1", "deals.csv")
    assert (study.as_of, study.currency) == (day(30), "EUR")
    assert dict(study.asked)["as_of"] == day(30)
    assert section(study, "start-to-end").says == ("Still open, and counted as open: 1 deal.",)


def test_of_no_deal_there_is_nothing_to_tell():
    with pytest.raises(BadValue, match="there is no deal to look at"):
        review(tables(), SALE, asked=Asked())


def test_deals_that_go_from_an_end_to_an_end_are_told_with_both_ways_to_count():
    told = review(
        tables(
            deal("A", "new 0, won 2, lost 3"),
            deal("B", "new 0, lost 2, won 3"),
            deal("C", "new 0, won 2, gone 3"),
            deal("D", "new 0, won 4"),
            deal("E", "new 0, won 1, demo 2, lost 4"),
            deal("F", "new 0, won 1, won 2"),
        ),
        SALE,
        asked=Asked(),
    )

    assert told.says[1] == (
        "Mind: 3 deals went from one end straight to another. What counts is the first end since a deal was last open: "
        "4 won, 2 lost. By where the deals stand now it would be: 3 won, 2 lost, 1 ended otherwise."
    )


def test_of_one_deal_is_spoken_as_of_one():
    (told, *others) = review(tables(deal("A", "new 0, won 2")), SALE, asked=Asked()).says

    assert told.startswith("1 of 1 deal won or lost was won: ")
    assert not any("Mind" in each for each in others)


@pytest.mark.parametrize(
    ("deals", "why"),
    [
        (many(4, "new 0, won 3"), "Won and lost deals cannot be compared: there is no lost one."),
        (many(4, "new 0, lost 3"), "Won and lost deals cannot be compared: there is no won one."),
        (
            [deal("A", "new 0, won 3"), deal("B", "new 0, lost 3")],
            "Of 1 won and 1 lost deal nothing is known that at least 5 of them have and others have not, "
            "so they cannot be compared.",
        ),
    ],
)
def test_why_nothing_is_compared_is_the_true_reason(deals, why):
    assert section(review(tables(*deals), SALE, asked=Asked()), "differences").empty == why
