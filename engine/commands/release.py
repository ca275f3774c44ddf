"""``release``: a version of a process, frozen with all it stands on, and told in the changelog."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from engine.commands.options import Where, parse_time, where_options
from engine.commands.output import put, remark, style
from engine.commands.versioned import Home, changes_of, home_of, loaded, sound
from engine.model.errors import BadTime, BadValue
from engine.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.loading.loaded import Loaded
    from engine.loading.released import Release
    from engine.model.process import Process
    from engine.report.release_notes import Notes


_PLAIN_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a release writes: the two texts, ``None`` where the file says it already."""

    release: Release
    listed: str | None
    changelog: str | None
    notes: Notes


@click.command("release", short_help="Freeze a version of a process.")
@click.argument("process", metavar="NAME[@VERSION]")
@click.option("--because", required=True, metavar="TEXT", help="Why it goes live, for the changelog.")
@click.option("--at", metavar="DATE", envvar="STAGEWRIGHT_AT", help="The day of the release (default: today).")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@where_options
def command(process: str, because: str, at: str | None, dry_run: bool, where: Where) -> int:  # noqa: FBT001
    """Freeze a version of a process with the rule sets it uses: write its digest to released.yaml, and the changelog.

    Without @VERSION it is the newest one. A version with errors is not released (exit 1), nor one that was released
    before with another content. Deals that start from now on start on the highest released version.
    """
    from engine.loading.released import release_of

    home, version = home_of(process, where)
    said = _one_line(because)
    read = loaded(home, version)
    if not _is_sound(home, version, read) or read.value is None or read.definition is None:
        remark(_refusal(f"{home.name}@{version}", read))
        return 1
    new = release_of(read.definition, date=_day(at, read.value).isoformat(), because=said)
    prepared = _prepared(home, read.value, new)
    for told in _out_of_order(home, prepared) if prepared.listed is not None else ():
        remark(told)
    if dry_run:
        _show(home, prepared)
    elif prepared.listed is None and prepared.changelog is None:
        click.echo(f"{read.value.name} was already released{_on(prepared.release)}, as it is now")
    else:
        _write(home, prepared)
        _tell(home, read.value, prepared)
    return 0


def _one_line(because: str) -> str:
    said = " ".join(because.split())
    if not said:
        raise BadValue("--because says nothing", hint="say in a sentence why this version goes live")
    if not said.isprintable():
        raise BadValue("--because has a sign that cannot be seen", hint="write it in plain text")
    return said


def _is_sound(home: Home, version: int, read: Loaded[Process]) -> bool:
    """Whether ``check`` finds no error in the version and in its rule sets; what it finds is printed."""
    from engine.commands.checking import check_files
    from engine.report.findings import render

    process = sound(read)
    uses = process.uses if process else ()
    rule_sets = [home.workspace / "rules" / name / f"{number}.yaml" for name, number in uses]
    found = check_files([home.file(version), *rule_sets], workspace=home.workspace)
    if found.exit_code:
        put(render(found.findings, "text", files_checked=found.files, style=style()))
    elif found.findings:
        remark(f"check has warnings; 'stagewright check {home.name}@{version}' tells them")
    return not found.exit_code


def _refusal(name: str, read: Loaded[Process]) -> str:
    from engine.loading.codes import RELEASED_CHANGED

    errors = [one for one in read.findings if one.severity is Severity.ERROR]
    if errors and all(one.code == RELEASED_CHANGED for one in errors):
        hint = f"put it back, or keep the change in a new version: 'stagewright next {name.partition('@')[0]}'"
        return f"not released: {name} was released before with another content; {hint}"
    return f"not released: {name} has errors; mend them, then release it"


def _day(at: str | None, process: Process) -> date:
    """The day of the release, where the process is at home. Raises ``BadTime`` for one that has not come."""
    zone = ZoneInfo(process.time_zone)
    now = datetime.now(UTC)  # noqa: TID251 - the door is where the clock is read
    today = now.astimezone(zone).date()
    if at is None:
        return today
    # A plain day is meant where the process is at home, and not as the day that it is there at midnight in UTC.
    day = parse_time(at).date() if _PLAIN_DAY.match(at.strip()) else parse_time(at).astimezone(zone).date()
    if day > today:
        raise BadTime(f"--at: {day} has not come yet", hint="release it on the day")
    return day


def _prepared(home: Home, process: Process, new: Release) -> Prepared:
    """Both texts, made before either is written: what cannot be written is told while nothing is."""
    from engine.loading import changelog
    from engine.loading.released import releases
    from engine.loading.releasing import with_release
    from engine.report.release_notes import section

    known = releases(home.folder)
    release = known.get(process.version, new)
    notes = _notes(home, process, release, known)
    listed = None if process.version in known else with_release(home.folder, release)
    told = process.version in changelog.told_in(home.folder)
    section_of = None if told else changelog.with_section(home.folder, process.version, section(notes))
    return Prepared(release, listed, section_of, notes)


def _notes(home: Home, process: Process, release: Release, known: Mapping[int, Release]) -> Notes:
    from engine.report.release_notes import Notes

    told = Notes(
        process.version,
        release.date,
        process.because,
        release.because,
        later=max((version for version in known if version > process.version), default=None),
    )
    earlier = [version for version in known if version < process.version]
    if not earlier:
        return told
    before = max(earlier)
    old = sound(loaded(home, before)) if before in home.versions else None
    if old is None:
        unread = f"What changed since version {before} cannot be told: that version cannot be read any more."
        return replace(told, before=before, unread=unread)
    return replace(told, before=before, changes=changes_of(home, old, process))


def _out_of_order(home: Home, prepared: Prepared) -> Iterator[str]:
    """What is odd beside the other releases: a later version that is live, or an earlier one of a later day."""
    from engine.loading.released import releases

    release, later = prepared.release, prepared.notes.later
    if later is not None:
        yield f"version {later} is released already: new deals still start on it"
    after = [one for one in releases(home.folder).values() if one.version < release.version and one.date > release.date]
    if after:
        newest = max(after, key=lambda one: one.version)
        yield f"version {newest.version} was released on {newest.date}, which is after this day, {release.date}"


def _paths(home: Home) -> tuple[Path, Path]:
    from engine.loading import changelog, released

    return home.folder / released.FILE, home.folder / changelog.FILE


def _write(home: Home, prepared: Prepared) -> None:
    """The list first: it alone says what is released. Without its section in the changelog, which a second run of the

    command adds, a release holds; a changelog that tells of a release that did not come to be would lie.
    """
    from engine.loading.write import as_it_was, whole

    for path, text in zip(_paths(home), (prepared.listed, prepared.changelog), strict=True):
        if text is not None:
            whole(path, as_it_was(path, text))


def _show(home: Home, prepared: Prepared) -> None:
    from engine.report.escape import shown
    from engine.report.release_notes import section

    listed, changelog = _paths(home)
    if prepared.listed is not None:
        put(f"would add to {shown(str(listed))}: version {prepared.release.version}, {prepared.release.digest[:12]}…")
    if prepared.changelog is not None:
        put(f"would add to {shown(str(changelog))}:\n\n{section(prepared.notes)}")
    elif prepared.listed is not None:
        put(f"{shown(str(changelog))} has a section of version {prepared.release.version} already; it stays as it is")
    if prepared.listed is None and prepared.changelog is None:
        put("nothing to write: it was released before, and the changelog tells it")


def _tell(home: Home, process: Process, prepared: Prepared) -> None:
    from engine.report.changes_words import counted
    from engine.report.escape import shown
    from engine.report.wording import both

    listed, changelog = _paths(home)
    paths = [str(listed)] if prepared.changelog is None else [str(listed), str(changelog)]
    release, notes = prepared.release, prepared.notes
    if prepared.listed is None:
        click.echo(
            f"{process.name} was already released{_on(release)}; the changelog now tells it: {shown(str(changelog))}"
        )
        return
    click.echo(f"released {process.name}{_on(release)}: {shown(release.because)}")
    click.echo(f"  frozen: {shown(both(release.files))}")
    if notes.changes is not None:
        click.echo(f"  against version {notes.before}: {counted(notes.changes)}")
    if notes.unread:
        remark(shown(notes.unread))
    if prepared.changelog is None:
        remark(f"{shown(str(changelog))} has a section of version {process.version} already; nothing was added to it")
    click.echo(f"wrote {shown(both(paths))}")
    newest = notes.later is None and len(home.versions) > 1
    plan = f"; 'stagewright plan {process.name}' tells how open deals come to it" if newest else ""
    click.echo(f"next: commit them{plan}")
    click.echo(f"changes now go into the next version ('stagewright next {home.name}')")


def _on(release: Release) -> str:
    from engine.report.escape import shown

    return f" on {shown(release.date)}" if release.date else ""
