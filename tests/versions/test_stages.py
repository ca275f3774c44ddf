"""What is told of stages: what became of them, their order, where deals can get to, their figures."""

from __future__ import annotations

import pytest

from engine.machine.tracks import passed
from engine.model.change import Level
from engine.model.process import Stage, Track
from engine.versions import stage_order
from tests.versions.pairs import changes, process, told

ACTIONS = (
    "actions:\n  show: {from: lead, to: demo}\n  offer: {from: demo, to: offer}\n  sign: {from: offer, to: won}\n"
    "  lose: {from: open, to: lost}\n"
)
FOUR = "stages: {lead: {}, demo: {}, offer: {}, won: {ends: won}, lost: {ends: lost}}\n" + ACTIONS
GATED = (
    "facts: {ok: {type: yes-no}}\n"
    "stages: {lead: {}, demo: {to_pass: [{must: ok, says: It is well}]}, offer: {},"
    " won: {ends: won}, lost: {ends: lost}}\n"
)
LATER = "actions: {on: {from: open, to: later}, sign: {from: open, to: won}, lose: {from: open, to: lost}}\n"


def test_a_new_stage_is_told_with_the_actions_around_it() -> None:
    new = FOUR.replace("offer: {}", "trial: {}, offer: {}").replace(
        "  offer: {from: demo", "  try-out: {from: demo, to: trial}\n  offer: {from: [demo, trial]"
    )
    found = changes(FOUR, new)
    assert told(found) == ["D201 looser try-out", "D101 note trial"]
    assert found[1].says == (
        "'trial' is a new stage, after 'demo'; 'try-out' can lead to it; 'offer' and 'lose' can lead on from it"
    )


def test_a_stage_that_is_gone_strands_the_deals_that_may_stand_there() -> None:
    new = FOUR.replace("offer: {}, ", "").replace("offer: {from: demo, to: offer}", "call: {from: lead, to: demo}")
    new = new.replace("sign: {from: offer", "sign: {from: demo")
    assert "D102 break offer" in told(changes(FOUR, new))


def test_an_end_and_a_stage_that_nobody_could_come_to_strand_nobody() -> None:
    old = FOUR.replace("won: {", "odd: {}, dead: {ends: other}, won: {")
    assert told(changes(old, FOUR))[-2:] == ["D102 note dead", "D102 note odd"]


def test_a_renamed_stage_is_one_change() -> None:
    new = "follows: {version: 1, stages: {offer: proposal}}\n" + FOUR.replace("offer: {}", "proposal: {}").replace(
        "to: offer", "to: proposal"
    ).replace("from: offer", "from: proposal")
    found = changes(FOUR, new)
    assert told(found) == ["D103 note proposal"]
    assert found[0].says == "'offer' is now called 'proposal'"


def test_merged_stages_tell_what_is_lost_and_new_for_the_deals_of_each() -> None:
    old = (
        "facts: {a: {type: yes-no}, b: {type: yes-no}}\n"
        "stages: {lead: {to_pass: [{must: a, says: A}]}, demo: {to_pass: [{must: a, says: A}, {must: b, says: B}]},"
        " won: {ends: won}, lost: {ends: lost}}\n"
    )
    new = (
        "follows: {version: 1, stages: {lead: talk, demo: talk}, actions: {show: sign}}\n"
        "facts: {a: {type: yes-no}, b: {type: yes-no}}\n"
        "stages: {talk: {to_pass: [{must: b, says: B}]}, won: {ends: won}, lost: {ends: lost}}\n"
        "actions: {sign: {from: talk, to: won}, lose: {from: open, to: lost}}\n"
    )
    found = changes(old, new)
    assert [one.says for one in found if one.level is not Level.NOTE] == [
        "passing 'talk' now needs: B (for deals that came from 'lead')",
        "'sign' now also leads from 'talk' (for deals that came from 'lead') to 'won'",
        "passing 'demo' no longer needs: A",
        "passing 'lead' no longer needs: A",
    ]


def test_a_stage_that_takes_in_another_is_told_from_what_stood_there_before() -> None:
    old = (
        "stages: {lead: {}, demo: {}, talk: {}, won: {ends: won}}\n"
        "actions: {show: {from: lead, to: demo}, argue: {from: demo, to: talk}, sign: {from: talk, to: won}}\n"
        "metrics: {m: {type: dwell, stage: demo}}\n"
    )
    new = (
        "follows: {version: 1, stages: {talk: demo}}\nstages: {lead: {}, demo: {}, won: {ends: won}}\n"
        "actions: {show: {from: lead, to: demo}, sign: {from: demo, to: won}}\n"
        "metrics: {m: {type: dwell, stage: demo}}\n"
    )
    found = {one.code: one for one in changes(old, new)}

    assert found["D209"].says == (
        "'sign' is now also possible from 'demo' (for deals that stood there before), to 'won'"
    )
    assert found["D104"].says == "'talk' became part of 'demo'"
    assert found["D104"].old == process(old).main.stages[2].at
    assert (found["D803"].before, found["D803"].after) == ("", "")
    assert "for what it names was put together or split (stage demo)" in found["D803"].says


def test_a_split_that_leaves_deals_out_strands_them() -> None:
    parts = FOUR.replace("offer: {}", "small: {}, large: {}").replace("to: offer", "to: [small, large]")
    parts = "facts: {big: {type: yes-no}}\n" + parts.replace("from: offer", "from: [small, large]")
    before = "facts: {big: {type: yes-no}}\n" + FOUR
    follows = "follows: {version: 1, stages: {offer: [{to: large, when: big}, {to: small%s}]}}\n"
    assert told(changes(before, follows % "" + parts)) == ["D105 note large"]
    assert told(changes(before, follows % ", when: not big" + parts)) == ["D105 break large"]


def test_another_order_is_told_by_what_moves_now_pass() -> None:
    old = GATED + LATER
    demo, offer = "demo: {to_pass: [{must: ok, says: It is well}]}", "offer: {}"
    new = old.replace(f"{demo}, {offer}", f"{offer}, {demo}")
    found = changes(old, new)
    assert [f"{one.level.value}: {one.says}" for one in found] == [
        "tighter: 'demo' now comes after 'offer': moves now pass 'demo', and meet what it takes, that did not before; "
        "'on' no longer leads from 'demo' to 'offer'",
        "looser: 'demo' now comes after 'offer': moves no longer pass 'demo', nor meet what it takes, that did before; "
        "'on' now also leads from 'offer' to 'demo'",
    ]
    assert (found[0].before, found[0].after) == ("lead > demo > offer", "lead > offer > demo")


def test_another_order_is_told_once_however_many_actions_lead_by_it() -> None:
    names = [f"s{number}" for number in range(30)]
    acts = "".join(f"  a{one}: {{from: open, to: {('earlier', 'later')[one % 3 > 0]}}}\n" for one in range(90))
    end = "won: {ends: won}}\nactions:\n  win: {from: open, to: won}\n" + acts
    old, new = (f"stages: {{{''.join(f'{one}: {{}}, ' for one in each)}{end}" for each in (names, names[::-1]))
    found = changes(old, new)
    assert told(found) == ["D106 tighter stages", "D107 tighter s29", "D106 looser stages", "D107 looser s29"]
    assert "; 'a1', 'a2', 'a4', 'a5' and 56 more no longer lead from 's28' to 's29', " in found[0].says
    assert ": 'a0', 'a3', 'a6', 'a9' and 26 more no longer lead from 's29' to 's28', " in found[0].says
    assert max(len(one.says) for one in found) < 1000


def test_an_action_that_is_written_otherwise_is_told_apart_from_the_order() -> None:
    old = FOUR + "  on: {from: open, to: later}\n"
    new = FOUR.replace("demo: {}, offer: {}", "offer: {}, demo: {}") + "  on: {from: demo, to: [later, won]}\n"
    assert told(changes(old, new)) == [
        "D106 tighter stages",
        "D208 tighter on",
        "D211 looser on",
    ]


def test_where_nothing_is_asked_to_pass_no_move_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def counted(track: Track, source: str, target: str) -> tuple[Stage, ...]:
        calls.append(f"{source} {target}")
        return passed(track, source, target)

    monkeypatch.setattr(stage_order, "passed", counted)
    new = FOUR.replace("demo: {}, offer: {}", "offer: {}, demo: {}")
    assert told(changes(FOUR, new))
    assert not calls
    acts = "".join(f"  on-{one}: {{from: open, to: later}}\n" for one in range(20))
    old = f"{GATED}actions:\n  sign: {{from: open, to: won}}\n{acts}"
    changes(old, old.replace("lead: {}, ", "").replace("offer: {}", "offer: {}, lead: {}"))
    assert 0 < len(calls) <= 4 * 6


def test_where_nothing_depends_on_the_order_it_is_a_note() -> None:
    new = FOUR.replace("demo: {}, offer: {}", "offer: {}, demo: {}")
    assert told(changes(FOUR, new)) == ["D106 note stages"]


def test_stages_out_of_which_nothing_leads_strand_their_deals() -> None:
    new = FOUR.replace("lose: {from: open", "lose: {from: [lead, demo]").replace(
        "sign: {from: offer", "sign: {from: demo"
    )
    found = changes(FOUR, new)
    assert "D108 break offer" in told(found)
    assert next(one.says for one in found if one.code == "D108") == (
        "no action leads on from 'offer' any more: deals that stand there are stuck"
    )


def test_stages_that_cannot_be_won_any_more_are_told_together() -> None:
    new = FOUR.replace("  offer: {from: demo, to: offer}\n", "")
    found = {one.code: one.says for one in changes(FOUR, new)}
    assert found["D110"] == "from 'lead' and 'demo' a deal can no longer be won, by whatever moves"
    assert found["D112"] == "no moves lead to 'offer' and 'won' any more"


def test_figures_and_titles_are_notes_and_layout_is_nothing() -> None:
    old = FOUR.replace("demo: {}", "demo: {probability: 40%, target: 7d}")
    new = FOUR.replace("demo: {}", "demo: {title: Demo, target: 1w, alert: 30d, probability: 45%}")
    assert told(changes(old, new)) == ["D115 note demo", "D117 note demo", "D118 note demo"]
    assert changes(old, old.replace("{probability: 40%, target: 7d}", "{target: 1w, probability: 40%}")) == ()


def test_a_reason_that_silences_an_alert_is_told_as_part_of_the_alert() -> None:
    facts = "facts: {held: {type: yes-no}, due: {type: date}}\n"
    old = facts + FOUR.replace("demo: {}", "demo: {alert: 30d, stamps: {due: today}, asks: [held]}")
    new = old.replace("alert: 30d", "alert: {after: 30d, unless: held or due >= today}")
    (found,) = changes(old, new)
    assert (found.code, found.before, found.after) == ("D117", "30d", "30d unless held or due >= today")
    assert changes(new, old)[0].says == "the alert of 'demo' is now 30d, before 30d unless held or due >= today"
    assert changes(new, new.replace("held or due >= today", "today <= due or held")) == ()
    renamed = new.replace("held", "paused") + "follows: {version: 1, facts: {held: paused}}\n"
    assert "D117" not in {one.code for one in changes(new, renamed)}


def test_a_won_end_that_counts_otherwise_is_no_longer_behind_all_stages() -> None:
    old = GATED + LATER
    found = changes(old, old.replace("won: {ends: won}", "won: {ends: other}"))
    assert told(found) == ["D114 looser won"]
    assert found[0].says.endswith("moves no longer pass 'demo', nor meet what it takes, that did before")


def test_where_deals_start_is_told_both_ways() -> None:
    found = changes(
        FOUR, FOUR.replace("{lead: {},", "{first: {}, lead: {},").replace("from: lead", "from: [first, lead]")
    )
    assert [one.says for one in found if one.code == "D107"] == [
        "deals no longer start in 'lead'",
        "deals now start in 'first', which they did not before",
    ]


def test_an_open_stage_that_becomes_an_end_strands_its_deals() -> None:
    old = FOUR.replace("  lose:", "  drop: {from: offer, to: demo}\n  lose:")
    new = FOUR.replace("offer: {}", "offer: {ends: other}").replace("sign: {from: offer", "sign: {from: demo")
    found = [one for one in changes(old, new) if one.code == "D114"]
    assert [one.level for one in found] == [Level.BREAK]
