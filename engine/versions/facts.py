"""What differs in facts: codes D40x. Their decision tables are compared in ``fact_tables``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.conditions.unparse import literal
from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.rule import Fact
from engine.model.syntax import Kind
from engine.versions import fact_tables
from engine.versions.matched import Couples, alike, fact_couples, lost_and_gained
from engine.versions.pair import Pair

_NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY})


def fact_changes(pair: Pair) -> Iterator[Change]:
    """Facts added, removed, renamed, of another type or default; and rows of decision tables."""
    both = fact_couples(pair)
    yield from facts_between(pair.old.facts, pair.new.facts, both)
    yield from fact_tables.tables_between(pair.old.facts, pair.new.facts, both, lambda old, new: alike(old, new, pair))


def facts_between(old: Mapping[str, Fact], new: Mapping[str, Fact], both: Couples) -> Iterator[Change]:
    """The same of facts in whatever holds them, tables left aside."""
    lost, gained = lost_and_gained(old, new, both)
    for one in gained:
        yield _added(new[one])
    for one in lost:
        yield _removed(old[one])
    for before, after in both:
        beside = [one for one, to in both if to == after]
        yield from _renamed(old[before], new[after], beside)
        yield from _changed(old[before], new[after])


def _added(fact: Fact) -> Change:
    says = f"the fact '{fact.id}' ({fact.type}) is new: no open deal has it yet"
    if fact.table is not None:
        says = f"the fact '{fact.id}' ({fact.type}) is new: its table reckons it for every deal"
    elif fact.default is not None:
        says = f"the fact '{fact.id}' ({fact.type}) is new: until it is recorded it is {_default(fact)}"
    return Change("D401", Level.NOTE, Subject.FACTS, fact.id, says, new=fact.at, after=_written(fact))


def _removed(fact: Fact) -> Change:
    says = f"the fact '{fact.id}' is gone: what was recorded of it no longer counts for deals that come over"
    if fact.table is not None:
        says = f"the fact '{fact.id}' is gone: nothing reckons it any more"
    return Change("D402", Level.NOTE, Subject.FACTS, fact.id, says, old=fact.at, before=_written(fact))


def _renamed(old: Fact, new: Fact, beside: list[str]) -> Iterator[Change]:
    """``beside`` are the old facts that became the new one."""
    if old.id == new.id:
        return
    says = f"the fact '{old.id}' is now called '{new.id}': deals keep what was recorded"
    if len(beside) > 1:
        others = " and ".join(f"'{one}'" for one in beside if one != old.id)
        says = f"the fact '{old.id}' is now '{new.id}', as {others} is: a deal that has both keeps one of the values"
    yield _change("D403", Level.NOTE, old, new, says, old.id, new.id)


def _changed(old: Fact, new: Fact) -> Iterator[Change]:
    if old.type.kind is not new.type.kind:
        yield _of_another_type(old, new)
    elif old.type != new.type:
        yield from _choices(old, new)
    if old.default != new.default:
        says = f"until '{new.id}' is recorded it is {_default(new)}, no longer {_default(old)}"
        yield _change("D407", Level.NOTE, old, new, says, _default(old), _default(new))
    if old.title != new.title:
        says = f"the title of the fact '{new.id}' is another"
        yield _change("D408", Level.NOTE, old, new, says, old.title, new.title)


def _of_another_type(old: Fact, new: Fact) -> Change:
    was, now = old.type.kind, new.type.kind
    level, means = Level.BREAK, "what deals have recorded does not fit any more"
    if {was, now} < {*_NUMBERS, Kind.PERCENT} and Kind.PERCENT in (was, now):
        means = "15% is the number 0.15, and is read as it"
    elif {was, now} == _NUMBERS:
        level, means = Level.NOTE, "what deals have recorded still fits"
    elif (was, now) == (Kind.CHOICE, Kind.TEXT):
        level, means = Level.LOOSER, "anything may be recorded, not only the choices"
    elif (was, now) == (Kind.TEXT, Kind.CHOICE):
        level, means = Level.TIGHTER, "only the choices may be recorded, and other texts do not fit any more"
    says = f"the fact '{new.id}' is now {now.value}, no longer {was.value}: {means}"
    return _change("D404", level, old, new, says, _written(old), _written(new))


def _choices(old: Fact, new: Fact) -> Iterator[Change]:
    lost = [one for one in old.type.choices if one not in new.type.choices]
    gained = [one for one in new.type.choices if one not in old.type.choices]
    if lost:
        says = f"'{new.id}' can no longer be {_either(lost)}"
        yield _change("D405", Level.TIGHTER, old, new, says, _written(old), _written(new))
    if gained:
        says = f"'{new.id}' can now be {_either(gained)}"
        yield _change("D406", Level.LOOSER, old, new, says, _written(old), _written(new))


def _change(code: str, level: Level, old: Fact, new: Fact, says: str, before: str, after: str) -> Change:
    return Change(code, level, Subject.FACTS, new.id, says, old.at, new.at, before, after)


def _either(names: list[str]) -> str:
    told = [f"'{one}'" for one in names]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}"


def _default(fact: Fact) -> str:
    return "unknown" if fact.default is None else literal(fact.default, fact.type)


def _written(fact: Fact) -> str:
    return f"{fact.type} of {', '.join(fact.type.choices)}" if fact.type.choices else str(fact.type)


CODES: tuple[Code, ...] = (
    Code(
        "D401",
        "a fact is new",
        (Level.NOTE,),
        "D402",
        "No open deal has the fact yet. By itself it refuses nothing; a requirement that reads it is told by itself. "
        "Tell the team who records it, and when.",
        Example("  region:      {type: text}\n", "  region:      {type: text}\n  segment:     {type: text}\n"),
        "base_rest.yaml",
    ),
    Code(
        "D402",
        "a fact is gone",
        (Level.NOTE,),
        "D401",
        "What was recorded of it no longer counts for deals that come over to the new version; the journal still has "
        "it. Where the fact has only got another name, say so under `follows: facts`, and nothing is lost.",
        Example("  memo:        {type: text}\n", ""),
        "base_rest.yaml",
    ),
    Code(
        "D403",
        "a fact has another name",
        (Level.NOTE,),
        "D403",
        "`follows` says what the fact is now called, so deals keep what was recorded. Columns of exports and sheets "
        "that go by the old name have to be told. Where two facts became one, a deal that has both keeps one value.",
        Example(
            "version: 2\nfacts:\n  memo:   ",
            "version: 3\nfollows: {version: 2, facts: {memo: remark}}\nfacts:\n  remark: ",
        ),
        "base_rest.yaml",
    ),
    Code(
        "D404",
        "a fact has another type",
        (Level.BREAK, Level.TIGHTER, Level.LOOSER, Level.NOTE),
        "D404",
        "What deals have recorded must fit the new type. It does from number to money and back, and from choice to "
        "text; from text to choice only what is one of the choices fits. From percent to number 15% comes over as "
        "0.15. Any other value is left behind and has to be recorded again: a new fact with an id of its own is mostly "
        "better.",
        Example("score:       {type: number}", "score:       {type: text}"),
        "base_rest.yaml",
    ),
    Code(
        "D405",
        "a choice is gone",
        (Level.TIGHTER,),
        "D406",
        "The choice can no longer be recorded. Deals that have it need another one before they come over: find them "
        "with `stagewright deals`, and record what holds for them.",
        Example("of: [good, fair, poor]", "of: [good, poor]"),
        "base_rest.yaml",
    ),
    Code(
        "D406",
        "a choice is new",
        (Level.LOOSER,),
        "D405",
        "Something can be recorded that was refused before. See whether conditions that list the choices have to "
        "name this one as well.",
        Example("of: [good, fair, poor]", "of: [good, fair, poor, unclear]"),
        "base_rest.yaml",
    ),
    Code(
        "D407",
        "a fact has another default",
        (Level.NOTE,),
        "D407",
        "Deals in which the fact was never recorded count with the new default at once. Requirements that come out "
        "otherwise for that reason are told where they stand.",
        Example("discount:    {type: percent, default: 0%}", "discount:    {type: percent, default: 5%}"),
        "base_rest.yaml",
    ),
    Code(
        "D408",
        "a fact has another title",
        (Level.NOTE,),
        "D408",
        "Only what people read is another. Nothing changes for deals.",
        Example("score:       {type: number}", "score:       {type: number, title: Points}"),
        "base_rest.yaml",
    ),
    *fact_tables.CODES,
)
