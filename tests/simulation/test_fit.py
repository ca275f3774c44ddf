"""Scenarios from made-up histories: what is learnt is what was put in, with deals open, seen late or refused."""

from dataclasses import replace

import numpy as np
import pytest

from engine.model.errors import BadValue
from engine.model.scenario import Form
from engine.simulation.fit.fit import fit
from engine.simulation.fit.seen import nobody
from tests.simulation.histories import Past, day, process, tables

SALE = process(
    """
facts: {amount: {type: money}, large: {type: yes-no}}
stages: {new: {}, offer: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  propose: {from: new, to: offer}
  sign: {from: offer, to: won, requires: [{must: not large, says: Large ones go elsewhere}]}
  lose: {from: open, to: lost}
"""
)
SHARES = {("new", "propose"): 0.6, ("new", "lose"): 0.4, ("offer", "sign"): 0.35, ("offer", "lose"): 0.65}
MEDIANS = {("new", "propose"): 5.0, ("new", "lose"): 14.0, ("offer", "sign"): 40.0, ("offer", "lose"): 20.0}
SIGMA = 0.8
FOLLOWED = 200.0


def histories(count, seed, *, large=0.0, told=False):
    """Deals that come at random over the follow-up, each played to its end; what the rules refuse is tried again."""
    chance = np.random.default_rng(seed)
    comes = np.sort(chance.uniform(0, FOLLOWED, count)).tolist()
    for number in range(count):
        is_large = bool(chance.random() < large)
        at, stage, visits, refused = comes[number], "new", [], []
        visits.append(("", "new", at))
        while stage in ("new", "offer"):
            forward = "propose" if stage == "new" else "sign"
            action = forward if chance.random() < SHARES[stage, forward] else "lose"
            at += MEDIANS[stage, action] * float(np.exp(SIGMA * chance.standard_normal()))
            if action == "sign" and is_large:
                refused.append((action, at))
                continue
            stage = {"propose": "offer", "sign": "won", "lose": "lost"}[action]
            visits.append((action, stage, at))
        yield Past(
            f"D{number:05d}",
            tuple(visit for visit in visits if visit[2] <= FOLLOWED),
            {"large": is_large},
            tuple(each for each in refused if each[1] <= FOLLOWED) if told else (),
        )


def fitted(deals, *, since=None, of=SALE):
    return fit(tables(of, deals), of, as_of=day(FOLLOWED), since=None if since is None else day(since), staffed=nobody)


def branches(found):
    return {(each.stage, one.action): one for each in found.scenario.stages for one in each.branches}


def at(spread, share):
    levels, values = zip(*spread.quantiles, strict=True)
    return np.interp(share, levels, values) / 86_400


def at_half(standing):
    return at(standing.dwell, 0.5)


def held(found, deals, *, wide=3.5):
    """Each share within so many standard errors of what was put in, as if of the deals that reached the stage."""
    for (stage, action), share in SHARES.items():
        error = np.sqrt(share * (1 - share) / deals[stage])
        assert branches(found)[stage, action].share == pytest.approx(share, abs=wide * error), (stage, action)


def test_shares_and_times_are_found_with_a_fifth_of_the_deals_open():
    deals = list(histories(4_000, 1))
    still = sum(each.visits[-1][1] in ("new", "offer") for each in deals) / len(deals)
    assert 0.15 < still < 0.25
    found = fitted(deals)
    held(found, {"new": 4_000, "offer": 2_000})
    for (stage, action), median in MEDIANS.items():
        spread = branches(found)[stage, action].dwell
        assert at(spread, 0.5) == pytest.approx(median, rel=0.08), (stage, action)
        assert at(spread, 0.9) == pytest.approx(median * np.exp(SIGMA * 1.2816), rel=0.15), (stage, action)


def test_deals_seen_from_a_day_on_are_counted_from_then_on():
    deals = list(histories(4_000, 2))
    since = 120.0
    seen = [each for each in deals if each.visits[-1][1] not in ("won", "lost") or each.visits[-1][2] >= since]
    whole = fitted(deals, since=since)
    held(whole, {"new": 1_600, "offer": 900})
    # An export of those alone that were open or closed since then says the same.
    late = fitted(seen, since=since)
    for way, branch in branches(whole).items():
        assert branches(late)[way].share == pytest.approx(branch.share, abs=1e-9)
    # Taken as if all had been watched from their start, what ends slowly would count too much.
    naive = fitted(seen)
    assert branches(naive)["offer", "sign"].share > 0.4 > 0.37 > branches(late)["offer", "sign"].share


@pytest.mark.parametrize("told", [False, True], ids=["from moves alone", "refusals told"])
def test_refused_tries_count_once(told):
    found = fitted(histories(4_000, 3, large=0.4, told=told))
    held(found, {"new": 4_000, "offer": 1_800})
    spread = branches(found)["offer", "lose"].dwell
    # Of large deals most lose after one refusal or more: the time of one try is much shorter than their time here.
    assert at(spread, 0.5) == pytest.approx(MEDIANS["offer", "lose"], rel=0.15)


def test_what_a_clock_ended_is_no_try_of_anybody():
    timed = replace(
        process(
            """
stages: {new: {}, won: {ends: won}, lost: {ends: lost}}
actions: {sign: {from: new, to: won}, lose: {from: new, to: lost}}
clocks: {stale: {in: [new], stays: 30d, then: lose}}
"""
        )
    )
    chance = np.random.default_rng(4)
    deals = []
    for number in range(2_000):
        action = "sign" if chance.random() < 0.5 else "lose"
        lasted = 20.0 * float(np.exp(SIGMA * chance.standard_normal()))
        came = number * 150 / 2_000
        action, lasted = (action, lasted) if lasted < 30 else ("lose", 30.0)
        stage = "won" if action == "sign" else "lost"
        deals.append(Past(f"D{number:04d}", (("", "new", came), (action, stage, came + lasted))))
    found = fit(tables(timed, deals), timed, as_of=day(FOLLOWED), staffed=nobody)
    assert branches(found)["new", "sign"].share == pytest.approx(0.5, abs=0.05)
    assert at(branches(found)["new", "sign"].dwell, 0.4) == pytest.approx(20 * np.exp(SIGMA * -0.2533), rel=0.1)


def test_a_hand_over_to_another_process_is_a_way_out():
    handing = process(
        """
stages: {new: {}, won: {ends: won}}
actions: {sign: {from: new, to: won}, hand-over: {from: new, to: care/asked}}
"""
    )
    ways = {0: ("sign", "won"), 1: ("hand-over", "care/asked"), 2: None}
    deals = []
    for number in range(300):
        way = ways[number % 3]
        lasted = 2.0 + number % 7
        after = (((*way, number + lasted),) if way else ()) + ((("", "care/done", 320.0),) if number % 3 == 1 else ())
        deals.append(Past(f"D{number:03d}", (("", "new", float(number)), *after)))
    found = fit(tables(handing, deals), handing, as_of=day(330), staffed=nobody)
    assert set(branches(found)) == {("new", "sign"), ("new", "hand-over")}
    assert branches(found)["new", "hand-over"].to == "care/asked"
    assert found.notes[0].startswith("300 deals, 100 of them open")


def test_side_tracks_are_fitted_until_their_deals_end():
    beside = process(
        """
stages: {new: {}, won: {ends: won}}
actions: {sign: {from: new, to: won}}
tracks:
  legal:
    stages: {idle: {}, review: {}, cleared: {}}
    actions: {submit: {from: idle, to: review}, clear: {from: review, to: cleared}, reject: {from: review, to: idle}}
"""
    )
    chance = np.random.default_rng(8)
    deals = []
    for number in range(1_000):
        came, ends = number / 10, number / 10 + float(chance.uniform(5, 60))
        at, stage, visits = came, "idle", [("legal", "", "idle", came)]
        while stage != "cleared":
            at += float(chance.exponential(10.0 if stage == "idle" else 4.0))
            action = "submit" if stage == "idle" else "clear" if chance.random() < 0.7 else "reject"
            stage = {"submit": "review", "clear": "cleared", "reject": "idle"}[action]
            visits.append(("legal", action, stage, at))
        seen = tuple(each for each in visits if each[3] < ends)
        deals.append(Past(f"D{number:04d}", (("", "new", came), ("sign", "won", ends)), beside=seen))
    found = fit(tables(beside, deals), beside, as_of=day(170), staffed=nobody)
    (track,) = found.scenario.tracks
    stages = {each.stage: each for each in track.stages}
    shares = {each.action: each.share for each in stages["review"].branches}
    assert set(stages) == {"idle", "review"}
    assert shares["clear"] == pytest.approx(0.7, abs=0.05)
    # Half of an exponential of ten days, although many deals ended before.
    assert at_half(stages["idle"]) == pytest.approx(10 * np.log(2), rel=0.12)


def test_few_visits_have_a_form_and_say_so():
    found = fitted(list(histories(16, 5)))
    offer = found.scenario.standing("offer")
    assert offer.dwell.form in (Form.LOGNORMAL, Form.WEIBULL, Form.GAMMA)
    assert all(each.dwell is None for each in offer.branches)
    assert any(note.startswith("offer: only") for note in found.notes)


def test_a_stage_that_nobody_left_is_assumed_and_said():
    deals = [Past(f"D{n:02d}", (("", "new", n), ("propose", "offer", n + 3.0))) for n in range(30)]
    found = fitted(deals)
    assert {each.action for each in found.scenario.standing("offer").branches} == {"sign", "lose"}
    assert any(note.startswith("offer: 30 visits were seen, and none ended") for note in found.notes)


def test_a_history_in_which_nobody_ended_or_won_is_doubted_as_a_whole():
    opened = [Past(f"D{n:02d}", (("", "new", n), ("propose", "offer", n + 3.0))) for n in range(30)]
    assert fitted(opened).doubts[0].startswith("None of the 30 deals came to an end of tiny@1")
    lost = [Past(f"D{n:02d}", (("", "new", n), ("lose", "lost", n + 3.0))) for n in range(30)]
    assert fitted(lost).doubts == ("None of the 30 deals was won, so by this scenario none will be.",)
    assert fitted(histories(200, 3)).doubts == ()


def test_a_history_too_short_says_what_is_missing():
    with pytest.raises(BadValue, match="too short to fit tiny@1: only 3 visits") as refused:
        fitted([Past(f"D{n}", (("", "new", n), ("lose", "lost", n + 1.0))) for n in range(3)])
    assert "scenario" in refused.value.hint


def test_new_prospects_are_rows_of_past_ones_in_the_same_shares():
    found = fitted(histories(2_000, 6, large=0.3))
    rows = found.scenario.rows
    assert (rows.facts, len(rows.rows)) == (("large",), 500)
    assert np.mean([row[0] for row in rows.rows]) == pytest.approx(0.3, abs=0.06)


def test_what_always_went_one_way_a_few_times_may_go_another():
    found = fitted([Past(f"D{n}", (("", "new", n), ("lose", "lost", n + 1.0))) for n in range(12)])
    branches = next(each for each in found.sections if each.id == "branches")
    (share,) = (row[4] for row in branches.rows)
    assert (share.value, share.high) == (1.0, 1.0)
    assert share.low == pytest.approx(12 / (12 + 1.6449**2), abs=0.001)
