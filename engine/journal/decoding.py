"""What is stored, back to an entry: whatever a hostile file may hold, it is an entry or a ``JournalError``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
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

_VERDICTS = '"verdicts":['
LIKE_NOTED = '%"note":%'
"""What a body is like in which there is a note; others may be, too."""
_KINDS = {kind.value: kind for kind in EntryKind}
_ABOUTS = {about.value: about for about in About}
_RESULTS = {result.value: result for result in Result}
_FORCES = {force.value: force for force in Force}
_YES_NO = {0: False, 1: True}
_BODY_TEXTS = frozenset(("actor", "role", "note", "touchpoint", "approval", "owner"))
# As ``json.loads``, which allows for spaces around: what is canonical has none.
_parse = json.JSONDecoder().raw_decode
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


def proven_entry(row: Sequence[Any], body: Mapping[str, Any], read_moment: Callable[[Any], datetime | None]) -> Entry:
    """The entry of a row whose hash was found to fit: texts are texts then, for nothing else could be hashed."""
    deal, sequence, kind, happened, recorded, process, version, digest, track = row[:9]
    action, from_stage, to_stage, outcome, reason, key, deviating, undated = row[9:17]
    happened_at = moment(happened) if type(happened) is str else read_moment(happened)
    recorded_at = read_moment(recorded)
    if happened_at is None or recorded_at is None or type(version) is not int:
        raise TypeError("a value of the envelope is of another type")
    # By place, for each entry of a journal passes through.
    return Entry(
        deal,
        sequence,
        _KINDS[kind],
        happened_at,
        recorded_at,
        process,
        version,
        digest,
        track,
        action,
        from_stage,
        to_stage,
        outcome,
        reason,
        key,
        _YES_NO[deviating],
        _YES_NO[undated],
        **body,
    )


def without_verdicts(body: str) -> str:
    """A body without its verdicts: the fold reads none, and they are most of what there is to read."""
    # A quote inside a JSON text has a backslash before it: what is found here can only be the key, which comes last.
    at = body.find(_VERDICTS)
    if at < 0:
        return body
    return body[: at if body[at - 1] == "{" else at - 1] + "}"


def note_of(body: str) -> str:
    """The note in the body of an entry; empty where there is none. Raises ``JournalError`` for what is no body."""
    try:
        note = _body_values(without_verdicts(body)).get("note", "")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, BadValue) as error:
        raise JournalError("the note of an entry cannot be read: it is damaged") from error
    return str(note)


def body_for_fold(text: str) -> Mapping[str, Any]:
    """What a body without verdicts says. Raises what ``entry_of`` makes a ``JournalError``."""
    return _body_values(text)


def _called(envelope: Sequence[Any]) -> str:
    deal, sequence = envelope[0], envelope[1]
    if isinstance(deal, str) and isinstance(sequence, int):
        return f"entry {sequence} of deal '{deal}'"
    return "an entry of the journal"


def _envelope_values(envelope: Sequence[Any], read_moment: Callable[[Any], datetime | None]) -> tuple[Any, ...]:
    deal, sequence, kind, happened_at, recorded_at, process, version, digest, track = envelope[:9]
    action, from_stage, to_stage, outcome, reason, key, deviating, undated = envelope[9:]
    happened_at, recorded_at = read_moment(happened_at), read_moment(recorded_at)
    # Written out, not by way of a list of types: each entry that is read passes through.
    if not (
        type(sequence) is type(version) is int
        and type(deal) is type(process) is type(digest) is type(track) is type(action) is type(from_stage) is str
        and type(to_stage) is type(outcome) is type(reason) is type(key) is str
        and type(happened_at) is type(recorded_at) is datetime
    ):
        raise TypeError("a value of the envelope is of another type")
    return (
        deal,
        sequence,
        _KINDS[kind],
        happened_at,
        recorded_at,
        process,
        version,
        digest,
        track,
        action,
        from_stage,
        to_stage,
        outcome,
        reason,
        key,
        _YES_NO[deviating],
        _YES_NO[undated],
    )


def _body_values(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    body = loads(text)
    if type(body) is not dict:
        raise TypeError("not the body of an entry")
    for name, value in body.items():
        if name in _BODY_TEXTS:
            if type(value) is not str:
                raise TypeError("not a text")
        elif name in _BODY_PARTS:
            body[name] = _BODY_PARTS[name](value)
        elif name != "override" or value is not True:
            raise TypeError("not the body of an entry")
    return body


def loads(text: str) -> Any:
    """The JSON of a stored text. Raises ``ValueError`` where it is none, or holds half a character."""
    data, end = _parse(text)
    if end != len(text):
        raise ValueError("more than JSON")
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


def _renamed(data: Any) -> Mapping[str, str]:
    _texts(*data.values())
    renamed: Mapping[str, str] = data
    return renamed


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


_BODY_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "facts": decode_facts,
    "verdicts": lambda data: tuple(map(_verdict, _listed(data))),
    "alarm": decode_alarm,
    "renamed": _renamed,
}
