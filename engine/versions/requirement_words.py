"""Where a requirement stands, and what it needs, in words."""

from __future__ import annotations

from engine.model.names import MAIN
from engine.model.rule import Force
from engine.versions.coverage import Terrain
from engine.versions.demands import Demand, Kept
from engine.versions.saying import where


def place(demand: Demand, terrain: Terrain, *, is_old: bool) -> str:
    """What asks for it: ``'sign'``, ``passing 'demo'``; an old owner as it is now called."""
    if not is_old:
        return asking(demand)
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
    return f"'{owner}'"


def needs(demand: Demand, told: str, needing: str, asking_for: str, warning: str) -> str:
    """``'sign' now needs: The contract is signed``; the verbs are for requirements, for asks and for warnings."""
    if demand.is_ask:
        return f"{told} {asking_for} {demand.says}{where(demand.when)}"
    return f"{told} {warning if demand.force is Force.SHOULD else needing}: {demand.says}"


def briefly(demand: Demand) -> str:
    """A requirement in a list of several."""
    if demand.is_ask:
        return f"{demand.says} is known{where(demand.when)}" if demand.name != "note" else "a note is given"
    return demand.says
