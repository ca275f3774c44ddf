"""What differs in the process as a whole: codes D9xx. A version says why it was made; that is no change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.names import did_you_mean
from engine.model.process import Process
from engine.versions import lists
from engine.versions.pair import Pair
from engine.versions.words_read import effects


def process_changes(pair: Pair) -> Iterator[Change]:
    """Title, time zone, currency, touchpoints, groups, and what ``follows`` says of things that were not there."""
    old, new = pair.old, pair.new
    if old.title != new.title:
        yield _change("D901", Level.NOTE, pair, "title", "the process has another title", old.title, new.title)
    if old.time_zone != new.time_zone:
        says = (
            f"the day now begins in {new.time_zone}, no longer in {old.time_zone}: `today` and limits in days can come "
            "out otherwise within hours of midnight"
        )
        for level, effect in effects(pair, "today"):
            yield _change("D902", level, pair, "time_zone", f"{says}{effect}", old.time_zone, new.time_zone)
    if old.currency != new.currency:
        yield _currency(pair)
    yield from _strangers(pair)
    yield from lists.list_changes(pair)


def _currency(pair: Pair) -> Change:
    old, new = pair.old.currency, pair.new.currency
    if not old or not new:
        says = f"money is now in {new}" if new else f"money is no longer said to be in {old}"
        return _change("D903", Level.NOTE, pair, "currency", says, old, new)
    says = f"money is now in {new}, no longer in {old}: amounts that were recorded in {old} do not come over"
    return _change("D903", Level.BREAK, pair, "currency", says, old, new)


def _change(code: str, level: Level, pair: Pair, key: str, says: str, before: str, after: str) -> Change:
    at = pair.old.places.get(key), pair.new.places.get(key)
    return Change(code, level, Subject.PROCESS, key, says, *at, before, after)


def _strangers(pair: Pair) -> Iterator[Change]:
    """What the later version says of the earlier one that cannot be: of those between them nobody can tell here."""
    first, then = sorted((pair.old, pair.new), key=lambda version: version.version)
    follows = then.follows
    if follows is None or first.version == then.version or follows.version > first.version:
        return
    at = (follows.at, None) if then is pair.old else (None, follows.at)
    if follows.version < first.version:
        says = f"version {then.version} follows version {follows.version}, and not version {first.version}"
        says += ": what has another name counts as gone and new"
        yield Change("D905", Level.NOTE, Subject.PROCESS, "follows", says, *at)
        return
    for section, noun, named, had in (
        ("stages", "stage", follows.stages, _stages(first)),
        ("actions", "action", follows.actions, _actions(first)),
        ("facts", "fact", follows.facts, tuple(first.facts)),
        ("reasons", "reason", follows.reasons, _reasons(first)),
    ):
        for one in named:
            if one not in had:
                hint = did_you_mean(one, had, most=0)
                says = f"version {first.version} had no {noun} '{one}', of which `follows` says what became of it"
                says += f"; {hint}" if hint else ""
                yield Change("D904", Level.NOTE, Subject.PROCESS, f"follows/{section}/{one}", says, *at)


def _stages(process: Process) -> tuple[str, ...]:
    return tuple(stage.id for track in process.all_tracks() for stage in track.stages)


def _actions(process: Process) -> tuple[str, ...]:
    return _distinct(action.id for track in process.all_tracks() for action in track.actions)


def _reasons(process: Process) -> tuple[str, ...]:
    own = (one.code for track in process.all_tracks() for action in track.actions for one in action.reasons)
    shared = (one.code for rules in process.rule_sets for listed in rules.reasons.values() for one in listed)
    return _distinct((*own, *shared))


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


CODES: tuple[Code, ...] = (
    Code(
        "D901",
        "the process has another title",
        (Level.NOTE,),
        "D901",
        "Only what people read is another.",
        Example("title: A small sale", "title: A small sale, quickly made"),
        "base_rest.yaml",
    ),
    Code(
        "D902",
        "the process has another time zone",
        (Level.TIGHTER, Level.LOOSER, Level.NOTE),
        "D902",
        "`today`, limits in days and the days of figures are reckoned in this zone. Where conditions read `today` it "
        "is told twice: for a few hours around midnight a move can be refused that was allowed before, or the other "
        "way about. A clock can act hours sooner or later.",
        Example("time_zone: Europe/Berlin", "time_zone: America/New_York"),
        "base_rest.yaml",
    ),
    Code(
        "D903",
        "the process has another currency",
        (Level.BREAK, Level.NOTE),
        "D903",
        "9,000 of the one currency are not 9,000 of the other, so deals that come over leave their amounts behind, and "
        "these have to be recorded anew; requirements that read them refuse until then. A process of its own for the "
        "other currency is mostly better. Where one version names no currency only what people read is another.",
        Example("currency: EUR", "currency: USD"),
        "base_rest.yaml",
    ),
    Code(
        "D904",
        "`follows` names what was not there",
        (Level.NOTE,),
        "D904",
        "A line of `follows` says what became of something that the version before did not have, so it does nothing. "
        "Mostly the name is misspelt, and the thing that was meant counts as removed.",
        Example("version: 2\n", "version: 3\nfollows: {version: 2, actions: {sing: sign}}\n"),
        "base_rest.yaml",
    ),
    Code(
        "D905",
        "a version does not follow the one it is compared with",
        (Level.NOTE,),
        "D905",
        "`follows` leads past the older of the two to one before it. What became of its ids is not said, so what has "
        "another name counts as gone and new. Compare the version with the one that it follows.",
        Example("version: 2\n", "version: 3\nfollows: {version: 1}\n"),
        "base_rest.yaml",
    ),
    *lists.CODES,
)
