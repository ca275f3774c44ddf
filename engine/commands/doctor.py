"""``doctor``: is everything there that stagewright works with?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.checking import check_files, paths_to_check
from engine.commands.options import Where, format_option, where_options
from engine.commands.output import columns, put, style
from engine.commands.source import (
    FaultyFile,
    deals_on_other_text,
    journal_target,
    open_journal,
    people_of,
    workspace_of,
)
from engine.model.errors import StagewrightError, UnknownName
from engine.model.finding import Severity
from engine.model.process import role_may

if TYPE_CHECKING:
    from engine.journal.store import SqlJournal
    from engine.model.people import People
    from engine.report.doctor import Check

_CHECK = "run 'stagewright check'"
EXTRAS = {
    "charts": ("graphviz-pure", "draws processes as SVG and PNG"),
    "postgres": ("psycopg", "keeps the journal on PostgreSQL"),
    "prove": ("z3-solver", "proves how a changed requirement lies to the one before"),
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
    yield Check("files", health, told, _CHECK if found.findings else "")
    yield _people(where)


def _people(where: Where) -> Check:
    """Whether roles are claims, or whose they are; and the roles that nobody has."""
    from engine.report.doctor import Check, Health

    try:
        people = people_of(where)
    except FaultyFile:
        return Check("people", Health.WRONG, "people.yaml has errors, so nobody can do anything", _CHECK)
    except StagewrightError as error:
        return Check("people", Health.WRONG, str(error), error.hint)
    if people is None:
        claims = "roles are claims: there is no people.yaml, so --role is believed as it is given"
        return Check("people", Health.NOTE, claims)
    count = len(people.persons)
    told = "1 person" if count == 1 else f"{count} people"
    lacking = [*_roles_of_nobody(people, where)]
    if lacking:
        return Check("people", Health.NOTE, f"{told}; nobody has the role {', '.join(lacking)}", "see people.yaml")
    return Check("people", Health.OK, f"{told}; every role is somebody's")


def _roles_of_nobody(people: People, where: Where) -> Iterator[str]:
    """The roles of the newest versions that no person has, nor one that includes them."""
    from engine.loading import catalog
    from engine.loading.processes import load_process

    root = workspace_of(where)
    for name in catalog.names(root):
        process = load_process(catalog.find(name, workspace=root), workspace=root).value
        if process is not None:
            for role in process.roles:
                if not any(role_may(process, own, (role,)) for one in people.persons.values() for own in one.roles):
                    yield f"{role} of {process.name}"


def _journal(where: Where) -> Iterator[Check]:
    from engine.journal.verify import counts, verify
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
            deals, entries = counts(journal)
            problems = verify(journal)
            changed = [*_changed(where, journal)]
    except StagewrightError as error:
        yield Check("journal", Health.WRONG, str(error), error.hint)
        return
    yield Check("journal", Health.OK, f"{target}: {deals} deals, {entries} entries")
    yield from changed
    if problems:
        yield Check("chain", Health.WRONG, f"{len(problems)} things do not fit", "run 'stagewright verify'")
    else:
        yield Check("chain", Health.OK, "every entry is as it was written")


def _changed(where: Where, journal: SqlJournal) -> Iterator[Check]:
    """Versions whose file says something else than the text that deals follow."""
    from engine.loading import catalog
    from engine.loading.processes import load_process
    from engine.report.doctor import Check, Health

    try:
        root = workspace_of(where)
    except UnknownName:
        return
    for name, version in sorted({(one.process, one.version) for one in journal.definitions()}):
        if version not in catalog.versions(name, workspace=root):
            found = f"the file of {name}@{version} is gone; its deals go on by the text in the journal"
            yield Check("version", Health.NOTE, found)
            continue
        definition = load_process(catalog.find(f"{name}@{version}", workspace=root), workspace=root).definition
        following = deals_on_other_text(journal, definition) if definition else 0
        if following:
            found = f"{name}@{version} was changed since {following} deals began to follow it"
            yield Check("version", Health.NOTE, found, f"make changes in a new version: stagewright next {name}")


def _extras() -> Iterator[Check]:
    from engine.report.doctor import Check, Health

    for extra, (package, use) in EXTRAS.items():
        try:
            yield Check(f"[{extra}]", Health.OK, f"{package} {version_of(package)}: {use}")
        except PackageNotFoundError:
            yield Check(f"[{extra}]", Health.NOTE, f"not installed: {use}", f"pip install 'stagewright[{extra}]'")
