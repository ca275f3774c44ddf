"""A study to whoever asked for it: to stdout, or into a file of the form that its ending says."""

from __future__ import annotations

from pathlib import Path

import click

from engine.commands.options import F, stack
from engine.commands.output import columns, form_of, put, remark, style
from engine.model.errors import BadValue
from engine.model.study import Study

# As the room of reports lists them; --help must not wait for it.
FORMS = ("text", "json", "xlsx", "html", "csv", "markdown")


def study_options(function: F) -> F:
    """``--format`` and ``--out``, handed on as ``output_format`` and ``out``."""
    decorated: F = stack(
        function,
        click.option(
            "--format",
            "output_format",
            type=click.Choice(FORMS),
            default=None,
            envvar="STAGEWRIGHT_FORMAT",
            help="How the answer is written (default: by the ending of --out, else text).",
        ),
        click.option(
            "-o",
            "--out",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="Write it to a file; xlsx and html need one.",
        ),
    )
    return decorated


def form_asked(output_format: str | None, out: Path | None) -> str:
    """The form that is meant, asked before the work is done.

    Raises ``BadValue`` where it needs a file and has none, and ``MissingExtra``.
    """
    from engine.report.study import FILES, ONLY_FILES, check_form

    form = output_format or form_of(out, FILES)
    if out is None and form in ONLY_FILES:
        name = click.get_current_context().info_name
        raise BadValue(f"{form} needs a file to go to", hint=f"say where with --out {name}.{form}")
    check_form(form)
    return form


def hand_over(study: Study, form: str, out: Path | None) -> None:
    """Prints the study, or writes it whole. Raises ``MissingExtra`` or ``UnwritableFile``."""
    from engine.report.study import render

    if out is None:
        put(str(render(study, form, width=columns(), style=style())))
        return
    from engine.loading import write

    write.whole(out, render(study, form))
    remark(f"wrote {out}")


def write_page(study: Study, path: Path | None) -> None:
    """Writes the study as a page, beside what else is done with it; nothing where no file is named."""
    if path is None:
        return
    from engine.loading import write
    from engine.report.study import render

    write.whole(path, render(study, "html"))
    remark(f"wrote {path}")
