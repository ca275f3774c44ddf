"""What a version does to open deals, as sections of figures: how many, how much money, and whose they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from engine.model.study import Figure, Heading, Section, Unit
from engine.versions.amounts import counted, money_text, told_elsewhere
from engine.versions.impact import Effect, Hit, Impact

SHOWN = 10
_OWNERS = 3
_NOBODY = "nobody"


def sections(impact: Impact) -> tuple[Section, ...]:
    """What it does to how many deals; what does it; and to which deals, most money first."""
    return (_effects(impact), _causes(impact), _deals(impact))


def impact_says(impact: Impact) -> tuple[str, ...]:
    """What it does in a sentence each; what could not be judged is always said."""
    found = []
    total = counted(impact.every.deals, "open deal")
    name = f"{impact.process}@{impact.version}"
    for effect, does in (
        (Effect.STRANDED, "stranded"),
        (Effect.REFUSED, "refused at a next move that is possible now"),
        (Effect.ESCAPING, "spared a requirement that stands in their way now"),
    ):
        its = _once(hit for hit in impact.hits if hit.effect is effect)
        if its:
            money = money_text(_sum(its), impact.currency)
            found.append(f"{len(its):,} of {total} would be {does}, {money}, {_mostly(its)}.")
    if not impact.every.deals:
        found.append(f"There is no open deal of {impact.process}.")
    elif not impact.hits and not impact.unjudged:
        found.append(f"None of {total} would be stranded or refused by {name}, and none would be spared anything.")
    elif not impact.hits:
        judged = impact.every.deals - impact.unjudged
        found.append(f"Nothing changes for the {counted(judged, 'open deal')} that could be judged.")
    if impact.unjudged:
        found.append(f"{impact.unjudged:,} of {total} could not be judged: {'; '.join(impact.unread)}.")
    return tuple(found)


def _effects(impact: Impact) -> Section:
    rows: list[tuple[Figure, ...]] = []
    for effect in Effect:
        its = _once(hit for hit in impact.hits if hit.effect is effect)
        rows.append((effect.value, len(its), _share(len(its), impact), _sum(its), _owners(its)))
    unchanged = impact.unchanged
    rows.append(("unchanged", unchanged.deals, _share(unchanged.deals, impact), unchanged.money, ""))
    rows.append(("could not be judged", impact.unjudged, _share(impact.unjudged, impact), None, ""))
    return Section(
        "impact",
        "What it does to open deals",
        (
            Heading("what", "What"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Share", Unit.SHARE),
            Heading("money", "Money", Unit.MONEY),
            Heading("owners", "Owners"),
        ),
        tuple(rows),
        notes=(
            "Looked at are the next moves forward of each deal, by what is known of it now; who may make them is not. "
            "A deal stands in each line that is true of it.",
            *(f"{each[0].upper()}{each[1:]}." for each in impact.unread),
            *told_elsewhere(impact.uncounted, impact.currency),
        ),
    )


def _causes(impact: Impact) -> Section:
    groups: dict[tuple[Effect, str, str], list[Hit]] = defaultdict(list)
    for hit in impact.hits:
        groups[hit.effect, hit.cause, hit.says].append(hit)
    order = list(Effect)
    told = [(effect, cause, says, _once(its)) for (effect, cause, says), its in groups.items()]
    told.sort(key=lambda each: (order.index(each[0]), -len(each[3]), each[1]))
    return Section(
        "impact-causes",
        "What does it",
        (
            Heading("what", "What"),
            Heading("cause", "By"),
            Heading("says", "What it asks"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("money", "Money", Unit.MONEY),
            Heading("owners", "Owners"),
        ),
        tuple((effect.value, cause, says, len(its), _sum(its), _owners(its)) for effect, cause, says, its in told),
        empty="No open deal is hit.",
    )


def _deals(impact: Impact) -> Section:
    order = list(Effect)

    def rank(hit: Hit) -> tuple[Decimal, str, int, str]:
        return (-(hit.money or Decimal(-1)), hit.deal, order.index(hit.effect), hit.cause)

    return Section(
        "impact-deals",
        "The deals",
        (
            Heading("deal", "Deal"),
            Heading("owner", "Owner"),
            Heading("money", "Money", Unit.MONEY),
            Heading("stage", "Stage"),
            Heading("what", "What"),
            Heading("cause", "By"),
            Heading("move", "Next move"),
        ),
        tuple(
            (hit.deal, hit.owner, hit.money, hit.stage, hit.effect.value, hit.cause, hit.move)
            for hit in sorted(impact.hits, key=rank)
        ),
        empty="No open deal is hit.",
        shown=SHOWN,
    )


def _once(hits: Iterable[Hit]) -> list[Hit]:
    """One for each deal."""
    return list({hit.deal: hit for hit in hits}.values())


def _share(deals: int, impact: Impact) -> float:
    return deals / impact.every.deals if impact.every.deals else 0.0


def _sum(hits: Iterable[Hit]) -> Decimal:
    return sum((hit.money or Decimal(0) for hit in hits), Decimal(0))


def _by_owner(hits: Sequence[Hit]) -> list[tuple[str, int]]:
    return sorted(Counter(hit.owner for hit in hits).items(), key=lambda each: (-each[1], each[0]))


def _owners(hits: Sequence[Hit]) -> str:
    """Those with the most: ``ana 5, ben 2 and 3 more``."""
    owners = _by_owner(hits)
    told = ", ".join(f"{owner or _NOBODY} {count:,}" for owner, count in owners[:_OWNERS])
    return told + (f" and {len(owners) - _OWNERS:,} more" if len(owners) > _OWNERS else "")


def _mostly(hits: Sequence[Hit]) -> str:
    owners = _by_owner(hits)
    owner, count = owners[0]
    if 2 * count <= len(hits):
        return _owners(hits)
    if not owner and count == len(hits):
        return "owned by nobody"
    if len(owners) == 1:
        return f"all of {owner}"
    return f"mostly of {owner or _NOBODY}"
