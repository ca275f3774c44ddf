"""Values, times, names and lists in the words that people read. Nothing here is escaped yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.model.process import Process, Stage
from engine.model.syntax import MONEY, PERCENT, Kind, Type, Value
from engine.model.values import show_value

_NO_TYPE: Type | None = None


def type_of(process: Process | None, name: str) -> Type | None:
    """The type of a fact, or of a word of the language whose values need one to be read."""
    if name == "probability":
        return PERCENT
    fact = process.facts.get(name) if process else None
    return fact.type if fact else _NO_TYPE


def value_text(process: Process | None, name: str, value: Value | None) -> str:
    """The value of a fact as people read it: percent with its sign, money with the currency."""
    of = type_of(process, name)
    if value is None:
        return "unknown"
    text = show_value(value, of)
    return f"{text} {process.currency}" if process and process.currency and of and of.kind is MONEY.kind else text


def facts_text(process: Process | None, facts: Mapping[str, Value]) -> str:
    """``amount 9000 EUR, budget_confirmed true``."""
    return ", ".join(f"{name} {value_text(process, name, value)}" for name, value in facts.items())


def accepted(of: Type) -> str:
    """What a fact of a type takes, said to who is to type it."""
    words = {
        Kind.YES_NO: "true or false",
        Kind.NUMBER: "a number, such as 12.5",
        Kind.MONEY: "a sum, such as 5000",
        Kind.PERCENT: "a percent, such as 15%",
        Kind.TEXT: "a text",
        Kind.DATE: "a day, such as 2026-03-31",
        Kind.DURATION: "a duration, such as 30d",
        Kind.CHOICE: either(of.choices) or "a choice",
    }
    return words.get(of.kind, "a value")


def either(words: Iterable[str]) -> str:
    """``ae, lead or manager``."""
    return _joined(tuple(words), "or")


def both(words: Iterable[str]) -> str:
    """``amount, discount and owner``."""
    return _joined(tuple(words), "and")


def _joined(words: tuple[str, ...], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + f" {last} {words[-1]}"


def count(number: int, one: str, many: str = "") -> str:
    """``1 error``, ``3 errors``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def span(time: timedelta) -> str:
    """A length of time in its two largest units: ``49d``, ``3d 4h``, ``25min``."""
    sign = "-" if time < timedelta(0) else ""
    minutes = abs(time) // timedelta(minutes=1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{days}d"] * bool(days) + [f"{hours}h"] * bool(hours and days < 10)
    parts += [f"{minutes}min"] * bool(minutes and not days)
    return sign + " ".join(parts) if parts else "0min"


def zone_named(name: str) -> tuple[tzinfo, str]:
    """The zone and what it is called; UTC where this machine does not know the name."""
    try:
        return ZoneInfo(name), name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC, f"UTC (the zone '{name}' is not known here)"


def moment(when: datetime, zone: tzinfo) -> str:
    """``2026-03-31 14:05``; in the hour that summer time ends, which comes twice, with its offset."""
    local = when.astimezone(zone)
    text = local.strftime("%Y-%m-%d %H:%M")
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        text += local.strftime("%z")
    return text


def day(when: datetime, zone: tzinfo) -> str:
    """``2026-03-31``."""
    return when.astimezone(zone).date().isoformat()


def reason_title(process: Process | None, action: str, code: str) -> str:
    """What a reason code means, as the action's list or a shared one says it; empty where none does."""
    if process is None:
        return ""
    lists = [variant.reasons for track in process.all_tracks() for variant in track.variants(action)]
    lists += [reasons for rule_set in process.rule_sets for reasons in rule_set.reasons.values()]
    return next((reason.title for reasons in lists for reason in reasons if reason.code == code), "")


def approval_title(process: Process | None, approval: str) -> str:
    """What an approval is for, or its id where the process is not known."""
    actions = [action for track in process.all_tracks() for action in track.actions] if process else []
    return next((a.says for action in actions for a in action.approvals if a.id == approval and a.says), approval)


def stage_of(process: Process | None, track: str, stage: str) -> Stage | None:
    """The stage of a track, where the process is known."""
    found = process.track(track) if process else None
    return found.stage(stage) if found else None
