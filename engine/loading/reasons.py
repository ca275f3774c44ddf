"""Reasons: an action's own, or a list that a rule set shares."""

from __future__ import annotations

from engine.loading import codes, written
from engine.loading.nodes import Keyed, Node
from engine.loading.reading import Reading, known
from engine.model.names import did_you_mean
from engine.model.rule import Reason


def reasons(node: Node | None, reading: Reading) -> tuple[Reason, ...]:
    """The reasons of an action."""
    if isinstance(node, Keyed):
        return own_reasons(node)
    found = written.scalar(node)
    if found is None:
        return ()
    name = found.value.strip()
    lists = [(one.id, one.reasons[own]) for one, own in reading.sharing(name) if own in one.reasons]
    if len(lists) > 1:
        choices = " or ".join(f"'{rule_set}/{name}'" for rule_set, _ in lists)
        message = f"several rule sets have a list of reasons '{name}'"
        reading.found.error(codes.AMBIGUOUS, found.at, message, f"write {choices}")
    options = [wanted for one in reading.shared for wanted in one.reasons]
    if not lists and reading.surely_unknown(name, options, noun="reason"):
        hint = did_you_mean(name, options) or "name a list of a rule set in 'uses', or write {code: title}"
        reading.found.error(codes.UNKNOWN_REASONS, found.at, f"unknown list of reasons '{name}'", hint)
    return lists[0][1] if len(lists) == 1 else ()


def engine_reason(node: Node, listed: tuple[Reason, ...], reading: Reading) -> str:
    """The reason that the engine gives with an automatic action: one of those ``listed``."""
    given = written.scalars(written.get(node, "reason"))
    if not listed and written.get(node, "reasons") is not None:
        # The list is at fault, and told.
        return ""
    found = known(given, (one.code for one in listed), reading, code=codes.UNKNOWN_REASON, noun="reason")
    return found[0] if found else ""


def own_reasons(node: Node | None) -> tuple[Reason, ...]:
    """Codes with a title, or a title and a group."""
    read = []
    for key, value in written.named(node):
        title = written.text(value) or written.text(written.get(value, "title"))
        if title:
            read.append(Reason(key.value, title, written.text(written.get(value, "group")), key.at))
    return tuple(read)
