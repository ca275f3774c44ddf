"""Reasons of wins, losses and other ends: counted, named as the process names them, and from which stage."""

from dataclasses import replace

import numpy as np
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from engine.analysis.measure.asked import Asked
from engine.analysis.measure.built_in.reasons import MOST, reasons, reasons_by_stage
from engine.analysis.measure.measure import measure, viewed
from engine.model.process import Action, RuleSetRef, Track
from engine.model.rule import Reason
from tests.analysis.dealing import Entered, Made, outline, tables_of
from tests.analysis.telling import rows, section

STAGES = ("new", "demo", "won", "lost")
LOSE = Action("lose", ("new", "demo"), ("lost",), reasons=(Reason("price", "Too expensive", "money"),))
BARE = outline(STAGES)
SALES = replace(
    BARE,
    main=Track("main", BARE.main.stages, (LOSE,)),
    rule_sets=(RuleSetRef("shared", 1, {"loss": (Reason("no-need", "They have no need"), Reason("price", "Price"))}),),
)


def lost(name, reason, *stages, end="lost"):
    visits = (*(Entered(stage, number) for number, stage in enumerate(stages)), Entered(end, 9, reason=reason))
    return Made(name, visits)


def told(*deals, process=SALES):
    return measure(tables_of(deals), process, asked=Asked())


def test_reasons_have_the_words_of_the_process():
    study = told(
        lost("A", "price", "new"),
        lost("B", "price", "new", "demo"),
        lost("C", "no-need", "new"),
        lost("D", "", "new"),
        lost("E", "champion", "new", end="won"),
        Made("F", (Entered("new", 0),)),
    )
    assert rows(section(study, "reasons"), "outcome", "reason", "code", "reason_group", "deals") == [
        ("won", "champion", "", "", 1),
        ("lost", "Too expensive", "price", "money", 2),
        ("lost", "(none given)", "", "", 1),
        ("lost", "They have no need", "no-need", "", 1),
    ]
    shares = [round(row[5].value, 3) for row in section(study, "reasons").rows]
    assert shares == [1.0, 0.5, 0.25, 0.25]


def test_the_stage_that_a_deal_was_lost_from_is_told():
    study = told(lost("A", "price", "new"), lost("B", "price", "new", "demo"), lost("C", "no-need", "new", "demo"))
    assert rows(section(study, "reasons-by-stage"), "outcome", "stage", "reason", "deals") == [
        ("lost", "new", "Too expensive", 1),
        ("lost", "demo", "Too expensive", 1),
        ("lost", "demo", "They have no need", 1),
    ]
    assert [row[4].value for row in section(study, "reasons-by-stage").rows] == [1.0, 0.5, 0.5]


def test_a_re_opened_deal_has_the_reason_of_its_last_close():
    deal = Made("A", (Entered("new", 0), Entered("lost", 1, reason="price"), Entered("new", 2), Entered("won", 3)))
    other = lost("B", "no-need", "new")
    found = rows(section(told(deal, other), "reasons"), "outcome", "reason", "deals")
    assert found == [("won", "(none given)", 1), ("lost", "They have no need", 1)]


def test_two_reasons_that_are_called_alike_are_told_apart():
    process = replace(SALES, rule_sets=(RuleSetRef("shared", 1, {"loss": (Reason("cost", "Too expensive"),)}),))
    study = told(lost("A", "price", "new"), lost("B", "cost", "new"), process=process)
    assert {name for (name,) in rows(section(study, "reasons"), "reason")} == {
        "Too expensive (price)",
        "Too expensive (cost)",
    }


def test_spellings_of_one_reason_are_counted_together_as_most_deals_have_it():
    made = [
        lost(f"D{n}", reason, "new") for n, reason in enumerate(("No budget", "no budget ", "NO BUDGET", "No budget"))
    ]
    study = told(*made, lost("E", "  ", "new"), lost("F", "", "new"))
    assert rows(section(study, "reasons"), "reason", "deals") == [("No budget", 4), ("(none given)", 2)]
    assert rows(section(study, "reasons-by-stage"), "reason", "deals") == [("No budget", 4), ("(none given)", 2)]


def test_of_free_text_the_rest_is_counted_together():
    made = [lost(f"D{number}", f"note {number % 100}" if number else "", "new") for number in range(130)]
    found = section(told(*made), "reasons").rows
    assert len(found) == MOST + 1
    assert found[-1][:2] == ("lost", "(others)")
    assert sum(row[4] for row in found) == 130


def test_where_no_reason_is_given_a_sentence_says_so():
    for deals in ((lost("A", "", "new"),), (Made("B", (Entered("new", 0),)),)):
        found = section(told(*deals), "reasons")
        assert (found.rows, found.empty) == ((), "No move that closed a deal gives a reason.")


def test_a_deal_that_was_only_seen_closed_came_from_no_stage():
    study = told(Made("A", (Entered("lost", 1, reason="price"),)))
    assert section(study, "reasons-by-stage").rows == ()
    assert rows(section(study, "reasons"), "reason", "deals") == [("Too expensive", 1)]


_ENDED = st.tuples(
    st.sampled_from(("price", "no-need", "", "said so")),
    st.sampled_from((("new",), ("new", "demo"), ("demo", "new"), ())),
    st.sampled_from(("won", "lost")),
)


@settings(max_examples=60, deadline=None)
@any_of(st.lists(_ENDED, min_size=1, max_size=40), st.integers(1, 5))
def test_reasons_add_up_to_the_ends_and_groups_to_all(made, part):
    deals = [lost(f"D{number:02}", reason, *stages, end=end) for number, (reason, stages, end) in enumerate(made)]
    view = viewed(tables_of(deals), SALES, Asked())
    mask = np.arange(view.told.count) % part == 0
    whole = {row[:2]: row[4] for row in reasons(view).rows}
    assert sum(whole.values()) in (0, len(deals))
    parts: dict[object, int] = {}
    for each in (view.of(mask), view.of(~mask)):
        for row in reasons(each).rows:
            parts[row[:2]] = parts.get(row[:2], 0) + row[4]
    # A group in which no reason is given tells nothing.
    assert all(whole.get(key, 0) >= count for key, count in parts.items())
    assert sum(row[3] for row in reasons_by_stage(view).rows) == sum(1 for _, stages, _ in made if stages)
