"""What a version would do to the deals that are open: which it strands, refuses at their next move, or lets escape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from engine.versions.kept_values import amount_fact, amount_of, currency_of, is_told_in, keeping


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
    that could not be judged, ``unjudged`` how many they are. ``uncounted``: deals whose money is of another currency.
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
    uncounted: int = 0


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
    groups, forgotten = _open(deals, new)
    unread = [_counted(forgotten, "was forgotten", "were forgotten")] if forgotten else []
    followed: dict[str, Process] = {}
    for digest, its in groups.items():
        old = process_of(digest)
        if isinstance(old, str):
            unread.append(f"{_counted(len(its), 'follows', 'follow')} a definition that cannot be read: {old}")
        else:
            followed[digest] = old
    currency = currency_of(followed.values(), new)
    judging = _Judging(compile_process(new), tuple(between), currency, now)
    judged = [judging.judged(groups[digest], old) for digest, old in followed.items()]
    hits = tuple(hit for each in judged for hit in each.hits)
    hit = {each.deal for each in hits}
    every = {deal: money for each in judged for deal, money in each.money.items()}
    count = forgotten + sum(map(len, groups.values()))
    return Impact(
        new.id,
        new.version,
        currency,
        now,
        Money(count, _sum(every.values())),
        Money(len(every.keys() - hit), _sum(money for deal, money in every.items() if deal not in hit)),
        hits,
        already=sum(len(groups[digest]) for digest, old in followed.items() if old == new),
        unjudged=count - len(every),
        unread=tuple(unread),
        uncounted=sum(len(groups[digest]) for digest, old in followed.items() if not is_told_in(old, currency)),
    )


def _open(deals: Iterable[Deal], new: Process) -> tuple[Mapping[str, Sequence[Deal]], int]:
    """The open deals of the process by the digest that they follow, and how many were forgotten."""
    groups: dict[str, list[Deal]] = {}
    forgotten = 0
    for deal in deals:
        if deal.process != new.id or deal.outcome:
            continue
        if deal.forgotten:
            forgotten += 1
        else:
            groups.setdefault(deal.digest, []).append(deal)
    return groups, forgotten


@dataclass(frozen=True, slots=True)
class _Judged:
    """Deals that follow one definition: what hits them, and what each is worth."""

    hits: Sequence[Hit]
    money: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True, eq=False)
class _Judging:
    """What all deals are judged by; their money is told in the ``currency``."""

    new: Machine
    between: tuple[Process, ...]
    currency: str
    now: datetime

    def judged(self, deals: Sequence[Deal], old: Process) -> _Judged:
        """What the version does to deals that follow ``old``."""
        new = self.new.process
        names = became(old, new, self.between)
        amount = amount_fact(old, names) if is_told_in(old, self.currency) else ""
        money = {deal.id: amount_of(deal.facts, amount) for deal in deals}
        if old == new:
            return _Judged((), money)
        carrier = Carrier(self.new, names, keeping(old, new, names))
        found: list[Hit] = []
        standing: list[Standing] = []
        for deal in deals:
            carried = carrier.carry(deal, now=self.now)
            if carried.deal is None:
                found.append(_hit(deal, money, Effect.STRANDED, carried.why))
            else:
                standing.append(Standing(deal, carried.deal))
        for each in next_moves(standing, compile_process(old), self.new, names, now=self.now):
            effect = Effect.REFUSED if each.refuses else Effect.ESCAPING
            its = [standing[place].deal for place in each.places]
            found += (_hit(deal, money, effect, each.cause, says=each.says, move=each.move) for deal in its)
        return _Judged(found, money)


def _hit(
    deal: Deal, money: Mapping[str, Decimal | None], effect: Effect, cause: str, *, says: str = "", move: str = ""
) -> Hit:
    return Hit(deal.id, deal.owner, money[deal.id], deal.stage, effect, cause, says, move)


def _sum(money: Iterable[Decimal | None]) -> Decimal:
    return sum((each for each in money if each is not None), Decimal(0))


def _counted(count: int, one: str, many: str) -> str:
    return f"1 open deal {one}" if count == 1 else f"{count:,} open deals {many}"
