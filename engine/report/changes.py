"""Changes in any of their forms, by the form's name."""

from __future__ import annotations

from engine.model.change import Changes
from engine.model.errors import UnknownName
from engine.model.names import did_you_mean
from engine.report.changes_words import Sides
from engine.report.style import Style
from engine.report.widths import TERMINAL

FORMS = ("text", "json", "markdown", "html", "csv", "sarif", "github")

FILES = {
    ".txt": "text",
    ".json": "json",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".sarif": "sarif",
}
"""The form that the ending of a file asks for."""

ONLY_FILES = ("html",)
"""Forms that nobody reads in a terminal."""


def render(changes: Changes, form: str, *, sides: Sides, width: int = TERMINAL, style: Style = Style.PLAIN) -> str:
    """The changes in a form of ``FORMS``; ``width`` and ``style`` count for text alone. Raises ``UnknownName``."""
    # Each form is its own module, imported when it is asked for: text must not wait for the drawing of maps.
    if form == "text":
        from engine.report.changes_text import text

        return text(changes, sides, width=width, style=style)
    if form == "html":
        from engine.report.changes_page import page

        return page(changes, sides)
    if form == "markdown":
        from engine.report.changes_markdown import markdown

        return markdown(changes, sides)
    if form in ("json", "csv"):
        from engine.report import changes_data

        return changes_data.json(changes) if form == "json" else changes_data.csv(changes, sides)
    if form in ("sarif", "github"):
        from engine.report import changes_annotations

        writers = {"sarif": changes_annotations.sarif, "github": changes_annotations.github}
        return writers[form](changes, sides)
    raise UnknownName(f"unknown format '{form}'", hint=did_you_mean(form, FORMS))
