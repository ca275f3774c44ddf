from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.loading.processes import load_process
from engine.model.process import Process, Split, Transfer
from engine.model.rule import Force, Hit
from tests.loading.conftest import CASES, SMALL, Workspace, brief

PROCESSES = CASES / "workspace" / "processes"


@pytest.fixture(scope="module")
def everything() -> Process:
    loaded = load_process(PROCESSES / "everything" / "3.yaml")
    assert loaded.findings == ()
    assert loaded.value is not None
    return loaded.value


def test_the_example_of_the_design_loads_clean() -> None:
    loaded = load_process(PROCESSES / "inside-sales" / "2.yaml")
    assert loaded.findings == ()
    assert loaded.value == loaded.partial
    assert loaded.value
    assert loaded.value.name == "inside-sales@2"


def test_the_head_is_read(everything: Process) -> None:
    assert (everything.id, everything.version, everything.time_zone) == ("everything", 3, "Europe/Berlin")
    assert (everything.currency, everything.because) == ("EUR", "So that each is read")
    assert everything.uses == (("common", 1), ("market", 2))
    assert everything.roles == {"sdr": (), "ae": ("sdr",), "manager": ("ae",)}
    assert (everything.by, everything.override_by) == (("ae", "sdr"), ("manager",))
    assert everything.groups == {"early": ("new", "trial"), "late": ("offer",)}


def test_what_became_of_the_version_before_is_read(everything: Process) -> None:
    follows = everything.follows
    assert follows is not None
    assert follows.version == 2
    assert follows.stages["old"] == (Split("new"),)
    splits = [(split.to, split.when.text if split.when else None) for split in follows.stages["both"]]
    assert splits == [("new", "amount < 5000"), ("trial", None)]
    assert (follows.actions, follows.facts) == ({"promote": "advance"}, {"value": "amount"})
    assert follows.reasons == {"too-dear": "dear"}


def test_defaults_are_values_of_their_type(everything: Process) -> None:
    defaults = {name: fact.default for name, fact in everything.facts.items() if fact.default is not None}
    assert defaults == {
        "seats": Decimal(1),
        "discount": Decimal("0.00"),
        "patience": timedelta(weeks=2),
        "frozen": False,
    }


def test_choices_stay_as_written(everything: Process) -> None:
    assert everything.facts["person"].type.choices == ("user", "champion", "010")


def test_facts_of_rule_sets_are_the_process_s_too(everything: Process) -> None:
    assert "solvent_on" in everything.facts
    assert everything.facts["amount"].title == "Yearly value"


def test_decision_tables_stand_on_facts(everything: Process) -> None:
    grade, score = everything.facts["grade"].table, everything.facts["score"].table
    assert grade
    assert [(row.then, row.when is None) for row in grade.rows] == [("A", False), ("B", False), ("C", True)]
    assert score
    assert (score.hit, [row.then for row in score.rows]) == (Hit.SUM, [Decimal(10), Decimal(5)])


def test_a_stage_is_read_whole(everything: Process) -> None:
    new, trial = everything.main.stages[:2]
    assert (new.probability, new.target, new.alert) == (Decimal("0.05"), timedelta(days=3), timedelta(weeks=2))
    assert [(ask.fact, ask.when.text if ask.when else None) for ask in new.asks] == [
        ("amount", None),
        ("person", "amount > 5000"),
    ]
    assert [(one.fact, one.value.text) for one in trial.stamps] == [("due", "today + 30d"), ("remark", '"seen"')]


def test_requirements_have_ids_by_name_or_by_place(everything: Process) -> None:
    stages = {stage.id: stage for stage in everything.main.stages}
    assert [one.id for one in stages["trial"].to_pass] == ["trial/to_pass/1", "solvent"]
    assert [one.id for one in stages["offer"].to_enter] == ["market/known", "solvent", "offer/to_enter/3"]
    assert [one.rule for one in stages["offer"].to_enter] == ["market@2/known", "common@1/solvent", ""]
    assert [one.id for one in everything.main.always] == ["always/1"]
    legal = everything.tracks[0]
    assert [one.id for one in (*legal.always, *legal.stages[1].to_enter)] == [
        "legal/always/1",
        "legal/in-review/to_enter/1",
    ]


def test_a_rule_is_told_where_it_is_used_and_its_condition_where_it_is_written(everything: Process) -> None:
    solvent = everything.main.stages[1].to_pass[1]
    assert (solvent.at.file.endswith("everything/3.yaml"), solvent.condition.at.file.endswith("common/1.yaml")) == (
        True,
        True,
    )
    assert (solvent.when and solvent.when.text, solvent.fix) == ("amount > 5000", "Look.")


def test_should_is_a_requirement_that_only_warns(everything: Process) -> None:
    assert everything.main.stages[2].to_enter[2].force is Force.SHOULD


def test_variants_of_an_action_are_told_apart(everything: Process) -> None:
    first, second = everything.main.variants("advance")
    assert (first.variant, first.targets, first.by, first.when and first.when.text) == (
        1,
        ("trial",),
        ("sdr",),
        "seats > 5",
    )
    assert (second.variant, second.targets, second.by, second.when) == (2, ("trial", "offer"), ("ae", "sdr"), None)
    assert [one.id for one in second.requires] == ["advance/requires/1", "advance/requires/2"]


def test_groups_and_open_are_spelled_out(everything: Process) -> None:
    actions = {action.id: action for action in everything.main.actions}
    assert actions["skip"].sources == ("new", "trial")
    assert actions["back"].sources == ("new", "trial", "offer")
    assert actions["undo"].sources == ("new", "trial", "offer", "lost")
    assert (actions["skip"].targets, actions["undo"].targets) == (("later",), ("previous",))


def test_approvals_transfers_and_starts_are_read(everything: Process) -> None:
    actions = {action.id: action for action in everything.main.actions}
    first, second = actions["sign"].approvals
    assert (first.id, first.by, first.lasts, first.says) == (
        "sign/approval/1",
        ("manager",),
        timedelta(days=14),
        "More than 15% off",
    )
    assert (second.id, second.says, second.when) == ("sign/approval/2", "approved by manager", None)
    assert actions["hand-over"].transfer == Transfer("renewals", "onboarding")
    assert [(one.process, [each.fact for each in one.sets]) for one in actions["sign"].starts] == [
        ("renewals", ["amount", "client"]),
        ("care", []),
    ]


def test_reasons_are_own_or_shared(everything: Process) -> None:
    actions = {action.id: action for action in everything.main.actions}
    assert [(one.code, one.group) for one in actions["lose"].reasons] == [("dear", ""), ("rival", "market")]
    assert [(one.code, one.title, one.group) for one in actions["drop"].reasons] == [
        ("twice", "The deal stands here twice", ""),
        ("test", "A test", "ours"),
    ]
    assert list(everything.rule_sets[0].reasons) == ["loss"]


def test_clocks_are_read(everything: Process) -> None:
    stale, slow, waiting = everything.clocks
    assert (stale.stages, stale.basis, stale.limit, stale.warn) == (
        ("new", "trial"),
        "idle",
        timedelta(days=60),
        timedelta(days=30),
    )
    assert (stale.activity, stale.then, stale.reason) == (("due", "remark"), "lose", "dear")
    assert (slow.stages, slow.basis, slow.then) == (("new", "trial", "offer"), "stays", "")
    assert (waiting.track, waiting.stages, waiting.then) == ("legal", ("in-review",), "approve-contract")


def test_metrics_keep_words_and_read_conditions(everything: Process) -> None:
    metrics = {metric.id: metric for metric in everything.metrics}
    rate = metrics["win_rate"]
    assert (rate.kind, rate.title, rate.parts["numerator"], rate.parts["by"]) == (
        "ratio",
        "Won of closed",
        "won",
        "closed_at",
    )
    assert metrics["close_rate"].parts["numerator"] == {"count": "won", "by": "closed_at"}
    assert metrics["through"].parts == {"from": "trial", "to": "won", "within": timedelta(days=90)}
    assert metrics["stay"].parts == {"stage": ("offer",), "stats": ("p50", "p90")}
    assert metrics["first"].parts["to"] == {"touchpoint": ("call", "email")}
    assert metrics["second"].parts == {"from": {"fact": ("due",)}, "to": {"action": ("sign",)}}
    assert metrics["third"].parts == {"from": {"stage": ("trial",)}, "to": "closed"}


def test_stories_are_read(everything: Process) -> None:
    (story,) = everything.examples
    assert story.facts == {"amount": Decimal(9000), "person": "champion"}
    shown = [
        (step.kind, step.action or step.touchpoint, step.to, step.is_refused, step.refused) for step in story.steps
    ]
    assert shown == [
        ("move", "advance", "trial", False, ()),
        ("record", "", "", False, ()),
        ("touch", "call", "", False, ()),
        ("touch", "email", "", False, ()),
        ("move", "propose", "", True, ("asks", "solvent")),
        ("move", "skip", "offer", True, ()),
        ("approve", "sign", "", False, ()),
        ("move", "lose", "", False, ()),
        ("move", "submit", "", False, ()),
    ]
    first = story.steps[0]
    assert (first.after, first.role, first.note, first.facts) == (
        timedelta(days=2),
        "sdr",
        "A good call",
        {"seats": Decimal(2)},
    )
    assert (story.steps[4].override, story.steps[7].reason, story.steps[7].stage) == (True, "dear", "lost")


def test_everything_declared_says_where_it_stands(everything: Process) -> None:
    lines = {
        "stage": everything.main.stages[2].at.line,
        "action": everything.main.variants("sign")[0].at.line,
        "variant": everything.main.variants("advance")[1].at.line,
        "clock": everything.clocks[1].at.line,
        "metric": everything.metrics[2].at.line,
        "fact": everything.facts["due"].at.line,
    }
    source = (PROCESSES / "everything" / "3.yaml").read_text(encoding="utf-8").split("\n")
    shown = {noun: source[line - 1].strip().split(":")[0] for noun, line in lines.items()}
    assert shown == {
        "stage": "offer",
        "action": "sign",
        "variant": "- from",
        "clock": "slow",
        "metric": "many",
        "fact": "due",
    }


def test_a_condition_in_a_folded_block_is_told_in_its_own_line(workspace: Workspace) -> None:
    text = "always:\n  - must: >\n      amount > 0\n      and knd == 1\n    says: x\n"
    loaded = workspace.small(text)
    assert [(one.code, one.source) for one in loaded.findings] == [("C003", "      and knd == 1")]
    assert loaded.findings[0].at.column == 11


def test_a_condition_in_double_quotes_is_told_past_its_escapes(workspace: Workspace) -> None:
    loaded = workspace.small('always: [{must: "kind == \\"renewal\\" and knd", says: x}]\n')
    column = loaded.findings[0].at.column
    assert loaded.findings[0].source[column - 1 :].startswith("knd")


def test_the_faulty_part_is_left_out_and_the_rest_stands(workspace: Workspace) -> None:
    loaded = workspace.small("always:\n  - {must: amount > 0, says: x}\n  - {must: amuont > 0, says: y}\n")
    assert loaded.value is None
    assert loaded.spoilt == {"always"}
    assert loaded.partial
    assert [one.id for one in loaded.partial.main.always] == ["always/1"]


def test_a_file_without_stages_has_no_part_that_stands(workspace: Workspace) -> None:
    loaded = workspace.process("process: small\nversion: 1\nactions: {go: {from: a, to: b}}\n")
    assert brief(loaded) == ["1:1 S002"]
    assert loaded.partial is None


_USES = """\
always: [{must: amount > 0 or stage == "new" or done("sign") or actor.role == "seller", says: x}]
clocks: {c: {in: new, stays: 3d, then: sign}}
metrics: {m: {type: conversion, from: new, to: won}, n: {type: elapsed, from: started, to: {action: sign}}}
examples: {e: {facts: {amount: 1}, moves: [sign, {lose: {role: seller}}]}}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("new", "New", "10:3 S007"),
        ("money", "mony", "7:18 S004"),
        ("seller", "S1", "3:9 S007"),
        ("sign", "to", "16:3 S010"),
    ],
)
def test_a_faulty_declaration_is_told_once_and_not_at_each_use(
    workspace: Workspace, old: str, new: str, expected: str
) -> None:
    text = re.sub(rf"(?<![\w-]){old}(?![\w-])", new, SMALL + _USES)
    loaded = workspace.process(text)
    assert brief(loaded) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  amount: {type: money}\n  kind: {type: choice, of: [new-business, renewal]}\n", "  {type: money\n"),
        ("facts:\n  amount: {type: money}\n", "facts:\n  amount: {type, title: x}\n"),
        ("{seller: [], boss: [seller]}", "{seller, boss: [seller]}"),
        ("{seller: [], boss: [seller]}", '{seller: [], boss: ["seller" x]}'),
        ("  sign: {from: offer, to: won}", '  sign: {from: offer, to: "won" x}'),
    ],
)
def test_what_yaml_broke_is_told_once_and_not_at_each_use(workspace: Workspace, old: str, new: str) -> None:
    assert old in SMALL
    loaded = workspace.process(SMALL.replace(old, new) + _USES)
    assert [one.code[0] for one in loaded.findings] == ["Y"]


_OLDER = (
    "follows: {version: 1, stages: {nwe: offer, open-one: new}, actions: {propos: propose}, facts: {amuont: amount}}\n"
)


def test_old_names_are_looked_up_in_the_version_before(workspace: Workspace) -> None:
    workspace.small()
    text = SMALL.replace("version: 1", "version: 2") + _OLDER
    loaded = workspace.process(text, "processes/small/2.yaml")
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [
        ("N001", "version 1 has no stage 'nwe'", "did you mean 'new'?"),
        ("N001", "version 1 has no stage 'open-one'", "known: new, offer, won, lost"),
        ("N002", "version 1 has no action 'propos'", "did you mean 'propose'?"),
        ("N003", "version 1 has no fact 'amuont'", "did you mean 'amount'?"),
    ]


_LOSING = "follows: {version: 1, reasons: {prise: price, late: other}}\n"


def test_old_reasons_are_looked_up_in_the_version_before_and_in_its_rule_sets(workspace: Workspace) -> None:
    rules = "ruleset: shared\nversion: 1\nreasons: {loss: {late: Too late}}\n"
    workspace.write("rules/shared/1.yaml", rules)
    workspace.process(SMALL.replace("version: 1", "version: 1\nuses: {shared: 1}"))
    loaded = workspace.process(SMALL.replace("version: 1", "version: 2") + _LOSING, "processes/small/2.yaml")
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [
        ("N008", "version 1 has no reason 'prise'", "did you mean 'price'?"),
    ]


def test_a_group_where_one_stage_is_to_stand_is_called_a_group(workspace: Workspace) -> None:
    workspace.process(SMALL)
    text = SMALL.replace("version: 1", "version: 2") + "follows: {version: 1, stages: {offer: open}}\n"
    (finding,) = workspace.process(text, "processes/small/2.yaml").findings
    assert (finding.code, finding.message) == ("N001", "unknown stage 'open'")
    assert finding.hint.startswith("that is a group, and here stands one stage: ")


def test_a_stage_of_a_track_cannot_be_renamed(workspace: Workspace) -> None:
    workspace.small("tracks: {legal: {stages: {unread: {}, read: {}}, actions: {read-it: {from: unread, to: read}}}}\n")
    text = SMALL.replace("version: 1", "version: 2") + "follows: {version: 1, stages: {unread: offer}}\n"
    (finding,) = workspace.process(text, "processes/small/2.yaml").findings
    assert (finding.code, finding.message) == ("N001", "version 1 has no stage 'unread'")
    assert finding.hint.startswith("track 'legal' has one; only stages of the main track can be renamed")


def test_old_reasons_pass_where_a_rule_set_of_the_version_before_is_not_there(workspace: Workspace) -> None:
    workspace.process(SMALL.replace("version: 1", "version: 1\nuses: {shared: 1}"))
    loaded = workspace.process(SMALL.replace("version: 1", "version: 2") + _LOSING, "processes/small/2.yaml")
    assert loaded.findings == ()


def test_two_versions_that_follow_each_other_are_told_in_both(workspace: Workspace) -> None:
    second, third = (SMALL.replace("version: 1", f"version: {one}") for one in (2, 3))
    workspace.process(second + "follows: {version: 3}\n", "processes/small/2.yaml")
    loaded = workspace.process(third + "follows: {version: 2}\n", "processes/small/3.yaml")
    message = "version 3 follows version 2, which says that it follows version 3"
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [
        ("N016", message, "mend 'follows' in version 2")
    ]
    again = load_process(workspace.folder / "processes" / "small" / "2.yaml")
    assert [one.message for one in again.findings] == ["version 2 cannot follow version 3"]


_MERGED = """\
process: small
version: 1
stages:
  new: {to_pass: [{must: 1 < 2, says: It is so}], asks: [note]}
  offer: {asks: [note], to_pass: [{says: It  is so, must: 1 < 2}]}
  late: {}
  won: {ends: won}
actions: {}
"""


def test_stages_that_become_one_and_asked_for_different_things_are_told(workspace: Workspace) -> None:
    workspace.process(_MERGED)
    text = SMALL.replace("version: 1", "version: 2") + "follows: {version: 1, stages: {late: offer, new: offer}}\n"
    loaded = workspace.process(
        text.replace("  new: {}\n", "  young: {}\n").replace("new]", "young]").replace("from: new", "from: young"),
        "processes/small/2.yaml",
    )
    assert loaded.value
    assert [(one.code, one.message) for one in loaded.findings] == [
        ("N024", "'offer' and 'late' become one stage, and differ in to_pass and asks"),
    ]


def test_too_many_old_names_end_reading_too(workspace: Workspace) -> None:
    workspace.small()
    old = ", ".join(f"old-{number}: new" for number in range(1_200))
    text = SMALL.replace("version: 1", "version: 2") + f"follows: {{version: 1, stages: {{{old}}}}}\n"
    loaded = workspace.process(text, "processes/small/2.yaml")
    assert [one.code for one in loaded.findings] == ["N001"] * 1_000 + ["S015"]


def test_old_names_pass_where_the_version_before_is_not_there(workspace: Workspace) -> None:
    text = SMALL.replace("version: 1", "version: 2") + _OLDER
    assert workspace.process(text, "processes/small/2.yaml").findings == ()


def test_reading_ends_where_there_are_more_findings_than_help(workspace: Workspace) -> None:
    asked = ", ".join(f"amount{number}" for number in range(1_500))
    loaded = workspace.changed("{from: offer, to: won}", f"{{from: offer, to: won, asks: [{asked}]}}")
    assert [one.code for one in loaded.findings] == ["N003"] * 1_000 + ["S015"]
    assert loaded.partial is None


def test_actions_of_all_tracks_are_named_apart(workspace: Workspace) -> None:
    loaded = workspace.small("tracks: {legal: {stages: {a: {}, b: {}}, actions: {sign: {from: a, to: b}}}}\n")
    assert [(one.code, one.message) for one in loaded.findings] == [
        ("S011", "the action 'sign' stands in track 'main' and in track 'legal'")
    ]


def test_a_value_for_a_reckoned_fact_is_refused_everywhere(workspace: Workspace) -> None:
    table = "  grade: {type: number, table: {hit: first, rows: [{then: 1}]}}\nstages:\n"
    use = "{from: new, to: offer, by: [seller], asks: [grade], sets: {grade: 1}}"
    story = "examples: {e: {facts: {grade: 1}, moves: [{record: {grade: 2}}]}}\n"
    text = workspace.changed("stages:\n", table)
    assert text.findings == ()
    changed = SMALL.replace("stages:\n", table).replace("{from: new, to: offer, by: [seller]}", use)
    assert [one.code for one in workspace.process(changed + story).findings] == ["N017"] * 4


def test_nothing_is_told_twice_of_a_value_that_aliases_repeat(workspace: Workspace) -> None:
    loaded = workspace.small(
        "always: &same [{must: amuont > 1, says: x}]\ntracks: {t: {stages: {a: {}}, always: *same}}\n"
    )
    assert [one.code for one in loaded.findings] == ["C003"]


def test_text_facts_and_titles_keep_what_yaml_would_change(workspace: Workspace) -> None:
    loaded = workspace.changed(
        "kind: {type: choice, of: [new-business, renewal]}", "kind: {type: choice, of: [on, 010, 12:30]}"
    )
    assert loaded.findings == ()
    assert loaded.value
    assert loaded.value.facts["kind"].type.choices == ("on", "010", "12:30")


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/localtime", "Mars/Base", "europe/berlin"])
def test_an_unknown_time_zone_is_told(workspace: Workspace, zone: str) -> None:
    assert [one.code for one in workspace.small(f"time_zone: {zone}\n").findings] == ["S013"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("from: new,", "from: 'new, offer',", ("N001", "unknown stage 'new, offer'", "write [new, offer]")),
        ("to: offer,", "to: 'offer, won',", ("N001", "unknown stage 'offer, won'", "write [offer, won]")),
        ("by: [seller]", "by: 'seller, boss'", ("N004", "unknown role 'seller, boss'", "write [seller, boss]")),
        ("by: [seller]", "asks: 'amount, kind'", ("N003", "unknown fact 'amount, kind'", "write [amount, kind]")),
        (
            "by: [seller]",
            "requires: 'a, b'",
            ("N006", "'a, b' is several names, not the name of a rule", "write [a, b]"),
        ),
        (
            "by: [seller]",
            "requires: amount > 5",
            ("N006", "'amount > 5' is a condition, not the name of a rule", "write {must: amount > 5, says: …}"),
        ),
        (
            "by: [seller]",
            """requires: ['kind == "renewal"']""",
            (
                "N006",
                """'kind == "renewal"' is a condition, not the name of a rule""",
                """write {must: 'kind == "renewal"', says: …}""",
            ),
        ),
    ],
)
def test_what_stands_in_place_of_a_list_or_a_rule_is_told_with_its_mend(
    workspace: Workspace, old: str, new: str, expected: tuple[str, str, str]
) -> None:
    assert [(one.code, one.message, one.hint) for one in workspace.changed(old, new).findings] == [expected]


@pytest.mark.parametrize("more", ["", ", drops: [amount]"])
def test_only_the_main_track_goes_on_in_another_process(workspace: Workspace, more: str) -> None:
    action = f"{{from: a, to: renewals/onboarding{more}}}"
    loaded = workspace.small(f"tracks: {{legal: {{stages: {{a: {{}}, b: {{}}}}, actions: {{hand: {action}}}}}}}\n")
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [
        (
            "S009",
            "'renewals/onboarding' leads to another process, and only the main track goes on in one",
            "hand the deal over by an action below 'actions' of the process; there its tracks begin anew",
        )
    ]
    assert loaded.value is None


def test_the_old_name_of_what_was_renamed_is_told_with_its_new_one(workspace: Workspace) -> None:
    stages = "{early-on: offer, all: [{to: new, when: amount > 5}, {to: offer}]}"
    text = (
        SMALL.replace("version: 1", "version: 2")
        .replace("to: won}", "to: all, requires: [{must: reached('early-on') and value > 5, says: x}]}")
        .replace("by: [seller]}", "by: [seller], asks: [value]}")
    )
    follows = f"follows: {{version: 1, stages: {stages}, actions: {{offering: propose}}, facts: {{value: amount}}}}\n"
    loaded = workspace.process(text + follows + "examples:\n  one: {moves: [offering]}\n", "processes/small/2.yaml")
    assert {(one.message, one.hint) for one in loaded.findings} == {
        ("unknown stage 'all'", "since this version it is called 'new' or 'offer'"),
        ("unknown stage 'early-on'", "since this version it is called 'offer'"),
        ("unknown fact 'value'", "since this version it is called 'amount'"),
        ("unknown action 'offering'", "since this version it is called 'propose'"),
    }


@pytest.mark.parametrize(
    ("step", "hint"),
    [
        ("elsewhere", "declare it under 'actions', or take the step out of the example"),
        ("{sign: {refused: [sign/approval/1]}}", "name a requirement that there is, or take it out of 'refused'"),
        ("{sign: {refused: [small/to_enter/2]}}", "did you mean 'small/to_enter/1'?"),
    ],
)
def test_an_example_of_what_was_taken_out_is_told_how_to_go_on(workspace: Workspace, step: str, hint: str) -> None:
    stages = "  small: {to_enter: [{must: amount > 5, says: x}]}\n  won:"
    loaded = workspace.process(SMALL.replace("  won:", stages) + f"examples:\n  one: {{moves: [{step}]}}\n")
    assert [one.hint for one in loaded.findings] == [hint]
