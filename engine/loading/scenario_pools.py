"""Pools of people of a scenario: how many or who, when they work, whom they serve next."""

from __future__ import annotations

from collections.abc import Iterator

from engine.loading import codes, written
from engine.loading.ids import distinct
from engine.loading.nodes import Items, Keyed, Node, Scalar
from engine.loading.scenario_names import Names
from engine.model.names import DASH_ID, same_name
from engine.model.scenario import Person, Pool, Serving
from engine.model.syntax import Kind

_ORDERED = (Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DATE, Kind.DURATION)


def pools(node: Node | None, names: Names) -> tuple[Pool, ...]:
    """All pools of a scenario; ``names`` knows the hours."""
    return tuple(_pool(key, value, names) for key, value in written.named(node))


def numbered(pool: str, people: int) -> tuple[str, ...]:
    """What people are called of whom only the number is known: ``ae-1``, ``ae-2`` …"""
    return tuple(f"{pool}-{number}" for number in range(1, people + 1))


def _pool(key: Scalar, node: Node, names: Names) -> Pool:
    people = tuple(_people(key.value, written.get(node, "people"), names))
    serving, fact, stages = _serving(written.get(node, "serves"), names)
    return Pool(key.value, people, names.hours_of(written.get(node, "hours")), serving, fact, stages, key.at)


def _people(pool: str, node: Node | None, names: Names) -> Iterator[Person]:
    count = written.scalar(node)
    if node is not None and _is_nobody(node):
        message = f"the pool '{pool}' has nobody: what is asked of it is never done"
        names.found.error(codes.NOBODY_THERE, node.at, message, "write how many there are, such as people: 2")
    elif count and count.value.isdigit():
        yield from (Person(name, at=count.at) for name in numbered(pool, int(count.value)))
    elif isinstance(node, Items):
        yield from (Person(name, at=node.at) for name in distinct(written.scalars(node), names.found, noun="person"))
    else:
        yield from _named(node, names)


def _is_nobody(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.value.strip("0 ") == "" and not node.empty
    return not (node.nodes if isinstance(node, Items) else node.entries)


def _named(node: Node | None, names: Names) -> Iterator[Person]:
    seen: dict[str, str] = {}
    for key, value in written.pairs(node):
        before = seen.setdefault(same_name(key.value), key.value)
        if before is not key.value:
            message = f"'{key.value}' and '{before}' are one person: capitals and blanks tell nobody apart"
            names.found.error(codes.ID_TWICE, key.at, message, "keep one of them, or add something to one")
            continue
        skills = (skill for skill in written.scalars(written.get(value, "skills")) if DASH_ID.match(skill.value))
        skilled = distinct(skills, names.found, noun="skill")
        yield Person(key.value, skilled, names.hours_of(written.get(value, "hours")), key.at)


def _serving(node: Node | None, names: Names) -> tuple[Serving, str, tuple[str, ...]]:
    """The order in which they serve: its kind, and the fact or the stages it goes by."""
    by, stages = written.scalar(written.get(node, "by")), written.get(node, "stages")
    if isinstance(node, Keyed) and (by is None) == (stages is None):
        message = "'by' and 'stages' do not go together" if by else "nothing says who is served next"
        code = codes.EXCLUDES if by else codes.MISSING_KEY
        names.found.error(code, node.at, message, "write {by: FACT}, {stages: [...]} or first-come")
    elif by:
        return Serving.BY_FACT, _by_fact(by, names), ()
    elif stages:
        listed = written.scalars(stages)
        for stage in listed:
            _stage(stage, names)
        return Serving.BY_STAGE, "", distinct(listed, names.found, noun="stage")
    return Serving.FIRST_COME, "", ()


def _by_fact(by: Scalar, names: Names) -> str:
    facts = names.process.facts if names.process else {}
    if names.known(by, facts, codes.UNKNOWN_FACT, "fact") and by.value in facts:
        kind = facts[by.value].type.kind
        if kind not in _ORDERED:
            message = f"'{by.value}' is {kind.value}: of two values none is the higher"
            names.found.error(codes.VALUE_MISFIT, by.at, message, "name one that is a number, money or a date")
    return by.value


def _stage(stage: Scalar, names: Names) -> None:
    tracks = names.process.all_tracks() if names.process else ()
    known = [each.id for track in tracks for each in track.stages if not each.ends]
    names.known(stage, known, codes.UNKNOWN_STAGE, "stage")
