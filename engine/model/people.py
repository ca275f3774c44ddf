"""Who has which role: what ``people.yaml`` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.names import same_name
from engine.model.place import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works with deals. ``id`` is what is given with ``--as``, ``name`` how people call them.

    ``team``: whom figures count them with (empty: none).
    """

    id: str
    roles: tuple[str, ...] = ()
    name: str = ""
    team: str = ""
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
    def teams(self) -> Mapping[str, str]:
        """The team of each person who is in one, by the id and by the name as they are compared.

        What is exported from elsewhere calls people by their names.
        """
        named = [(same_name(each.name), each.team) for each in self.persons.values() if each.name]
        # Two of one name in two teams cannot be told apart by it.
        by_name = {name: team for name, team in named if all(other == team for one, other in named if one == name)}
        found = {**by_name, **{key: person.team for key, person in self.persons.items()}}
        return {key: team for key, team in found.items() if team}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids as written, in order."""
        return tuple(person.id for person in self.persons.values())
