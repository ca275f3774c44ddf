"""An entry as it is stored and hashed: an envelope of plain values, and a body as canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as quote
from typing import Any

from engine.model.alarm import Alarm
from engine.model.decision import Clause, Verdict
from engine.model.entry import Entry
from engine.model.errors import BadTime, BadValue
from engine.model.syntax import Value
from engine.model.values import encode, plain_number

canonical = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")).encode
"""JSON without spaces, in the order given."""

Envelope = tuple[str, int, str, str, str, str, int, str, str, str, str, str, str, str, str, bool, bool]
ENVELOPE = (
    "deal sequence kind happened_at recorded_at process version digest track"
    " action from_stage to_stage outcome reason key deviating undated"
).split()
"""The fields of an envelope, in the order in which they are hashed: that of ``Entry``."""

_KEPT = 2000
_JSON = {None: "null", False: "false", True: "true"}


@lru_cache(maxsize=4096)
def iso(when: datetime) -> str:
    """A moment in UTC as text of fixed length, so that texts sort as moments do: ``2026-03-31T09:00:00.000000+00:00``.

    Raises ``BadTime`` for a time without a zone.
    """
    if when.tzinfo is not UTC:
        when = _in_utc(when)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06d+00:00" % (  # noqa: UP031 - an f-string takes twice as long
        when.year,
        when.month,
        when.day,
        when.hour,
        when.minute,
        when.second,
        when.microsecond,
    )


def _in_utc(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise BadTime("a time in the journal needs a zone")
    try:
        return when.astimezone(UTC)
    except OverflowError:
        raise BadTime(f"the time '{when}' is out of range") from None


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


def envelope_text(envelope: Sequence[Any]) -> str:
    """The canonical JSON of an envelope, or of a row that begins with one.

    Raises ``BadValue`` for a name that not every database can keep, ``TypeError`` for a name that is no text.
    """
    deal, sequence, kind, happened_at, recorded_at, process, version, digest, track = envelope[:9]
    action, from_stage, to_stage, outcome, reason, key, deviating, undated = envelope[9:17]
    text = (
        f'[{quote(deal)},{sequence},"{kind}","{happened_at}","{recorded_at}",{quote(process)},{version},{quote(digest)}'
        f",{quote(track)},{quote(action)},{quote(from_stage)},{quote(to_stage)},{quote(outcome)},{quote(reason)}"
        f",{quote(key)},{_JSON[deviating]},{_JSON[undated]}]"
    )
    if "\\u0000" in text:
        _refuse_nul(envelope[: len(ENVELOPE)])
    return text


def _refuse_nul(envelope: Sequence[Any]) -> None:
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
    parts = _texts_of(entry)
    if entry.override:
        parts.append('"override":true')
    if entry.alarm is not None:
        parts.append(f'"alarm":{alarm_text(entry.alarm)}')
    if entry.renamed:
        parts.append(f'"renamed":{facts_text(entry.renamed)}')
    if entry.facts:
        parts.append(f'"facts":{facts_text(entry.facts)}')
    if entry.verdicts:
        parts.append(f'"verdicts":[{",".join(map(write_verdict or _verdict_text, entry.verdicts))}]')
    return f"{{{','.join(parts)}}}"


def _texts_of(entry: Entry) -> list[str]:
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
    return parts


def alarm_text(alarm: Alarm) -> str:
    """An alarm as JSON: clock, kind, since when it counted."""
    return f'[{quote(alarm.clock)},"{alarm.kind._value_}","{iso(alarm.since)}"]'


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
