"""What is stored, back to an entry: whatever a hostile file may hold, it is an entry or a ``JournalError``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from engine.journal.codec import canonical
from engine.model.alarm import Alarm, AlarmKind
from engine.model.decision import About, Clause, Result, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.errors import BadValue, JournalError
from engine.model.rule import Force
from engine.model.syntax import Value
from engine.model.values import decode

_ENVELOPE_TYPES = (
    str,
    int,
    EntryKind,
    datetime,
    datetime,
    str,
    int,
    str,
    str,
    str,
    str,
    str,
    str,
    str,
    str,
    bool,
    bool,
)
_KINDS = {kind.value: kind for kind in EntryKind}
_ABOUTS = {about.value: about for about in About}
_RESULTS = {result.value: result for result in Result}
_FORCES = {force.value: force for force in Force}
_YES_NO = {0: False, 1: True}
_BODY_TEXTS = ("actor", "role", "note", "touchpoint", "approval", "owner")
_BODY_KEYS = frozenset((*_BODY_TEXTS, "override", "facts", "verdicts", "alarm"))
# What the shorter forms of a verdict and a clause leave out.
_VERDICT_REST: list[Any] = ["", "", [], [], "", []]
_CLAUSE_REST: list[Any] = [0, ""]


def moment(text: str) -> datetime:
    """The moment that ``iso`` wrote. Raises ``ValueError`` or ``TypeError`` for anything else."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is not UTC:
        raise ValueError("not a moment in UTC")
    return when


def entry_of(
    envelope: Sequence[Any],
    body: str | None,
    *,
    read_moment: Callable[[Any], datetime | None] = moment,
    written_by: str | None = None,
) -> Entry:
    """The entry of an envelope and a body (``None``: forgotten). Raises ``JournalError`` for what is no entry."""
    try:
        values = _envelope_values(envelope, read_moment)
        return Entry(*values, **{"written_by": written_by or "", **_body_values(body)})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, BadValue) as error:
        raise JournalError(f"{_called(envelope)} cannot be read: it is damaged or no entry") from error


def _called(envelope: Sequence[Any]) -> str:
    deal, sequence = envelope[0], envelope[1]
    if isinstance(deal, str) and isinstance(sequence, int):
        return f"entry {sequence} of deal '{deal}'"
    return "an entry of the journal"


def _envelope_values(envelope: Sequence[Any], read_moment: Callable[[Any], datetime | None]) -> list[Any]:
    values = list(envelope)
    values[2] = _KINDS[values[2]]
    values[3] = read_moment(values[3])
    values[4] = read_moment(values[4])
    values[15] = _YES_NO[values[15]]
    values[16] = _YES_NO[values[16]]
    if tuple(map(type, values)) != _ENVELOPE_TYPES:
        raise TypeError("a value of the envelope is of another type")
    return values


def _body_values(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    body = loads(text)
    if not isinstance(body, dict) or not body.keys() <= _BODY_KEYS:
        raise TypeError("not the body of an entry")
    for name in _BODY_TEXTS:
        if name in body:
            _texts(body[name])
    if body.get("override", True) is not True:
        raise TypeError("not an override")
    if "facts" in body:
        body["facts"] = decode_facts(body["facts"])
    if "alarm" in body:
        body["alarm"] = decode_alarm(body["alarm"])
    if "verdicts" in body:
        body["verdicts"] = tuple(_verdict(data) for data in _listed(body["verdicts"]))
    return body


def loads(text: str) -> Any:
    """The JSON of a stored text. Raises ``ValueError`` where it is none, or holds half a character."""
    data = json.loads(text)
    if "\\u" in text:
        # Only control characters are written so by us; half of a pair could never be printed.
        canonical(data).encode()
    return data


def decode_facts(data: Any) -> dict[str, Value]:
    """The facts that ``encode_facts`` wrote."""
    facts = {}
    for name, value in data.items():
        decoded = decode(value)
        if decoded is None:
            raise TypeError("a fact is never unknown in the journal")
        facts[name] = decoded
    return facts


def decode_alarm(data: Any) -> Alarm:
    """The alarm that ``alarm_text`` wrote."""
    clock, kind, since = _listed(data)
    _texts(clock, kind, since)
    return Alarm(clock, AlarmKind(kind), moment(since))


def _texts(*texts: Any) -> None:
    for text in texts:
        if type(text) is not str:
            raise TypeError("not a text")


def _listed(data: Any) -> list[Any]:
    if type(data) is not list:
        raise TypeError("not a list")
    return data


def _names(data: Any) -> tuple[str, ...]:
    _texts(*_listed(data))
    return tuple(data)


def _verdict(data: Any) -> Verdict:
    rest = _VERDICT_REST if len(_listed(data)) == 5 else []
    requirement, about, result, says, force, needs, fix, who, missing, rule, clauses = data + rest
    _texts(requirement, says, needs, fix, rule)
    return Verdict(
        requirement,
        _ABOUTS[about],
        _RESULTS[result],
        says,
        _FORCES[force],
        needs,
        fix,
        _names(who),
        _names(missing),
        rule,
        tuple(map(_clause, _listed(clauses))),
    )


def _clause(data: Any) -> Clause:
    rest = _CLAUSE_REST if len(_listed(data)) == 3 else []
    text, holds, seen, depth, joined = data + rest
    _texts(text, joined)
    if (holds is not None and type(holds) is not bool) or type(depth) is not int:
        raise TypeError("not a clause")
    return Clause(text, holds, _seen(_listed(seen)), depth, joined)


def _seen(data: Iterable[Any]) -> tuple[tuple[str, Value | None], ...]:
    pairs = []
    for name, value in data:
        _texts(name)
        pairs.append((name, decode(value)))
    return tuple(pairs)
