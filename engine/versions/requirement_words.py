"""Where a requirement stands, and what it needs, in words."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.change import Level
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.versions.coverage import Terrain
from engine.versions.demands import Demand, Kept
from engine.versions.relating import How
from engine.versions.saying import where


def asked_before(demand: Demand, terrain: Terrain) -> str:
    """What asked for it in the old version: ``'sign'``, ``passing 'demo'``; the owner as it is now called."""
    of_action = demand.kept in (Kept.REQUIRES, Kept.ACTION_ASKS)
    kin = terrain.actions if of_action else terrain.stages
    return _told(demand, kin.name(demand.owner) if demand.owner else "")


def asking(demand: Demand) -> str:
    """What asks for it, as its own version calls it."""
    return _told(demand, demand.owner)


def _told(demand: Demand, owner: str) -> str:
    match demand.kept:
        case Kept.ALWAYS:
            return "every move" if demand.track == MAIN else f"every move of '{demand.track}'"
        case Kept.TO_ENTER | Kept.STAGE_ASKS:
            return f"entering '{owner}'"
        case Kept.TO_PASS:
            return f"passing '{owner}'"
    return f"'{owner}' (form {demand.variant})" if demand.variant else f"'{owner}'"


def needs(demands: Sequence[Demand], verbs: tuple[str, str, str]) -> str:
    """``now needs: The contract is signed``; the verbs are for requirements, for asks and for warnings."""
    first = demands[0]
    if first.is_ask:
        asked = [one.says for one in demands]
        return f"{verbs[1]} {', '.join(asked[:-1])}{' and ' if asked[1:] else ''}{asked[-1]}{where(first.when)}"
    return f"{verbs[2] if first.force is Force.SHOULD else verbs[0]}: {first.says}"


_CHANGED = {
    (Level.TIGHTER, How.ALONE): "needs more now",
    (Level.LOOSER, How.ALONE): "needs less now",
    (Level.TIGHTER, How.TOO): "refuses deals now that it let through",
    (Level.LOOSER, How.TOO): "lets deals through now that it refused",
    (Level.TIGHTER, How.PERHAPS): "may refuse deals that it let through, nobody can tell",
    (Level.LOOSER, How.PERHAPS): "may let deals through that it refused, nobody can tell",
}


def changed_so(demand: Demand, level: Level, how: How) -> str:
    """What a changed requirement now does: ``needs more now: The contract is signed``."""
    what = f"{demand.says} is asked for{_always_or(demand)}" if demand.is_ask else demand.says
    return f"{_CHANGED[level, how]}: {what}"


def _always_or(demand: Demand) -> str:
    return where(demand.when) or " of every deal"


def briefly(demand: Demand) -> str:
    """A requirement in a list of several."""
    if demand.is_ask:
        return f"{demand.says} is known{where(demand.when)}" if demand.name != "note" else "a note is given"
    return demand.says
