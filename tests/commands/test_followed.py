"""What follows from a deed by itself is told with it, in whatever words it was done."""

import pytest


@pytest.fixture
def selling(run, tmp_path, monkeypatch):
    """A workspace with the shipped processes that hand deals to each other."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STAGEWRIGHT_AS", "ana")
    monkeypatch.setenv("STAGEWRIGHT_ROLE", "seller")
    assert run("init --example hands-on").code == 0


def test_a_start_tells_the_moves_that_followed(run, selling):
    told = run("start self-serve bolt --fact signed_up=true --fact invoices_paid=1 --at 2026-02-01").out
    assert told.split("\n")[0] == "start: bolt starts in inbound-lead"
    assert told.endswith(
        "then sign-up, by itself: inbound-lead to signed-up\n"
        "then pay-first, by itself: signed-up to first-invoice-paid\n"
    )


def test_a_record_tells_what_was_recorded_and_the_moves_that_followed(run, selling):
    run("start self-serve bolt --at 2026-02-01")
    assert run("record bolt signed_up=true --at 2026-02-02").out == (
        "bolt: recorded signed_up true\nthen sign-up, by itself: inbound-lead to signed-up\n"
    )


def test_a_record_that_moves_nothing_tells_where_the_deal_stands(run, selling):
    run("start self-serve bolt --at 2026-02-01")
    assert run("record bolt predicted_events=9 --at 2026-02-02").out == (
        "bolt: recorded predicted_events 9 (in inbound-lead)\n"
    )


def test_a_hand_over_names_the_process_and_what_the_deal_keeps(run, selling):
    run("start self-serve bolt --fact signed_up=true --fact amount=90000 --at 2026-02-01")
    assert run("advance bolt hand-over --note 'Four hundred seats' --at 2026-02-02").out == (
        "hand-over: bolt went from signed-up to problem-agreement of hands-on@3\n"
        "  kept      amount 90000 USD, signed_up true\n"
    )


def test_what_the_engine_does_by_itself_is_called_so_among_what_is_not_yet_possible(run, selling):
    run("start self-serve bolt --at 2026-02-01")
    assert "sign-up → signed-up, by itself\n" in run("can bolt").out


def test_the_first_stage_is_none_of_the_other_stages_from_which_one_steps_back(run, selling):
    run("start hands-on bolt --fact amount=8000 --at 2026-02-01")
    elsewhere = run("can bolt").out.partition("from other stages")[2]
    assert "step-back (solution-agreement," in elsewhere


def test_a_dry_run_of_clocks_says_that_nothing_was_recorded(run, selling):
    run("start self-serve bolt --at 2026-02-01")
    tried = run("tick --dry-run --at 2026-06-01")
    assert "nothing was recorded" in tried.err
    assert run("tick --at 2026-06-01").out == tried.out


def test_a_move_made_by_itself_tells_its_reason(run, selling):
    run("start hands-on@2 bolt --fact amount=90000 --at 2026-02-01")
    run("advance bolt book-meeting --at 2026-02-02")
    run("advance bolt complete-demo --fact seats=9 --at 2026-02-03")
    told = run("record bolt next_step_agreed=false --at 2026-02-04").out
    assert told.endswith("then give-up, by itself: demo-completed to closed-lost (no-next-step)\n")
    assert "done by itself as soon as it is so, with reason no-next-step" in run("show hands-on@2").out
