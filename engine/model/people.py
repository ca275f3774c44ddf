"""Who has which role: what ``people.yaml`` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.names import same_name
from engine.model.place import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works with deals. ``id`` is what is given with ``--as``, ``name`` how people call them."""

    id: str
    roles: tuple[str, ...] = ()
    name: str = ""
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class People:
    """All who may do something, by the id as it is compared: 'Ana' and 'ana ' are one person."""

    persons: Mapping[str, Person]
    at: Place = field(default=NOWHERE, compare=False)

    def person(self, actor: str) -> Person | None:
        """The person of that id, however it is spelled."""
        return self.persons.get(same_name(actor))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids as written, in order."""
        return tuple(person.id for person in self.persons.values())
