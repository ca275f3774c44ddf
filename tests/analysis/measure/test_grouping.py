"""Which group each deal is in: by owner, team, version or fact, in round bands and quarters."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.measure.groups.grouping import ALL, MOST, NOT_KNOWN, OTHERS, grouping
from engine.model.errors import BadValue, UnknownName
from tests.analysis.telling import SALE, deal, many, tables


def told(*deals):
    return journeys(tables(*deals), SALE, asked=Asked(every_version=True))


def groups(by, *deals, teams=None):
    """How many deals each group has, in the order told."""
    found = grouping(told(*deals), by, teams=teams or {})
    return dict(zip(found.names, np.bincount(found.code, minlength=len(found.names)).tolist(), strict=True))


def of(fact, *values):
    """A deal for each value."""
    return [deal(f"D{place}", "new 0", columns={fact: value}) for place, value in enumerate(values)]


def worth(*amounts):
    return [deal(f"D{place}", "new 0", amount=amount) for place, amount in enumerate(amounts)]


def test_groups_with_most_deals_come_first_and_those_not_known_last():
    values = ("small", None, "large", "large", None, None)
    assert groups("segment", *of("segment", *values)) == {"large": 2, "small": 1, NOT_KNOWN: 3}


def test_one_owner_is_one_person_however_they_are_spelled():
    deals = [deal(str(place), "new 0", owner=owner) for place, owner in enumerate(("Ana", "ana ", "ben", ""))]
    assert groups("owner", *deals) == {"Ana": 2, "ben": 1, NOT_KNOWN: 1}


def test_a_deal_counts_for_the_team_of_its_owner():
    deals = [deal(str(place), "new 0", owner=owner) for place, owner in enumerate(("Ana", "ana", "ben", "kim"))]
    assert groups("team", *deals, teams={"ana": "North", "ben": "South"}) == {"North": 2, "South": 1, NOT_KNOWN: 1}


def test_without_teams_and_a_fact_of_that_name_the_file_to_write_is_told():
    with pytest.raises(UnknownName, match="nobody has a team") as caught:
        groups("team", deal("A", "new 0"))
    assert "people.yaml" in caught.value.hint


def test_versions_are_told_in_their_order():
    deals = [deal("A", "new 0", version=2), *many(3, "new 1", version=10), deal("C", "new 0", version=9)]
    assert groups("version", *deals) == {"sale@2": 1, "sale@9": 1, "sale@10": 3}


def test_what_is_beyond_the_most_groups_is_told_together():
    deals = [deal(f"{n}-{m}", "new 0", owner=f"seller {n}") for n in range(MOST + 3) for m in range(1 + (n == 0))]
    found = grouping(told(*deals), "owner", teams={})
    assert (found.names[0], found.names[-1], len(found.names)) == ("seller 0", OTHERS, MOST + 1)
    assert found.notes == ("Told together as (others): 3 groups with 3 deals.",)


def test_yes_and_no_are_groups():
    assert groups("urgent", *of("urgent", True, False, True)) == {"yes": 2, "no": 1}


def test_dates_are_told_by_quarter_in_order():
    days = (date(2026, 4, 1), date(2026, 3, 31), date(2025, 12, 31), date(9999, 12, 31), date(1, 1, 1))
    assert list(groups("due", *of("due", *days))) == ["0001Q1", "2025Q4", "2026Q1", "2026Q2", "9999Q4"]


def test_numbers_are_told_in_round_bands():
    found = groups("amount", *worth(*range(100, 10_100, 100)))
    assert found == {
        "below 2,000": 19,
        "2,000 to below 5,000": 30,
        "5,000 to below 10,000": 50,
        "10,000 or more": 1,
    }


def test_few_different_numbers_are_told_one_by_one():
    assert groups("amount", *worth(500, -20, 0, 12_500, 500)) == {"-20": 1, "0": 1, "500": 2, "12,500": 1}


def test_where_nearly_all_numbers_are_the_same_the_others_still_have_bands():
    found = groups("amount", *worth(*[0] * 90, *range(1, 1_001, 100)))
    assert found == {"below 100": 91, "100 to below 200": 1, "200 to below 500": 3, "500 or more": 5}


def test_a_number_at_an_edge_is_in_the_band_above_exactly():
    amounts = [Decimal("1999.999999999"), Decimal(2000), *range(100, 10_100, 100)]
    found = grouping(told(*worth(*amounts)), "amount", teams={})
    assert [found.names[code] for code in found.code[:2]] == ["below 2,000", "2,000 to below 5,000"]


def test_lengths_of_time_are_told_in_bands():
    found = groups("trial", *of("trial", *(timedelta(days=days) for days in range(1, 101))))
    assert found == {
        "below 14d": 13,
        "14d to below 30d": 16,
        "30d to below 60d": 30,
        "60d to below 90d": 30,
        "90d or more": 11,
    }


def test_what_is_known_of_few_deals_is_said_to_be():
    found = grouping(told(*of("segment", "small", None, None)), "segment", teams={})
    assert found.notes == (
        "Mind: 'segment' is known of 1 of 3 deals only (33 %); what is said of them may not hold for the others.",
    )


def test_nothing_known_at_all_is_one_group():
    assert groups("amount", *worth(None, None)) == {NOT_KNOWN: 2}
    assert groups("trial", *of("trial", None)) == {NOT_KNOWN: 1}
    assert groups("owner", deal("A", "new 0")) == {NOT_KNOWN: 1}


def test_what_deals_do_not_have_is_told_with_what_they_have():
    with pytest.raises(UnknownName, match="deals have no 'segmnt'") as caught:
        groups("segmnt", deal("A", "new 0"))
    assert caught.value.hint.startswith("did you mean 'segment'? known: owner, team, version, amount, segment,")


def test_a_fact_that_the_deals_do_not_tell_is_refused():
    found = told(deal("A", "new 0"))
    bare = replace(found.tables, deals=found.tables.deals.drop(["segment"]))
    with pytest.raises(BadValue, match="is not among what these deals tell"):
        grouping(journeys(bare, SALE, asked=Asked()), "segment", teams={})


@given(st.lists(st.one_of(st.none(), st.integers(-(10**17), 10**17)), min_size=1, max_size=40))
def test_every_deal_is_in_one_group_and_bands_are_in_order(amounts):
    found = grouping(told(*worth(*amounts)), "amount", teams={})
    assert len(found.code) == len(amounts)
    assert set(found.code.tolist()) == set(range(len(found.names)))
    assert ALL not in found.names
    known = [(amount, code) for amount, code in zip(amounts, found.code.tolist(), strict=True) if amount is not None]
    assert [code for _, code in sorted(known)] == sorted(code for _, code in known)
