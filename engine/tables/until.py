"""The five tables as they stood at a moment: what happened later is taken out, and what it ended is open again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from engine.model.syntax import Value
from engine.model.values import parse_duration
from engine.tables import dialect
from engine.tables.build import Tables, exact
from engine.tables.open import Opened, opened

_KEPT = """
moves JOIN (
    SELECT deal, track, min(seq) FILTER (entered_at > $1) AS too_late FROM moves GROUP BY deal, track
) AS cut USING (deal, track)
WHERE too_late IS NULL OR seq < too_late
"""
"""What comes after a visit that is too late was later still, dated or not."""
_MOVES = f"""
SELECT moves.* REPLACE (
    CASE WHEN left_at > $1 THEN NULL ELSE left_at END AS left_at,
    CASE WHEN left_at > $1 THEN NULL ELSE dwell_days END AS dwell_days
) FROM {_KEPT} ORDER BY deal, seq
"""
_DEALS = f"""
WITH steps AS (SELECT deal, seq, to_stage, entered_at, {{ends}} AS ends FROM {_KEPT} AND track = 'main'),
stands AS (
    SELECT deal, {dialect.at_largest("to_stage", by="seq")} AS stage, max(seq) FILTER (ends = '') AS last_open
    FROM steps GROUP BY deal
),
closing AS (
    SELECT deal, min(seq) AS seq FROM steps JOIN stands USING (deal)
    WHERE ends <> '' AND (last_open IS NULL OR seq > last_open) GROUP BY deal
)
SELECT deal, stands.stage, steps.entered_at AS closed_at, coalesce(steps.ends, '') AS outcome
FROM deals JOIN stands USING (deal) LEFT JOIN closing USING (deal) LEFT JOIN steps USING (deal, seq)
WHERE started_at IS NULL OR started_at <= $1 ORDER BY deal
"""
"""The outcome is the first end since the deal was last open, as everywhere."""
_BEFORE = "CASE WHEN happened_at <= $1 THEN {} END"
_LEARNT_LATER = f"""
SELECT fact, deal, {dialect.at_largest(_BEFORE.format("value"), by=_BEFORE.format("seq"))}
FROM facts GROUP BY fact, deal HAVING max(happened_at) > $1
"""


def until(tables: Tables, moment: datetime, *, ends: Mapping[str, str]) -> Tables:
    """The tables as they stood at the moment (in UTC). ``ends`` are the stages that are ends, and which.

    What nobody dated is kept, unless it came after what was later. A fact learnt later is what it was before, or
    unknown; one of which nobody can say since when stays as it is, and so do owners.
    """
    at = moment.astimezone(UTC).replace(tzinfo=None)
    with opened(tables) as now:
        deals = _as_known(_stood(tables.deals, now.arrow(*_asked(at, ends))), now, at)
        moves = now.arrow(_MOVES, [at]).cast(tables.moves.schema)
    there = deals.column("deal")
    return Tables(
        deals=deals,
        moves=_of(moves, there),
        touches=_told_by(_of(tables.touches, there), at),
        facts=_told_by(_of(tables.facts, there), at),
        verdicts=_told_by(_of(tables.verdicts, there), at),
    )


def last_time(tables: Tables) -> datetime | None:
    """The last time that anything tells of, in UTC; ``None`` where nothing is dated."""
    with opened(tables) as now:
        ((found,),) = now.rows(
            "SELECT max(told_at) FROM (SELECT max(entered_at) AS told_at FROM moves"
            " UNION ALL SELECT max(happened_at) FROM touches UNION ALL SELECT max(closed_at) FROM deals"
            " UNION ALL SELECT max(happened_at) FROM facts)"
        )
    return found.replace(tzinfo=UTC) if found else None


def _asked(at: datetime, ends: Mapping[str, str]) -> tuple[str, list[datetime | str]]:
    cases = " ".join(f"WHEN ${2 * place} THEN ${2 * place + 1}" for place in range(1, len(ends) + 1))
    sql = f"CASE to_stage {cases} ELSE '' END" if ends else "''"
    return _DEALS.format(ends=sql), [at, *(word for pair in ends.items() for word in pair)]


def _stood(deals: pa.Table, then: pa.Table) -> pa.Table:
    """The deals of ``then``, with what it says of them in place of what was said later."""
    # Their own columns never pass through the database, which has other types for lengths of time.
    rows = pc.index_in(then.column("deal"), value_set=deals.column("deal"))
    found = deals.take(rows)
    for name in ("stage", "closed_at", "outcome"):
        place = found.schema.get_field_index(name)
        found = found.set_column(
            place, found.schema.field(place), then.column(name).cast(found.schema.field(place).type)
        )
    return found


def _as_known(deals: pa.Table, now: Opened, at: datetime) -> pa.Table:
    """The deals with the facts as they were known then."""
    later: dict[str, dict[str, str | None]] = {}
    for fact, deal, text in now.each_row(_LEARNT_LATER, [at]):
        later.setdefault(fact, {})[deal] = text
    names = deals.column("deal").to_pylist() if later else []
    for place, field in enumerate(deals.schema):
        then = later.get(field.name)
        if then is not None and field.name not in OF_THE_DEAL:
            deals = deals.set_column(place, field, _replaced(deals.column(place), names, then, kind=field.type))
    return deals


OF_THE_DEAL = frozenset({"deal", "process", "version", "started_at", "closed_at", "stage", "outcome", "owner"})
"""The columns of ``deals`` that hold no fact."""


def _replaced(
    column: pa.ChunkedArray, names: list[str], then: Mapping[str, str | None], *, kind: pa.DataType
) -> pa.Array:
    values = column.to_pylist()
    for place, name in enumerate(names):
        if name in then:
            text = then[name]
            values[place] = None if text is None else value_of(text, kind)
    return pa.array(values, kind)


def value_of(text: str, kind: pa.DataType) -> Value | None:
    """The value for a column of ``deals`` that the table of facts writes so."""
    return _READERS.get(str(kind), _number if pa.types.is_decimal(kind) else str)(text)


def _number(text: str) -> Decimal:
    return exact(Decimal(text))


def _yes(text: str) -> bool:
    return text == "true"


_READERS: Mapping[str, Callable[[str], Value]] = {
    "bool": _yes,
    "date32[day]": date.fromisoformat,
    "duration[us]": parse_duration,
}


def _of(table: pa.Table, deals: pa.ChunkedArray) -> pa.Table:
    return table.filter(pc.is_in(table.column("deal"), value_set=deals))


def _told_by(table: pa.Table, at: datetime) -> pa.Table:
    times = table.column("happened_at")
    known = pc.less_equal(times, pa.scalar(at, pa.timestamp("us")))
    return table.filter(pc.fill_null(known, True))  # noqa: FBT003 - what is undated stays
