"""``follows``: what became of the stages, actions, facts and reasons of the version before."""

from __future__ import annotations

from collections.abc import Iterable

from engine.loading import codes, written
from engine.loading.nodes import Items, Node, Scalar
from engine.loading.reading import Reading, expression, known, known_fact, stage
from engine.model.process import Follows, Split


def follows(node: Node | None, version: int, reading: Reading) -> Follows | None:
    """What became of the version before; ``version`` is this one's."""
    number = written.get(node, "version")
    before = written.number(number)
    if node is None or number is None or before is None:
        return None
    if before >= version:
        message = f"version {version} cannot follow version {before}"
        hint = f"follow one before it, such as {version - 1}" if version > 1 else "a first version follows none"
        reading.found.error(codes.FOLLOWS_LATER, number.at, message, hint)
    actions, reasons = reading.scope.actions, reading.scope.reasons
    return Follows(
        version=before,
        stages=_stages(written.get(node, "stages"), reading),
        actions=_renamed(written.get(node, "actions"), actions, reading, code=codes.UNKNOWN_ACTION, noun="action"),
        facts=_facts(written.get(node, "facts"), reading),
        reasons=_renamed(written.get(node, "reasons"), reasons, reading, code=codes.UNKNOWN_REASON, noun="reason"),
        at=node.at,
    )


def renamed(node: Node | None) -> dict[str, dict[str, tuple[str, ...]]]:
    """What each id of the version before is called now, by noun: as written, for hints alone."""
    return {
        section.removesuffix("s"): {
            key.value: tuple(written.text(written.get(one, "to") or one) for one in written.nodes(value))
            for key, value in written.pairs(written.get(node, section))
        }
        for section in ("stages", "actions", "facts", "reasons")
    }


def _stages(node: Node | None, reading: Reading) -> dict[str, tuple[Split, ...]]:
    read = {}
    for key, value in written.pairs(node):
        if isinstance(value, Items):
            splits = tuple(split for one in value.nodes for split in _split(one, reading))
        else:
            splits = tuple(Split(to) for one in written.scalars(value) for to in stage(one, reading.main, reading))
        if splits:
            read[key.value] = splits
            _gone(key, [split.to for split in splits], reading.main.stages, reading, noun="stage")
    return read


def _split(node: Node, reading: Reading) -> tuple[Split, ...]:
    to = written.scalar(written.get(node, "to"))
    found = stage(to, reading.main, reading) if to else ()
    when_node = written.get(node, "when")
    when = expression(when_node, reading, what="'when'")
    if not found or (when_node is not None and when is None):
        return ()
    return (Split(found[0], when),)


def _renamed(node: Node | None, among: tuple[str, ...], reading: Reading, *, code: str, noun: str) -> dict[str, str]:
    read = {}
    for key, value in written.pairs(node):
        found = known(written.scalars(value), among, reading, code=code, noun=noun)
        if found:
            read[key.value] = found[0]
            _gone(key, found, among, reading, noun=noun)
    return read


def _facts(node: Node | None, reading: Reading) -> dict[str, str]:
    read = {}
    for key, value in written.pairs(node):
        scalar = written.scalar(value)
        fact = known_fact(scalar, reading) if scalar else None
        if fact:
            read[key.value] = fact.id
            _gone(key, (fact.id,), tuple(reading.facts), reading, noun="fact")
    return read


def _gone(key: Scalar, became: Iterable[str], among: tuple[str, ...], reading: Reading, *, noun: str) -> None:
    """An id that became another must not stand for something else now."""
    if key.value in among and key.value not in became:
        message = f"the {noun} '{key.value}' became '{next(iter(became))}', yet there still is a {noun} '{key.value}'"
        hint = "an id keeps its meaning: choose a new one"
        reading.found.error(codes.ID_TWICE, key.at, message, hint)
