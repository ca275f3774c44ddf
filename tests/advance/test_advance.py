from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.advance.move import can
from engine.journal.verify import verify
from engine.model.deal import fold
from engine.model.entry import EntryKind
from engine.model.errors import BadTime, BadValue, DealExists, DealMovedOn, KeyReused, UnknownName
from tests.advance.desk import NOW, Desk


@pytest.fixture
def desk():
    return Desk()


def kinds(desk, deal="acme"):
    return [entry.kind for entry in desk.journal.entries(deal)]


def test_a_deal_starts_in_the_first_stage_with_its_facts(desk):
    outcome = desk.start()
    assert outcome.deal.stage == "prospect"
    assert outcome.deal.facts == {"amount": Decimal(9000)}
    assert desk.journal.definition(desk.definition.digest) == desk.definition


def test_a_start_without_what_the_first_stage_asks_is_refused_and_leaves_nothing(desk):
    outcome = desk.start(facts={})
    assert not outcome.decision.allowed
    assert outcome.deal is None
    assert desk.journal.deal("acme") is None


def test_a_move_is_recorded_with_its_reason_its_facts_and_its_stamps(desk):
    desk.start()
    outcome = desk.do("qualify", reason="referral", note="Met at a fair", facts={"contact_role": "champion"})
    entry = desk.journal.entries("acme")[-1]
    assert outcome.deal.stage == "qualified"
    assert (entry.reason, entry.note, entry.touchpoint) == ("referral", "Met at a fair", "call")
    assert entry.facts == {"contact_role": "champion", "qualified_on": date(2026, 3, 2)}


def test_a_refused_move_is_kept_with_all_its_causes_and_changes_nothing(desk):
    desk.start(facts={"amount": Decimal(900)})
    desk.do("qualify", reason="referral", facts={"contact_role": "user"})
    desk.do("hold-demo")
    outcome = desk.do("send-proposal", facts={"discount": Decimal("0.12")})
    entry = desk.journal.entries("acme")[-1]
    assert entry.kind is EntryKind.REFUSED
    assert outcome.deal.stage == "demo"
    assert "discount" not in outcome.deal.facts
    failed = [verdict.requirement for verdict in entry.verdicts if not verdict.stands]
    assert failed == ["demo/to_pass/1", "send-proposal/requires/1", "budget-known"]


def test_the_projection_is_the_fold_of_the_entries(desk):
    desk.to_negotiation()
    assert desk.journal.deal("acme") == fold(desk.journal.entries("acme"))
    assert verify(desk.journal) == ()


def test_an_approval_lets_someone_else_make_the_move(desk):
    desk.to_negotiation(discount=Decimal("0.2"), decision_date=date(2026, 7, 1))
    assert not desk.do("sign").decision.allowed
    desk.approve("sign", actor="mia", role="manager")
    assert desk.do("sign").deal.outcome == "won"


def test_an_approval_is_not_given_by_the_mover(desk):
    desk.to_negotiation(discount=Decimal("0.2"), decision_date=date(2026, 7, 1))
    desk.approve("sign", actor="ana", role="manager")
    assert not desk.do("sign").decision.allowed


def test_an_approval_is_void_once_what_it_rested_on_changes(desk):
    desk.to_negotiation(discount=Decimal("0.2"), decision_date=date(2026, 7, 1))
    desk.approve("sign", actor="mia", role="manager")
    desk.record(facts={"discount": Decimal("0.3")})
    assert not desk.do("sign").decision.allowed


def test_a_role_that_may_not_approve_is_told_which_may(desk):
    desk.to_negotiation()
    with pytest.raises(BadValue, match="role 'ae' may not approve 'sign'") as raised:
        desk.approve("sign", actor="mia", role="ae")
    assert "manager" in raised.value.hint


def test_a_manager_may_override_and_it_is_recorded_as_waived(desk):
    desk.start()
    desk.do("qualify", reason="referral", facts={"contact_role": "user"})
    desk.do("hold-demo")
    outcome = desk.do("send-proposal", override=True, who={"role": "manager"})
    entry = desk.journal.entries("acme")[-1]
    assert outcome.deal.stage == "proposal"
    assert entry.override
    assert {verdict.requirement for verdict in entry.verdicts if verdict.result.value == "waived"} == {
        "demo/to_pass/1",
        "budget-known",
    }


def test_who_may_not_override_is_refused(desk):
    desk.start()
    desk.do("qualify", reason="referral", facts={"contact_role": "user"})
    desk.do("hold-demo")
    assert not desk.do("send-proposal", override=True).decision.allowed


def test_the_same_key_for_the_same_thing_records_nothing_twice(desk):
    desk.start(key="s1")
    again = desk.start(key="s1")
    first = desk.do("qualify", reason="referral", facts={"contact_role": "champion"}, who={"key": "q1"})
    second = desk.do("qualify", reason="referral", facts={"contact_role": "champion"}, who={"key": "q1"})
    assert (first.repeated, again.repeated, second.repeated) == (False, True, True)
    assert kinds(desk) == [EntryKind.STARTED, EntryKind.MOVED]


def test_the_same_key_for_something_else_is_an_error(desk):
    desk.start(key="s1")
    desk.record(facts={"competitor": "Initech"}, key="r1")
    with pytest.raises(KeyReused):
        desk.record(facts={"competitor": "Globex"}, key="r1")
    with pytest.raises(KeyReused):
        desk.start("other", key="s1")


def test_a_refusal_uses_up_no_key(desk):
    desk.start()
    assert not desk.do("qualify", who={"key": "q1"}).decision.allowed
    again = desk.do("qualify", reason="referral", facts={"contact_role": "champion"}, who={"key": "q1"})
    assert again.decision.allowed


def test_a_deal_of_a_name_that_is_taken_is_not_started_again(desk):
    desk.start()
    with pytest.raises(DealExists):
        desk.start()


def test_a_deal_that_is_not_there_is_named_with_the_nearest(desk):
    desk.start()
    with pytest.raises(UnknownName) as raised:
        desk.record("acne", facts={"competitor": "x"})
    assert raised.value.hint == "did you mean 'acme'?"


def test_time_never_runs_backwards_within_a_deal(desk):
    desk.start()
    with pytest.raises(BadTime, match="is before it"):
        desk.record(facts={"competitor": "x"}, at=datetime(2026, 3, 1, tzinfo=UTC))


def test_nothing_happens_in_the_future(desk):
    with pytest.raises(BadTime, match="in the future"):
        desk.start(at=NOW + timedelta(seconds=1))


@pytest.mark.parametrize("name", ["", " ", " acme", "a\x1b[31m", "a\nb", "x" * 201])
def test_a_deal_has_a_name_that_can_be_typed(desk, name):
    with pytest.raises(BadValue):
        desk.start(name)


def test_recording_nothing_is_an_error(desk):
    desk.start()
    with pytest.raises(BadValue, match="nothing to record"):
        desk.record()


def test_an_unknown_touchpoint_is_told_with_the_nearest(desk):
    desk.start()
    with pytest.raises(UnknownName) as raised:
        desk.record(touchpoint="cal")
    assert raised.value.hint == "did you mean 'call'?"


def test_a_fact_of_the_wrong_type_is_an_error_and_records_nothing(desk):
    desk.start()
    with pytest.raises(BadValue):
        desk.record(facts={"amount": "much"})
    assert kinds(desk) == [EntryKind.STARTED]


def test_can_tells_every_action_and_records_nothing(desk):
    desk.start()
    _, decisions = can(desk.journal, desk.machine_of, "acme", occasion=desk.occasion())
    actions = {decision.move.action for decision in decisions}
    assert {"qualify", "hold-demo", "sign", "lose", "submit-contract"} <= actions
    assert kinds(desk) == [EntryKind.STARTED]


class Racing:
    """A journal in which someone else is quicker, a number of times."""

    def __init__(self, desk, times):
        self.inner, self.desk, self.left = desk.journal, desk, times

    def append_together(self, batches, *, definitions=()):
        if self.left:
            self.left -= 1
            real = self.desk.journal
            self.desk.journal = self.inner
            self.desk.record(facts={"competitor": f"Rival {self.left}"}, at=batches[0][0][0].happened_at)
            self.desk.journal = real
        self.inner.append_together(batches, definitions=definitions)

    def __getattr__(self, name):
        return getattr(self.inner, name)


def test_who_loses_a_race_decides_again_and_nothing_is_lost(desk):
    desk.start()
    desk.journal = Racing(desk, 2)
    outcome = desk.do("qualify", reason="referral", facts={"contact_role": "champion"})
    assert outcome.deal.stage == "qualified"
    assert outcome.deal.facts["competitor"] == "Rival 0"
    assert kinds(desk) == [EntryKind.STARTED, EntryKind.RECORDED, EntryKind.RECORDED, EntryKind.MOVED]


def test_a_race_lost_three_times_says_that_the_deal_moved_on(desk):
    desk.start()
    desk.journal = Racing(desk, 3)
    with pytest.raises(DealMovedOn) as raised:
        desk.do("qualify", reason="referral", facts={"contact_role": "champion"})
    assert raised.value.exit_code == 3


def test_the_loser_is_judged_by_what_the_winner_changed(desk):
    desk.start()
    racing = Racing(desk, 0)

    def freeze(batches, **rest):
        entries = batches[0][0]
        if entries[0].kind is EntryKind.MOVED and not racing.left:
            racing.left = -1
            other = replace(desk.occasion(at=entries[0].happened_at))
            from engine.advance.record import record

            record(racing.inner, desk.machine_of, "acme", facts={"export_hold": True}, occasion=other)
        racing.inner.append_together(batches, **rest)

    racing.append_together = freeze
    desk.journal = racing
    outcome = desk.do("qualify", reason="referral", facts={"contact_role": "champion"})
    assert not outcome.decision.allowed
    assert [verdict.requirement for verdict in outcome.decision.refusals] == ["always/1"]


AUTOMATIC = """\
process: self-serve
version: 1
facts: {paid: {type: yes-no}, seats: {type: number}}
stages: {trial: {}, paying: {}, large: {}, won: {ends: won}}
actions:
  pay: {from: trial, to: paying, auto: true, when: paid}
  grow: {from: paying, to: large, auto: true, when: seats >= 100}
  close: {from: [paying, large], to: won}
"""


GIVING_UP = """\
process: giving-up
version: 1
facts: {gone: {type: yes-no}, seats: {type: number}}
stages: {trial: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  close: {from: trial, to: won}
  give-up:
    - {from: trial, to: lost, auto: true, when: gone and seats > 10, reasons: {silence: No answer}, reason: silence}
    - {from: trial, to: lost, auto: true, when: gone, reasons: {silence: No answer, too-small: Few}, reason: too-small}
"""


def process_file(folder, text):
    path = folder / "processes" / text.split()[1] / "1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


@pytest.fixture
def automatic(tmp_path):
    return Desk(process=process_file(tmp_path, AUTOMATIC))


def test_automatic_actions_follow_in_the_transaction_of_what_made_them_true(automatic):
    automatic.start(facts={"seats": Decimal(120)})
    outcome = automatic.record(facts={"paid": True})
    assert outcome.deal.stage == "large"
    told = [(entry.kind.value, entry.action, entry.actor) for entry in automatic.journal.entries("acme")]
    assert told == [
        ("started", "", "ana"),
        ("recorded", "", "ana"),
        ("moved", "pay", "stagewright"),
        ("moved", "grow", "stagewright"),
    ]
    assert verify(automatic.journal) == ()


def test_an_automatic_action_fires_on_true_alone(automatic):
    assert automatic.start(facts={}).deal.stage == "trial"
    assert automatic.record(facts={"paid": False}).deal.stage == "trial"


def test_an_automatic_action_gives_the_reason_of_the_variant_that_is_meant(tmp_path):
    desk = Desk(process=process_file(tmp_path, GIVING_UP))
    desk.start(facts={})
    desk.record(facts={"gone": True, "seats": Decimal(9)})
    told = [(entry.action, entry.reason) for entry in desk.journal.entries("acme")]
    assert told == [("", ""), ("", ""), ("give-up", "too-small")]


def test_by_hand_an_automatic_action_asks_for_a_reason(tmp_path):
    desk = Desk(process=process_file(tmp_path, GIVING_UP))
    desk.start(facts={"seats": Decimal(9)})
    assert not desk.do("give-up", facts={"gone": True}).decision.allowed
    assert desk.do("give-up", facts={"gone": True}, reason="silence").deal.stage == "lost"


def test_a_start_may_be_followed_by_automatic_actions(automatic):
    assert automatic.start(facts={"paid": True}).deal.stage == "paying"
