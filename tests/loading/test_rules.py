from __future__ import annotations

from decimal import Decimal

from engine.loading.rules import load_rule_set
from tests.loading.conftest import CASES, SMALL, Workspace, brief

RULES = """\
ruleset: shared
version: 1
facts: {amount: {type: money}, checked: {type: yes-no}}
reasons: {loss: {price: Too dear}}
rules:
  large: {must: amount > 5000, says: It is large}
  late: {must: 'reached("offr") or checked', says: It is late}
"""
USING = SMALL.replace("version: 1\n", "version: 1\nuses: {shared: 1}\n")


def test_a_rule_set_is_read_whole() -> None:
    loaded = load_rule_set(CASES / "workspace" / "rules" / "common" / "1.yaml")
    assert loaded.findings == ()
    assert loaded.value
    solvent = loaded.value.rules["solvent"]
    assert (solvent.requirement.rule, solvent.requirement.says) == (
        "common@1/solvent",
        "Somebody looked at their books",
    )
    assert solvent.passes[0] == {"amount": Decimal(100)}
    assert solvent.refuses == ({"amount": Decimal(9000)}, {})
    assert [one.code for one in loaded.value.reasons["loss"]] == ["dear", "rival"]


def test_a_rule_set_may_name_stages_it_cannot_know(workspace: Workspace) -> None:
    assert load_rule_set(workspace.write("rules/shared/1.yaml", RULES)).findings == ()


def test_a_rule_that_names_what_the_process_lacks_is_told_where_it_is_used(workspace: Workspace) -> None:
    workspace.write("rules/shared/1.yaml", RULES)
    loaded = workspace.process(USING + "always: [large, late]\n")
    assert [(one.source, one.code, one.message, one.hint) for one in loaded.findings] == [
        (
            "always: [large, late]",
            "N018",
            "rule 'late' of shared@1 does not fit here: unknown stage 'offr'",
            "did you mean 'offer'?",
        )
    ]


def test_a_rule_nobody_uses_may_name_anything(workspace: Workspace) -> None:
    workspace.write("rules/shared/1.yaml", RULES)
    assert workspace.process(USING + "always: [large]\n").findings == ()


def test_a_faulty_rule_set_is_one_finding_at_its_use(workspace: Workspace) -> None:
    path = workspace.write("rules/shared/1.yaml", RULES.replace("amount > 5000", "amuont > 5000"))
    loaded = workspace.process(USING + "always: [large, late, lrge]\n")
    assert [(one.code, one.message) for one in loaded.findings] == [
        ("N010", "the rule set 'shared@1' has 1 error"),
        ("N018", "rule 'late' of shared@1 does not fit here: unknown stage 'offr'"),
        ("N006", "unknown rule 'lrge'"),
    ]
    assert str(path) in loaded.findings[0].hint


def test_an_absent_version_names_those_there_are(workspace: Workspace) -> None:
    workspace.write("rules/shared/2.yaml", RULES.replace("version: 1", "version: 2"))
    workspace.write("rules/shared/10.yaml", RULES.replace("version: 1", "version: 10"))
    loaded = workspace.process(USING + "always: [large]\n")
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [
        ("N009", "there is no version 1 of the rule set 'shared'", "there is 2, 10")
    ]


def test_an_absent_rule_set_is_one_finding_with_a_guess(workspace: Workspace) -> None:
    workspace.write("rules/shared/1.yaml", RULES)
    loaded = workspace.process(
        USING.replace("{shared: 1}", "{shred: 1}") + "always: [large, {must: checked, says: x}]\n"
    )
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [
        ("N009", "there is no rule set 'shred'", "did you mean 'shared'?")
    ]


def test_a_rule_in_two_sets_must_say_which(workspace: Workspace) -> None:
    workspace.write("rules/shared/1.yaml", RULES)
    workspace.write("rules/other/1.yaml", RULES.replace("ruleset: shared", "ruleset: other"))
    text = USING.replace("{shared: 1}", "{shared: 1, other: 1}").replace(
        "reasons: {price: Too dear, other: Something else}", "reasons: loss"
    )
    loaded = workspace.process(text + "always: [large, other/large]\n")
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [
        ("N011", "several rule sets have a list of reasons 'loss'", "write 'shared/loss' or 'other/loss'"),
        ("N011", "several rule sets have a rule 'large'", "write 'shared/large' or 'other/large'"),
    ]


def test_a_fact_declared_in_two_ways_is_told(workspace: Workspace) -> None:
    workspace.write("rules/shared/1.yaml", RULES)
    loaded = workspace.process(USING.replace("amount: {type: money}", "amount: {type: number}"))
    assert [(one.code, one.message) for one in loaded.findings] == [
        ("N012", "'amount' is number here and money in a rule set in use")
    ]


def test_a_choice_that_a_rule_set_counts_on_must_be_there(workspace: Workspace) -> None:
    workspace.write(
        "rules/shared/1.yaml",
        RULES.replace("{type: money}", "{type: money}, kind: {type: choice, of: [renewal, gift]}"),
    )
    loaded = workspace.process(USING)
    assert [one.message for one in loaded.findings] == [
        "'kind' lacks the choice 'gift', which it has in a rule set in use"
    ]


TABLE = "{type: text, table: {hit: first, rows: [{when: 'reached(\"offr\")', then: a}, {then: b}]}}"


def test_a_table_that_names_what_the_process_lacks_is_told_at_uses(workspace: Workspace) -> None:
    workspace.write("rules/shared/1.yaml", RULES.replace("{type: money}", f"{{type: money}}, grade: {TABLE}"))
    loaded = workspace.process(USING)
    assert [(one.source, one.code, one.message) for one in loaded.findings] == [
        ("uses: {shared: 1}", "N018", "a table of shared@1 does not fit here: unknown stage 'offr'")
    ]


def test_a_fact_that_a_rule_set_reckons_cannot_be_declared_again(workspace: Workspace) -> None:
    table = TABLE.replace("offr", "offer")
    workspace.write("rules/shared/1.yaml", RULES.replace("{type: money}", f"{{type: money}}, grade: {table}"))
    loaded = workspace.process(USING.replace("amount: {type: money}", "amount: {type: money}\n  grade: {type: text}"))
    assert [(one.code, one.message) for one in loaded.findings] == [
        ("N012", "'grade' is reckoned by a table in a rule set in use; it cannot be declared here too")
    ]


def test_a_default_of_a_rule_set_holds_where_the_process_gives_none(workspace: Workspace) -> None:
    workspace.write("rules/shared/1.yaml", RULES.replace("{type: money}", "{type: money, title: Value, default: 5}"))
    loaded = workspace.process(USING)
    assert loaded.value
    assert (loaded.value.facts["amount"].default, loaded.value.facts["amount"].title) == (Decimal(5), "Value")


def test_examples_of_a_rule_must_fit_the_facts(workspace: Workspace) -> None:
    examples = "{must: amount > 5000, says: It is large, examples: {pass: [{amount: lots}], refuse: [{amunt: 1}]}}"
    text = RULES.replace("{must: amount > 5000, says: It is large}", examples)
    loaded = load_rule_set(workspace.write("rules/shared/1.yaml", text))
    assert brief(loaded) == ["6:78 S008", "6:96 N003"]


def test_a_rule_set_s_folder_and_file_must_agree(workspace: Workspace) -> None:
    loaded = load_rule_set(workspace.write("rules/shred/2.yaml", RULES))
    assert brief(loaded) == ["1:10 N014", "2:10 N013"]
