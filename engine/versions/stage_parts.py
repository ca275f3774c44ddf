"""What differs in a stage that both versions have: its chance, times, title and stamps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from engine.model.change import Change, Level, Subject
from engine.model.names import MAIN
from engine.model.process import Stage, Track
from engine.model.syntax import PERCENT
from engine.model.values import duration_text, show_value
from engine.versions.kin import Kin
from engine.versions.matched import alike
from engine.versions.pair import Pair
from engine.versions.saying import assigned
from engine.versions.setting import same_sets, set_otherwise
from engine.versions.words_read import effects, effects_of_facts


@dataclass(frozen=True, slots=True)
class _Both:
    """A stage in both versions, and what it is called in a sentence."""

    old: Stage
    new: Stage
    track: str
    name: str


def part_changes(pair: Pair, old: Track, new: Track, kin: Kin) -> Iterator[Change]:
    """What differs in the parts of stages. Of merged and split ones not the title, which is nobody's alone."""
    stages = {stage.id: stage for stage in new.stages}
    for stage in old.stages:
        for new_id in kin.forth[stage.id]:
            is_one = bool(kin.single(stage.id)) or stage.id == new_id
            name = f"'{new_id}'" if is_one else f"'{new_id}' (for deals that stood in '{stage.id}')"
            both = _Both(stage, stages[new_id], old.id, name)
            yield from _figures(both, pair)
            if is_one and stage.title != stages[new_id].title:
                before, after = stage.title or "none", stages[new_id].title or "none"
                yield _change("D118", f"the title of {name} is now: {after}", before, after, both)
            yield from _stamps(both, pair)


def _figures(both: _Both, pair: Pair) -> Iterator[Change]:
    old, new, name = both.old, both.new, both.name
    if old.probability != new.probability:
        before, after = _percent(old.probability), _percent(new.probability)
        for level, effect in effects(pair, "probability"):
            says = f"the chance of a win in {name} is now {after}, before {before}{effect}"
            yield _change("D115", says, before, after, both, level=level)
    if old.target != new.target:
        before, after = _time(old.target), _time(new.target)
        yield _change("D116", f"the target of {name} is now {after}, before {before}", before, after, both)
    if old.alert != new.alert or not alike(old.unless, new.unless, pair):
        before, after = _alert(old), _alert(new)
        yield _change("D117", f"the alert of {name} is now {after}, before {before}", before, after, both)


def _stamps(both: _Both, pair: Pair) -> Iterator[Change]:
    if same_sets(both.old.stamps, both.new.stamps, pair):
        return
    before, after = assigned(both.old.stamps), assigned(both.new.stamps)
    says = f"reaching {both.name} now stamps {after}" if after else f"reaching {both.name} no longer stamps {before}"
    says += f", before {before}" if before and after else ""
    for level, effect in effects_of_facts(pair, set_otherwise(both.old.stamps, both.new.stamps, pair)):
        yield _change("D119", f"{says}{effect}", before, after, both, level=level)


def _change(code: str, says: str, before: str, after: str, both: _Both, *, level: Level = Level.NOTE) -> Change:
    thing = both.new.id
    if both.track != MAIN:
        thing, says = f"{both.track}/{thing}", f"{says} ({both.track})"
    return Change(code, level, Subject.STAGES, thing, says, both.old.at, both.new.at, before, after, both.track)


def _percent(value: Decimal | None) -> str:
    return "none" if value is None else show_value(value, PERCENT)


def _alert(stage: Stage) -> str:
    """``21d``, or ``21d unless given(waiting_for)``."""
    return _time(stage.alert) + (f" unless {' '.join(stage.unless.text.split())}" if stage.unless else "")


def _time(value: timedelta | None) -> str:
    return "none" if value is None else duration_text(value)
