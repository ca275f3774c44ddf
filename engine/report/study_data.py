"""A study as JSON, CSV and Markdown. JSON holds everything, also what the text leaves out."""

from __future__ import annotations

import csv as _csv
import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from engine.model.study import Chart, Edge, Estimate, Fan, Figure, Flow, KeyFigure, Node, Section, Study
from engine.model.values import plain_number
from engine.report import escape, json_text
from engine.report.fan import tables_of
from engine.report.figures import cells, in_utc, is_figure
from engine.report.flat import Flat, flat, plain
from engine.report.json_text import Data
from engine.report.legible import legible, said_once
from engine.report.study_text import opening


def json(study: Study) -> str:
    """The study as ``stagewright/<kind>/1``. A figure that is estimated is an object with its interval."""
    return json_text.document(
        study.kind,
        {
            "title": study.title,
            "subject": study.subject,
            "as_of": in_utc(study.as_of) if study.as_of else None,
            "currency": study.currency,
            "asked": [
                {"name": name, "value": in_utc(value) if isinstance(value, datetime) else value}
                for name, value in study.asked
            ],
            "says": study.says,
            "glance": [_key_figure(each) for each in study.glance],
            "sections": [section_json(section) for section in study.sections],
            "flow": _flow(study.flow) if study.flow else None,
            "fans": [_fan(fan) for fan in study.fans],
            "notes": study.notes,
        },
    )


def csv(study: Study) -> str:
    """The sections below each other: its title, the names of its columns, its rows, an empty line."""
    out = io.StringIO()
    writer = _csv.writer(out, lineterminator="\n")
    for section in tables_of(study):
        sheet = flat(section)
        out.write("\n" if out.tell() else "")
        writer.writerow([escape.csv_cell(section.title)])
        writer.writerow([escape.csv_cell(heading.id) for heading in sheet.headings])
        writer.writerows([escape.csv_cell(_text(cell)) for cell in row] for row in sheet.rows)
    return out.getvalue()


def markdown(study: Study) -> str:
    """The study as headings, paragraphs and tables."""
    lines = [f"# {escape.markdown(study.title)}", *_paragraphs(*opening(study), *study.says)]
    for section in (legible(each, study.currency) for each in said_once(tables_of(study))):
        lines += ["", f"## {escape.markdown(section.title)}", *_paragraphs(*section.says), ""]
        lines += list(_table(section, study.currency)) if section.rows else [escape.markdown(section.empty)]
        lines += _paragraphs(*section.notes)
    return "\n".join([*lines, *_paragraphs(*study.notes)]) + "\n"


def section_json(section: Section) -> Data:
    """A section with its columns and rows; every figure whole."""
    return {
        "id": section.id,
        "title": section.title,
        "says": section.says,
        "columns": [{"id": each.id, "title": each.title, "unit": each.unit.value} for each in section.headings],
        "rows": [
            {heading.id: _figure(figure) for figure, heading in zip(row, section.headings, strict=True)}
            for row in section.rows
        ],
        "charts": [_chart(chart) for chart in section.charts],
        "notes": section.notes,
    }


def _chart(chart: Chart) -> Data:
    return {
        "id": chart.id,
        "title": chart.title,
        "mark": chart.mark.value,
        "labels": chart.labels,
        "series": chart.series,
        "split": chart.split,
        "says": chart.says,
    }


def _key_figure(each: KeyFigure) -> Data:
    return {"title": each.title, "figure": _figure(each.figure), "unit": each.unit.value, "says": each.says}


def _figure(figure: Figure) -> Data:
    if isinstance(figure, Estimate):
        return {name: plain(getattr(figure, name)) for name in ("value", "low", "high", "beyond")}
    return plain(figure)


def _flow(flow: Flow) -> Data:
    return {"nodes": [_node(node) for node in flow.nodes], "edges": [_edge(edge) for edge in flow.edges]}


def _node(node: Node) -> Data:
    return {
        "stage": node.stage,
        "title": node.title,
        "ends": node.ends,
        "deals": node.deals,
        "visits": node.visits,
        "open_deals": node.open_deals,
        "dwell_days": _figure(node.dwell_days),
    }


def _edge(edge: Edge) -> Data:
    return {
        "from_stage": edge.from_stage,
        "to_stage": edge.to_stage,
        "way": edge.way.value,
        "moves": edge.moves,
        "deals": edge.deals,
        "share": plain(edge.share),
        "days": plain(edge.days),
    }


def _fan(fan: Fan) -> Data:
    return {
        "id": fan.id,
        "title": fan.title,
        "unit": fan.unit.value,
        "begin": fan.begin,
        "start": plain(fan.start),
        "moments": fan.moments,
        "curves": [
            {"share": plain(share), "values": [plain(value) for value in curve]}
            for share, curve in zip(fan.shares, fan.curves, strict=True)
        ],
        "says": fan.says,
    }


def _text(cell: Flat) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, (bool, int)):
        return str(cell).lower()
    return plain_number(cell) if isinstance(cell, Decimal) else json_text.plain(cell)


def _table(section: Section, currency: str) -> Iterator[str]:
    yield _row([heading.title for heading in section.headings])
    yield "| " + " | ".join("---:" if is_figure(section, i) else "---" for i in range(len(section.headings))) + " |"
    yield from (_row(row) for row in cells(section, currency))


def _row(texts: list[str]) -> str:
    return "| " + " | ".join(escape.markdown(text) for text in texts) + " |"


def _paragraphs(*told: str) -> list[str]:
    return [line for sentence in told for line in ("", escape.markdown(sentence))]
