"""What differs in reasons: codes D45x. A list that a rule set shares is told once, with the actions that have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.names import MAIN
from engine.model.place import Place
from engine.model.process import Action, Process
from engine.model.rule import Reason
from engine.versions.matched import Couples, action_couples, couples, families, lost_and_gained
from engine.versions.pair import Pair
from engine.versions.words_read import effects

Listed = tuple[Reason, ...]
Effects = tuple[tuple[Level, str], ...]


@dataclass(frozen=True, slots=True)
class _Lists:
    """Two lists of reasons that are compared, who has them, and where. ``name`` is of the action or the shared list."""

    name: str
    old: Listed
    new: Listed
    old_at: Place | None
    new_at: Place | None
    actions: tuple[str, ...] = ()
    track: str = MAIN

    @property
    def of(self) -> str:
        """What has the list, in a sentence."""
        named = " and ".join(f"'{one}'" for one in self.actions)
        if self.name in self.actions:
            return named
        return f"the list '{self.name}'" + (f" (of {named})" if named else "")


def reason_changes(pair: Pair) -> Iterator[Change]:
    """Whether an action needs a reason, and codes that came, went or have another name, title or group."""
    both = couples(_codes(pair.old), _codes(pair.new), pair.became.reasons, pair.back.reasons)
    for lists in _once(_of_actions(pair)):
        if lists.old and lists.new:
            yield from _inside(lists, both, effects(pair, "reason.group"))
        else:
            yield _needed(lists)


def _needed(lists: _Lists) -> Change:
    """Reasons that must be given from now on, or need not be given any more, in whatever form the action has."""
    if lists.new:
        says = f"{lists.of} now always needs a reason: one of {_all(lists.new)}"
        at = lists.new[0].at
        return _change("D457", Level.TIGHTER, lists, says, lists.old_at, at, "", _all(lists.new))
    says = f"{lists.of} no longer always needs a reason: it was one of {_all(lists.old)}"
    return _change("D458", Level.LOOSER, lists, says, lists.old[0].at, lists.new_at, _all(lists.old), "")


def shared_changes(
    old: Mapping[str, Listed], new: Mapping[str, Listed], actions: Mapping[str, tuple[str, ...]]
) -> Iterator[Change]:
    """The same of the lists of a rule set; ``actions`` tells who has a list, where that is known."""
    for name in dict.fromkeys((*old, *new)):
        lists = _Lists(name, old.get(name, ()), new.get(name, ()), None, None, actions.get(name, ()))
        if not lists.old:
            says, at = f"{lists.of} is new, with {_counted(lists.new)}", lists.new[0].at
            yield _change("D455", Level.NOTE, lists, says, None, at, "", _all(lists.new))
        elif not lists.new:
            says = f"{lists.of} is gone: a process that names it cannot use the new version"
            yield _change("D456", Level.BREAK, lists, says, lists.old[0].at, None, _all(lists.old), "")
        else:
            lists = replace(lists, old_at=lists.old[0].at, new_at=lists.new[0].at)
            yield from _inside(lists, tuple((one.code, one.code) for one in lists.old))


def _codes(process: Process) -> list[str]:
    return [one.code for track in process.all_tracks() for action in track.actions for one in action.reasons]


def _of_actions(pair: Pair) -> Iterator[_Lists]:
    """The lists of each action that both versions have and that differ; actions that became one are compared as one."""
    for before, after in families(action_couples(pair)):
        old = [one for action in before for one in _variants(pair.old, action)]
        new = [one for action in after for one in _variants(pair.new, action)]
        if len(before) > 1 or len(after) > 1 or len(old) != len(new):
            old, new = [_together(old)], [_together(new)]
        track = pair.new.track_of(after[0])
        for was, now in zip(old, new, strict=True):
            if was.reasons != now.reasons:
                shared = _shared(pair.new, now)
                name = shared if now.reasons and shared == _shared(pair.old, was) else ""
                at = (was.at, now.at)
                yield _Lists(name or after[0], was.reasons, now.reasons, *at, after, track.id if track else MAIN)


def _variants(process: Process, action: str) -> tuple[Action, ...]:
    track = process.track_of(action)
    return track.variants(action) if track else ()


def _together(variants: Sequence[Action]) -> Action:
    """All reasons of an action; none where one of its variants takes any."""
    found = {reason.code: reason for one in variants for reason in one.reasons}
    takes_any = any(not one.reasons for one in variants)
    return replace(variants[0], reasons=() if takes_any else tuple(found.values()))


def _shared(process: Process, action: Action) -> str:
    """The list of a rule set that the action's reasons are: ``qualification/loss``; empty where they are its own."""
    at = [one.at for one in action.reasons]
    return next(
        (
            f"{rule_set.id}/{name}"
            for rule_set in process.rule_sets
            for name, listed in rule_set.reasons.items()
            if listed and listed == action.reasons and [one.at for one in listed] == at
        ),
        "",
    )


def _once(found: Iterable[_Lists]) -> Iterator[_Lists]:
    """Each shared list once, with all the actions that have it; the others as they are."""
    kept: dict[str, _Lists] = {}
    for lists in found:
        if lists.name in lists.actions:
            yield lists
        elif lists.name in kept:
            before = kept[lists.name]
            kept[lists.name] = replace(before, actions=tuple(dict.fromkeys((*before.actions, *lists.actions))))
        else:
            kept[lists.name] = lists
    yield from kept.values()


def _inside(lists: _Lists, both: Couples, regrouped: Effects = ((Level.NOTE, ""),)) -> Iterator[Change]:
    """What differs inside a list; ``regrouped``: what another group does, with the end of the sentence."""
    old = {one.code: one for one in lists.old}
    new = {one.code: one for one in lists.new}
    lost, gained = lost_and_gained(old, new, both)
    for code in gained:
        says = f"the reason '{code}' is new for {lists.of}: {new[code].title}"
        yield _change("D451", Level.LOOSER, lists, says, lists.old_at, new[code].at, "", _written(new[code]), code)
    for code in lost:
        says = f"the reason '{code}' is gone for {lists.of}"
        yield _change("D452", Level.TIGHTER, lists, says, old[code].at, lists.new_at, _written(old[code]), "", code)
    for before, after in both:
        if before in old and after in new:
            yield from _of_one(lists, old[before], new[after], regrouped)


def _of_one(lists: _Lists, was: Reason, now: Reason, regrouped: Effects) -> Iterator[Change]:
    if was.code != now.code:
        says = f"the reason '{was.code}' of {lists.of} is now called '{now.code}'"
        yield _change("D453", Level.NOTE, lists, says, was.at, now.at, _written(was), _written(now), was.code)
    elif (was.title, was.group) != (now.title, now.group):
        what = "title" if was.title != now.title else "group"
        told = f"the reason '{now.code}' of {lists.of} has another {what}"
        for level, effect in regrouped if was.group != now.group else ((Level.NOTE, ""),):
            texts = (_written(was), _written(now))
            yield _change("D454", level, lists, f"{told}{effect}", was.at, now.at, *texts, now.code)


def _counted(listed: Listed) -> str:
    return f"{len(listed)} reasons" if len(listed) > 1 else "one reason"


def _all(listed: Listed) -> str:
    return ", ".join(one.code for one in listed)


def _written(reason: Reason) -> str:
    return f"{reason.title} ({reason.group})" if reason.group else reason.title


def _change(
    code: str,
    level: Level,
    lists: _Lists,
    says: str,
    old: Place | None,
    new: Place | None,
    before: str,
    after: str,
    reason: str = "",
) -> Change:
    thing = f"{lists.name}/{reason}" if reason else lists.name
    return Change(code, level, Subject.REASONS, thing, says, old, new, before, after, lists.track)


CODES: tuple[Code, ...] = (
    Code(
        "D451",
        "a list of reasons has a new one",
        (Level.LOOSER,),
        "D452",
        "The reason can be given with the action, and was refused before. Reports by reason have one line more, which "
        "begins with this version. Say in the team when it is the one to choose.",
        Example(
            "      no-need: They have no need\n", "      no-need: They have no need\n      other: Something else\n"
        ),
        "base_rest.yaml",
    ),
    Code(
        "D452",
        "a list of reasons has lost one",
        (Level.TIGHTER,),
        "D451",
        "The reason can no longer be given. Moves of the past keep it. Where it has only got another name, or was put "
        "together with another, say so under `follows: reasons`, and reports count them as one.",
        Example("      no-need: They have no need\n", ""),
        "base_rest.yaml",
    ),
    Code(
        "D453",
        "a reason has another name",
        (Level.NOTE,),
        "D453",
        "`follows` says what the reason is now called. Two that became one can no longer be told apart from this "
        "version on.",
        Example(
            "      no-answer: They do not answer\nversion: 2\n",
            "      silent: They do not answer\nversion: 3\nfollows: {version: 2, reasons: {no-answer: silent}}\n",
        ),
        "base_rest.yaml",
    ),
    Code(
        "D454",
        "a reason has another title or group",
        (Level.TIGHTER, Level.LOOSER, Level.NOTE),
        "D454",
        "What people read is another, or the group under which reports gather the reason. Where conditions read "
        "`reason.group` another group is told twice: deals may be refused that were let through, and the other way "
        "about.",
        Example("no-need: They have no need", "no-need: {title: They have no need, group: market}"),
        "base_rest.yaml",
    ),
    Code(
        "D455",
        "a rule set has a new list of reasons",
        (Level.NOTE,),
        "D456",
        "The list counts nowhere before an action of a process names it.",
        Example("reasons:\n", "reasons:\n  gain: {better-price: We were cheaper}\n"),
        "rules/terms/1.yaml",
    ),
    Code(
        "D456",
        "a list of reasons of a rule set is gone",
        (Level.BREAK,),
        "D455",
        "A process whose actions name the list has an error as soon as it uses this version, so its deals could not go "
        "on. Keep the list, or write the reasons into the process.",
        Example("  drop: {never: It never was one}\n", ""),
        "rules/terms/1.yaml",
    ),
    Code(
        "D457",
        "an action needs a reason",
        (Level.TIGHTER,),
        "D458",
        "Whoever does the action must now give one of the listed reasons. Tell the team what each of them means; what "
        "does it from outside, such as a script, has to give one too.",
        Example("  sign: {from: demo, to: won}\n", "  sign: {from: demo, to: won, reasons: {price: A good price}}\n"),
        "base_rest.yaml",
    ),
    Code(
        "D458",
        "an action needs no reason any more",
        (Level.LOOSER,),
        "D457",
        "The action is done without a reason from now on. Reports that count reasons stay empty for it.",
        Example(
            "  park: {from: qualified, to: lost, reasons: {later: Perhaps next year}}\n",
            "  park: {from: qualified, to: lost}\n",
        ),
        "base_rest.yaml",
    ),
)
