"""An entry to and from what is stored and hashed: an envelope of plain values, and a body as canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as quote
from typing import Any

from engine.model.decision import About, Clause, Result, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.errors import BadTime, BadValue, JournalError
from engine.model.rule import Force
from engine.model.syntax import Value
from engine.model.values import decode, encode, plain_number

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
_KEPT = 2000
_JSON = {None: "null", False: "false", True: "true"}
# What the shorter forms of a verdict and a clause leave out.
_VERDICT_REST: list[Any] = ["", "", [], [], "", []]
_CLAUSE_REST: list[Any] = [0, ""]


@lru_cache(maxsize=4096)
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
    deal, sequence, kind, happened_at, recorded_at, process, version, digest, *names, deviating, undated = envelope
    text = (
        f'[{quote(deal)},{sequence},"{kind}","{happened_at}","{recorded_at}",{quote(process)},{version},{quote(digest)}'
        f",{','.join(map(quote, names))},{_JSON[deviating]},{_JSON[undated]}]"
    )
    if "\\u0000" in text:
        _refuse_nul(envelope)
    return text


def _refuse_nul(envelope: Envelope) -> None:
    for name, value in zip(ENVELOPE, envelope, strict=True):
        if isinstance(value, str) and "\0" in value:
            raise BadValue(f"the {name} of an entry holds a null character")


def verdict_writer() -> Callable[[Verdict], str]:
    """Writes verdicts as JSON, and keeps what it wrote for a while: most verdicts of an import are the same objects.

    They are known by identity. Equal ones may differ in the text: ``True == Decimal(1)``.
    """
    written: dict[int, tuple[Verdict, str]] = {}

    def write(verdict: Verdict) -> str:
        known = written.get(id(verdict))
        if known is not None:
            return known[1]
        if len(written) == _KEPT:
            written.clear()
        text = _verdict_text(verdict)
        # The verdict is kept with its text, so that no other can take its identity.
        written[id(verdict)] = (verdict, text)
        return text

    return write


def body_text(entry: Entry, write_verdict: Callable[[Verdict], str] | None = None) -> str:
    """The canonical JSON of the part of an entry that may have to be forgotten; what is empty is left out.

    Written out here, not by way of lists and dicts: each move of an import passes through.
    """
    parts = []
    if entry.actor:
        parts.append(f'"actor":{quote(entry.actor)}')
    if entry.role:
        parts.append(f'"role":{quote(entry.role)}')
    if entry.note:
        parts.append(f'"note":{quote(entry.note)}')
    if entry.touchpoint:
        parts.append(f'"touchpoint":{quote(entry.touchpoint)}')
    if entry.approval:
        parts.append(f'"approval":{quote(entry.approval)}')
    if entry.owner:
        parts.append(f'"owner":{quote(entry.owner)}')
    if entry.override:
        parts.append('"override":true')
    if entry.facts:
        parts.append(f'"facts":{facts_text(entry.facts)}')
    if entry.verdicts:
        parts.append(f'"verdicts":[{",".join(map(write_verdict or _verdict_text, entry.verdicts))}]')
    return f"{{{','.join(parts)}}}"


def facts_text(facts: Mapping[str, Value]) -> str:
    """Facts as JSON, by name: equal facts make equal texts."""
    return f"{{{','.join([f'{quote(name)}:{_value_text(facts[name])}' for name in sorted(facts)])}}}"


def _value_text(value: Value | None) -> str:
    if type(value) is str:
        return quote(value)
    if type(value) is Decimal:
        return f'{{"n":"{plain_number(value)}"}}'
    if value is None or type(value) is bool:
        return _JSON[value]
    return canonical(encode(value))


def _names_text(names: Sequence[str]) -> str:
    return f"[{','.join(map(quote, names))}]" if names else "[]"


def _verdict_text(verdict: Verdict) -> str:
    head = (
        f'[{quote(verdict.requirement)},"{verdict.about._value_}","{verdict.result._value_}",{quote(verdict.says)}'
        f',"{verdict.force._value_}"'
    )
    if not (verdict.clauses or verdict.rule or verdict.missing or verdict.who or verdict.fix or verdict.needs):
        return f"{head}]"
    return (
        f"{head},{quote(verdict.needs)},{quote(verdict.fix)},{_names_text(verdict.who)},{_names_text(verdict.missing)}"
        f",{quote(verdict.rule)},[{','.join(map(_clause_text, verdict.clauses))}]]"
    )


def _clause_text(clause: Clause) -> str:
    seen = ",".join([f"[{quote(name)},{_value_text(value)}]" for name, value in clause.seen])
    deep = f",{clause.depth},{quote(clause.joined)}" if clause.depth or clause.joined else ""
    return f"[{quote(clause.text)},{_JSON[clause.holds]},[{seen}]{deep}]"


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
