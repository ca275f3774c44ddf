"""``rollback``: a new version equal to an old one, shown as a diff before it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.options import Where, where_options
from engine.commands.output import columns, put, remark, style
from engine.commands.source import FaultyFile, journal_target, open_journal
from engine.commands.versioned import Home, home_of, known_version, loaded, sound
from engine.model.errors import BadValue, UnwritableFile
from engine.model.finding import Severity
from engine.report.wording import both, count

if TYPE_CHECKING:
    from engine.loading.rolled_back import Renames
    from engine.model.process import Process


@click.command("rollback", short_help="Make a new version equal to an old one.")
@click.argument("process", metavar="NAME")
@click.option("--to", "to_version", required=True, type=click.IntRange(min=1), metavar="VERSION", help="The old one.")
@click.option("--because", required=True, metavar="TEXT", help="Why the newest version did not do.")
@click.option("--dry-run", is_flag=True, help="Show the difference; write nothing.")
@where_options
def command(process: str, to_version: int, because: str, dry_run: bool, where: Where) -> int:  # noqa: FBT001
    """Make a new version of NAME equal to an old one, comments and all, and show what it changes in the newest.

    Nothing is released by it: look at the difference, then 'release' it. It says what became of the ids that the
    newest version had renamed, so that its deals can come back.
    """
    home, newest = home_of(process, where)
    if "@" in process or Path(process).is_file():
        raise BadValue(f"'{process}' names a version", hint=f"write rollback {home.name} --to {to_version}")
    old = known_version(home, to_version)
    if to_version == newest:
        hint = f"there is {', '.join(str(one) for one in home.versions)}"
        raise BadValue(f"version {newest} is the newest one; there is nothing to go back to", hint=hint)
    said = _one_line(because)
    current, read = sound(loaded(home, newest)), loaded(home, to_version)
    if current is None or read.value is None:
        raise FaultyFile(read.findings if read.value is None else loaded(home, newest).findings)
    from engine.loading.rolled_back import rolled_back

    renames, unsure = _renames(home, current, read.value)
    path = home.file(newest + 1)
    text = rolled_back(old, version=newest + 1, follows=newest, renames=renames, because=said)
    new = _read(home, text, path)
    put(_difference(current, new))
    for each in (*unsure, *_apart(home, current, new, where)):
        remark(each)
    return _written(home, path, text, source=old, dry_run=dry_run)


def _one_line(because: str) -> str:
    said = " ".join(because.split())
    if not said or not said.isprintable():
        raise BadValue("--because says nothing that can be read", hint="say in a sentence why it goes back")
    return said


def _renames(home: Home, current: Process, target: Process) -> tuple[Renames, tuple[str, ...]]:
    """What the ids of the newest version are called in the old one; and of which stages nobody can tell."""
    from engine.versions.became import became

    between = [sound(loaded(home, one)) for one in home.versions if target.version < one < current.version]
    found = became(target, current, [one for one in between if one is not None])
    every = {
        "stages": _backwards({old: tuple(split.to for split in splits) for old, splits in found.stages.items()}),
        "actions": _backwards({old: (new,) for old, new in found.actions.items()}),
        "facts": _backwards({old: (new,) for old, new in found.facts.items()}),
        "reasons": _backwards({old: (new,) for old, new in found.reasons.items()}),
    }
    now, then = _ids(current), _ids(target)
    # An id that the old version has too kept its name, and one that neither has any more leads nowhere.
    kept = {
        section: {
            old: new
            for old, new in names.items()
            if old in now[section] and old not in then[section] and set(new) <= then[section]
        }
        for section, names in every.items()
    }
    # What was made of several: which one a deal was in, only a person can say; 'plan' asks.
    unsure = tuple(
        f"'{old}' was {both(map(repr, new))}: for its deals somebody will have to say where they go"
        for old, new in kept["stages"].items()
        if len(new) > 1
    )
    sure = {section: {old: new[0] for old, new in names.items() if len(new) == 1} for section, names in kept.items()}
    return sure, unsure


def _backwards(names: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Of each new id the old ones that became it."""
    found: dict[str, tuple[str, ...]] = {}
    for old, targets in names.items():
        for new in dict.fromkeys(targets):
            found[new] = (*found.get(new, ()), old)
    return found


def _ids(process: Process) -> dict[str, set[str]]:
    actions = [action for track in process.all_tracks() for action in track.actions]
    shared = [reason for rule_set in process.rule_sets for codes in rule_set.reasons.values() for reason in codes]
    own = [reason for action in actions for reason in action.reasons]
    return {
        "stages": {stage.id for stage in process.main.stages},
        "actions": {action.id for action in actions},
        "facts": set(process.facts),
        "reasons": {reason.code for reason in (*own, *shared)},
    }


def _read(home: Home, text: str, path: Path) -> Process:
    """The new version. Raises ``FaultyFile`` where it would not be sound."""
    from engine.commands.checking import check_text
    from engine.loading.document import parse_text
    from engine.loading.processes import read_process

    found = check_text(text, path, workspace=home.workspace)
    new = read_process(parse_text(text, str(path)), path, workspace=home.workspace).value
    errors = tuple(one for one in found if one.severity is Severity.ERROR)
    if new is None or errors:
        raise FaultyFile(errors)
    return new


def _apart(home: Home, current: Process, new: Process, where: Where) -> Iterator[str]:
    """The stages of the newest version that are several again, and how many deals stand in them."""
    from engine.versions.apart import apart_again

    known = [sound(loaded(home, one)) for one in home.versions if one != current.version]
    found = apart_again(current, new, [one for one in known if one is not None])
    stand = _open_deals(home, where) if found else {}
    for stage, several in found.items():
        number = stand.get((current.version, stage), 0)
        deals = f"its {count(number, 'open deal')}" if number else "deals that stand there"
        told = f"'{stage}' of version {current.version} is {both(map(repr, several))} again"
        yield f"{told}, and nothing tells which a deal was in: 'plan' keeps {deals} in that stage"


def _open_deals(home: Home, where: Where) -> Mapping[tuple[int, str], int]:
    """How many open deals stand on each version in each stage; none where there is no journal."""
    if where.journal is None and not Path(journal_target(where)).exists():
        return {}
    with open_journal(where, read_only=True) as journal:
        return Counter((deal.version, deal.stage) for deal in journal.deals(process=home.name, outcome=""))


def _difference(current: Process, new: Process) -> str:
    """The difference from the newest version, in words."""
    from engine.report.changes import render
    from engine.report.changes_words import Sides
    from engine.versions.diff import diff

    return render(diff(current, new), "text", sides=Sides(current, new), width=columns(), style=style())


def _written(home: Home, path: Path, text: str, *, source: Path, dry_run: bool) -> int:
    from engine.loading.write import as_it_was, whole
    from engine.report.escape import shown

    if dry_run:
        click.echo(f"would write {shown(str(path))}")
        return 0
    if path.exists():
        raise UnwritableFile(f"'{path}' exists", hint="look at it, then run the command again")
    whole(path, as_it_was(source, text))
    click.echo(f"wrote {shown(str(path))}; nothing is released by it")
    click.echo(f"next: look it over, then 'stagewright release {home.name}@{path.stem} --because …'")
    return 0
