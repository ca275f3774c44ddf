"""A deal to and from its row in the table of deals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring as quote
from types import MappingProxyType
from typing import Any

from engine.journal.codec import alarm_text, facts_text, iso
from engine.journal.decoding import decode_alarm, decode_facts, loads, moment
from engine.model.alarm import Alarm
from engine.model.deal import Deal, Folding, Grant, Times
from engine.model.errors import BadValue, JournalError

ReadMoment = Callable[[Any], datetime | None]
"""What the driver gave, as a moment in UTC."""

UNSEEN = datetime(1970, 1, 1, tzinfo=UTC)
"""``due_at`` of a deal that no ``tick`` has looked at since something happened to it."""
UNSEEN_TEXT = iso(UNSEEN)
DUE_AT = 16
"""Where ``due_at`` stands in a row."""

_TYPES = (str, str, int, str, str, str, str, str, datetime, datetime, datetime, int)


def row_of(deal: Deal | Folding) -> tuple[Any, ...]:
    """A row of the table ``deals``, in the order of its columns."""
    return (
        deal.id,
        deal.process,
        deal.version,
        deal.digest,
        deal.stage,
        deal.previous,
        deal.outcome,
        deal.owner,
        iso(deal.started_at),
        iso(deal.entered_at),
        iso(deal.last_at),
        None if deal.closed_at is None else iso(deal.closed_at),
        deal.length,
        deal.forgotten,
        _more(deal),
        iso(deal.active_at or deal.last_at),
        UNSEEN_TEXT,
    )


def _more(deal: Deal | Folding) -> str:
    """What has no column of its own, as canonical JSON; what is empty is left out."""
    parts = [f'"visited":[{",".join(map(quote, sorted(deal.visited)))}]']
    if deal.tracks:
        parts.append(f'"tracks":{facts_text(deal.tracks)}')
    if deal.facts:
        parts.append(f'"facts":{facts_text(deal.facts)}')
    if deal.touches:
        parts.append(f'"touches":{_times_text(deal.touches)}')
    if deal.actions:
        parts.append(f'"actions":{_times_text(deal.actions)}')
    if deal.grants:
        parts.append(f'"grants":[{",".join(map(_grant_text, deal.grants))}]')
    if deal.undated:
        parts.append(f'"undated":[{",".join(map(quote, sorted(deal.undated)))}]')
    if deal.track_entered_at:
        each = [f'{quote(name)}:"{iso(when)}"' for name, when in sorted(deal.track_entered_at.items())]
        parts.append(f'"track_entered_at":{{{",".join(each)}}}')
    if deal.alarms:
        parts.append(f'"alarms":[{",".join(alarm_text(deal.alarms[name]) for name in sorted(deal.alarms))}]')
    return f"{{{','.join(parts)}}}"


def _times_text(times: Mapping[str, Times]) -> str:
    each = [f'{quote(name)}:[{times[name].count},"{iso(times[name].last_at)}"]' for name in sorted(times)]
    return f"{{{','.join(each)}}}"


def _grant_text(grant: Grant) -> str:
    named = (grant.action, grant.approval, grant.actor, grant.role, iso(grant.given_at), grant.digest)
    texts = ",".join(map(quote, named))
    changed = f",[{','.join(map(quote, sorted(grant.changed)))}]" if grant.changed or grant.is_void else ""
    void = ",true" if grant.is_void else ""
    return f"[{texts},{facts_text(grant.facts)}{changed}{void}]"


def deal_of(row: Sequence[Any], read_moment: ReadMoment) -> Deal:
    """The deal of a row. Raises ``JournalError`` for a row that was tampered with or damaged."""
    try:
        return _deal_of(row, read_moment)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError, BadValue) as error:
        raise JournalError(
            f"the row of deal {row[0]!r} cannot be read", hint="'stagewright verify' tells what is wrong with it"
        ) from error


def _deal_of(row: Sequence[Any], read_moment: ReadMoment) -> Deal:
    id_, process, version, digest, stage, previous, outcome, owner, started, entered, last, closed, length, *rest = row
    times = [read_moment(started), read_moment(entered), read_moment(last)]
    values = (id_, process, version, digest, stage, previous, outcome, owner, *times, length)
    if tuple(map(type, values)) != _TYPES:
        raise TypeError("a value of the row is of another type")
    forgotten, more, active, _ = rest
    return Deal(
        id=id_,
        process=process,
        version=version,
        digest=digest,
        stage=stage,
        started_at=times[0],  # type: ignore[arg-type]
        entered_at=times[1],  # type: ignore[arg-type]
        last_at=times[2],  # type: ignore[arg-type]
        length=length,
        previous=previous,
        outcome=outcome,
        closed_at=None if closed is None else read_moment(closed),
        owner=owner,
        forgotten=bool(forgotten),
        active_at=read_moment(active),
        **_read_more(loads(more)),
    )


def _read_more(more: Mapping[str, Any]) -> dict[str, Any]:
    tracks = dict(more.get("tracks", {}))
    visited, undated = frozenset(more["visited"]), frozenset(more.get("undated", ()))
    if not all(type(text) is str for text in (*tracks.values(), *visited, *undated)):
        raise TypeError("not names")
    return {
        "visited": visited,
        "undated": undated,
        "tracks": MappingProxyType(tracks),
        "facts": MappingProxyType(decode_facts(more.get("facts", {}))),
        "touches": _times(more.get("touches", {})),
        "actions": _times(more.get("actions", {})),
        "grants": tuple(_grant(data) for data in more.get("grants", ())),
        "track_entered_at": _moments(more.get("track_entered_at")),
        "alarms": _alarms(more.get("alarms")),
    }


_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _moments(data: Mapping[str, str] | None) -> Mapping[str, datetime]:
    return MappingProxyType({name: moment(text) for name, text in data.items()}) if data else _NOTHING


def _alarms(data: Sequence[Any] | None) -> Mapping[str, Alarm]:
    alarms = map(decode_alarm, data or ())
    return MappingProxyType({alarm.clock: alarm for alarm in alarms}) if data else _NOTHING


def _times(data: Mapping[str, Any]) -> Mapping[str, Times]:
    return MappingProxyType({name: Times(int(count), moment(last_at)) for name, (count, last_at) in data.items()})


def _grant(data: Sequence[Any]) -> Grant:
    action, approval, actor, role, given_at, digest, facts, *rest = data
    changed: frozenset[str] = frozenset(*rest[:1])
    is_text = all(type(text) is str for text in (action, approval, actor, role, digest, *changed))
    if not is_text or rest[1:] not in ([], [True]):
        raise TypeError("not a grant")
    return Grant(action, approval, actor, role, moment(given_at), decode_facts(facts), digest, changed, bool(rest[1:]))
