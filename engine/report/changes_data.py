"""Changes as JSON and CSV. JSON holds everything."""

from __future__ import annotations

import csv as _csv
import io

from engine.model.change import Change, Changes, Level, Proof
from engine.model.place import NOWHERE, Place
from engine.report import escape, json_text
from engine.report.changes_words import Sides, impact_study, proof_says, ranked
from engine.report.json_text import Data
from engine.report.study_data import csv as study_csv
from engine.report.study_data import section_json

_COLUMNS = (
    *("level", "subject", "code", "track", "thing", "says"),
    *("old_file", "old_line", "new_file", "new_line", "before", "after", "proof"),
)


def json(changes: Changes) -> str:
    """``stagewright/diff/1``."""
    return json_text.document(
        "diff",
        {
            "kind": changes.kind,
            "old": changes.old,
            "new": changes.new,
            "counts": {level.value: changes.count(level) for level in Level},
            "used_by": changes.used_by,
            "changes": [_change(change) for change in ranked(changes)],
            "unread": changes.unread,
            "currency": changes.currency,
            "impact_says": changes.impact_says,
            "impact": [section_json(section) for section in changes.impact],
            "next_steps": changes.next_steps,
        },
    )


def csv(changes: Changes, sides: Sides) -> str:
    """A row a change; below them, after an empty line each, the sections on deals."""
    out = io.StringIO()
    writer = _csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for change in ranked(changes):
        writer.writerow([escape.csv_cell(cell) for cell in _row(change, sides)])
    study = impact_study(changes)
    told = study_csv(study) if study else ""
    return out.getvalue() + (f"\n{told}" if told else "")


def _change(change: Change) -> Data:
    return {
        "code": change.code,
        "level": change.level.value,
        "subject": change.subject.value,
        "track": change.track,
        "thing": change.thing,
        "says": change.says,
        "old": _place(change.old),
        "new": _place(change.new),
        "before": change.before,
        "after": change.after,
        "proof": _proof(change.proof) if change.proof else None,
    }


def _place(place: Place | None) -> Data:
    if place is None or place == NOWHERE:
        return None
    return {"file": place.file, "line": place.line, "column": place.column}


def _proof(proof: Proof) -> Data:
    return {"relation": proof.relation.value, "by": proof.by, "refused": proof.refused, "allowed": proof.allowed}


def _row(change: Change, sides: Sides) -> list[str]:
    places = [cell for place in (change.old, change.new) for cell in _cells(place)]
    return [
        *(change.level.value, change.subject.value, change.code, change.track, change.thing, change.says),
        *places,
        change.before,
        change.after,
        "; ".join(proof_says(change, sides)),
    ]


def _cells(place: Place | None) -> tuple[str, str]:
    return ("", "") if place is None or place == NOWHERE else (place.file, str(place.line or ""))
