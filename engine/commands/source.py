"""Where things come from: the workspace, the journal, a process by name or as the journal keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.model.errors import BadValue, JournalError, UnknownName
from engine.model.names import did_you_mean
from engine.model.process import Process
from engine.model.syntax import Value
from engine.model.values import parse_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.journal.store import Journal
    from engine.model.finding import Finding

JOURNAL_FILE = "deals.journal"


class FaultyFile(Exception):
    """A file has findings, and the command needs it sound."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self.findings = tuple(findings)


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
    return found


@contextmanager
def open_journal(where: Where, *, create: bool = False, read_only: bool = False) -> Iterator[Journal]:
    """The journal, closed again at the end. Raises ``JournalError`` where it is not there and not to be made."""
    from engine.journal.connect import connect

    target = where.journal or str(workspace_of(where) / JOURNAL_FILE)
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


def process_of(journal: Journal) -> Callable[[str], Process]:
    """Processes by the digest of their definition, as the journal keeps them."""
    from engine.loading.definitions import from_definition

    @lru_cache(maxsize=64)
    def read(digest: str) -> Process:
        definition = journal.definition(digest)
        if definition is None:
            raise JournalError(f"the journal lacks definition {digest[:12]}", hint="run 'stagewright verify'")
        return from_definition(definition)

    return read


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
