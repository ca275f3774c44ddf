"""Bring deals to another version as a plan says: all of them in one transaction, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from engine.advance.commit import folded
from engine.advance.entries import blank_entry
from engine.advance.occasion import Batch, Occasion, check_time, not_before
from engine.advance.trust import vouch, who_may
from engine.journal.store import Journal
from engine.model.deal import Deal
from engine.model.entry import Definition, Entry, EntryKind, Migrated
from engine.model.errors import BadValue, DealForgotten, DealMovedOn, PlanOutdated
from engine.model.plan import Fate, FilledLine, Plan, PlanLine
from engine.model.process import Process, role_may

_SHOWN = 5
_EVERY = 1_000
_MANY = 10_000
"""More deals than this are sooner read with all others than asked for one by one."""
AGAIN = "run 'stagewright plan' again; with --decisions FILE it takes over what was filled in"
"""What to do where the world is not the one of the plan any more."""
_REASONS = {
    Fate.STAYS: Migrated.STAYS,
    Fate.FOLLOWS: Migrated.FOLLOWS,
    Fate.MAPS: Migrated.MAPS,
    Fate.DECIDE: Migrated.DECIDED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the deals of a plan's lines stand now.

    ``fresh`` are as they were when the plan was made, ``done`` were brought over by just these lines before;
    ``moved_on`` are otherwise than the plan knew them, and ``elsewhere`` those of them that another plan brought to
    another version meanwhile. ``missing`` are not in the journal.
    """

    fresh: Mapping[str, Deal]
    done: frozenset[str]
    moved_on: tuple[str, ...]
    missing: tuple[str, ...]
    elsewhere: frozenset[str] = frozenset()


def standing(journal: Journal, lines: Sequence[FilledLine], digest: str) -> Standing:
    """How deals stand that lines bring to the definition ``digest``."""
    deals = _deals(journal, [line.deal for line in lines])
    fresh: dict[str, Deal] = {}
    done: set[str] = set()
    moved_on: list[str] = []
    elsewhere: set[str] = set()
    for line in lines:
        deal = deals.get(line.deal)
        if deal is None:
            continue
        if deal.length == line.length and deal.digest.startswith(line.base) and not deal.forgotten:
            fresh[deal.id] = deal
        elif journal.by_key(deal.id, key_of(line, digest)):
            done.add(deal.id)
        else:
            moved_on.append(deal.id)
            if not deal.digest.startswith(line.base):
                elsewhere.add(deal.id)
    missing = tuple(line.deal for line in lines if line.deal not in deals)
    return Standing(fresh, frozenset(done), tuple(moved_on), missing, frozenset(elsewhere))


def check_base(found: Standing) -> None:
    """Raises ``PlanOutdated`` where a deal is no longer as the plan knew it."""
    if found.moved_on:
        raise PlanOutdated(f"{otherwise(found)}; nothing was done", hint=AGAIN)


def otherwise(found: Standing) -> str:
    """Which deals are no longer as the plan knew them, and how that came."""
    moved = [deal for deal in found.moved_on if deal not in found.elsewhere]
    brought = [deal for deal in found.moved_on if deal in found.elsewhere]
    parts = [f"{_named(moved)} moved on since the plan was made"] if moved else []
    if brought:
        parts.append(f"{_named(brought)} {'was' if len(brought) == 1 else 'were'} migrated by another plan since")
    if found.done:
        parts.append(f"{len(found.done):,} more came over as this plan says")
    return "; ".join(parts)


def migration(
    plan: Plan,
    lines: Sequence[FilledLine],
    deals: Mapping[str, Deal],
    *,
    new: Process,
    definition: Definition,
    occasion: Occasion,
    note: str = "",
    progress: Callable[[int], None] = lambda _done: None,
) -> tuple[Batch, ...]:
    """What the plan does to ``deals``, as they are given; ``lines`` are what was given back. Nothing is recorded.

    ``progress`` is told from time to time how many deals were gone through.
    Raises ``BadTime``, ``BadValue`` where the role may not, and as ``vouch`` does.
    """
    trusted = vouch(new, occasion)
    check_role(plan, new, trusted)
    goal = _Goal(plan, new, definition, note)
    keys = {line.deal: key_of(line, definition.digest) for line in lines}
    batches = []
    for number, line in enumerate(plan.lines):
        if line.migrate:
            batches.append(_batch(goal, line, deals[line.deal], replace(trusted, key=keys[line.deal])))
        if number % _EVERY == 0:
            progress(number)
    return tuple(batches)


def migrate(journal: Journal, batches: Sequence[Batch], definition: Definition) -> None:
    """Record a migration: all of it in one transaction, or nothing.

    Raises ``PlanOutdated`` where a deal has moved on meanwhile.
    """
    if not batches:
        return
    try:
        journal.append_together(batches, definitions=(definition,))
    except (DealMovedOn, DealForgotten) as error:
        raise PlanOutdated(f"{error}; nothing was done", hint=AGAIN) from None


@dataclass(frozen=True, slots=True)
class _Goal:
    """Where all deals of a plan come to, and what is noted with each."""

    plan: Plan
    new: Process
    definition: Definition
    note: str


def check_role(plan: Plan, new: Process, occasion: Occasion) -> None:
    """Raises ``BadValue`` where somebody placed deals by hand whose role may not.

    A deal that is placed by hand passes over what its new stage requires; so who may override may do it.
    """
    by_hand = sum(line.migrate and line.fate is Fate.DECIDE for line in plan.lines)
    if not by_hand or new.override_by is None or role_may(new, occasion.role, new.override_by):
        return
    who = f"role '{occasion.role}' may not" if occasion.role else "nobody without a role may"
    deals = "1 deal" if by_hand == 1 else f"{by_hand:,} deals"
    may = who_may(new, new.override_by, occasion.people)
    has = f"who has one in people.yaml: {', '.join(may) or 'nobody'}"
    raise BadValue(
        f"{who} place deals where the process does not say that they go, and the plan does so with {deals}",
        hint=f"it takes one of: {', '.join(new.override_by)}; {has if occasion.people else 'say so with --role'}",
    )


def key_of(line: FilledLine, digest: str) -> str:
    """The key under which a line is done once: what the deal was, and what becomes of it."""
    tracks = ",".join(f"{name}:{stage}" for name, stage in sorted(line.tracks.items()) if stage)
    parts = (str(line.length), line.base[:16], digest, line.to_stage, tracks)
    return f"plan:{sha256(' '.join(parts).encode()).hexdigest()[:24]}"


def _deals(journal: Journal, ids: Sequence[str]) -> Mapping[str, Deal]:
    if len(ids) > _MANY:
        wanted = frozenset(ids)
        return {deal.id: deal for deal in journal.deals() if deal.id in wanted}
    found = {name: journal.deal(name) for name in ids}
    return {name: deal for name, deal in found.items() if deal is not None}


def _named(deals: Sequence[str]) -> str:
    """``deal 'a'``, ``12 deals ('a', 'b' and 10 more)``."""
    names = ", ".join(f"'{name}'" for name in deals[:_SHOWN])
    rest = f" and {len(deals) - _SHOWN:,} more" if len(deals) > _SHOWN else ""
    return f"deal {names}" if len(deals) == 1 else f"{len(deals):,} deals ({names}{rest})"


def _batch(goal: _Goal, line: PlanLine, deal: Deal, occasion: Occasion) -> Batch:
    occasion = not_before(occasion, deal)
    check_time(occasion, deal)
    entries = tuple(_entries(goal, line, deal, occasion))
    return entries, deal.length, folded(entries, deal)


def _entries(goal: _Goal, line: PlanLine, deal: Deal, occasion: Occasion) -> Iterator[Entry]:
    """One entry, and one more for each side track in which the deal stands elsewhere."""
    stage = goal.new.main.stage(line.to_stage)
    main = replace(
        blank_entry(deal, occasion, EntryKind.MIGRATED),
        version=goal.new.version,
        digest=goal.definition.digest,
        from_stage=deal.stage,
        to_stage=line.to_stage,
        outcome=stage.ends if stage else "",
        reason=_REASONS[line.fate].value,
        note=_joined(line.why, line.because, goal.note),
        facts={name: deal.facts[old] for old, name in sorted(line.facts.items()) if name},
        renamed=_renamed(goal.plan, line, deal),
    )
    yield main
    elsewhere = [step for step in line.tracks if step.to_stage and step.to_stage != step.from_stage]
    for number, step in enumerate(elsewhere, start=main.sequence + 1):
        track = goal.new.track(step.track)
        there = track.stage(step.to_stage) if track else None
        yield replace(
            main,
            sequence=number,
            track=step.track,
            from_stage=step.from_stage,
            to_stage=step.to_stage,
            outcome=there.ends if there else "",
            reason=Migrated.DECIDED.value,
            key="",
            note=_joined(line.because, goal.note),
            facts={},
            renamed={},
        )


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _renamed(plan: Plan, line: PlanLine, deal: Deal) -> dict[str, str]:
    """What of the deal's past is called otherwise since."""
    names = dict(plan.renamed.get(deal.digest, {}))
    here = f"stages/{deal.stage}"
    if here in names and line.fate is not Fate.DECIDE:
        names[here] = line.to_stage
    stood = {*deal.visited, deal.previous}
    past = {f"stages/{stage}" for stage in stood} | {f"actions/{action}" for action in deal.actions}
    found = {place: name for place, name in names.items() if place in past}
    return {**found, **{f"facts/{old}": name for old, name in sorted(line.facts.items())}}
