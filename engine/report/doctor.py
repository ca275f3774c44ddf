"""What ``doctor`` looked at, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from engine.model.table import Table
from engine.report.escape import shown
from engine.report.style import Style, Tone, paint
from engine.report.widths import pad, width
from engine.report.wording import count


class Health(Enum):
    """How a thing looked at is: fine, worth knowing, or in the way."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what, how it is, what was found, and what to do."""

    what: str
    health: Health
    found: str
    fix: str = ""


_TONES = {Health.OK: Tone.GOOD, Health.NOTE: Tone.CAUTION, Health.WRONG: Tone.BAD}


def text(checks: Sequence[Check], *, style: Style = Style.PLAIN) -> str:
    """A line a thing, the mend below it, and the sum of it all."""
    widest = max((width(shown(check.what)) for check in checks), default=0)
    lines = [line for check in checks for line in _lines(check, widest, style)]
    wrong = sum(check.health is Health.WRONG for check in checks)
    verdict = f"{count(wrong, 'thing')} to mend" if wrong else "all is well"
    return "\n".join([*lines, "", f"{count(len(checks), 'check')}: {verdict}"]) + "\n"


def _lines(check: Check, widest: int, style: Style) -> list[str]:
    health = paint(pad(check.health.value, 5), _TONES[check.health], style)
    lines = [f"{health}  {pad(shown(check.what), widest)}  {shown(check.found)}".rstrip()]
    return [*lines, " " * (9 + widest) + shown(check.fix)] if check.fix else lines


def table(checks: Sequence[Check]) -> Table:
    """The same for programs."""
    rows = tuple((check.what, check.health.value, check.found, check.fix) for check in checks)
    return Table("doctor", ("what", "health", "found", "fix"), rows)
