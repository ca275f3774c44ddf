"""What a version would do to the deals that are open: which it strands, refuses at their next move, or lets escape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from engine.machine.compile import Machine, compile_process
from engine.model.deal import Deal
from engine.model.process import Process
from engine.versions.became import became
from engine.versions.carried import Carrier
from engine.versions.impact_moves import Standing, next_moves


class Effect(Enum):
    """What a version does to an open deal, worst first."""

    STRANDED = "stranded"
    REFUSED = "refused at the next move"
    ESCAPING = "escaping a control"


@dataclass(frozen=True, slots=True)
class Hit:
    """One effect on one deal. ``cause`` is what does it: a requirement's id, or why the deal is stranded.

    ``says`` is what the requirement asks, ``move`` the next move that it is asked of.
    """

    deal: str
    owner: str
    money: Decimal | None
    stage: str
    effect: Effect
    cause: str
    says: str = ""
    move: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """Some deals and their money."""

    deals: int
    money: Decimal


@dataclass(frozen=True, slots=True)
class Impact:
    """What a version does to all open deals. ``hits`` may name a deal several times; ``unread`` are sentences on deals
    that could not be judged, ``unjudged`` how many they are.
    """

    process: str
    version: int
    currency: str
    as_of: datetime
    every: Money
    unchanged: Money
    hits: tuple[Hit, ...]
    already: int = 0
    unjudged: int = 0
    unread: tuple[str, ...] = ()


def impact(
    deals: Iterable[Deal],
    process_of: Callable[[str], Process | str],
    new: Process,
    *,
    between: Iterable[Process] = (),
    now: datetime,
) -> Impact:
    """What ``new`` does to the open deals among these, as they stand ``now`` (in UTC).

    ``process_of`` gives the version that a deal follows by its digest, or a sentence on why it cannot be read.
    """
    between = tuple(between)
    groups: dict[str, list[Deal]] = {}
    forgotten = 0
    for deal in deals:
        if deal.process != new.id or deal.outcome:
            continue
        if deal.forgotten:
            forgotten += 1
        else:
            groups.setdefault(deal.digest, []).append(deal)
    machine = compile_process(new)
    hits: list[Hit] = []
    unread = [_counted(forgotten, "was forgotten", "were forgotten")] if forgotten else []
    already, unjudged = 0, forgotten
    for digest, its in groups.items():
        old = process_of(digest)
        if isinstance(old, str):
            unread.append(f"{_counted(len(its), 'follows', 'follow')} a definition that cannot be read: {old}")
            unjudged += len(its)
        elif old == new:
            already += len(its)
        else:
            hits += _hits(its, compile_process(old), machine, between=between, now=now)
    hit = {each.deal for each in hits}
    every = [deal for its in groups.values() for deal in its]
    judged = {digest for digest in groups if not isinstance(process_of(digest), str)}
    unchanged = [deal for deal in every if deal.digest in judged and deal.id not in hit]
    return Impact(
        new.id,
        new.version,
        new.currency,
        now,
        Money(len(every) + forgotten, _sum(every)),
        Money(len(unchanged), _sum(unchanged)),
        tuple(hits),
        already,
        unjudged,
        tuple(unread),
    )


def _hits(
    deals: Sequence[Deal], old: Machine, new: Machine, *, between: tuple[Process, ...], now: datetime
) -> list[Hit]:
    names = became(old.process, new.process, between)
    carrier = Carrier(new, names)
    found: list[Hit] = []
    standing: list[Standing] = []
    for deal in deals:
        carried = carrier.carry(deal, now=now)
        if carried.deal is None:
            found.append(_hit(deal, Effect.STRANDED, carried.why))
        else:
            standing.append(Standing(deal, carried.deal))
    for each in next_moves(standing, old, new, names, now=now):
        effect = Effect.REFUSED if each.refuses else Effect.ESCAPING
        its = [standing[place].deal for place in each.places]
        found += (_hit(deal, effect, each.cause, says=each.says, move=each.move) for deal in its)
    return found


def _hit(deal: Deal, effect: Effect, cause: str, *, says: str = "", move: str = "") -> Hit:
    return Hit(deal.id, deal.owner, money_of(deal), deal.stage, effect, cause, says, move)


def money_of(deal: Deal) -> Decimal | None:
    """What a deal is worth; ``None`` where nobody said."""
    amount = deal.facts.get("amount")
    return amount if isinstance(amount, Decimal) else None


def _sum(deals: Iterable[Deal]) -> Decimal:
    return sum((money_of(deal) or Decimal(0) for deal in deals), Decimal(0))


def _counted(count: int, one: str, many: str) -> str:
    return f"1 open deal {one}" if count == 1 else f"{count:,} open deals {many}"
