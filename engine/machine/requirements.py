"""What a move must meet, gathered in a fixed order: each requirement as a ``Check``, ready to be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.conditions.generate import function
from engine.machine.evidence import Teller, teller
from engine.machine.roles import either, roles_allowed, roles_that_mend
from engine.machine.tracks import passed
from engine.model.decision import About, Verdict
from engine.model.expression import Expression
from engine.model.process import Action, Process, Stage, Track
from engine.model.rule import Approval, Ask, Force, Requirement
from engine.model.situation import Situation
from engine.model.syntax import (
    TEXT,
    YES_NO,
    Call,
    ContextRef,
    FactRef,
    Kind,
    Not,
    Or,
    Tree,
    Type,
    Value,
    facts_read,
    walk,
)

NOTE = "note"
STILL_TO_GIVE = frozenset({"reason", "reason.group", NOTE})
"""What a mover is still to give while one merely asks what can be done."""

ORDER = {about: number for number, about in enumerate(About)}
"""The order in which verdicts are told."""

_STRUCTURAL = ("stage", "target", "role", "override", "reason", "when")

Test = Callable[[Mapping[str, Value], Situation], Value | None]


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A condition ready to be tested, and to be told clause by clause."""

    tree: Tree
    test: Test
    clauses: Teller


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One requirement of one move.

    ``condition`` is what must hold, ``when`` where it applies. A role or a reason is judged by ``allowed``
    instead, an approval by ``approval``. ``asks`` is the fact asked for, ``choices`` what is told of what may
    be given, ``who`` the roles that can mend it (empty: anyone). ``asking``: it looks at what is given with the
    move. ``of_mover``: it is asked of who moves, which no export tells. ``reads`` are the recorded facts an approval is
    bound to. ``memo`` remembers verdicts by the values seen.
    """

    id: str
    about: About
    says: str
    force: Force = Force.MUST
    condition: Condition | None = None
    when: Condition | None = None
    fix: str = ""
    rule: str = ""
    who: tuple[str, ...] = ()
    asks: str = ""
    allowed: frozenset[str] = frozenset()
    choices: tuple[str, ...] = ()
    approval: Approval | None = None
    asking: bool = False
    of_mover: bool = False
    reads: frozenset[str] = frozenset()
    memo: dict[object, Verdict | None] = field(default_factory=dict)

    @property
    def trees(self) -> tuple[Tree, ...]:
        """The conditions that it rests on."""
        return tuple(condition.tree for condition in (self.when, self.condition) if condition)


@dataclass(frozen=True, slots=True)
class Passage:
    """A move as far as the process tells it: by which action, counted from which stage, to where.

    ``action`` is ``None`` for a start, and for a past move that no action explains; ``target`` where it cannot be
    told. ``whens`` are the conditions of the action's variants, one of which must hold.
    """

    track: Track
    action: Action | None
    counted: str
    target: Stage | None
    whens: tuple[Expression, ...] = ()


def ready(expression: Expression) -> Condition:
    """An expression ready to be tested."""
    return of_tree(expression.tree)


def of_tree(tree: Tree) -> Condition:
    """A tree of our own ready to be tested."""
    return Condition(tree, function(tree), teller(tree))


def checks_of(process: Process, passage: Passage) -> tuple[Check, ...]:
    """All that a move must meet, in the order in which it is told; what is declared twice stands once."""
    action, target = passage.action, passage.target
    who = roles_that_mend(process, action.by) if action else ()
    found: list[Check] = []
    if action:
        found += _of_action(process, action, passage.whens)
        asked = _asks(process, action.id, action.asks, who=who)
        found += (replace(check, of_mover=True) for check in asked)
    if target:
        found += _asks(process, target.id, target.asks, who=who)
        for stage in passed(passage.track, passage.counted, target.id):
            found += _requirements(stage.to_pass, About.TO_PASS, who=who)
    if action:
        found += _requirements(action.requires, About.REQUIRES, who=who)
    if target:
        found += _requirements(target.to_enter, About.TO_ENTER, who=who)
    found += _requirements(passage.track.always, About.ALWAYS, who=who)
    if action:
        found += (_approval(process, approval) for approval in action.approvals)
    return _once(found)


def requirement_ids(process: Process) -> tuple[str, ...]:
    """The ids of all requirements that moves of the process meet, in the order declared."""
    return tuple(dict.fromkeys(_ids(process)))


def _ids(process: Process) -> Iterator[str]:
    for track in process.all_tracks():
        for action in track.actions:
            yield from (f"{action.id}/{name}" for name in _STRUCTURAL)
            yield from (f"{action.id}/asks/{ask.fact}" for ask in action.asks)
            yield from (requirement.id for requirement in action.requires)
            yield from (approval.id for approval in action.approvals)
        for stage in track.stages:
            yield from (f"{stage.id}/asks/{ask.fact}" for ask in stage.asks)
            yield from (requirement.id for requirement in (*stage.to_pass, *stage.to_enter))
        yield from (requirement.id for requirement in track.always)


def _of_action(process: Process, action: Action, whens: tuple[Expression, ...]) -> Iterator[Check]:
    name = f"'{action.id}'"
    if action.by:
        yield _role_check(process, f"{action.id}/role", f"{name} is done by {either(action.by)}", action.by)
    if action.reasons:
        codes = tuple(reason.code for reason in action.reasons)
        says = f"{name} is done for a reason from its list"
        yield Check(f"{action.id}/reason", About.REASON, says, allowed=frozenset(codes), choices=codes, asking=True)
    if whens:
        tree = whens[0].tree if len(whens) == 1 else _any_of(whens)
        condition = of_tree(tree)
        says = f"{name} applies to this deal"
        who = roles_that_mend(process, action.by)
        yield Check(f"{action.id}/when", About.APPLIES, says, condition=condition, who=who, asking=_is_asking(tree))


def override_check(process: Process, action_id: str) -> Check:
    """Whether the mover may override requirements."""
    by = process.override_by
    says = f"overriding requirements is for {either(by)}" if by else "overriding requirements is for nobody"
    return _role_check(process, f"{action_id}/override", says, by or ())


def _role_check(process: Process, id_: str, says: str, by: tuple[str, ...]) -> Check:
    who = roles_that_mend(process, by)
    return Check(id_, About.ROLE, says, who=who, allowed=roles_allowed(process, by), choices=by, of_mover=True)


def _asks(process: Process, owner: str, asks: Iterable[Ask], *, who: tuple[str, ...]) -> Iterator[Check]:
    for ask in asks:
        fact = process.facts.get(ask.fact)
        tree = _known(ask.fact, fact.type if fact else YES_NO)
        title = f" ({fact.title})" if fact and fact.title else ""
        when = ready(ask.when) if ask.when else None
        yield Check(
            f"{owner}/asks/{ask.fact}",
            About.ASKS,
            "a note says why" if ask.fact == NOTE else f"'{ask.fact}' is known{title}",
            condition=of_tree(tree),
            when=when,
            who=who,
            asks=ask.fact,
            asking=ask.fact == NOTE or (when is not None and _is_asking(when.tree)),
        )


def _known(fact: str, of: Type) -> Tree:
    """That a fact is known; a text of nothing but blanks tells nothing."""
    if fact == NOTE:
        return Not(Call("blank", (ContextRef(NOTE, TEXT),), YES_NO))
    if of.kind is Kind.TEXT:
        return Not(Call("blank", (FactRef(fact, of),), YES_NO))
    return Call("given", (FactRef(fact, of),), YES_NO)


def _requirements(requirements: Iterable[Requirement], about: About, *, who: tuple[str, ...]) -> Iterator[Check]:
    for requirement in requirements:
        condition = ready(requirement.condition)
        when = ready(requirement.when) if requirement.when else None
        yield Check(
            requirement.id,
            about,
            requirement.says,
            requirement.force,
            condition,
            when,
            requirement.fix,
            requirement.rule,
            who,
            asking=any(_is_asking(each.tree) for each in (condition, when) if each),
        )


def _approval(process: Process, approval: Approval) -> Check:
    when = ready(approval.when) if approval.when else None
    return Check(
        approval.id,
        About.APPROVAL,
        approval.says or f"{either(approval.by)} approves",
        when=when,
        who=roles_that_mend(process, approval.by),
        approval=approval,
        of_mover=True,
        allowed=roles_allowed(process, approval.by),
        choices=approval.by,
        asking=when is not None and _is_asking(when.tree),
        reads=recorded_facts(process, when.tree) if when else frozenset(),
    )


def recorded_facts(process: Process, tree: Tree) -> frozenset[str]:
    """The facts that a condition rests on: for one that a table reckons, those that the table reads."""
    read = frozenset().union(*map(facts_read, reckoned_from(process, tree)))
    return frozenset(name for name in read if name not in process.facts or process.facts[name].table is None)


def reckoned_from(process: Process, tree: Tree) -> tuple[Tree, ...]:
    """A condition, and those of the rows of every table that it rests on, however deep."""
    found = [tree]
    seen: set[str] = set()
    for each in found:
        for name in facts_read(each) - seen:
            seen.add(name)
            table = process.facts[name].table if name in process.facts else None
            found += [row.when.tree for row in table.rows if row.when] if table else []
    return tuple(found)


def _once(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Each requirement once, where it is first told; a ``must`` is kept rather than a ``should``."""
    found: dict[tuple[object, ...], Check] = {}
    asked: set[str] = set()
    for check in checks:
        if check.asks and check.when is None:
            # The stage asks for what the action has asked for already.
            if check.asks in asked:
                continue
            asked.add(check.asks)
        # An id alone does not do: a stage and an action of one name may ask for one fact under different conditions.
        key = (check.id, *check.trees)
        if key not in found or (found[key].force is Force.SHOULD and check.force is Force.MUST):
            found[key] = check
    return tuple(sorted(found.values(), key=lambda check: ORDER[check.about]))


def _any_of(whens: tuple[Expression, ...]) -> Tree:
    parts: list[Tree] = []
    for when in whens:
        parts += when.tree.parts if isinstance(when.tree, Or) else [when.tree]
    return Or(tuple(parts))


def _is_asking(tree: Tree) -> bool:
    return any(isinstance(node, ContextRef) and node.name in STILL_TO_GIVE for node in walk(tree))
