"""A release, versions and commits by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.model.change import Change, Changes, Level, Subject
from engine.report.release_notes import Notes
from engine.report.versions import CommitRow, VersionRow

CHANGES = Changes(
    "process",
    "sales@1",
    "sales@2",
    (
        Change("D102", Level.BREAK, Subject.STAGES, "demo", "stage 'demo' was removed"),
        Change("D301", Level.TIGHTER, Subject.REQUIREMENTS, "sign/requires/1", "'sign' now needs a budget"),
        Change("D502", Level.LOOSER, Subject.APPROVALS, "sign/approval/1", "'sign' no longer needs a manager"),
        Change("D104", Level.NOTE, Subject.STAGES, "lead", "stage 'lead' has another title"),
        Change("D104", Level.NOTE, Subject.STAGES, "won", "stage 'won' has another title"),
    ),
    unread=("the rule set 'common@1' cannot be read",),
)
SAME = Changes("process", "sales@2", "sales@3", ())
NOTES = {
    "first": Notes(1, "2026-01-31", "", "It is time"),
    "changed": Notes(2, "2026-03-31", "Too many *demos* were lost.", "Agreed on Monday", 1, CHANGES),
    "same": Notes(3, "2026-04-01", "Comments alone.", "Tidied up", 2, SAME),
    "unread": Notes(4, "2026-05-01", "", "Go", 3, unread="Version 3 cannot be read any more."),
}
ROWS = (
    VersionRow(1, "2026-01-31", "", "It is time", None, 3, "missing"),
    VersionRow(2, "2026-03-31", "Too many demos were lost.", "Agreed on Monday", CHANGES, 12, "as released"),
    VersionRow(3, "", "Comments alone.", "", SAME, None, "not released"),
)
COMMITS = (
    CommitRow(
        *("0123456789", datetime(2026, 3, 30, 9, tzinfo=UTC), "Ana", "Ask for the budget", "processes/sales/2.yaml"),
        *(CHANGES, "version 1", ""),
    ),
    CommitRow(
        *("9876543210", datetime(2026, 1, 30, 9, tzinfo=UTC), "Ben", "First", "processes/sales/1.yaml"),
        *(None, "", "this version does not load: line 3: a tab stands where spaces must"),
    ),
)
