"""A file that has no map yet to a proposed one: which column is what, by its name and its cells, and the evidence."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.history import roles
from engine.history.columns import Coded, Codes, Mask, one_after_the_other
from engine.history.date_forms import DateForms, agreed
from engine.history.drafted import Draft
from engine.history.number_signs import number_signs
from engine.history.propose_facts import facts_of, facts_of_changes
from engine.history.propose_flaws import look_for_flaws, with_remarks, without_contrary
from engine.history.propose_stages import Columns, Staged, stages_by_name, stages_of
from engine.history.seen import Looks, Seen, seen, words_of
from engine.history.sheet import Layout
from engine.history.sheets import guessed, sample
from engine.model.errors import UnreadableFile
from engine.model.map import Map, Shape
from engine.model.proposal import Proposal

SAMPLE_ROWS = 300_000
"""So many rows are looked at: deals are spread over a file, so the first few would tell of few whole ones."""


def proposed(path: Path) -> Map:
    """The map that a file seems to need. Raises ``UnreadableFile`` where no column can be the deal, or the stage."""
    return propose(path).map


def propose(path: Path) -> Proposal:
    """The same with its evidence."""
    draft = _looked_at(path)
    deal = roles.deal_column(draft.columns) or roles.nearly_deal_column(draft.columns)
    deal = deal or _guessed(draft)
    if deal is None:
        raise _no_column(path, draft.columns, "names the deal", "deal")
    draft.map = replace(draft.map, deal=deal.name)
    _shaped(draft, deal, path)
    return _as_proposal(draft)


def named_after(path: Path) -> str:
    """The name that a map of this file gets."""
    return re.sub(r"[^a-z0-9]+", "-", path.name.split(".")[0].lower()).strip("-") or "export"


def _guessed(draft: Draft) -> Seen | None:
    """The column that may name the deal, where another one may name the stage."""
    deal = roles.guessed_deal_column(draft.columns)
    if deal is None or not (roles.stage_column(draft.columns, deal) or roles.guessed_stage_column(draft.columns, deal)):
        return None
    draft.remarks[deal.name] = "no column is called a deal; guessed by how often its texts come"
    return deal


def written(path: Path) -> Proposal:
    """How a file is written, and no more: which column is what, is not looked for."""
    return _as_proposal(_looked_at(path))


def _as_proposal(draft: Draft) -> Proposal:
    with_remarks(draft)
    return Proposal(draft.map, draft.because, frozenset(draft.unsure), tuple(draft.says))


def _looked_at(path: Path) -> Draft:
    layout = guessed(path)
    sheet = sample(path, layout, rows=SAMPLE_ROWS)
    if not len(sheet.numbers):
        raise UnreadableFile(f"'{path}' has no rows", hint="below the names of the columns it holds nothing")
    columns = tuple(seen(name, cells) for name, cells in sheet.columns.items())
    draft = Draft(
        columns,
        Map(
            named_after(path),
            "",
            Shape.MOVES,
            "",
            "",
            {},
            title=words_of(path.name.split(".")[0]).capitalize() or path.name,
        ),
    )
    _written(draft, layout)
    look_for_flaws(draft, sheet)
    if sheet.total >= SAMPLE_ROWS:
        draft.says.append(f"looked at the first {SAMPLE_ROWS:,} rows")
    return draft


def _written(draft: Draft, layout: Layout) -> None:
    dates = _dates(draft.columns)
    numbers = [each for each in draft.columns if each.looks is Looks.NUMBER]
    signs = number_signs((text for each in numbers for text in each.texts), layout.delimiter)
    draft.map = replace(
        draft.map,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        dates=dates.forms,
        decimal=signs.decimal,
        thousands=signs.thousands,
    )
    if dates.ambiguous:
        draft.say("file/dates", "no day is above 12, so day and month could be the other way round", sure=False)
    if signs.doubt:
        draft.remarks |= {each.name: signs.doubt for each in numbers if any(text in signs.doubt for text in each.texts)}
    without_contrary(draft, dates.contrary)
    times = [each for each in draft.columns if each.looks is Looks.TIME]
    zoned = any(re.search(r"(?:Z|UTC|[+-]\d\d:?\d\d)\Z", text[10:]) for each in times for text in each.texts[:20])
    if any(":" in text for each in times for text in each.texts[:20]) and not zoned:
        draft.says.append("times name no zone: they are read as UTC; say 'time_zone' under 'file' if they are not")


def _dates(columns: tuple[Seen, ...]) -> DateForms:
    """The forms of all columns of dates; what dates the rows is rather read than what does not."""
    times = [each for each in columns if each.looks is Looks.TIME]
    dating = roles.time_by_name(times)
    first = times.index(dating) if dating else 0
    return agreed([(each.forms, each.texts) for each in times], first=first)


def _shaped(draft: Draft, deal: Seen, path: Path) -> None:
    changes = roles.changed(draft.columns)
    rows = len(deal.cells)
    unnamed = f"; {deal.blank:,} without a name" if deal.blank else ""
    sure = not deal.blank and rows > 1
    draft.say("deal", f"{deal.distinct:,} different ones in {rows:,} rows{unnamed}", sure=sure)
    if changes is not None and changes[0] is not deal:
        _as_changes(draft, deal, changes)
        return
    stage = roles.stage_column(draft.columns, deal)
    if stage is None and deal.name in draft.remarks:
        stage = roles.guessed_stage_column(draft.columns, deal)
        draft.unsure.add("stage")
    if stage is None:
        raise _no_column(path, draft.columns, "names the stage", "stage")
    draft.map = replace(draft.map, stage=stage.name)
    draft.say("stage", f"{stage.distinct:,} different ones: {_some(stage.texts)}")
    if deal.distinct == rows:
        _as_deals(draft, deal, stage)
    else:
        _as_rows(draft, deal, stage)


def _as_rows(draft: Draft, deal: Seen, stage: Seen) -> None:
    """A row is a stage entered, or anything that happened."""
    shape = Shape.EVENTS if roles.is_activity(stage) else Shape.MOVES
    keep: Mask = np.ones(len(deal.cells), np.bool_)
    lifecycle = roles.lifecycle_column(draft.columns)
    where: dict[str, tuple[str, ...]] = {}
    if lifecycle is not None and shape is Shape.EVENTS:
        text = next(each for each in lifecycle.texts if each.lower() == "complete")
        keep = np.zeros(len(keep), np.bool_)
        keep[roles.rows_with(lifecycle, text)] = True
        where[lifecycle.name] = (text,)
        draft.say("where", f"{int(keep.sum()):,} of {len(keep):,} rows: the others tell when it was planned or began")
    time = roles.time_column(draft.columns, deal)
    actor = roles.actor_column(draft.columns)
    draft.map = replace(
        draft.map, shape=shape, where=where, happened=time.name if time else None, actor=actor.name if actor else None
    )
    what = "a stage or anything else that happened" if shape is Shape.EVENTS else "a stage"
    draft.say("shape", f"{len(deal.cells) / deal.distinct:.1f} rows a deal, each with {what}")
    _dated(draft, time)
    _with_stages(draft, stages_of(Columns(deal, stage, time, _probability(draft)), draft.map, keep))
    facts_of(draft, deal)


def _probability(draft: Draft) -> Seen | None:
    return roles.named(draft.columns, ("probability",), lambda each: each.looks is Looks.NUMBER)


def _dated(draft: Draft, time: Seen | None) -> None:
    if time is None:
        draft.says.append("no column dates the rows: moves stand as in the file, and no time can be reckoned")
        return
    others = [each.name for each in draft.columns if each.looks is Looks.TIME and each is not time]
    certain = not others or roles.is_time_of_change(time)
    why = f"{time.distinct:,} different times" + (f"; also times: {', '.join(others[:6])}" if others else "")
    draft.say("happened", why, sure=certain)


def _as_deals(draft: Draft, deal: Seen, stage: Seen) -> None:
    """A row is a deal. Where one date alone is there, it dates the present stage and no other."""
    times = [each for each in draft.columns if each.looks is Looks.TIME]
    owner = roles.owner_column(draft.columns)
    draft.map = replace(draft.map, owner=owner.name if owner else None)
    staged, entered = stages_by_name(stage, times, _probability(draft), draft.map)
    if entered:
        draft.map = replace(draft.map, shape=Shape.DEALS, entered={key: column.name for key, column in entered.items()})
        draft.say("shape", "each deal has one row, with dates in columns of their own")
        for key, column in entered.items():
            here = int((column.has_text & _in_stage(stage, staged, key)).sum())
            there = int(_in_stage(stage, staged, key).sum())
            why = f"filled in {here:,} of the {there:,} deals that stand there"
            draft.say(f"entered/{key}", why, sure=here == there)
    else:
        time = roles.time_column(draft.columns, deal)
        draft.map = replace(draft.map, happened=time.name if time else None)
        draft.say(
            "shape", "each deal has one row, of the stage it stands in; how it came there is not told", sure=False
        )
        _dated(draft, time)
    _with_stages(draft, staged)
    facts_of(draft, deal)


def _in_stage(stage: Seen, staged: Staged, key: str) -> Mask:
    names = {name for name, each in staged.stages.items() if each == key}
    codes = [code for code, text in enumerate(stage.cells.each_text()) if text in names]
    found: Mask = np.isin(stage.cells.codes, codes)
    return found


def _as_changes(draft: Draft, deal: Seen, changes: tuple[Seen, Seen, Seen | None]) -> None:
    """A row is a change of a property."""
    property_, value, before = changes
    draft.map = replace(
        draft.map,
        shape=Shape.CHANGES,
        property=property_.name,
        value=value.name,
        before=before.name if before else None,
    )
    draft.say("shape", f"'{property_.name}' names {property_.distinct:,} properties, '{value.name}' their values")
    found = next((text for name in roles.STAGE_PROPERTIES for text in property_.texts if roles.same(text, name)), None)
    if found is None:
        found = property_.texts[0]
        draft.say("stage", f"no property is called a stage; properties: {_some(property_.texts)}", sure=False)
    rows = roles.rows_with(property_, found)
    time = roles.time_column(draft.columns, deal)
    actor = roles.actor_column([each for each in draft.columns if each not in changes])
    draft.map = replace(
        draft.map, stage=found, happened=time.name if time else None, actor=actor.name if actor else None
    )
    _dated(draft, time)
    facts_of_changes(draft, property_, value)

    if "stage" in draft.unsure:
        return
    draft.say("stage", f"{len(rows):,} rows change it")
    if draft.map.outcome:
        draft.say("outcome", f"its values are ends: {_some(_values(property_, value, draft.map.outcome))}", sure=False)
        draft.says.append("every value of the stage is a stage, in the order in which deals reached them: name them")
        return
    # A stage before a change is a row of its own before it: the first one of a deal is named nowhere else.
    stage = _twice(value, before or value, rows)
    told = Columns(_twice(deal, deal, rows), stage, _twice(time, time, rows) if time else None)
    _with_stages(draft, stages_of(told, draft.map, np.ones(2 * len(rows), np.bool_)))


def _twice(column: Seen, first: Seen, rows: Codes) -> Seen:
    """These rows of ``first``, then the same of the column."""
    cells = (Coded(each.cells.texts, each.cells.codes[rows]) for each in (first, column))
    return seen(column.name, one_after_the_other(*cells))


def _values(property_: Seen, value: Seen, name: str) -> tuple[str, ...]:
    rows = roles.rows_with(property_, name)
    return tuple(dict.fromkeys(value.cells.text(int(row)) for row in rows[:100]))


def _with_stages(draft: Draft, staged: Staged) -> None:
    draft.map = replace(
        draft.map,
        stages=staged.stages,
        ends=staged.ends,
        touchpoints=staged.touchpoints if draft.map.shape is Shape.EVENTS else {},
        leave_out=staged.leave_out if draft.map.shape is Shape.EVENTS else (),
    )
    draft.because |= staged.because
    draft.unsure |= staged.unsure
    draft.says += staged.says


def _some(texts: tuple[str, ...]) -> str:
    return ", ".join(texts[:6]) + (", …" if len(texts) > 6 else "")


def _no_column(path: Path, columns: tuple[Seen, ...], what: str, key: str) -> UnreadableFile:
    names = ", ".join(f"'{each.name}'" for each in columns[:12])
    return UnreadableFile(
        f"no column of '{path}' says that it {what}",
        hint=f"its columns are {names}; write a map by hand, with '{key}: COLUMN' (docs/reference/map-file.md)",
    )
