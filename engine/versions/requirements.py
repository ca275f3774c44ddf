"""What differs in requirements and in the facts that are asked for: codes D3xx."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Level, Proof, Relation, Subject
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.model.syntax import Not, Or, Tree
from engine.versions.asked import Asked, asked
from engine.versions.demands import Demand
from engine.versions.kin import tracks_of_both
from engine.versions.pair import Pair
from engine.versions.relating import related
from engine.versions.requirement_codes import CODES
from engine.versions.requirement_moves import moved_changes
from engine.versions.requirement_words import asking, needs, place

_OF_ASKS = {"D301": "D311", "D302": "D312", "D303": "D313"}


def requirement_changes(pair: Pair) -> Iterator[Change]:
    """What differs in what moves must meet, in each track that both versions have."""
    for old, new in tracks_of_both(pair):
        here = asked(pair, old, new)
        for one, other in here.both:
            yield from _changed(one, other, pair)
        yield from moved_changes(here)
        for one, owners in here.come:
            yield _missing("D301", one, owners, here)
        for one, owners in here.gone:
            yield _missing("D302", one, owners, here)


def _missing(code: str, demand: Demand, owners: tuple[str, ...], here: Asked) -> Change:
    """A demand that has come (``D301``) or is gone, everywhere or only for deals of some counterparts."""
    has_come = code == "D301"
    told = place(demand, here.terrain, is_old=not has_come)
    says = needs(demand, told, "now needs", "now asks for", "now warns without")
    if not has_come:
        says = needs(demand, told, "no longer needs", "no longer asks for", "no longer warns without")
    if owners:
        came = "that came from" if has_come else "that go on in"
        says += f" (for deals {came} {' and '.join(f'{one!r}' for one in owners)})"
    level = Level.NOTE if demand.force is Force.SHOULD else Level.TIGHTER if has_come else Level.LOOSER
    text = {"after" if has_come else "before": demand.text, "new" if has_come else "old": demand.at}
    code = _OF_ASKS[code] if demand.is_ask else code
    return Change(code, level, Subject.REQUIREMENTS, demand.thing, says, track=demand.track, **text)  # type: ignore[arg-type]


def _changed(old: Demand, new: Demand, pair: Pair) -> Iterator[Change]:
    proof = related(_letting_pass(old, new.must if new.is_ask else old.must), _letting_pass(new, new.must), pair)
    if proof is not None and proof.relation is not Relation.SAME:
        yield from _by_meaning(old, new, proof)
    if old.force is not new.force:
        warns = new.force is Force.SHOULD
        how = "now only warns, and no longer refuses" if warns else "now refuses, and no longer only warns"
        says = f"{asking(new)} {how}: {new.says}"
        yield _both("D305", Level.LOOSER if warns else Level.TIGHTER, says, old, new)
    elif (proof is None or proof.relation is Relation.SAME) and (old.says, old.fix) != (new.says, new.fix):
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
    what = f"asking for {new.says}" if new.is_ask else new.says
    if Force.SHOULD in (old.force, new.force):
        yield _both(code, Level.NOTE, f"{told} warns of other deals now: {what}", old, new, proof=proof)
        return
    match proof.relation:
        case Relation.UNKNOWN:
            says = f"{told} needs something else now, and whether it is more or less cannot be told: {what}"
            yield _both("D304", Level.TIGHTER, says, old, new, proof=proof)
        case Relation.STRICTER:
            yield _both(code, Level.TIGHTER, f"{told} needs more now: {what}", old, new, proof=proof)
        case Relation.LOOSER:
            yield _both(code, Level.LOOSER, f"{told} needs less now: {what}", old, new, proof=proof)
        case Relation.NEITHER:
            says = f"{told} now refuses deals that it let through: {what}"
            yield _both(code, Level.TIGHTER, says, old, new, proof=proof)
            says = f"{told} now lets through deals that it refused: {what}"
            yield _both(code, Level.LOOSER, says, old, new, proof=proof)


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


__all__ = ["CODES", "requirement_changes"]
