"""A process as ``show`` prints it: text, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.process import Follows, Process
from engine.report import details, escape, json_text
from engine.report.json_text import Data
from engine.report.outline import Block, Section, sections
from engine.report.style import Style, Tone, paint
from engine.report.widths import TERMINAL, pad, width, wrap
from engine.report.wording import both, either

FORMATS = ("text", "markdown", "json")


def text(process: Process, *, style: Style = Style.PLAIN, columns: int = TERMINAL) -> str:
    """The whole process in plain words, each kind of thing under its heading."""
    name = paint(escape.shown(process.name), Tone.STRONG, style)
    head = [f"{name}  {escape.shown(process.title)}".rstrip(), *_lead(process, columns)]
    told = ["\n".join(_section(section, style=style, columns=columns)) for section in sections(process)]
    return "\n\n".join(["\n".join(head), *told]) + "\n"


def _lead(process: Process, columns: int) -> list[str]:
    lines = wrap(escape.shown(process.because), columns) if process.because else []
    return [*lines, *wrap(escape.shown(" · ".join(_circumstances(process))), columns)]


def _circumstances(process: Process) -> list[str]:
    parts = [f"times in {process.time_zone}"]
    parts += [f"money in {process.currency}"] if process.currency else []
    parts += [f"uses {both(f'{name}@{version}' for name, version in process.uses)}"] if process.uses else []
    parts += [_follows(process.follows)] if process.follows else []
    parts += [f"touchpoints {both(process.touchpoints)}"] if process.touchpoints else []
    return parts


def _follows(follows: Follows) -> str:
    renamed = [f"{old} → {either(split.to for split in splits)}" for old, splits in follows.stages.items()]
    for mapping in (follows.actions, follows.facts, follows.reasons):
        renamed += [f"{old} → {new}" for old, new in mapping.items()]
    return f"follows version {follows.version}" + (f" ({', '.join(renamed)})" if renamed else "")


def _section(section: Section, *, style: Style, columns: int) -> list[str]:
    shape = _shape(section.blocks)
    lines = [paint(escape.shown(section.title), Tone.QUIET, style)]
    for block in section.blocks:
        lines.append("  " + _heading(block, shape, style))
        lines += details.lines(block.details, indent=6, style=style, columns=columns)
    return lines


def _shape(blocks: Sequence[Block]) -> list[int]:
    count = max(len(block.cells) for block in blocks)
    columns = [[width(escape.shown(block.cells[i])) for block in blocks if i < len(block.cells)] for i in range(count)]
    return [max(column) for column in columns]


def _heading(block: Block, shape: Sequence[int], style: Style) -> str:
    cells = [pad(escape.shown(cell), wide) for cell, wide in zip(block.cells, shape, strict=False)]
    cells[0] = paint(cells[0], Tone.STRONG, style)
    # A column that is empty throughout takes no room.
    return "  ".join(cell for cell, wide in zip(cells, shape, strict=False) if wide).rstrip()


def markdown(process: Process) -> str:
    """The process as a page in Markdown."""
    lines = [f"# {escape.markdown(process.name)}", ""]
    lines += [escape.markdown(part) + "\n" for part in (process.title, process.because) if part]
    lines.append(escape.markdown(" · ".join(_circumstances(process))))
    for section in sections(process):
        lines += ["", f"## {escape.markdown(section.title)}", ""]
        for block in section.blocks:
            name, *rest = (escape.markdown(cell) for cell in block.cells)
            lines.append(f"- **{name}** " + " · ".join(cell for cell in rest if cell))
            lines += ["  " + line for line in details.markdown(block.details)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def json(process: Process) -> str:
    """``stagewright/outline/1``: the same words, for programs that print them elsewhere."""
    rows: tuple[Data, ...] = tuple(
        {"section": section.title, "cells": block.cells, "details": tuple(_detail(each) for each in block.details)}
        for section in sections(process)
        for block in section.blocks
    )
    head: dict[str, Data] = {"process": process.id, "version": process.version, "title": process.title}
    return json_text.document("outline", {**head, "because": process.because, "rows": rows})


def _detail(detail: details.Detail) -> Data:
    return {"label": detail.label, "text": detail.text, "aside": detail.aside, "depth": detail.depth}
