"""What was done to a deal: how often, and which approvals were given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.model.quick import quick
from engine.model.syntax import Value


@quick
@dataclass(frozen=True, slots=True)
class Times:
    """How often a touchpoint or an action was done, and when last."""

    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """An approval given: for which action, which approval of it, by whom, when, and the facts as they then were.

    ``digest`` is of the definition it was given under (empty: not told). ``changed`` are the facts then known whose
    value has changed since, even if it has changed back. ``is_void``: the deal came to another version since; that it
    came back does not make the approval good again.
    """

    action: str
    approval: str
    actor: str
    role: str
    given_at: datetime
    facts: Mapping[str, Value] = field(default_factory=dict)
    digest: str = ""
    changed: frozenset[str] = frozenset()
    is_void: bool = False


def called(times: Mapping[str, Times], names: Mapping[str, str]) -> dict[str, Times]:
    """What was done under the names that it has since, old to new; what goes by one name is counted together."""
    found: dict[str, Times] = {}
    for old, done in times.items():
        name = names.get(old, old)
        same = found.get(name)
        found[name] = Times(same.count + done.count, max(same.last_at, done.last_at)) if same else done
    return found
