"""A plan as a workbook to fill in: a text is always a text, and stages are chosen from a list."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from engine.model.plan import Plan
from engine.report.escape import shown
from engine.report.plan_rows import columns, rows
from engine.report.study_xlsx import writer

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_LONGEST_LIST = 255
"""Excel takes no longer list of choices."""
_LONGEST = 32_000
_WIDTHS = {"deal": 22, "amount": 12, "to_stage": 20, "because": 30, "why": 50, "candidates": 50, "base": 30}
_TO_FILL_IN = frozenset(("to_stage", "migrate", "because"))


def xlsx(plan: Plan) -> bytes:
    """The workbook. Raises ``MissingExtra`` where what writes it is not installed."""
    out = io.BytesIO()
    book = writer()(out, {"in_memory": True})
    book.set_properties({"title": f"{plan.process}@{plan.version}", "created": plan.made_at.replace(tzinfo=None)})
    sheet = book.add_worksheet("plan")
    names = columns(plan)
    _head(
        sheet,
        names,
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"bold": True, "bottom": 1, "bg_color": "#fff2cc"}),
    )
    count = 0
    for count, row in enumerate(rows(plan), start=1):
        for column, text in enumerate(row):
            if names[column] == "amount" and text:
                sheet.write_number(count, column, float(text))
            elif text:
                sheet.write_string(count, column, shown(text)[:_LONGEST])
    _choices(sheet, names, plan, count)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(count, 1), len(names) - 1)
    book.close()
    return out.getvalue()


def _head(sheet: Worksheet, names: tuple[str, ...], plain: Any, asked: Any) -> None:
    for column, name in enumerate(names):
        sheet.set_column(column, column, _WIDTHS.get(name, 14))
        is_asked = name in _TO_FILL_IN or name.startswith("track:")
        sheet.write_string(0, column, name, asked if is_asked else plain)


def _choices(sheet: Worksheet, names: tuple[str, ...], plan: Plan, count: int) -> None:
    offered = {"migrate": ["yes", "no"], "to_stage": list(plan.stages)}
    for name, words in offered.items():
        if count and len(",".join(words)) <= _LONGEST_LIST:
            column = names.index(name)
            # Whoever types something else is told of it by 'apply', with what was meant.
            sheet.data_validation(1, column, count, column, {"validate": "list", "source": words, "ignore_blank": True})
