"""What the readers of single subjects share: the names declared, and the findings gathered so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.conditions import parse
from engine.conditions.problem import UNKNOWN_CHOICE, UNKNOWN_NAME
from engine.loading import codes, deal_words, written
from engine.loading.loaded import Findings
from engine.loading.meant import as_list
from engine.loading.nodes import Keyed, Node, Scalar
from engine.loading.origins import origin_of
from engine.model.expression import Assignment, Expression
from engine.model.finding import Finding
from engine.model.names import MAIN, OPEN, did_you_mean, nearest
from engine.model.place import NOWHERE, Place
from engine.model.rule import Fact, Reason
from engine.model.scope import Scope
from engine.model.syntax import YES_NO, Type

_DECLARE = {
    "role": "declare it under 'roles'",
    "touchpoint": "declare it under 'touchpoints'",
    "action": "declare it under 'actions'",
    "track": "declare it under 'tracks'",
    "reason": "add it to the reasons of the action",
    "requirement": "name a requirement by its id, or a kind such as asks",
}


_SHARED = frozenset({"fact", "reason", "requirement"})
"""What a process may have of its rule sets; all else it declares itself."""


@dataclass(frozen=True, slots=True)
class TrackNames:
    """The stages of a track, which of them are ends and of what kind, and its actions."""

    id: str
    stages: tuple[str, ...]
    ends: Mapping[str, str] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    @property
    def open(self) -> tuple[str, ...]:
        """The stages that are no end."""
        return tuple(stage for stage in self.stages if stage not in self.ends)


@dataclass(frozen=True, slots=True)
class SharedRules:
    """A rule set in use: its facts and reasons, and its rules as written. Those ``at_fault`` are told in its file.

    ``declared`` are its facts as written, ``at`` is where the process says that it uses it.
    """

    id: str
    version: int
    facts: Mapping[str, Fact]
    reasons: Mapping[str, tuple[Reason, ...]]
    rules: Mapping[str, Keyed]
    declared: Node | None = None
    at: Place = NOWHERE
    at_fault: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """The names that a file may use.

    ``doubtful`` are names whose declaration is at fault already; ``stands`` is false where a whole section is missing,
    ``complete`` also where a rule set is, so that a name not found may well be one of theirs. None is told twice.
    """

    found: Findings
    scope: Scope
    facts: Mapping[str, Fact] = field(default_factory=dict)
    main: TrackNames = field(default_factory=lambda: TrackNames(MAIN, ()))
    tracks: Mapping[str, TrackNames] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    shared: tuple[SharedRules, ...] = ()
    doubtful: frozenset[str] = frozenset()
    stands: bool = True
    complete: bool = True

    def surely_unknown(self, name: str, among: Iterable[str], *, noun: str) -> bool:
        """Whether a name not found is at fault: with something missing, only where it is nearly one of ours."""
        whole = self.complete if noun in _SHARED else self.stands
        return name not in self.doubtful and (whole or nearest(name, among) != "")

    def sharing(self, name: str) -> tuple[tuple[SharedRules, str], ...]:
        """The rule sets that ``name`` may be looked up in (``qualification/loss``: that one), and the name in them."""
        rule_set, _, own = name.rpartition("/")
        return tuple((one, own) for one in self.shared if rule_set in ("", one.id))

    def track(self, name: str) -> TrackNames | None:
        """The names of a track."""
        return self.main if name == MAIN else self.tracks.get(name)

    def track_of(self, action: str) -> TrackNames | None:
        """The track an action belongs to."""
        return next((one for one in (self.main, *self.tracks.values()) if action in one.actions), None)


def expression(
    node: Node | None, reading: Reading, *, expects: Type | None = YES_NO, what: str = "condition"
) -> Expression | None:
    """The expression in a node; ``None`` where there is none or it is at fault, which is then told."""
    scalar = written.scalar(node)
    if scalar is None:
        return None
    origin, text = origin_of(scalar), scalar.value.rstrip()
    read, problems = parse.read(text, reading.scope, origin=origin, expects=expects, what=what)
    problems = deal_words.meant(problems, text, origin=origin, ends=reading.main.ends)
    reading.found.add(_not_yet_told(problems, scalar, reading))
    return read


def _not_yet_told(problems: tuple[Finding, ...], scalar: Scalar, reading: Reading) -> Iterable[Finding]:
    if problems and any(_mentions(scalar.value, name) for name in reading.doubtful):
        return ()
    near = "did you mean"
    elsewhere = () if reading.complete else (UNKNOWN_NAME, UNKNOWN_CHOICE)
    return [one for one in problems if one.code not in elsewhere or one.hint.startswith(near)]


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def assignments(node: Node | None, reading: Reading, *, what: str) -> tuple[Assignment, ...]:
    """``sets`` and ``stamps``: facts, and expressions of the fact's type."""
    read = []
    for key, value in written.pairs(node):
        fact = known_fact(key, reading, given=True)
        if fact is None:
            continue
        of = expression(value, reading, expects=fact.type, what=f"value of '{fact.id}' in '{what}'")
        if of:
            read.append(Assignment(fact.id, of, key.at))
    return tuple(read)


def known_fact(node: Scalar, reading: Reading, *, given: bool = False) -> Fact | None:
    """The fact a text names; told where there is none, or where it is ``given`` a value that a table reckons."""
    name = node.value.strip()
    fact = reading.facts.get(name)
    if fact is None:
        if reading.surely_unknown(name, reading.facts, noun="fact"):
            message = f"unknown fact '{name}'"
            near = reading.scope.called_now("fact", name) or did_you_mean(name, reading.facts)
            hint = list_meant(name) or near or "declare it under 'facts'"
            reading.found.error(codes.UNKNOWN_FACT, node.at, message, hint)
        return None
    if given and fact.table is not None:
        message = f"'{name}' is reckoned by its table, so no value can be given to it"
        reading.found.error(codes.RECKONED_FACT, node.at, message, "give the facts that the table reads")
        return None
    return fact


def known(
    nodes: Iterable[Scalar], among: Iterable[str], reading: Reading, *, code: str, noun: str, declare: str = ""
) -> tuple[str, ...]:
    """The names that are among those declared; the others are told, with ``declare`` where none is like them."""
    options = tuple(among)
    read = []
    for node in nodes:
        name = node.value.strip()
        if name in options:
            read.append(name)
        elif reading.surely_unknown(name, options, noun=noun):
            near = reading.scope.called_now(noun, name) or did_you_mean(name, options, most=0 if declare else 8)
            hint = list_meant(name) or near or declare or _DECLARE.get(noun, "")
            reading.found.error(code, node.at, f"unknown {noun} '{name}'", hint)
    return tuple(dict.fromkeys(read))


def list_meant(text: str) -> str:
    """The hint where one text names several things: ``lead, discovery``."""
    return f"write {as_list(text)}" if "," in text and as_list(text) else ""


def roles(node: Node | None, reading: Reading) -> tuple[str, ...]:
    """Roles that are declared."""
    return known(written.scalars(node), reading.scope.roles, reading, code=codes.UNKNOWN_ROLE, noun="role")


def stages(node: Node | None, track: TrackNames, reading: Reading) -> tuple[str, ...]:
    """Stages, with groups and ``open`` spelled out."""
    read: list[str] = []
    for one in written.scalars(node):
        name = one.value.strip()
        if name == OPEN:
            read += track.open
        elif name in track.groups:
            read += track.groups[name]
        else:
            read += stage(one, track, reading)
    return tuple(dict.fromkeys(read))


def stage(node: Scalar, track: TrackNames, reading: Reading) -> tuple[str, ...]:
    """The one stage a text names, as a list; empty, and told, where there is none."""
    name = node.value.strip()
    if name in track.known:
        return (name,)
    options = (*track.stages, *track.groups, OPEN)
    if not reading.surely_unknown(name, options, noun="stage") and "," not in name:
        return ()
    where = "" if track.id == MAIN else f" in track '{track.id}'"
    renamed = reading.scope.called_now("stage", name) if track.id == MAIN else ""
    hint = list_meant(name) or renamed or _group(name, track) or did_you_mean(name, options, most=10)
    reading.found.error(
        codes.UNKNOWN_STAGE, node.at, f"unknown stage '{name}'{where}", hint or "declare it under 'stages'"
    )
    return ()


def _group(name: str, track: TrackNames) -> str:
    """What to say of a group where a single stage is to stand."""
    group = track.open if name == OPEN else track.groups.get(name, ())
    return f"that is a group, and here stands one stage: {', '.join(group)}" if group else ""
