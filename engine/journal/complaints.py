"""What a database complains of, as an error that tells a person what is the matter and what to do."""

from __future__ import annotations

from engine.journal.dialect import Fault
from engine.model.errors import JournalError, StagewrightError


class Clash(JournalError):
    """The database refuses a row that clashes with what is recorded."""


class Locked(JournalError):
    """Another program holds the journal."""


class Lost(JournalError):
    """The connection was lost; of a transaction that was not being ended nothing is recorded."""


class InDoubt(Lost):
    """The connection was lost while a transaction was being ended: it is recorded, or it is not."""


class Crossed(JournalError):
    """Two writers were in each other's way, and this one was undone."""


def told(fault: Fault, where: str, detail: str) -> StagewrightError:
    """The error that tells a person what is the matter and what to do."""
    if fault is Fault.CLASH:
        return Clash(f"the journal {where} refuses this: {detail}")
    message, hint = _SENTENCES[fault]
    kind = _KINDS.get(fault, JournalError)
    return kind(message.format(where=where, detail=" ".join(detail.split())), hint=hint)


_KINDS = {Fault.LOCKED: Locked, Fault.LOST: Lost, Fault.CROSSED: Crossed}
_SENTENCES = {
    Fault.LOCKED: (
        "the journal {where} is locked by another program; nothing was recorded",
        "wait until that program is done, then do it again",
    ),
    Fault.FULL: (
        "there is no room left for the journal {where}; nothing was recorded",
        "make room on the disk, then do it again",
    ),
    Fault.DISK: (
        "the disk failed under the journal {where} ({detail}); nothing was recorded",
        "see that the disk is sound and has room, then do it again",
    ),
    Fault.READ_ONLY: (
        "the journal {where} cannot be written: it is read-only",
        "allow writing to the file and its folder, or name another journal",
    ),
    Fault.DAMAGED: (
        "the journal {where} is damaged: {detail}",
        "go on with a backup of it",
    ),
    Fault.UNREACHABLE: (
        "the journal {where} cannot be opened: {detail}",
        "see that it is there and that you may read and write it and its folder",
    ),
    Fault.LOST: (
        "the connection to the journal {where} was lost: {detail}",
        "see that the server runs, then do it again",
    ),
    Fault.NO_SERVER: (
        "the journal {where} cannot be reached: {detail}",
        "see that the server runs, and that host, database, user and password are right",
    ),
    Fault.CROSSED: (
        "others who wrote to the journal {where} were in the way ({detail}); nothing was recorded",
        "do it again",
    ),
    Fault.DENIED: (
        "the journal {where} does not allow this: {detail}",
        "whoever owns the database can grant the rights that stagewright needs",
    ),
    Fault.STANDBY: (
        "the journal {where} cannot be written: {detail}",
        "the server is a copy, or set to be read only; name the one that takes writing",
    ),
    Fault.SHORT: (
        "the server of the journal {where} is at its limit ({detail}); nothing was recorded",
        "do it again later, or tell whoever runs the server",
    ),
    Fault.BROKEN_OFF: (
        "the server of the journal {where} broke this off ({detail}); nothing was recorded",
        "do it again; where it happens often, the time that the server allows is too short",
    ),
    Fault.OTHER: ("the journal {where} could not be used: {detail}", ""),
}
