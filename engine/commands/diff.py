"""``diff``: what changes between two versions of a process or of a rule set."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.compared import NothingBefore, compared, pair_named
from engine.commands.failure import tell
from engine.commands.mending import mending_steps
from engine.commands.options import Where, parse_time, where_options
from engine.commands.output import columns, form_of, put, remark, spare, style
from engine.commands.source import workspace_of
from engine.model.change import Level
from engine.model.errors import BadValue, StagewrightError, UnknownName
from engine.report.escape import shown

if TYPE_CHECKING:
    from engine.commands.compared import Compared, Read
    from engine.model.change import Changes
    from engine.report.changes_words import Sides

    Told = tuple[Changes, Sides]

# As the room of reports lists them; --help must not wait for it.
FORMS = ("text", "json", "markdown", "html", "csv", "sarif", "github")
FAILS = {
    "break": (Level.BREAK,),
    "tighter": (Level.BREAK, Level.TIGHTER),
    "looser": (Level.BREAK, Level.LOOSER),
    "any": tuple(Level),
}
"""The levels at which each choice of --fail-on exits 1."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose deals and past moves are to be judged: a file, or the journal (empty); ``None``: not asked."""

    deals: str | None
    history: str | None
    map_name: str | None
    at: datetime | None

    @property
    def any(self) -> bool:
        return self.deals is not None or self.history is not None


@click.command("diff", short_help="Tell what changes between two versions.")
@click.argument("names", nargs=-1, required=True, metavar="OLD [NEW] | --base REF FILE...")
@click.option("--base", metavar="REF", help="Compare each FILE with what it was in this git revision.")
@click.option(
    "--deals",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="What it does to the open deals of FILE, or else of the journal.",
)
@click.option(
    "--history",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="What it would have done to the past moves of FILE, or else of the journal.",
)
@click.option(
    "--map", "map_name", metavar="MAP", help="How these files are read: a map's file, or a name below maps/ or shipped."
)
@click.option("--at", envvar="STAGEWRIGHT_AT", metavar="TIME", help="Judge deals as of then (default: now).")
@click.option(
    "--fail-on",
    type=click.Choice(list(FAILS)),
    default=None,
    help="Exit 1 where there is such a change: break; break or tighter; break or looser; any change at all.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMS),
    default=None,
    envvar="STAGEWRIGHT_FORMAT",
    help="How the answer is written (default: by the ending of --out, else text).",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it to a file; html needs one.",
)
@where_options
def command(
    names: tuple[str, ...],
    base: str | None,
    deals: str | None,
    history: str | None,
    map_name: str | None,
    at: str | None,
    fail_on: str | None,
    output_format: str | None,
    out: Path | None,
    where: Where,
) -> int:
    """Tell what changes from OLD to NEW: files, NAME@2, NAME@latest, or REF:FILE of a git revision.

    Stages, actions, requirements, facts and all else are compared by their ids and by what they mean: order of keys,
    comments and layout are no change. Versions of a rule set are compared too. Without NEW, a file is compared with
    what it was in git, or where it is new with the version before it; with --base, so is each FILE. Name the versions
    before --deals and --history: what follows these is their file.
    """
    form = _form_asked(output_format, out)
    _check_files(deals, history)
    if map_name and not (deals or history):
        raise BadValue("--map says how a file is read, and none is named", hint="name it after --deals or --history")
    asked = _Asked(deals, history, map_name, parse_time(at) if at else None)
    told, code = _told(names, base, where, out, asked)
    _hand_over(told, form, out)
    return max([code, *(_exit_code(changes, fail_on) for changes, _ in told)])


def _check_files(deals: str | None, history: str | None) -> None:
    """Raises ``BadValue`` where an option took a version that was meant to be compared as its file."""
    for option, name in (("--deals", deals), ("--history", history)):
        path = Path(name or "")
        is_version = path.suffix in (".yaml", ".yml") or ("@" in path.name and not path.exists())
        if name and is_version:
            message = f"{option} took '{name}' as the file that holds its deals"
            raise BadValue(message, hint=f"name the versions before {option}: stagewright diff OLD NEW {option}")


def _told(
    names: tuple[str, ...], base: str | None, where: Where, out: Path | None, asked: _Asked
) -> tuple[Sequence[Told], int]:
    """What changed, pair by pair, and the exit code of what could not be compared.

    Of several files each is compared, whatever is wrong with another; of one the error is raised.
    """
    if base is None and len(names) > len(("OLD", "NEW")):
        hint = "name two of them; or say --base REF to compare each file with what it was in git"
        raise BadValue(f"{len(names)} versions are named, and only two can be compared", hint=hint)
    pairs = [(name, None) for name in names] if base else [(names[0], names[1] if names[1:] else None)]
    told: list[Told] = []
    code = 0
    for old, new in pairs:
        try:
            told.append(_one(pair_named(old, new, where, base=base or ""), where, out, asked))
        except NothingBefore as error:
            remark(str(error))
        except StagewrightError as error:
            if len(pairs) == 1:
                raise
            code = max(code, tell(error))
    return told, code


def _one(two: tuple[Read, Read], where: Where, out: Path | None, asked: _Asked) -> Told:
    from engine.report.changes_words import Sides

    spare(out, *(Path(each.named.name) for each in two), *(Path(each) for each in (asked.deals, asked.history) if each))
    _tell_of_order(*two)
    found = compared(*two, where)
    changes = _with_impact(found, where, asked) if asked.any else found.changes
    steps = (*changes.next_steps, *_next_steps(changes, two, asked, where))
    return replace(changes, next_steps=steps), Sides(found.old, found.new, _cannot_tell())


def _tell_of_order(old: Read, new: Read) -> None:
    """Two names of one version, or two versions the wrong way round, are more often a slip than meant."""
    first, second = (f"{each.value.id}@{each.value.version}" for each in (old, new))
    if old.path and new.path and old.path.samefile(new.path):
        remark(f"both names are of one version, {first}: name two to compare them")
    elif old.value.id == new.value.id and old.value.version > new.value.version:
        remark(f"this is read backwards, from {first} to the earlier {second}: name the old version before the new one")


def _with_impact(found: Compared, where: Where, asked: _Asked) -> Changes:
    from engine.commands.impacts import Deals, with_impact

    if found.two is None:
        raise BadValue("deals follow processes, not rule sets", hint="compare two versions of a process that uses it")
    deals, history = (
        None if file is None else Deals(Path(file) if file else None, asked.map_name if file else None)
        for file in (asked.deals, asked.history)
    )
    return with_impact(found.changes, found.two, where, deals=deals, history=history, at=asked.at)


def _form_asked(output_format: str | None, out: Path | None) -> str:
    """The form that is meant. Raises ``BadValue`` where it needs a file and has none."""
    from engine.report.changes import FILES, ONLY_FILES

    form = output_format or form_of(out, FILES)
    if out is None and form in ONLY_FILES:
        raise BadValue(f"{form} needs a file to go to", hint=f"say where with --out diff.{form}")
    return form


def _hand_over(told: Sequence[Told], form: str, out: Path | None) -> None:
    from engine.report.changes import render_several

    if out is None:
        written = render_several(told, form, width=columns(), style=style())
        if written:
            put(written)
    else:
        from engine.loading import write

        write.whole(out, render_several(told, form))
        remark(f"wrote {out}")
    if form != "text" or out is not None:
        for each in (sentence for changes, _ in told for sentence in changes.unread):
            remark(shown(f"not read: {each}"))


def _cannot_tell() -> str:
    """What would tell more where conditions could not be compared."""
    from importlib.util import find_spec

    return "" if "z3" in sys.modules or find_spec("z3") else "install stagewright[prove] to have it proved"


def _exit_code(changes: Changes, fail_on: str | None) -> int:
    """1 where a level is reached, however much was read; else 2 where not everything was."""
    if fail_on and any(changes.count(level) for level in FAILS[fail_on]):
        return 1
    return 2 if changes.unread else 0


def _next_steps(changes: Changes, two: tuple[Read, Read], asked: _Asked, where: Where) -> Iterator[str]:
    """What is to be done now, as commands to type."""
    old, version = (shlex.quote(each.named.name) for each in two)
    if changes.unread:
        yield "mend what could not be read, then compare again"
    if not changes.changes:
        return
    if changes.old == changes.new and changes.kind == "process" and _is_released(changes.new, where):
        name = changes.new.partition("@")[0]
        yield f"{changes.new} is released: put its file back"
        yield f"write the change into the next version: stagewright next {name}"
        return
    yield from mending_steps(changes)
    if changes.count(Level.LOOSER):
        yield "see whether each looser change is meant: nobody will notice a control that is gone"
    if changes.kind != "process":
        yield "let a process use the new version: write it under uses of the next version of the process"
        return
    if asked.deals is None:
        yield f"see which open deals it hits: stagewright diff {old} {version} --deals"
    if asked.history is None:
        yield f"see what it would have done to past moves: stagewright replay {version}"
    yield from _ways_to_live(changes, version, where)


def _is_released(named: str, where: Where) -> bool:
    from engine.loading import catalog

    name, _, version = named.partition("@")
    try:
        return catalog.is_released(name, int(version), workspace=workspace_of(where))
    except UnknownName:
        return False


def _ways_to_live(changes: Changes, version: str, where: Where) -> Iterator[str]:
    """How a later version of the workspace goes live."""
    from engine.loading import catalog

    (name, _, before), after = changes.old.partition("@"), int(changes.new.partition("@")[2])
    try:
        root = workspace_of(where)
    except UnknownName:
        return
    if after <= int(before) or after not in catalog.versions(name, workspace=root):
        return
    if not catalog.is_released(name, after, workspace=root):
        yield f"once it is as it should be, release it: stagewright release {name}@{after} --because TEXT"
    yield f"then plan how open deals come to it: stagewright plan {version} -o plan.json"
