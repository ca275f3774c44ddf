"""``doctor``: is everything there that stagewright works with?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.checking import check_files, paths_to_check
from engine.commands.options import Where, format_option, where_options
from engine.commands.output import columns, put, style
from engine.commands.source import journal_target, open_journal, workspace_of
from engine.model.errors import StagewrightError, UnknownName
from engine.model.finding import Severity

if TYPE_CHECKING:
    from engine.report.doctor import Check

EXTRAS = {
    "charts": ("graphviz-pure", "draws processes as SVG and PNG"),
    "postgres": ("psycopg", "keeps the journal on PostgreSQL"),
}


@click.command("doctor", short_help="Look over the workspace and the journal.")
@where_options
@format_option("text", "json", "csv", "markdown")
def command(where: Where, output_format: str) -> int:
    """Look over Python, the workspace, its files, the journal and the optional parts (exit 1: a thing to mend)."""
    from engine.report import doctor as report
    from engine.report.formats import render

    checks = [*_python(), *_workspace(where), *_journal(where), *_extras()]
    if output_format == "text":
        put(report.text(checks, style=style()))
    else:
        put(render(report.table(checks), output_format, width=columns()))
    return int(any(check.health is report.Health.WRONG for check in checks))


def _python() -> Iterator[Check]:
    from engine.report.doctor import Check, Health

    number = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", Health.OK, f"{number} on {sys.platform}")


def _workspace(where: Where) -> Iterator[Check]:
    from engine.report.doctor import Check, Health

    try:
        root = workspace_of(where)
    except StagewrightError as error:
        yield Check("workspace", Health.NOTE, str(error), error.hint)
        return
    yield Check("workspace", Health.OK, str(root.absolute()))
    found = check_files(paths_to_check((), where))
    errors = sum(finding.severity is Severity.ERROR for finding in found.findings)
    health = Health.WRONG if errors else Health.NOTE if found.findings else Health.OK
    told = f"{found.files} files, {errors} errors, {len(found.findings) - errors} warnings"
    yield Check("files", health, told, "run 'stagewright check'" if found.findings else "")
    people = "people.yaml is not read yet" if (root / "people.yaml").exists() else "there is no people.yaml"
    yield Check("roles", Health.NOTE, f"roles are claims: {people}, so --role is believed as it is given")


def _journal(where: Where) -> Iterator[Check]:
    from engine.journal.verify import verify
    from engine.report.doctor import Check, Health

    try:
        target = journal_target(where)
    except UnknownName:
        # That there is no workspace was told already.
        return
    try:
        if "://" not in target and not Path(target).exists():
            yield Check("journal", Health.NOTE, f"{target} is not there yet", "the first 'stagewright start' makes it")
            return
        with open_journal(where, read_only=True) as journal:
            lengths = [deal.length for deal in journal.deals()]
            problems = verify(journal)
    except StagewrightError as error:
        yield Check("journal", Health.WRONG, str(error), error.hint)
        return
    yield Check("journal", Health.OK, f"{target}: {len(lengths)} deals, {sum(lengths)} entries")
    if problems:
        yield Check("chain", Health.WRONG, f"{len(problems)} things do not fit", "run 'stagewright verify'")
    else:
        yield Check("chain", Health.OK, "every entry is as it was written")


def _extras() -> Iterator[Check]:
    from engine.report.doctor import Check, Health

    for extra, (package, use) in EXTRAS.items():
        try:
            yield Check(f"[{extra}]", Health.OK, f"{package} {version(package)}: {use}")
        except PackageNotFoundError:
            yield Check(f"[{extra}]", Health.NOTE, f"not installed: {use}", f"pip install 'stagewright[{extra}]'")
