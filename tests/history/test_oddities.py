"""What could be read and is odd all the same."""

from dataclasses import replace

from tests.history.made import DEALS, MOVES, read_text

HEAD = "Deal,Stage,At,Who,Value\n"


def test_names_that_differ_only_by_case_or_blanks_are_said_and_stay_two_deals(tmp_path):
    text = HEAD + "D 1,New,2026-01-02,,\nd1,Won,2026-01-03,,\nE,New,2026-01-02,,\n"
    export = read_text(tmp_path, text, MOVES)
    assert export.deal_count == 3
    assert export.notes == (
        "2 deals ('D 1' and 'd1') have names that differ only by case or blanks: they are read as different deals",
    )


def test_one_id_in_the_two_forms_of_salesforce_is_said(tmp_path):
    text = HEAD + "006bm00000LKJNN,New,2026-01-02,,\n006bm00000LKJNNAA5,Won,2026-01-03,,\n"
    (note,) = read_text(tmp_path, text, MOVES).notes
    assert note.startswith("2 deals ('006bm00000LKJNN' and '006bm00000LKJNNAA5') are one id with 15 and with 18")


def test_ids_of_eighteen_characters_alone_are_no_two_forms(tmp_path):
    text = HEAD + "006bm00000LKJNNAA5,New,2026-01-02,,\n006bm00000LKJNOAA5,Won,2026-01-03,,\n"
    assert read_text(tmp_path, text, MOVES).notes == ()


def test_a_move_after_an_end_is_said_with_its_row(tmp_path):
    text = HEAD + "D1,New,2026-01-02,,\nD1,Won,2026-01-03,,\nD1,Lost,2026-01-04,,\nD2,Won,2026-01-04,,\n"
    assert read_text(tmp_path, text, MOVES).notes == (
        "1 deal moved on after an end: D1 in row 4; from one end to another, the first one counts",
    )


def test_an_end_that_is_named_again_is_no_move_after_it(tmp_path):
    text = HEAD + "D1,New,2026-01-02,,\nD1,Won,2026-01-03,,\nD1,Won,2026-01-04,,\n"
    export = read_text(tmp_path, text, MOVES)
    assert (export.moves, export.notes) == (2, ("1 row names the stage in which the deal stood already: no move",))


def test_one_date_for_all_stages_is_said_to_invent_a_history(tmp_path):
    map_ = replace(DEALS, entered={"new": "At", "talking": "At", "offer": "At", "won": "At"}, owner=None)
    export = read_text(tmp_path, HEAD + "D1,Offer,2026-01-02,,\n", map_)
    assert export.notes == (
        "'At' dates 3 stages that are no ends, as if each deal had entered them all at that time; where it tells only "
        "since when a deal stands where it stands, write 'shape: moves' and 'happened: At' instead of 'entered'",
    )


def test_one_date_for_both_ends_is_nothing_odd(tmp_path):
    text = "Deal,Stage,Talked,Offered,Closed,Owner,Value\nD1,Won,2026-01-02,2026-01-03,2026-01-05,ana,5\n"
    assert read_text(tmp_path, text, DEALS).notes == ()


def test_a_time_far_in_the_future_is_said_with_its_cell(tmp_path):
    rows = [f"D{deal},{stage},2026-01-{deal + 1:02},,\n" for deal in range(20) for stage in ("New", "Offer")]
    export = read_text(tmp_path, HEAD + "".join(rows) + "D0,Won,2062-01-03,,\n", MOVES)
    assert export.notes == ("C42 '2062-01-03': more than a year after 99 % of all times; is the year right?",)


def test_day_and_month_the_wrong_way_round_in_a_map_are_mended_by_swapping_them(tmp_path):
    text = HEAD + "D1,New,02.01.2026,,\nD1,Offer,25.01.2026,,\nD2,New,26.01.2026,,\n"
    export = read_text(tmp_path, text, replace(MOVES, dates=("%m.%d.%Y",)))
    hint = "day and month look swapped: write %d.%m.%Y under 'dates' in the map"
    assert [cell.hint for cell in export.bad_cells] == [hint, hint]
    other = read_text(tmp_path, HEAD + "D1,New,soon,,\n", replace(MOVES, dates=("%m.%d.%Y",)))
    assert [cell.hint for cell in other.bad_cells] == ["the map expects '%m.%d.%Y'"]
