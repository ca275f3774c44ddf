"""Contact points before a win, beside those before a loss."""

from engine.analysis.measure.asked import Asked
from engine.analysis.measure.built_in.contacts import contacts
from engine.analysis.measure.measure import viewed
from tests.analysis.dealing import Entered, Made, Touched, outline, tables_of
from tests.analysis.measure.lives import Life, Tried, rows, seen

LINE = ("lead", "won", "lost")


def told(*deals, columns=("touchpoint", "outcome", "deals", "share", "mean", "p50_days")):
    return rows(contacts(viewed(tables_of(deals), outline(LINE), Asked())), *columns)


def made(name, end, *touches, day=10):
    return Made(
        name, (Entered("lead", 0), *((Entered(end, day),) if end else ())), tuple(Touched(*each) for each in touches)
    )


def test_contacts_are_counted_from_the_start_to_the_close_by_kind_and_outcome():
    found = told(
        made("a", "won", ("call", 2), ("call", 4), ("demo", 6)),
        made("b", "won", ("call", 1), ("call", 20)),
        made("c", "won"),
        made("d", "lost", ("demo", 3)),
        made("e", "", ("call", 1)),
    )
    assert found == [
        ("any", "won", 3, 2 / 3, 4 / 3, 1.5),
        ("any", "lost", 1, 1.0, 1.0, 3.0),
        ("call", "won", 3, 2 / 3, 1.0, 1.5),
        ("call", "lost", 1, 0.0, 0.0, None),
        ("demo", "won", 3, 1 / 3, 1 / 3, 6.0),
        ("demo", "lost", 1, 1.0, 1.0, 3.0),
    ]


def test_of_one_kind_any_would_say_the_same_twice():
    assert [row[0] for row in told(made("a", "won", ("call", 2)))] == ["call"]


def test_a_touchpoint_that_nobody_dated_is_left_out_and_told():
    found = contacts(seen(Life("a", (Tried("send", None, "offer", touchpoint="call"), Tried("sign", 3, "won")))))
    assert rows(found, "touchpoint", "share") == [("call", 0.0)]
    assert "Left out, for want of a date: 1 touchpoint." in found.notes


def test_where_nothing_was_won_or_lost_a_sentence_says_so():
    view = viewed(tables_of([made("a", "", ("call", 2))]), outline(LINE), Asked())
    assert (contacts(view).rows, contacts(view).notes) == ((), ())
