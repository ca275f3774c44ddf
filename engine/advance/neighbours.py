"""The other processes of a workspace: where a deal may be handed over to, and of which it may start deals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from engine.model.entry import Definition
from engine.model.errors import UnknownName
from engine.model.process import Process

if TYPE_CHECKING:
    from engine.machine.compile import Machine


@dataclass(frozen=True, slots=True, eq=False)
class Neighbour:
    """Another process, in the version that deals now begin with."""

    machine: Machine
    definition: Definition


Neighbours = Callable[[str], Neighbour]
"""From the id of a process to it. Raises ``StagewrightError`` where it is not there or has errors."""


def neighbours(read: Callable[[str], tuple[Process, Definition]]) -> Neighbours:
    """Neighbours as ``read`` finds them, each read and compiled once."""

    @cache
    def found(process: str) -> Neighbour:
        from engine.machine.compile import compile_process

        declared, definition = read(process)
        return Neighbour(compile_process(declared), definition)

    return found


def no_neighbours(process: str) -> Neighbour:
    """Where there is a journal and no workspace."""
    raise UnknownName(
        f"process '{process}' is not at hand: there is no workspace here", hint="name one with --workspace"
    )
