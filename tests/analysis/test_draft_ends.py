"""How drafts count the ends of deals: rare ones, several in a row, and those of deals that were opened again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.draft.card import edges_of
from engine.analysis.draft.draft import draft
from engine.model.draft import Draft, Drafting, Order
from engine.model.errors import BadValue
from engine.model.syntax import TEXT
from tests.analysis.dealing import BEGIN, DAY, Entered, Made, Touched, outline, tables_of

ENDS = {"won": "won", "renewed": "won", "lost": "lost", "ghosted": "lost", "junk": "other"}
STAGES = "a b c won renewed lost ghosted junk"


def deals(*told: tuple[int, str]) -> list[Made]:
    """So many deals that went through the stages of each text, a day each, one begun a day."""
    one_by_one = [way.split() for many, way in told for _ in range(many)]
    return [
        Made(f"D{number}", tuple(Entered(stage, number + step) for step, stage in enumerate(way)))
        for number, way in enumerate(one_by_one)
    ]


def drafted(*told: tuple[int, str], **asked: object) -> Draft:
    asked_for = Drafting(order=Order.TOLD, **asked)  # type: ignore[arg-type]
    return draft(tables_of(deals(*told), ends=ENDS), outline(STAGES.split(), ENDS), asked=asked_for)


def chances(found: Draft) -> dict[str, Decimal | None]:
    return {stage.id: stage.probability for stage in found.process.main.stages if not stage.ends}


def remarks(found: Draft) -> dict[str, str]:
    return {remark.topic: remark.says for remark in found.remarks.get(("stages",), ())}


def test_deals_in_the_only_loss_are_lost_however_rare_they_are():
    found = drafted((990, "a b won"), (10, "a b lost"))
    assert [stage.id for stage in found.process.main.stages] == ["a", "b", "won", "lost"]
    assert chances(found) == {"a": Decimal("0.99"), "b": Decimal("0.99")}
    assert found.closed == 1000


def test_deals_in_a_rare_end_are_told_as_the_frequent_one_of_its_kind():
    found = drafted((50, "a b won"), (49, "a b lost"), (1, "a ghosted"))
    assert [stage.id for stage in found.process.main.stages] == ["a", "b", "won", "lost"]
    assert found.evidence["stages", "lost"].n == 50
    assert found.evidence["stages", "a", "probability"].says == "50 of 100 decided deals were won (50 %)"
    assert remarks(found)["rare-ends"] == (
        "ends that are rare, told as another of their kind: ghosted in 1 deal, counted as lost"
    )


def test_a_deal_that_ended_in_a_rare_end_stays_nowhere_for_ever():
    found = drafted((50, "a b won"), (40, "a b lost"), (1, "a b ghosted"), as_of=BEGIN + 5000 * DAY)
    assert "still here" not in found.evidence["stages", "b", "target"].says


def test_a_deal_that_was_opened_again_into_a_rare_stage_is_open():
    found = drafted((50, "a b won"), (49, "a b lost"), (1, "a b lost c"))
    assert found.closed == 99
    assert "50 of 99 decided deals were won" in found.evidence["stages", "a", "probability"].says


def test_of_several_ends_in_a_row_the_first_counts_and_the_deals_are_named():
    found = drafted((20, "a b won"), (10, "a b lost"), (7, "a b won lost"))
    assert found.evidence["stages", "a", "probability"].says == "27 of 37 decided deals were won (73 %)"
    assert remarks(found)["ends"] == (
        "7 deals went from one end straight to another (D30, D31, D32, D33, D34, D35, 1 more): the first end counts"
    )


def test_what_was_closed_before_the_day_that_counts_is_not_open_after_it():
    early, late = deals((50, "a lost"), (100, "a won"))[:50], deals((50, "a lost"), (100, "a won"))[80:]
    asked = Drafting(order=Order.TOLD, since=BEGIN + 75 * DAY, as_of=BEGIN + 900 * DAY)
    found = draft(tables_of([*early, *late], ends=ENDS), outline(STAGES.split(), ENDS), asked=asked)
    assert [stage.id for stage in found.process.main.stages] == ["a", "won"]
    assert found.process.main.stages[0].target == timedelta(days=1)
    assert "still here" not in found.evidence["stages", "a", "target"].says


# What is known of deals, and who was spoken to: of the deals that are counted alone.


def test_facts_and_contacts_of_other_deals_are_not_counted():
    told = [
        Made(f"D{n}", (Entered("a", n, {"size": "big"}), Entered("won", n + 2)), (Touched("call", n + 1),))
        for n in range(80)
    ]
    facts = {"size": TEXT}
    asked = Drafting(order=Order.TOLD, since=BEGIN + 60 * DAY)
    found = draft(tables_of(told, facts, ENDS), outline(STAGES.split(), ENDS, facts), asked=asked)
    assert found.evidence["facts", "size"].says == "known in 22 of 22 deals (100 %)"
    assert found.remarks["touchpoints",][0].says == "call 22 in 100 % of the deals"
    assert found.remarks["stages", "a"][0].says == "of 20 deals here: call in 100 %"


# Deals that were first seen in a later stage than the first.


def test_what_nobody_saw_is_told_as_such():
    found = drafted((500, "a"), (4000, "b won"), (2000, "b lost"), as_of=BEGIN + 9000 * DAY)
    assert found.evidence["stages", "a"].says == "500 of 6,500 deals seen there; 6,000 were first seen later"
    assert found.evidence["actions", "to-b"].says == "6,000 deals were first seen in b: nobody saw this move"
    assert found.card.notes[1] == "Nobody saw deals go from a to b; without these moves they could not be held."


def test_a_start_that_a_process_supposes_is_seen_by_nobody():
    told = [Made(f"D{n}", (Entered("a", None), Entered("b", n), Entered("won", n + 1))) for n in range(30)]
    found = draft(tables_of(told, ends=ENDS), outline(STAGES.split(), ENDS), asked=Drafting(order=Order.TOLD))
    assert found.evidence["actions", "to-b"].says == "30 deals were first seen in b: nobody saw this move"
    assert found.evidence["stages", "a", "probability"].says == (
        "30 of 30 decided deals were won (100 %); deals first seen later are among them"
    )


def test_a_move_that_some_were_seen_to_make_counts_those_alone():
    found = drafted((20, "a b won"), (30, "b won"), (5, "a lost"))
    assert found.evidence["actions", "to-b"].says == "20 of 25 moves from a (80 %); 30 deals were first seen in b"


def test_deals_first_seen_in_an_end_make_no_way_that_skips_all_before_it():
    found = drafted((20, "a b c won"), (30, "won"), (5, "a lost"))
    assert edges_of(found.process.main) == {("a", "b"), ("b", "c"), ("c", "won"), ("a", "lost")}
    assert found.evidence["actions", "win"].says == "20 of 20 moves from c (100 %)"
    assert found.card.notes == (
        "30 deals were first seen after a: judged as begun there, they do not fit where the draft has no such move.",
    )


def test_a_way_that_the_draft_needs_and_no_deal_went_has_no_share():
    found = drafted((20, "a b won"), (10, "a b c"))
    assert found.evidence["actions", "win"].says == "20 moves: 67 % of those from b (skips c), none yet from c"


# Whatever deals did.

WALKS = st.lists(
    st.lists(st.sampled_from(["a", "b", "won", "lost", "junk"]), min_size=1, max_size=4), min_size=1, max_size=6
)


@settings(max_examples=150, deadline=None)
@given(WALKS, st.booleans(), st.sampled_from([0.0, 0.4, 0.9]), st.sampled_from([None, 1, 3]))
def test_a_tiny_history_becomes_a_draft_or_is_refused_in_words(walks, touched, keep, since):
    told = [
        Made(f"D{n}", tuple(Entered(s, n + at) for at, s in enumerate(walk)), (Touched("call", n),) if touched else ())
        for n, walk in enumerate(walks)
    ]
    asked = Drafting(keep, Order.SEEN, since=None if since is None else BEGIN + since * DAY)
    try:
        found = draft(tables_of(told, ends=ENDS), outline("a b won lost junk".split(), ENDS), asked=asked)
    except BadValue:
        return
    assert all(told.n <= told.of for told in found.evidence.values() if told.of)


def test_where_no_deal_stands_in_a_win_no_path_is_a_yardstick():
    found = drafted((5, "a won b lost"), (5, "a won b"))
    assert [score.name for score in found.card.scores] == ["draft", "all moves seen"]


def test_no_win_at_all_is_refused():
    with pytest.raises(BadValue, match="none of these deals was won"):
        drafted((5, "a lost"))


def test_the_yardsticks_count_stages_and_moves_as_the_draft_does():
    found = drafted((20, "a b won"), (10, "a b c"), (10, "a lost"))
    own, every, _ = found.card.scores
    assert (own.stages, own.moves) == (5, 5)
    assert (every.stages, every.moves) == (5, 4)
