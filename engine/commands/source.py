"""Where things come from: the workspace, the journal, a process by name or as the journal keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.commands.output import remark
from engine.model.entry import Definition
from engine.model.errors import BadValue, JournalError, StagewrightError, UnknownName
from engine.model.finding import Severity
from engine.model.names import did_you_mean
from engine.model.process import Process
from engine.model.syntax import Value
from engine.model.values import parse_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.advance.neighbours import Neighbours
    from engine.advance.occasion import Occasion
    from engine.journal.store import SqlJournal
    from engine.model.finding import Finding
    from engine.model.people import People

JOURNAL_FILE = "deals.journal"


class FaultyFile(StagewrightError):
    """The file has errors. ``what`` says which, where several were to be read."""

    def __init__(self, findings: Sequence[Finding], what: str = "the file has errors") -> None:
        errors = sum(each.severity is Severity.ERROR for each in findings)
        super().__init__(what, hint=f"mend {'it' if errors == 1 else 'them'}, then run the command again")
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Source:
    """A process as its file says it, with the text that the journal will keep."""

    process: Process
    definition: Definition


def workspace_of(where: Where) -> Path:
    """The workspace named, or the nearest one above. Raises ``UnknownName`` where there is none."""
    from engine.loading import catalog

    if where.workspace is not None:
        if not where.workspace.is_dir():
            raise UnknownName(f"there is no folder '{where.workspace}'", hint="give a folder that is there")
        return where.workspace
    found = catalog.workspace_of(Path.cwd())
    if found is None:
        raise UnknownName(
            "no workspace here: no folder above holds processes/",
            hint="make one with 'stagewright init', or name one with --workspace",
        )
    here = Path.cwd()
    # Findings name files as a person would type them from here.
    return found.relative_to(here) if found.is_relative_to(here) else found


def journal_target(where: Where) -> str:
    """The path or URL of the journal: as named, or the file in the workspace."""
    return where.journal or str(workspace_of(where) / JOURNAL_FILE)


def journal_file(where: Where) -> Path:
    """The file that the journal is, where it is one."""
    return Path(journal_target(where).removeprefix("sqlite:///"))


def people_of(where: Where) -> People | None:
    """Who has which role, as the workspace says; ``None`` where it does not, or there is no workspace.

    Raises ``FaultyFile``: what cannot be read must not read as "anyone may do anything".
    """
    from engine.loading import catalog
    from engine.loading.people import load_people, people_file

    if where.workspace is None and catalog.workspace_of(Path.cwd()) is None:
        return None
    path = people_file(workspace_of(where))
    if path is None:
        return None
    loaded = load_people(path)
    if loaded.value is None:
        raise FaultyFile(loaded.findings)
    return loaded.value


def among_people(occasion: Occasion, where: Where) -> Occasion:
    """The occasion with the people of the workspace, against whom who does it is held."""
    return replace(occasion, people=people_of(where))


@contextmanager
def open_journal(where: Where, *, create: bool = False, read_only: bool = False) -> Iterator[SqlJournal]:
    """The journal, closed again at the end. Raises ``JournalError`` where it is not there and not to be made."""
    from engine.journal.connect import connect

    target = journal_target(where)
    is_file = "://" not in target
    if is_file and not create and not Path(target).exists():
        raise JournalError(
            f"there is no journal '{target}'", hint="start a deal first, or name a journal with --journal"
        )
    journal = connect(target, create=create, read_only=read_only)
    try:
        yield journal
    finally:
        journal.close()


@contextmanager
def trial_journal(where: Where) -> Iterator[SqlJournal]:
    """A copy of the journal in a temporary folder, to try something out on; an empty one where there is none.

    Raises ``BadValue`` for a journal that is no file.
    """
    import tempfile

    from engine.journal.connect import connect
    from engine.journal.copying import snapshot

    target = journal_target(where).removeprefix("sqlite:///")
    if "://" in target:
        raise BadValue("a dry run needs a journal that is a file", hint="name one with --journal")
    with tempfile.TemporaryDirectory(prefix="stagewright-") as folder:
        copy = Path(folder) / JOURNAL_FILE
        if Path(target).exists():
            snapshot(Path(target), copy)
        journal = connect(str(copy), create=True)
        try:
            yield journal
        finally:
            journal.close()


def process_of(journal: SqlJournal) -> Callable[[str], Process]:
    """Processes by the digest of their definition, as the journal keeps them."""
    from engine.loading.processes import from_definition

    @lru_cache(maxsize=64)
    def read(digest: str) -> Process:
        definition = journal.definition(digest)
        if definition is None:
            raise JournalError(f"the journal lacks definition {digest[:12]}", hint="run 'stagewright verify'")
        return from_definition(definition)

    return read


def neighbours_of(where: Where) -> Neighbours:
    """The other processes of the workspace, in the version that deals now begin with."""
    from engine.advance.neighbours import neighbours

    def read(name: str) -> tuple[Process, Definition]:
        from engine.loading import catalog
        from engine.loading.processes import load_process

        root = workspace_of(where)
        loaded = load_process(catalog.find(f"{name}@latest", workspace=root), workspace=root)
        if loaded.value is None or loaded.definition is None:
            raise FaultyFile(loaded.findings)
        return loaded.value, loaded.definition

    return neighbours(read)


def process_path(name: str, where: Where) -> tuple[Path, Path]:
    """The file that ``FILE``, ``NAME``, ``NAME@2`` or ``NAME@latest`` means, and its workspace."""
    from engine.loading import catalog

    path, root = _path_and_root(name, where)
    if Path(name).is_file():
        return path, root
    process = name.partition("@")[0]
    if "@" not in name or name.endswith("@latest"):
        version = int(path.stem)
        if not catalog.is_released(process, version, workspace=root):
            remark(f"no version of {process} is released; this is the highest, {process}@{version}")
    return path, root


def _path_and_root(name: str, where: Where) -> tuple[Path, Path]:
    from engine.loading import catalog

    as_file = Path(name)
    if as_file.is_file():
        return as_file, where.workspace or catalog.workspace_of(as_file) or as_file.parent
    root = workspace_of(where)
    return catalog.find(name, workspace=root), root


def process_file(name: str | None, where: Where) -> Path | None:
    """The file of that process, where there is one."""
    try:
        return _path_and_root(name, where)[0] if name else None
    except StagewrightError:
        return None


def named_process(name: str, where: Where) -> Source:
    """The process of that name. Raises ``FaultyFile`` where it has errors, ``UnknownName`` where there is none."""
    from engine.loading import git
    from engine.loading.processes import load_process, load_revision

    if git.split(name) and not Path(name).is_file():
        loaded = load_revision(name, folder=where.workspace or Path())
    else:
        path, root = process_path(name, where)
        loaded = load_process(path, workspace=root)
    if loaded.value is None or loaded.definition is None:
        raise FaultyFile(loaded.findings)
    return Source(loaded.value, loaded.definition)


def tell_if_changed(journal: SqlJournal, definition: Definition) -> None:
    """Says so where deals follow another text of the same version: they keep it, and new ones get this one."""
    following = deals_on_other_text(journal, definition)
    if following:
        name = f"{definition.process}@{definition.version}"
        deals = "1 deal follows" if following == 1 else f"{following} deals follow"
        remark(f"{name} was changed: {deals} the text of before; make changes in a new version (stagewright next)")


def deals_on_other_text(journal: SqlJournal, definition: Definition) -> int:
    """How many deals follow a definition of the same process and version whose text is another."""
    deals = journal.deals(process=definition.process, version=definition.version)
    return sum(deal.digest != definition.digest for deal in deals)


def parse_facts(process: Process, pairs: Sequence[str]) -> Mapping[str, Value]:
    """The facts that ``amount=9000`` and its like write. Raises ``BadValue`` or ``UnknownName``, naming the fact."""
    facts: dict[str, Value] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign:
            raise BadValue(f"'{pair}' gives no value", hint=f"write {pair}=VALUE")
        declared = process.facts.get(name)
        if declared is None:
            raise UnknownName(f"{process.name} has no fact '{name}'", hint=did_you_mean(name, process.facts))
        if name in facts:
            raise BadValue(f"fact '{name}' is given twice")
        try:
            facts[name] = parse_value(text, declared.type)
        except BadValue as error:
            raise BadValue(f"{name}: {error}", hint=error.hint) from None
    return facts
