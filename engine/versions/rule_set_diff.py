"""Two versions of a rule set compared: its rules by the deals they let pass, its facts, its lists of reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.conditions.prove import relation
from engine.conditions.prove_sides import Side
from engine.model.change import Change, Changes, Code, Example, Level, Proof, Relation, Subject
from engine.model.expression import Expression
from engine.model.process import Process
from engine.model.rule import Fact, Force, Requirement, Rule, RuleSet
from engine.versions.fact_tables import tables_between
from engine.versions.facts import facts_between
from engine.versions.hits import lists_of, required_by
from engine.versions.matched import same_form
from engine.versions.order import worst_first
from engine.versions.reasons import shared_changes


def diff_rule_sets(
    old: RuleSet, new: RuleSet, *, used_by: Sequence[str] = (), processes: Iterable[Process] = ()
) -> Changes:
    """All that differs, worst first.

    ``used_by`` names the processes that use either version; of the ``processes`` among them that could be read, each
    change says what of theirs it hits.
    """
    users = tuple(processes)
    both = tuple((one, one) for one in old.facts if one in new.facts)
    found = [
        *_rules(old, new, users),
        *facts_between(old.facts, new.facts, both),
        *tables_between(old.facts, new.facts, both, _same),
        *shared_changes(old.reasons, new.reasons, lists_of(old.id, users)),
    ]
    if old.title != new.title:
        says, titles = "the rule set has another title", (old.title, new.title)
        found.append(Change("D962", Level.NOTE, Subject.RULE_SETS, old.id, says, old.at, new.at, *titles))
    names = tuple(dict.fromkeys((*used_by, *(one.name for one in users))))
    return Changes("rule set", f"{old.id}@{old.version}", f"{new.id}@{new.version}", worst_first(found), used_by=names)


def _same(old: Expression | None, new: Expression | None) -> bool:
    return old is new or (old is not None and new is not None and same_form(old.tree, new.tree))


def _rules(old: RuleSet, new: RuleSet, users: tuple[Process, ...]) -> Iterator[Change]:
    for name, rule in new.rules.items():
        if name not in old.rules:
            yield _change("D954", Level.NOTE, None, rule, f"the rule '{name}' is new: {rule.requirement.says}")
            continue
        who = required_by(old.id, name, users)
        yield from _passing(old.rules[name], rule, (old.facts, new.facts), who)
        yield from _telling(old.rules[name], rule)
    for name, rule in old.rules.items():
        if name not in new.rules:
            who = required_by(old.id, name, users)
            says = f"the rule '{name}' is gone: a process that names it cannot use the new version{who}"
            yield _change("D955", Level.BREAK, rule, None, says)


def _passing(was: Rule, now: Rule, facts: tuple[Mapping[str, Fact], Mapping[str, Fact]], who: str) -> Iterator[Change]:
    """Whom it lets pass; where it only warns, nobody is stopped by it."""
    name, old, new = now.requirement.id, was.requirement, now.requirement
    if old.force is not new.force:
        level = Level.TIGHTER if new.force is Force.MUST else Level.LOOSER
        does = "refuses" if new.force is Force.MUST else "only warns"
        says = f"the rule '{name}' now {does} where it does not hold{who}"
        yield _change("D958", level, was, now, says, old.force.value, new.force.value)
    proof = relation(_side(old, facts[0]), _side(new, facts[1]))
    stops = old.force is Force.MUST and new.force is Force.MUST
    sure = proof.relation is not Relation.UNKNOWN
    if proof.relation in (Relation.STRICTER, Relation.NEITHER, Relation.UNKNOWN):
        does = "lets fewer deals pass" if sure else "may let fewer deals pass: nobody can tell"
        level = Level.TIGHTER if stops else Level.NOTE
        says = f"the rule '{name}' {does}{who}"
        yield _change("D956", level, was, now, says, old.condition.text, new.condition.text, proof)
    if proof.relation in (Relation.LOOSER, Relation.NEITHER, Relation.UNKNOWN):
        does = "lets more deals pass" if sure else "may let more deals pass: nobody can tell"
        level = Level.LOOSER if stops else Level.NOTE
        says = f"the rule '{name}' {does}{who}"
        yield _change("D957", level, was, now, says, old.condition.text, new.condition.text, proof)


def _side(requirement: Requirement, facts: Mapping[str, Fact]) -> Side:
    return Side(requirement.when.tree if requirement.when else None, requirement.condition.tree, facts)


def _telling(was: Rule, now: Rule) -> Iterator[Change]:
    name, old, new = now.requirement.id, was.requirement, now.requirement
    if (old.says, old.fix) != (new.says, new.fix):
        what = "says" if old.says != new.says else "advises"
        says = f"the rule '{name}' {what} something else where it does not hold"
        yield _change(
            "D959", Level.NOTE, was, now, says, f"{old.says} {old.fix}".strip(), f"{new.says} {new.fix}".strip()
        )
    if (was.passes, was.refuses) != (now.passes, now.refuses):
        yield _change("D961", Level.NOTE, was, now, f"the rule '{name}' has other examples")


def _change(
    code: str,
    level: Level,
    old: Rule | None,
    new: Rule | None,
    says: str,
    before: str = "",
    after: str = "",
    proof: Proof | None = None,
) -> Change:
    thing = new.requirement.id if new else old.requirement.id if old else ""
    at = (old.at if old else None, new.at if new else None)
    return Change(code, level, Subject.RULE_SETS, thing, says, *at, before, after, proof=proof)


_BASE = "rules/terms/1.yaml"

CODES: tuple[Code, ...] = (
    Code(
        "D954",
        "a rule set has a new rule",
        (Level.NOTE,),
        "D955",
        "The rule counts nowhere before a process names it.",
        Example("rules:\n", "rules:\n  known: {must: given(amount), says: The amount is known}\n"),
        _BASE,
    ),
    Code(
        "D955",
        "a rule of a rule set is gone",
        (Level.BREAK,),
        "D954",
        "A process that names the rule has an error as soon as it uses this version, so its deals could not go on. "
        "Take the rule out of the process, or keep the rule. Whoever takes it out loses a control.",
        Example("  dated: {should: given(decision_date), says: A date is known}\n", ""),
        _BASE,
    ),
    Code(
        "D956",
        "a rule lets fewer deals pass",
        (Level.TIGHTER, Level.NOTE),
        "D957",
        "Deals that passed before are refused wherever a process requires the rule in its new version. A note, where "
        "the rule only warns. Where nobody can tell, both this and the opposite are said.",
        Example("must: amount >= 5000\n", "must: amount >= 8000\n"),
        _BASE,
    ),
    Code(
        "D957",
        "a rule lets more deals pass",
        (Level.LOOSER, Level.NOTE),
        "D956",
        "Deals that were refused before pass wherever a process requires the rule in its new version: a control is "
        "weaker. A note, where the rule only warns.",
        Example("must: amount >= 5000\n", "must: amount >= 3000\n"),
        _BASE,
    ),
    Code(
        "D958",
        "a rule refuses now, or only warns",
        (Level.TIGHTER, Level.LOOSER),
        "D958",
        "`must` refuses a move, `should` only warns and is recorded.",
        Example("  dated: {should: ", "  dated: {must: "),
        _BASE,
    ),
    Code(
        "D959",
        "a rule says something else",
        (Level.NOTE,),
        "D959",
        "What people read where the rule does not hold is another. Whom it lets pass is not.",
        Example("says: It is worth an offer", "says: It is worth the work of an offer"),
        _BASE,
    ),
    Code(
        "D961",
        "a rule has other examples",
        (Level.NOTE,),
        "D961",
        "Examples are what `check` tries the rule on. They change nothing for deals.",
        Example("pass: [{amount: 9000}]", "pass: [{amount: 9000}, {amount: 5000}]"),
        _BASE,
    ),
    Code(
        "D962",
        "a rule set has another title",
        (Level.NOTE,),
        "D962",
        "Only what people read is another.",
        Example("title: Terms", "title: Terms of sale"),
        _BASE,
    ),
)
