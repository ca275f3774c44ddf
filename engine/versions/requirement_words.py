"""Where a requirement stands, and what it needs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.change import Level, Relation
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.model.syntax import Tree
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
    return f"'{owner}' (form {demand.variant})" if demand.variant else f"'{owner}'"


def needs(demands: Sequence[Demand], verbs: tuple[str, str, str]) -> str:
    """``now needs: The contract is signed``; the verbs are for requirements, for asks and for warnings."""
    first = demands[0]
    if first.is_ask:
        asked = [one.says for one in demands]
        return f"{verbs[1]} {', '.join(asked[:-1])}{' and ' if asked[1:] else ''}{asked[-1]}{where(first.when)}"
    return f"{verbs[2] if first.force is Force.SHOULD else verbs[0]}: {first.says}"


def changed_so(relation: Relation, *, is_ask: bool) -> Iterator[tuple[Level, str]]:
    """What a changed requirement, or a fact asked for of other deals, now does; both ways where it does both."""
    match relation:
        case Relation.STRICTER:
            yield Level.TIGHTER, "now asks more deals for" if is_ask else "needs more now"
        case Relation.LOOSER:
            yield Level.LOOSER, "now asks fewer deals for" if is_ask else "needs less now"
        case Relation.NEITHER:
            yield (
                Level.TIGHTER,
                "now asks deals that it did not ask for" if is_ask else "refuses deals now that it let through",
            )
            yield Level.LOOSER, "no longer asks some deals for" if is_ask else "lets deals through now that it refused"
        case _:
            what = "now asks other deals, nobody can tell whether more or fewer, for"
            yield Level.TIGHTER, what if is_ask else "needs something else now, nobody can tell whether more or less"


def always_or(tree: Tree | None) -> str:
    """`` always``, or `` where`` it is."""
    return where(tree) or ", whatever they are"


def briefly(demand: Demand) -> str:
    """A requirement in a list of several."""
    if demand.is_ask:
        return f"{demand.says} is known{where(demand.when)}" if demand.name != "note" else "a note is given"
    return demand.says
