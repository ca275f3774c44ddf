"""Every output of the room, told of values in which one text stands behind every text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from engine.model.deal import Deal, fold
from engine.model.table import Table
from engine.report import (
    applied,
    changes,
    deals,
    decision,
    diagram,
    doctor,
    documents,
    draft,
    exact,
    findings,
    forgotten,
    formats,
    import_summary,
    page,
    plan,
    plan_rows,
    process,
    proposal,
    recorded,
    release_notes,
    story,
    study,
    ticked,
    verify,
    versions,
)
from engine.report.style import Style
from tests.report.changed import CHANGES as DIFF
from tests.report.changed import SIDES
from tests.report.charts.made import REPORT
from tests.report.hostile import spoiled
from tests.report.releases import COMMITS, NOTES, ROWS
from tests.report.samples import ENTRIES, PROCESS, PROPOSAL, at
from tests.report.studies import FORECAST, STUDY
from tests.report.test_decision import OPTIONS
from tests.report.test_draft import DRAFT
from tests.report.test_findings import ALL
from tests.report.test_formats import TABLE
from tests.report.test_keeping import CELLS, CHECKS, COUNTS, FAULTS
from tests.report.test_page import PROOF
from tests.report.test_plan import APPLIED, PLAN
from tests.report.test_process import FULL
from tests.report.test_story import IMPORTED
from tests.report.test_ticked import RUNG


def outputs(text: str) -> Mapping[str, str]:
    """Name of each output, to what it prints."""
    found = spoiled(ALL, text)
    deal: Deal = spoiled(fold(ENTRIES[:5]), text)
    told = spoiled(OPTIONS, text)
    whole = spoiled(FULL, text)
    # Its kind names a schema: it comes from the program, never from data.
    seen = spoiled(STUDY, text)
    likely = spoiled(FORECAST, text)
    measured = spoiled(REPORT, text)
    lives = {"won": spoiled(ENTRIES, text), "imported": spoiled(IMPORTED, text)}
    processes = {entry.digest: whole for entry in lives["won"]}
    tables = {
        "table": spoiled(TABLE, text),
        "deals": deals.table((deal,), processes, now=at(30) + timedelta(days=9), facts=tuple(whole.facts)[:2]),
        "doctor": doctor.table(spoiled(CHECKS, text)),
        "verify": verify.table(spoiled(FAULTS, text), deals=1, entries=2),
        "tick": ticked.table(spoiled(RUNG, text), done=True),
        "versions": versions.versions_table("sales" + text, _rows(text)),
        "commits": versions.commits_table("sales" + text, spoiled(COMMITS, text)),
    }
    return {
        **{f"findings {name}": findings.render(found, name) for name in findings.FORMATS},
        **{f"{kind} {name}": _table(table, name) for kind, table in tables.items() for name in formats.FORMATS},
        **{f"decision {d.move.action}": decision.text(whole, deal, d) for d in told},
        **{f"decision json {d.move.action}": documents.decision(whole, deal, d) for d in told},
        "can": decision.can(whole, deal, told),
        "options": documents.options(whole, deal, told),
        **{f"story {name}": story.story(processes, life) for name, life in lives.items()},
        **{f"story markdown {name}": story.markdown(processes, life) for name, life in lives.items()},
        **{f"story json {name}": story.json(processes, life) for name, life in lives.items()},
        **{f"page {name}": page.page(processes, life, proof=spoiled(PROOF, text)) for name, life in lives.items()},
        "forgotten": forgotten.text("deal" + text, 3, (at(1), "ana" + text, "asked" + text), repeated=True),
        **{f"study {form}": str(study.render(seen, form)) for form in study.FORMS if form != "xlsx"},
        **{f"simulate {form}": str(study.render(likely, form)) for form in study.FORMS if form != "xlsx"},
        **{f"measure {form}": str(study.render(measured, form)) for form in study.FORMS if form != "xlsx"},
        "fit json": str(study.render(replace(seen, kind="fit"), "json")),
        "replay json": str(study.render(replace(seen, kind="replay"), "json")),
        "conform json": str(study.render(replace(seen, kind="conform"), "json")),
        "simulate-against json": str(study.render(replace(seen, kind="simulate-against"), "json")),
        "accelerate json": str(study.render(replace(seen, kind="accelerate"), "json")),
        **{
            f"changes {form}": changes.render(spoiled(DIFF, text), form, sides=spoiled(SIDES, text))
            for form in changes.FORMS
        },
        **{f"exact {name}": _exact(lines, tables["table"]) for name, lines in exact.LINES.items()},
        "draft": draft.card_text(spoiled(DRAFT, text), width=100, style=Style.PLAIN),
        "draft json": draft.json(spoiled(DRAFT, text), "process: sales" + text, ("told" + text,)),
        "process": process.text(whole),
        "process markdown": process.markdown(whole),
        "process json": process.json(whole),
        "mermaid": diagram.mermaid(whole),
        "dot": diagram.dot(whole),
        "doctor": doctor.text(spoiled(CHECKS, text)),
        "import": import_summary.text(spoiled(COUNTS, text), spoiled(CELLS, text)),
        "map json": proposal.json(spoiled(PROPOSAL, text), text),
        "import json": import_summary.json(spoiled(COUNTS, text), spoiled(CELLS, text)),
        "verify": verify.text(
            spoiled(FAULTS, text), deals=1, entries=2, compared=verify.Compared((text or "seal",), 1, 2)
        ),
        "tick": ticked.text(spoiled(RUNG, text), done=False),
        **{f"release {name}": release_notes.section(spoiled(notes, text)) for name, notes in NOTES.items()},
        **{f"whole {kind} json": formats.render(tables[kind], "json") for kind in ("versions", "commits")},
        "plan": plan.text(spoiled(PLAN, text), width=100, style=Style.PLAIN),
        "plan json": "".join(plan.json_lines(spoiled(PLAN, text))),
        "plan csv": "".join(plan_rows.csv_lines(spoiled(PLAN, text))),
        "applied": applied.text(spoiled(APPLIED, text)),
        "applied json": applied.json(spoiled(APPLIED, text)),
        "recorded": recorded.text(PROCESS, deal, lives["won"]),
        "recorded json": recorded.document(PROCESS, deal, lives["won"]),
    }


def _rows(text: str) -> tuple[versions.VersionRow, ...]:
    # What became of a file is one of our own words.
    return tuple(replace(spoiled(row, text), file=row.file) for row in ROWS)


def _exact(lines: exact.Lines, table: Table) -> str:
    return "".join(lines(table.columns, table.rows))


def _table(table: Table, format_name: str) -> str:
    # The kind names a schema: it comes from the program, never from data.
    kind = "".join(character for character in table.kind if character.isascii() and character.isalpha())
    return formats.render(Table(kind[:6], table.columns, table.rows, table.title, table.notes), format_name)
