"""What differs between won and lost deals: hand-worked, and no more by chance than promised."""

import numpy as np
import pytest

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.review.differences import differences as all_differences
from engine.analysis.touches import touches
from engine.numerics.intervals import newcombe
from tests.analysis.telling import SALE, deal, many, rows, tables


def differences(found):
    return all_differences(found, touches(found))


def told(*deals, **asked):
    return journeys(tables(*deals), SALE, asked=Asked(**asked))


def test_a_share_among_the_won_and_among_the_lost_is_told_with_its_difference():
    large, small = ((1, "segment", "large"),), ((1, "segment", "small"),)
    traits, _ = differences(
        told(
            *many(30, "new 0, won 9", "a", facts=large, owner="ana"),
            *many(10, "new 0, won 9", "b", facts=small, owner="ben"),
            *many(5, "new 0, lost 9", "c", facts=large, owner="ana"),
            *many(15, "new 0, lost 9", "d", facts=small),
            *many(9, "new 0", "e", facts=large),
        )
    )
    found = rows(traits, "what", "value", "won", "lost", "share_won", "share_lost", "holds")
    assert ("segment", "large", 40, 20, 0.75, 0.25, True) in found
    assert ("owner", "ana", 40, 5, 0.75, 1.0, False) in found
    ((difference,),) = [row[:1] for row in rows(traits, "difference", "value") if row[1] == "large"]
    expected = newcombe(30, 40, 5, 20)
    assert (difference.value, difference.low, difference.high) == (expected.value, expected.low, expected.high)


def test_what_came_with_the_close_is_not_compared_and_is_named():
    traits, numbers = differences(
        told(
            *many(20, "new 0, won 9", "a", facts=((2, "segment", "large"), (2, "amount", "90"), (1, "urgent", "true"))),
            *many(
                20, "new 0, lost 9", "b", facts=((3, "segment", "small"), (2, "amount", "1"), (1, "urgent", "false"))
            ),
        )
    )
    assert rows(traits, "what", "value") == [("urgent", "true")]
    assert numbers.rows == ()
    assert "So left out, where not known before: amount, segment." in "".join(traits.notes)


def test_the_last_value_before_the_close_counts():
    changed = ((1, "segment", "small"), (2, "segment", "large"), (3, "segment", "small"))
    traits, _ = differences(
        told(
            *many(10, "new 0, demo 1, won 9", "a", facts=changed),
            *many(10, "new 0, demo 1, lost 9", "b", facts=changed[:1]),
        )
    )
    assert ("segment", "large", 1.0, 0.0) in rows(traits, "what", "value", "share_won", "share_lost")


def test_numbers_are_told_by_their_medians_and_by_who_has_the_higher():
    won = [deal(f"W{n}", "new 0, won 9", facts=((1, "amount", str(100 + n)), (1, "trial", "14d"))) for n in range(20)]
    lost = [deal(f"L{n}", "new 0, lost 9", facts=((1, "amount", str(50 + n)), (1, "trial", "7d"))) for n in range(20)]
    _, numbers = differences(told(*won, *lost))
    found = rows(numbers, "what", "won", "lost", "median_won", "median_lost", "holds")
    assert ("amount", 20, 20, 109.5, 59.5, True) in found
    assert ("trial, days", 20, 20, 14.0, 7.0, True) in found
    assert [each[0].value for each in rows(numbers, "higher")] == [1.0, 1.0]


def test_dates_are_reckoned_from_the_start():
    won = [deal(f"W{n}", f"new {n}, won 60", facts=((1, "due", f"2026-02-{1 + n:02}"),)) for n in range(12)]
    lost = [deal(f"L{n}", f"new {n}, lost 60", facts=((1, "due", f"2026-01-{1 + n:02}"),)) for n in range(12)]
    _, numbers = differences(told(*won, *lost))
    assert rows(numbers, "what", "median_won", "median_lost") == [("due, days after the start", 31.0, 0.0)]


def test_contacts_are_compared_in_the_first_days_of_deals_that_lasted_so_long():
    _, numbers = differences(
        told(
            *many(12, "new 0, won 30", "a", touches="call 1, call 2, call 20"),
            *many(12, "new 0, lost 30", "b", touches="call 5"),
            *many(12, "new 0, lost 4", "c"),
            window_days=10,
        )
    )
    assert rows(numbers, "what", "won", "lost", "median_won", "median_lost") == [
        ("call in the first 10 days", 12, 12, 2.0, 1.0)
    ]


def test_the_closing_move_goes_over_nothing_and_returns_before_it_count():
    traits, _ = differences(
        told(
            *many(10, "new 0, won 9", "a"),
            *many(10, "new 0, offer 3, lost 9", "b"),
            *many(10, "new 0, demo 3, new 4, lost 9", "c"),
        )
    )
    found = rows(traits, "what", "value", "share_won", "share_lost")
    assert ("went over a stage", "demo", 0.0, 0.5) in found
    assert ("moved back", "at least once", 0.0, 0.5) in found
    assert len(found) == 2


def test_of_many_values_only_the_most_frequent_are_compared():
    deals = [deal(f"D{n}", f"new 0, {'won' if n % 2 else 'lost'} 9", owner=f"rep{n % 25}") for n in range(250)]
    traits, _ = differences(told(*deals))
    assert len(traits.rows) == 20
    assert "Of owner only the 20 most frequent values are compared." in traits.notes


@pytest.mark.parametrize("deals", [(), many(9, "new 0, won 3"), many(9, "new 0"), many(9, "new 0, gone 3")])
def test_without_both_won_and_lost_nothing_differs(deals):
    assert [section.rows for section in differences(told(*deals))] == [(), ()]


def test_chance_alone_holds_in_one_look_of_ten():
    assert np.mean([_holds_by_chance(seed) for seed in range(100)]) <= 0.17


def _holds_by_chance(seed):
    dice = np.random.default_rng(seed)
    ends = np.where(dice.random(300) < 0.5, "won", "lost")
    owners = dice.integers(0, 10, 300)
    deals = [deal(f"D{n}", f"new 0, {ends[n]} 9", owner=f"rep{owners[n]}") for n in range(300)]
    traits, _ = differences(told(*deals))
    return any(row[-1] for row in traits.rows)
