"""Actions and their variants: where they lead from and to, who may do them, what they ask, set and start."""

from __future__ import annotations

from collections.abc import Iterator

from engine.loading import codes, written
from engine.loading.nodes import Items, Node, Scalar
from engine.loading.reading import Reading, TrackNames, expression, known, known_fact, roles, stage
from engine.loading.reading import assignments as read_assignments
from engine.loading.reading import stages as read_stages
from engine.loading.reasons import engine_reason, reasons
from engine.loading.requirements import approvals, asks, length, requirements
from engine.model.expression import Assignment, Expression
from engine.model.names import DASH_ID, EARLIER, LATER, MAIN, PREVIOUS
from engine.model.process import Action, Start, Transfer
from engine.model.syntax import Call, ContextRef, walk

_TARGET_WORDS = (LATER, EARLIER, PREVIOUS)
_TIME_WORDS = ("today", "days_in_stage", "since")


def actions(node: Node | None, track: TrackNames, reading: Reading) -> tuple[Action, ...]:
    """The actions of a track; one that is left without source or target is left out."""
    read: list[Action] = []
    for key, value in written.pairs(node):
        if key.value in track.actions:
            read += _variants(key, value, track, reading)
    return tuple(read)


def _variants(key: Scalar, node: Node, track: TrackNames, reading: Reading) -> Iterator[Action]:
    """Requirements and approvals are counted on from variant to variant, so that each has its own id."""
    many = isinstance(node, Items)
    required = approved = 1
    for number, one in enumerate(written.nodes(node), 1):
        action = _action(key, one, number if many else 0, (required, approved), track, reading)
        required += length(written.get(one, "requires"))
        approved += length(written.get(one, "approval"))
        if action and action.sources and (action.targets or action.transfer):
            yield action


def _action(
    key: Scalar, node: Node, variant: int, counts: tuple[int, int], track: TrackNames, reading: Reading
) -> Action | None:
    name = key.value
    when_node = written.get(node, "when")
    when = expression(when_node, reading, what="'when'")
    auto = written.text(written.get(node, "auto")) == "true"
    if when_node is not None and when is None:
        return None
    if auto and when:
        _no_time(when, name, reading)
    listed = reasons(written.get(node, "reasons"), reading)
    targets, transfer = _targets(written.get(node, "to"), track, reading)
    by = written.get(node, "by")
    return Action(
        id=name,
        sources=read_stages(written.get(node, "from"), track, reading),
        targets=targets,
        title=written.text(written.get(node, "title")),
        variant=variant,
        by=reading.by if by is None else roles(by, reading),
        touchpoint=_touchpoint(written.get(node, "touchpoint"), reading),
        asks=asks(written.get(node, "asks"), reading),
        requires=requirements(written.get(node, "requires"), f"{name}/requires", reading, first=counts[0]),
        reasons=listed,
        approvals=approvals(written.get(node, "approval"), name, reading, first=counts[1]),
        sets=read_assignments(written.get(node, "sets"), reading, what="sets"),
        auto=auto,
        when=when,
        transfer=transfer,
        drops=_drops(written.get(node, "drops"), written.get(node, "to"), reading),
        starts=tuple(_starts(written.get(node, "starts"), reading)),
        reason=engine_reason(node, listed, reading) if auto else _no_reason(node, reading),
        at=key.at if not variant else node.at,
    )


def _targets(node: Node | None, track: TrackNames, reading: Reading) -> tuple[tuple[str, ...], Transfer | None]:
    found: list[str] = []
    entries = written.scalars(node)
    for one in entries:
        name = one.value.strip()
        if "/" in name:
            transfer = _transfer(one, name, len(entries), track, reading)
            if transfer:
                return (), transfer
        elif name in _TARGET_WORDS:
            found.append(name)
        elif name in track.groups:
            found += track.groups[name]
        else:
            found += stage(one, track, reading)
    return tuple(dict.fromkeys(found)), None


def _transfer(node: Scalar, name: str, entries: int, track: TrackNames, reading: Reading) -> Transfer | None:
    process, _, target = name.partition("/")
    if track.id != MAIN:
        message = f"'{name}' leads to another process, and only the main track goes on in one"
        reading.found.error(
            codes.EXCLUDES,
            node.at,
            message,
            "hand the deal over by an action below 'actions' of the process; there its tracks begin anew",
        )
        return None
    if entries > 1:
        message = f"'{name}' leads to another process and stands in a list"
        reading.found.error(codes.EXCLUDES, node.at, message, "give it an action of its own")
        return None
    if not DASH_ID.match(process) or not DASH_ID.match(target):
        message = f"'{name}' is not a stage of another process"
        reading.found.error(codes.WRONG_FORM, node.at, message, "write process/stage, such as renewals/onboarding")
        return None
    return Transfer(process, target, node.at)


def _drops(node: Node | None, to: Node | None, reading: Reading) -> tuple[str, ...]:
    named = written.scalars(node)
    # A hand-over that is at fault has been told: it is meant all the same.
    if named and not any("/" in one.value for one in written.scalars(to)):
        message = "'drops' goes with a hand-over to another process"
        reading.found.error(codes.EXCLUDES, named[0].at, message, "within a process no fact is left behind: remove it")
        return ()
    found = (known_fact(one, reading) for one in named)
    return tuple(fact.id for fact in found if fact)


def _touchpoint(node: Node | None, reading: Reading) -> str:
    among = reading.scope.touchpoints
    found = known(written.scalars(node), among, reading, code=codes.UNKNOWN_TOUCHPOINT, noun="touchpoint")
    return found[0] if found else ""


def _starts(node: Node | None, reading: Reading) -> Iterator[Start]:
    for one in written.nodes(node):
        process = written.text(written.get(one, "process"))
        when_node = written.get(one, "when")
        when = expression(when_node, reading, what="'when'")
        if process and (when_node is None or when):
            yield Start(process, when, tuple(_carried(written.get(one, "sets"), reading)), one.at)


def _no_reason(node: Node, reading: Reading) -> str:
    """Whoever does an action gives the reason; only of the engine nobody can ask one."""
    for given in written.scalars(written.get(node, "reason")):
        message = "'reason' does not go without 'auto: true'"
        hint = "write 'reasons' for those to choose from, or leave it out"
        reading.found.error(codes.EXCLUDES, given.at, message, hint)
    return ""


def _carried(node: Node | None, reading: Reading) -> Iterator[Assignment]:
    """What a new deal is given: its facts are those of the other process, so any type goes here."""
    for key, value in written.pairs(node):
        read = expression(value, reading, expects=None, what=f"value of '{key.value}' in 'sets'")
        if read:
            yield Assignment(key.value, read, key.at)


def _no_time(when: Expression, action: str, reading: Reading) -> None:
    """An automatic action is taken in the transaction that made it true; time alone writes no entry."""
    for tree in walk(when.tree):
        name = tree.function if isinstance(tree, Call) else tree.name if isinstance(tree, ContextRef) else ""
        if name in _TIME_WORDS:
            message = f"the automatic action '{action}' looks at the time ('{name}')"
            at = when.origin.at(tree.span[0])
            reading.found.error(codes.AUTO_READS_TIME, at, message, "use a clock: it acts when time has passed")
