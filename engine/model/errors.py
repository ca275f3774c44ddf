"""Promises that the caller or the world broke. Raised early, caught only at the doors."""

from __future__ import annotations


class StagewrightError(Exception):
    """The command could not be carried out."""

    exit_code = 2

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.hint = hint


class UnknownName(StagewrightError):
    """There is no such thing."""


class BadValue(StagewrightError):
    """A value does not fit its type."""


class RoleNotHeld(StagewrightError):
    """The person does not have this role."""


class BadTime(StagewrightError):
    """A time is in the future, or before the last entry of the deal."""


class UnreadableFile(StagewrightError):
    """A file cannot be read as what it should be."""


class UnwritableFile(StagewrightError):
    """A file cannot be written."""


class KeyReused(StagewrightError):
    """The key was used before, for something else."""


class DealExists(StagewrightError):
    """A deal of this name was started before."""


class DealForgotten(StagewrightError):
    """The deal was forgotten; it takes no more entries."""


class JournalError(StagewrightError):
    """The journal cannot be opened, read or written."""


class NewerJournal(JournalError):
    """The journal was written by a newer stagewright."""


class BadSeal(StagewrightError):
    """The seal cannot be compared with."""


class DealMovedOn(StagewrightError):
    """Someone else changed the deal at the same moment."""

    exit_code = 3


class PlanOutdated(StagewrightError):
    """The plan was made of deals or of a version that are no longer so."""

    exit_code = 3


class MissingExtra(StagewrightError):
    """An optional part is not installed."""
