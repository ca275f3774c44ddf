"""A study in any of its forms, by the form's name."""

from __future__ import annotations

from engine.model.errors import UnknownName
from engine.model.names import did_you_mean
from engine.model.study import Study
from engine.report.style import Style
from engine.report.widths import TERMINAL

FORMS = ("text", "json", "xlsx", "html", "csv", "markdown")

FILES = {
    ".txt": "text",
    ".json": "json",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".md": "markdown",
}
"""The form that the ending of a file asks for."""

ONLY_FILES = ("xlsx", "html")
"""Forms that nobody reads in a terminal."""


def check_form(form: str) -> None:
    """Raises ``MissingExtra`` for a form that could not be written here: better before the work than after it."""
    if form == "xlsx":
        from engine.report.study_xlsx import writer

        writer()


def render(study: Study, form: str, *, width: int = TERMINAL, style: Style = Style.PLAIN) -> str | bytes:
    """The study in a form of ``FORMS``; ``width`` and ``style`` count for text alone. Raises ``UnknownName``."""
    # Each form is its own module, imported when it is asked for: text must not wait for the drawing of maps.
    if form == "text":
        from engine.report.study_text import text

        return text(study, width=width, style=style)
    if form == "html":
        from engine.report.study_page import page

        return page(study)
    if form == "xlsx":
        from engine.report.study_xlsx import xlsx

        return xlsx(study)
    from engine.report import study_data

    writers = {"json": study_data.json, "csv": study_data.csv, "markdown": study_data.markdown}
    if form not in writers:
        raise UnknownName(f"unknown format '{form}'", hint=did_you_mean(form, FORMS))
    return writers[form](study)
