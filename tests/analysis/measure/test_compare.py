"""One version beside another: differences with their intervals, and what stops being comparable."""

import re
from dataclasses import replace

import pytest

from engine.analysis.measure.asked import Asked
from engine.analysis.measure.built_in.pipeline import pipeline
from engine.analysis.measure.built_in.velocity import velocity
from engine.analysis.measure.groups.comparable import EFFECTS
from engine.analysis.measure.groups.compare import Beside, beside, of_versions, said_of
from engine.analysis.measure.measure import measure, viewed
from engine.analysis.measure.sections import MEASURES
from engine.model.change import Change, Changes, Level, Subject
from engine.model.errors import BadValue
from engine.model.study import Estimate, Heading, Section, Unit
from engine.numerics.intervals import newcombe
from engine.versions.codes import CODES
from tests.analysis.telling import SALE, deal, many, rows, section, tables

DEALS = (
    *many(30, "new 0, demo 3, won 10", "a"),
    *many(70, "new 1, lost 4", "b"),
    *many(50, "new 40, demo 45, won 50", "c", version=2),
    *many(50, "new 41, lost 60", "d", version=2),
    deal("e", "new 90", version=2),
)


def change(code, level=Level.NOTE, thing="demo", says="", track="main"):
    return Change(code, level, Subject.STAGES, thing, says or f"{thing} is {code}", track=track)


def changed(*changes, old=1, new=2):
    return Changes("process", f"sale@{old}", f"sale@{new}", changes)


def of(*estimates):
    """A measure that tells each deal's version its own estimate."""

    def told(view):
        headings = (Heading("what", "What"), Heading("days", "Days", Unit.DAYS))
        found = estimates[int(view.told.version[0]) - 1]
        return Section("made-up", "Made up", headings, tuple(found.items()))

    return told


def test_the_figures_of_both_versions_stand_row_by_row():
    study = measure(tables(*DEALS), SALE, asked=Asked(versions=(1, 2)))
    assert rows(section(study, "outcomes"), "outcome", "version", "deals")[:4] == [
        ("won", "sale@1", 30),
        ("won", "sale@2", 50),
        ("lost", "sale@1", 70),
        ("lost", "sale@2", 50),
    ]


def test_a_difference_of_shares_is_that_of_newcombe():
    study = measure(tables(*DEALS), SALE, asked=Asked(versions=(1, 2)))
    (won, marked), _ = rows(section(study, "outcomes-apart"), "share", "apart")
    band = newcombe(50, 100, 30, 100)
    assert (won.value, won.low, won.high) == pytest.approx((band.value, band.low, band.high))
    assert marked == "Share of won and lost"


def test_both_versions_and_what_is_apart_are_told_at_the_top():
    study = measure(tables(*DEALS), SALE, asked=Asked(versions=(1, 2), only=("outcomes",)))
    assert study.says == (
        "sale@1: 100 deals, started from 2026-01-01 to 2026-01-02; 0 still open. 30 of 100 deals won or lost were won: "
        "30 % (90 % interval 23 % to 38 %).",
        "sale@2: 101 deals, started from 2026-02-10 to 2026-04-01; 1 still open. 50 of 100 deals won or lost were won: "
        "50 % (90 % interval 42 % to 58 %).",
        "Apart beyond chance: 2 of 2 figures: 'Won, lost, open' (won: Share of won and lost); 'Won, lost, open' (lost: "
        "Share of won and lost). If the versions were alike, about one in ten would be by chance.",
    )


@pytest.mark.parametrize("each", MEASURES, ids=lambda each: each.id)
def test_a_version_is_nowhere_apart_from_itself(each):
    seen = viewed(tables(*DEALS), SALE, Asked())
    found = beside(each.of, of_versions(seen, (1, 1)), keys=each.keys)
    figures = [figure for row in (found.apart.rows if found.apart else ()) for figure in row]
    differences = [figure.value for figure in figures if isinstance(figure, Estimate)]
    assert differences == [0] * len(differences)
    assert found.found == ()


def test_what_only_one_version_has_is_told_without_a_difference():
    one = {"both": Estimate(4.0, 3.0, 6.0), "first": Estimate(1.0, 0.5, 2.0)}
    two = {"second": Estimate(9.0, 8.0, 12.0), "both": Estimate(7.0, 6.0, 9.0)}
    found = beside(of(one, two), of_versions(viewed(tables(*DEALS), SALE, Asked()), (1, 2)), keys=1)
    assert rows(found.both, "what", "version") == [
        ("both", "sale@1"),
        ("both", "sale@2"),
        ("first", "sale@1"),
        ("second", "sale@2"),
    ]
    ((what, days, marked),) = found.apart.rows
    # 3 less the root of 1 and 4, and 3 more the root of 4 and 1 (MOVER by hand).
    assert (what, marked) == ("both", "Days")
    assert (days.value, days.low, days.high) == pytest.approx((3, 3 - 5**0.5, 3 + 5**0.5))
    assert (found.compared, found.found) == (1, ("'Made up' (both: Days)",))


def test_what_was_not_reached_or_has_no_edge_is_not_apart():
    one = {"bare": Estimate(4.0), "not": Estimate(4.0, 3.0, 5.0)}
    two = {"bare": Estimate(90.0), "not": Estimate(None, 3.0, None, beyond=12.0)}
    found = beside(of(one, two), of_versions(viewed(tables(*DEALS), SALE, Asked()), (1, 2)), keys=1)
    assert (found.apart, found.compared, found.found) == (None, 0, ())


def test_what_depends_on_how_long_anyone_watched_is_compared_where_all_was_seen():
    def told(view):
        is_first = view.told.version[0] == 1
        headings = ("stage", "p50_days", "mean_days", "mean_up_to_days")
        figures = (Estimate(4.0, 3.0, 5.0),) if is_first else (Estimate(9.0, 8.0, 10.0),)
        rows = (("demo", *figures * 2, 90.0 if is_first else None), ("offer", *figures * 2, None))
        return Section("dwell", "Dwell", tuple(Heading(each, each) for each in headings), rows)

    found = beside(told, of_versions(viewed(tables(*DEALS), SALE, Asked()), (1, 2)), keys=1)
    assert rows(found.apart, "stage", "apart") == [("demo", "p50_days"), ("offer", "p50_days, mean_days")]
    assert found.apart.notes == (
        "Not compared: 'mean_days', where it depends on how long anyone watched; that was not the same for both.",
    )


def test_what_hangs_on_the_deals_that_are_open_now_is_not_compared():
    # A version with ten times the open deals is worth more: that is no chance to be told from.
    ended = [
        each
        for v in (1, 2)
        for each in (
            *many(20, "new 0, won 10", f"w{v}", amount=100 + v, version=v),
            *many(20, "new 0, lost 9", f"l{v}", amount=90, version=v),
        )
    ]
    still = [*many(3, "new 9", "o1", amount=100, version=1), *many(30, "new 9", "o2", amount=100, version=2)]
    groups = of_versions(viewed(tables(*ended, *still), SALE, Asked()), (1, 2))
    assert beside(pipeline, groups, keys=1).apart is None
    found = beside(velocity, groups, keys=1).apart
    assert "velocity" not in [each.id for each in found.headings]
    assert found.notes[-1].startswith(
        "Not compared: 'Velocity by the formula', where it depends on which deals are open"
    )


def test_what_is_said_of_one_version_alone_is_said_to_be_of_it():
    def told(view):
        version = view.told.version[0]
        return Section("a", "A", (), (), says=("Both.", f"Of {version}."), notes=("Below.",) if version == 1 else ())

    found = beside(told, of_versions(viewed(tables(*DEALS), SALE, Asked()), (1, 2)), keys=0)
    assert found.both.says == ("Both.", "sale@1: Of 1.", "sale@2: Of 2.")
    assert found.both.notes == ("sale@1: Below.",)


def test_one_unknown_edge_leaves_the_other_one():
    one, two = {"a": Estimate(4.0, 3.0, 5.0)}, {"a": Estimate(9.0, 8.0, None)}
    found = beside(of(one, two), of_versions(viewed(tables(*DEALS), SALE, Asked()), (1, 2)), keys=1)
    assert found.apart.rows == (("a", Estimate(5.0, pytest.approx(5 - 2**0.5), None), "Days"),)


def test_as_many_figures_apart_as_chance_brings_about_are_said_to_be_no_more():
    groups = of_versions(viewed(tables(*DEALS), SALE, Asked()), (1, 2))
    one = Beside(Section("made-up", "Made up", (), ()), None, 20, 2, ("'Made up' (a)",))
    assert said_of(groups, (one,))[-1].endswith("by chance, and these are no more than that.")
    assert said_of(groups, (replace(one, beyond=3),))[-1].endswith("by chance.")


def test_a_version_that_no_deal_follows_is_told():
    with pytest.raises(BadValue, match="no deal follows sale@3") as caught:
        measure(tables(*DEALS), SALE, asked=Asked(versions=(1, 3)))
    assert caught.value.hint == "deals follow sale@1, sale@2"


def test_versions_without_an_estimate_in_common_are_told_to_have_none():
    study = measure(
        tables(deal("A", "new 0"), deal("B", "new 1", version=2)),
        SALE,
        asked=Asked(versions=(1, 2), only=("outcomes",)),
    )
    assert study.says[-1] == "There is no figure with an interval that both versions have: nothing can be compared."
    assert [each.id for each in study.sections] == ["outcomes"]


def test_deals_that_changed_their_version_on_the_way_are_counted():
    made = tables(*DEALS)
    moved = made.moves.column("version").to_pylist()
    moved[-1] = 1
    place = made.moves.column_names.index("version")
    moves = made.moves.set_column(place, "version", [moved])
    mixed = type(made)(made.deals, moves.cast(made.moves.schema), made.touches, made.facts, made.verdicts)
    study = measure(mixed, SALE, asked=Asked(versions=(1, 2)))
    assert any("counted with the version that they follow now: 1 deal." in note for note in study.notes)


def test_a_change_says_at_the_top_and_below_what_it_keeps_from_being_compared():
    changes = (changed(change("D114", Level.TIGHTER, says="'demo' is an end now")),)
    study = measure(tables(*DEALS), SALE, asked=Asked(changes=changes, only=("outcomes",)))
    assert study.says[1:] == (
        "Changed with sale@2 (since 2026-02-10): 'demo' is an end now. Not comparable across it: 'Won, lost, open'.",
        "All that changed is told by 'stagewright diff sale@1 sale@2'.",
    )
    note = "'Won, lost, open' is not comparable across sale@1 and sale@2: what is said at the top tells why."
    assert section(study, "outcomes").notes[-1] == note


def test_many_changes_of_a_kind_are_told_in_short():
    changes = (changed(*(change("D301", Level.TIGHTER, says=f"needs {n}") for n in range(5))),)
    study = measure(tables(*DEALS), SALE, asked=Asked(changes=changes))
    assert "needs 0; needs 1; needs 2; and 2 changes more." in study.says[1]


def test_no_sentence_is_longer_than_can_be_read():
    changes = (changed(*(change("D301", Level.TIGHTER, says=f"{n} needs " + "much " * 30) for n in range(3))),)
    says = measure(tables(*DEALS), SALE, asked=Asked(changes=changes)).says
    assert "0 needs" in says[1]
    assert "and 2 changes more" in says[1]
    assert max(map(len, says)) <= 400


@pytest.mark.parametrize(
    "changes",
    [
        changed(change("D301")),
        changed(change("D118", Level.NOTE)),
        changed(change("D801", Level.NOTE), change("D802", Level.NOTE)),
        changed(change("D101", thing="in-review", track="legal")),
        changed(change("D114"), old=2, new=3),
    ],
)
def test_what_touches_no_figure_or_no_deal_is_not_told(changes):
    assert len(measure(tables(*DEALS), SALE, asked=Asked(changes=(changes,))).says) == 1


def test_deals_of_one_version_can_all_be_compared():
    study = measure(tables(*DEALS[:100]), SALE, asked=Asked(changes=(changed(change("D114")),)))
    assert len(study.says) == 1


def test_a_new_end_takes_deals_from_the_others():
    study = measure(tables(*DEALS), SALE, asked=Asked(changes=(changed(change("D101", thing="gone")),)))
    assert "Not comparable across it: 'Won, lost, open'" in study.says[1]


def test_each_effect_names_changes_that_there_are_and_measures():
    known = {code.code for code in CODES}
    assert {code for effect in EFFECTS for code in effect.codes} <= known
    assert all(re.fullmatch(r"[a-z-]+", name) for effect in EFFECTS for name in effect.sections)
    names = {name for effect in EFFECTS for name in effect.sections}
    assert [each.id for each in MEASURES if each.id != "slippage" and not any(map(each.id.startswith, names))] == []
