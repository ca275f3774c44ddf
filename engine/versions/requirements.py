"""What differs in requirements and in the facts that are asked for: codes D3xx."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.model.change import Change, Level, Proof, Relation, Subject
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.model.syntax import Not, Or, Tree
from engine.versions.asked import Asked, asked
from engine.versions.demands import Demand
from engine.versions.kin import tracks_of_both
from engine.versions.pair import Pair
from engine.versions.relating import How, directions, related
from engine.versions.requirement_moves import moved_changes
from engine.versions.requirement_words import asked_before, asking, changed_so, needs
from engine.versions.saying import named

_OF_ASKS = {"D301": "D311", "D302": "D312", "D303": "D313"}
_NOW = ("now needs", "now asks for", "now warns without")
_NO_LONGER = ("no longer needs", "no longer asks for", "no longer warns without")


def requirement_changes(pair: Pair) -> Iterator[Change]:
    """What differs in what moves must meet, in each track that both versions have."""
    for old, new in tracks_of_both(pair):
        here = asked(pair, old, new)
        for one, other in here.both:
            yield from _changed(one, other, pair)
        yield from moved_changes(here)
        for demands, owners in _together(here.come):
            yield _missing("D301", demands, owners, here)
        for demands, owners in _together(here.gone):
            yield _missing("D302", demands, owners, here)


Missing = tuple[Demand, tuple[str, ...]]


def _together(missing: Sequence[Missing]) -> Iterator[tuple[tuple[Demand, ...], tuple[str, ...]]]:
    """What is told in one sentence: facts that are asked for at one place whatever the deal; else one by one."""
    found: dict[tuple[object, ...], list[Demand]] = {}
    for demand, owners in missing:
        alone = id(demand) if not demand.is_ask or demand.when is not None else 0
        found.setdefault((alone, demand.kept, demand.owner, owners), []).append(demand)
    return ((tuple(demands), key[3]) for key, demands in found.items())  # type: ignore[misc]


def _missing(code: str, demands: tuple[Demand, ...], owners: tuple[str, ...], here: Asked) -> Change:
    """What has come (``D301``) or is gone, everywhere or only for deals of some counterparts."""
    first, has_come = demands[0], code == "D301"
    told = asking(first) if has_come else asked_before(first, here.terrain)
    says = f"{told} {needs(demands, _NOW if has_come else _NO_LONGER)}"
    if owners:
        says += f" (for deals that {'came from' if has_come else 'go on in'} {named(owners)})"
    level = Level.NOTE if first.force is Force.SHOULD else Level.TIGHTER if has_come else Level.LOOSER
    thing = first.thing if len(demands) == 1 else first.thing.rpartition("/")[0]
    code, text = _OF_ASKS[code] if first.is_ask else code, ", ".join(one.text for one in demands)
    change = Change(code, level, Subject.REQUIREMENTS, thing, says, track=first.track)
    return replace(change, new=first.at, after=text) if has_come else replace(change, old=first.at, before=text)


def _changed(old: Demand, new: Demand, pair: Pair) -> Iterator[Change]:
    known = tuple(one for one in old.known if one in new.known)
    before = _letting_pass(old, new.must if new.is_ask else old.must)
    proof = related(before, _letting_pass(new, new.must), pair, known=known)
    if proof is not None and proof.relation is not Relation.SAME:
        yield from _by_meaning(old, new, proof)
    if old.force is not new.force:
        warns = new.force is Force.SHOULD
        how = "now only warns, and no longer refuses" if warns else "now refuses, and no longer only warns"
        says = f"{asking(new)} {how}: {new.says}"
        yield _both("D305", Level.LOOSER if warns else Level.TIGHTER, says, old, new)
    elif (
        not new.is_ask
        and (proof is None or proof.relation is Relation.SAME)
        and (old.says, old.fix) != (new.says, new.fix)
    ):
        says = f"{asking(new)} tells it in other words: {new.says}"
        if old.says == new.says:
            says = f"{asking(new)} tells another way to mend it: {new.says}"
        yield _both("D306", Level.NOTE, says, old, new, texts=_words(old, new))


def _letting_pass(demand: Demand, must: Tree) -> tuple[Tree | None, Tree]:
    """The ``when`` and the ``must`` of a demand; what is known needs no asking, even where its ``when`` is unknown."""
    if demand.is_ask and demand.when is not None:
        return None, Or((Not(demand.when), must))
    return demand.when, must


def _by_meaning(old: Demand, new: Demand, proof: Proof) -> Iterator[Change]:
    code = "D313" if new.is_ask else "D303"
    told = asking(new)
    if Force.SHOULD in (old.force, new.force):
        yield _both(code, Level.NOTE, f"{told} warns of other deals now: {new.says}", old, new, proof=proof)
        return
    for level, how in directions(proof):
        known = "D304" if how is How.PERHAPS else code
        yield _both(known, level, f"{told} {changed_so(new, level, how)}", old, new, proof=proof)


def _words(old: Demand, new: Demand) -> tuple[str, str]:
    if old.says == new.says:
        return old.fix, new.fix
    return old.says, new.says


def _both(
    code: str,
    level: Level,
    says: str,
    old: Demand,
    new: Demand,
    *,
    proof: Proof | None = None,
    texts: tuple[str, str] = ("", ""),
) -> Change:
    before, after = texts if any(texts) else (old.text, new.text)
    return Change(
        code,
        level,
        Subject.REQUIREMENTS,
        new.thing,
        says,
        old.at,
        new.at,
        before,
        after,
        new.track or MAIN,
        proof,
    )
