"""Time zones by name."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Node
from engine.model.names import did_you_mean

UTC = "UTC"


def zone_of(node: Node | None, found: Findings, *, default: str = UTC) -> str:
    """The zone named; ``default`` where none is, or, told, where there is no such zone."""
    name = written.scalar(node)
    if name is None:
        return default
    if name.value == UTC:
        return UTC
    try:
        ZoneInfo(name.value)
    except (ValueError, OSError, LookupError):
        nearest = did_you_mean(name.value, _by_lower().values(), most=0) or "write it as Europe/Berlin or UTC"
        found.error(codes.UNKNOWN_ZONE, name.at, f"there is no time zone '{name.value}'", nearest)
        return default
    return name.value


def _by_lower() -> dict[str, str]:
    return {zone.lower(): zone for zone in available_timezones()}
