"""An entry to and from what is stored and hashed: an envelope of plain values, and a body as canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from engine.model.decision import About, Clause, Result, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.errors import BadTime, BadValue, JournalError
from engine.model.rule import Force
from engine.model.syntax import Value
from engine.model.values import decode, encode

canonical = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")).encode
"""JSON without spaces, in the order given."""

Envelope = tuple[str, int, str, str, str, str, int, str, str, str, str, str, str, str, str, bool, bool]
ENVELOPE = (
    "deal sequence kind happened_at recorded_at process version digest track"
    " action from_stage to_stage outcome reason key deviating undated"
).split()
"""The fields of an envelope, in the order in which they are hashed: that of ``Entry``."""

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
_BODY_KEYS = frozenset((*_BODY_TEXTS, "override", "facts", "verdicts"))
# What a verdict ends in when there is nothing to tell; left out where it does.
_VERDICT_REST: list[Any] = ["must", "", "", [], [], "", []]
_CLAUSE_REST: list[Any] = [[], 0, ""]


def iso(when: datetime) -> str:
    """A moment in UTC as text of fixed length, so that texts sort as moments do: ``2026-03-31T09:00:00.000000+00:00``.

    Raises ``BadTime`` for a time without a zone.
    """
    if when.tzinfo is not UTC:
        when = _in_utc(when)
    return when.isoformat(timespec="microseconds")


def _in_utc(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise BadTime("a time in the journal needs a zone")
    try:
        return when.astimezone(UTC)
    except OverflowError:
        raise BadTime(f"the time '{when}' is out of range") from None


def moment(text: str) -> datetime:
    """The moment that ``iso`` wrote. Raises ``ValueError`` or ``TypeError`` for anything else."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is not UTC:
        raise ValueError("not a moment in UTC")
    return when


def envelope_of(entry: Entry) -> Envelope:
    """The part of an entry that is kept for ever, as plain values."""
    return (
        entry.deal,
        entry.sequence,
        entry.kind._value_,
        iso(entry.happened_at),
        iso(entry.recorded_at),
        entry.process,
        entry.version,
        entry.digest,
        entry.track,
        entry.action,
        entry.from_stage,
        entry.to_stage,
        entry.outcome,
        entry.reason,
        entry.key,
        entry.deviating,
        entry.undated,
    )


def envelope_text(envelope: Envelope) -> str:
    """The canonical JSON of an envelope. Raises ``BadValue`` for a name that not every database can keep."""
    text = canonical(envelope)
    if "\\u0000" in text:
        _refuse_nul(envelope)
    return text


def _refuse_nul(envelope: Envelope) -> None:
    for name, value in zip(ENVELOPE, envelope, strict=True):
        if isinstance(value, str) and "\0" in value:
            raise BadValue(f"the {name} of an entry holds a null character")


def body_text(entry: Entry) -> str:
    """The canonical JSON of the part of an entry that may have to be forgotten; what is empty is left out."""
    body: dict[str, Any] = {}
    if entry.actor:
        body["actor"] = entry.actor
    if entry.role:
        body["role"] = entry.role
    if entry.note:
        body["note"] = entry.note
    if entry.touchpoint:
        body["touchpoint"] = entry.touchpoint
    if entry.approval:
        body["approval"] = entry.approval
    if entry.owner:
        body["owner"] = entry.owner
    if entry.override:
        body["override"] = True
    if entry.facts:
        body["facts"] = encode_facts(entry.facts)
    if entry.verdicts:
        body["verdicts"] = [_encode_verdict(verdict) for verdict in entry.verdicts]
    return canonical(body)


def encode_facts(facts: Mapping[str, Value]) -> dict[str, Any]:
    """Facts as JSON, by name: equal facts make equal texts."""
    return {name: encode(facts[name]) for name in sorted(facts)}


def _encode_verdict(verdict: Verdict) -> list[Any]:
    data: list[Any] = [
        verdict.requirement,
        verdict.about._value_,
        verdict.result._value_,
        verdict.says,
        verdict.force._value_,
        verdict.needs,
        verdict.fix,
        verdict.who,
        verdict.missing,
        verdict.rule,
        [_encode_clause(clause) for clause in verdict.clauses],
    ]
    if verdict.clauses:
        return data
    while len(data) > 4 and (not data[-1] or (len(data) == 5 and data[-1] == "must")):
        data.pop()
    return data


def _encode_clause(clause: Clause) -> list[Any]:
    seen = [[name, encode(value)] for name, value in clause.seen]
    if clause.depth or clause.joined:
        return [clause.text, clause.holds, seen, clause.depth, clause.joined]
    return [clause.text, clause.holds, seen] if seen else [clause.text, clause.holds]


def entry_of(
    envelope: Sequence[Any], body: str | None, *, read_moment: Callable[[Any], datetime | None] = moment
) -> Entry:
    """The entry of an envelope and a body (``None``: forgotten). Raises ``JournalError`` for what is no entry."""
    try:
        values = _envelope_values(envelope, read_moment)
        return Entry(*values, **_body_values(body))
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
    rest = _VERDICT_REST[len(_listed(data)) - 4 :] if len(data) >= 4 else []
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
        tuple(_clause(clause) for clause in _listed(clauses)),
    )


def _clause(data: Any) -> Clause:
    rest = _CLAUSE_REST[len(_listed(data)) - 2 :] if len(data) >= 2 else []
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
