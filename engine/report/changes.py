"""Changes in any of their forms, by the form's name."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.change import Changes
from engine.model.errors import BadValue, UnknownName
from engine.model.names import did_you_mean
from engine.report.changes_words import Sides
from engine.report.style import Style
from engine.report.widths import TERMINAL
from engine.report.wording import either

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

SEVERAL = ("text", "markdown", "sarif", "github")
"""Forms that can tell of several pairs at once."""


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
        return render_several([(changes, sides)], form)
    raise UnknownName(f"unknown format '{form}'", hint=did_you_mean(form, FORMS))


def render_several(
    told: Sequence[tuple[Changes, Sides]], form: str, *, width: int = TERMINAL, style: Style = Style.PLAIN
) -> str:
    """The changes of several pairs below each other, or as one list of annotations.

    Raises ``BadValue`` for a form that tells of one pair alone.
    """
    if form in ("sarif", "github"):
        from engine.report import changes_annotations

        writers = {"sarif": changes_annotations.sarif, "github": changes_annotations.github}
        return writers[form](told)
    if len(told) > 1 and form not in SEVERAL:
        raise BadValue(f"{form} tells of one file alone", hint=f"name one FILE, or choose {either(SEVERAL)}")
    return "\n".join(render(changes, form, sides=sides, width=width, style=style) for changes, sides in told)
