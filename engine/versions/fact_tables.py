"""What differs in decision tables, row by row and by what the rows mean: codes D41x."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from engine.conditions.compare import satisfiable
from engine.conditions.unparse import literal, shown
from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.expression import Expression
from engine.model.rule import DecisionTable, Fact, Hit, Row
from engine.model.syntax import YES_NO, Literal, Tree
from engine.versions.matched import Couples

Rows = list[tuple[Row | None, Row | None]]
"""Rows side by side; on one side alone: gone, or new."""

Same = Callable[[Expression | None, Expression | None], bool]
"""Whether two conditions mean the same, as far as their form tells."""


def tables_between(old: Mapping[str, Fact], new: Mapping[str, Fact], both: Couples, same: Same) -> Iterator[Change]:
    """Tables that came, went, or say something else; ``same`` tells whether two conditions are alike."""
    for before, after in both:
        was, now = old[before], new[after]
        if was.table is None and now.table is not None:
            says = f"'{now.id}' is now reckoned by a table: what was recorded of it no longer counts"
            yield Change("D411", Level.NOTE, Subject.FACTS, now.id, says, was.at, now.at)
        elif was.table is not None and now.table is None:
            says = f"'{now.id}' is no longer reckoned by a table: it is unknown until it is recorded"
            yield Change("D412", Level.NOTE, Subject.FACTS, now.id, says, was.at, now.at)
        elif was.table is not None and now.table is not None:
            rows = _side_by_side(was.table.rows, now.table.rows, same)
            yield from _inside(was, now, rows, new)


def _inside(old: Fact, new: Fact, rows: Rows, facts: Mapping[str, Fact]) -> Iterator[Change]:
    before, after = old.table, new.table
    if before is None or after is None:
        return
    if before.hit is not after.hit:
        says = f"where several rows of '{new.id}' hold, its table now takes {_HITS[after.hit]}, not {_HITS[before.hit]}"
        was, now = before.hit.value, after.hit.value
        yield Change("D416", Level.NOTE, Subject.FACTS, new.id, says, before.at, after.at, was, now)
    for was_row, now_row in rows:
        yield from _row(old, new, was_row, now_row)
    swapped = _swapped(rows, before, after, facts) if before.hit is after.hit is Hit.FIRST else None
    if swapped:
        says = f"the rows of '{new.id}' stand in another order, and the first that holds is taken"
        yield Change("D417", Level.NOTE, Subject.FACTS, new.id, says, swapped[0].at, swapped[1].at)


_HITS = {Hit.FIRST: "the first", Hit.UNIQUE: "the only one", Hit.SUM: "their sum"}


def _row(old: Fact, new: Fact, was: Row | None, now: Row | None) -> Iterator[Change]:
    before, after = _shown(was, old), _shown(now, new)
    at = (was.at if was else None, now.at if now else None)
    if was is None and now is not None:
        says = f"a row of '{new.id}' is new: {after}"
        yield Change("D413", Level.NOTE, Subject.FACTS, new.id, says, *at, before, after)
    elif was is not None and now is None:
        says = f"a row of '{new.id}' is gone: {before}"
        yield Change("D414", Level.NOTE, Subject.FACTS, new.id, says, *at, before, after)
    elif was is not None and now is not None and was.then != now.then:
        says = f"{_when(now)} '{new.id}' is {literal(now.then, new.type)}, no longer {literal(was.then, old.type)}"
        yield Change("D415", Level.NOTE, Subject.FACTS, new.id, says, *at, before, after)


def _side_by_side(old: tuple[Row, ...], new: tuple[Row, ...], same: Same) -> Rows:
    """First what means the same, then what has the same condition; what is left came or went."""
    left, came = list(old), list(new)
    rows: Rows = []
    for same_result in (True, False):
        for was in tuple(left):
            found = next((now for now in came if _matches(was, now, same, same_result=same_result)), None)
            if found is not None:
                left = [one for one in left if one is not was]
                came = [one for one in came if one is not found]
                rows.append((was, found))
    return [*rows, *((was, None) for was in left), *((None, now) for now in came)]


def _matches(was: Row, now: Row, same: Same, *, same_result: bool) -> bool:
    return (was.then == now.then or not same_result) and same(was.when, now.when)


def _swapped(
    rows: Rows, before: DecisionTable, after: DecisionTable, facts: Mapping[str, Fact]
) -> tuple[Row, Row] | None:
    """Of two rows that changed places, may hold at once and say different things: the one that was first, and is."""
    was_at = {id(row): at for at, row in enumerate(before.rows)}
    now_at = {id(row): at for at, row in enumerate(after.rows)}
    kept = sorted(((was, now) for was, now in rows if was and now), key=lambda one: was_at[id(one[0])])
    return next(
        (
            (was, second)
            for (was, first), (_, second) in combinations(kept, 2)
            if now_at[id(second)] < now_at[id(first)]
            and first.then != second.then
            and satisfiable(_tree(first), _tree(second), facts=facts) is not False
        ),
        None,
    )


def _tree(row: Row) -> Tree:
    return Literal(value=True, type=YES_NO) if row.when is None else row.when.tree


def _when(row: Row) -> str:
    return "otherwise" if row.when is None else f"where {shown(row.when.tree)}"


def _shown(row: Row | None, fact: Fact) -> str:
    return f"{_when(row)}: {literal(row.then, fact.type)}" if row else ""


_TELLS = (
    "What the fact says is another for deals that the row holds of, from the moment that they come over. Requirements "
    "that come out otherwise for that reason are told where they stand."
)

CODES: tuple[Code, ...] = (
    Code(
        "D411",
        "a fact is now reckoned by a table",
        (Level.NOTE,),
        "D412",
        "The table says what the fact is; what was recorded of it no longer counts, and it can no longer be recorded.",
        Example(
            "  score:       {type: number}\n",
            "  score:       {type: number, table: {hit: first, rows: [{when: amount > 0, then: 1}]}}\n",
        ),
        "base_rest.yaml",
    ),
    Code(
        "D412",
        "a fact is no longer reckoned by a table",
        (Level.NOTE,),
        "D411",
        "The fact is unknown until somebody records it. Requirements that read it refuse until then.",
        Example(
            """    table:
      hit: first
      rows:
        - {when: amount >= 50000, then: large}
        - {when: amount >= 5000, then: mid}
        - {when: amount < 5000, then: small}
""",
            "",
        ),
        "base_rest.yaml",
    ),
    Code(
        "D413",
        "a decision table has a new row",
        (Level.NOTE,),
        "D414",
        _TELLS,
        Example(
            "        - {when: amount < 5000, then: small}\n",
            "        - {when: amount < 5000, then: small}\n        - {when: blank(region), then: small}\n",
        ),
        "base_rest.yaml",
    ),
    Code(
        "D414",
        "a row of a decision table is gone",
        (Level.NOTE,),
        "D413",
        _TELLS,
        Example("        - {when: amount < 5000, then: small}\n", ""),
        "base_rest.yaml",
    ),
    Code(
        "D415",
        "a row of a decision table says something else",
        (Level.NOTE,),
        "D415",
        _TELLS,
        Example("{when: amount < 5000, then: small}", "{when: amount < 5000, then: mid}"),
        "base_rest.yaml",
    ),
    Code(
        "D416",
        "a decision table chooses among its rows in another way",
        (Level.NOTE,),
        "D416",
        "Where more than one row holds the fact is another than before. Where only one ever holds nothing changes.",
        Example("hit: first", "hit: unique"),
        "base_rest.yaml",
    ),
    Code(
        "D417",
        "the rows of a decision table stand in another order",
        (Level.NOTE,),
        "D417",
        "Of rows that hold at once the first is taken, and for some deals that is another one now. Rows that change "
        "places and can never hold at once are no change.",
        Example(
            """        - {when: amount >= 50000, then: large}
        - {when: amount >= 5000, then: mid}
""",
            """        - {when: amount >= 5000, then: mid}
        - {when: amount >= 50000, then: large}
""",
        ),
        "base_rest.yaml",
    ),
)
