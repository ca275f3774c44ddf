"""Who may say they are who: the one place where a name and a role are believed, or held against ``people.yaml``."""

from __future__ import annotations

from dataclasses import replace

from engine.advance.occasion import Occasion
from engine.model.errors import BadValue, RoleNotHeld, UnknownName
from engine.model.names import ENGINE, ENGINE_KEYS, did_you_mean
from engine.model.people import People, Person
from engine.model.process import Process, role_may


def vouch(process: Process, occasion: Occasion) -> Occasion:
    """The occasion with the name and the role that the people's file has for its actor.

    Where there is no such file, name and role are claims and stay as they are. Raises ``UnknownName`` for a person
    or a role that is not there, ``RoleNotHeld`` for one that the person does not have, ``BadValue`` where nobody is
    named or the person has several roles and says none; also for a key such as the engine gives to what it does.
    """
    _check_key(occasion)
    if occasion.people is None:
        _check_role(process, occasion.role)
        return occasion
    person = _known(occasion.people, occasion.actor)
    asked = occasion.role
    role = _held(process, person, asked, occasion.people) if asked else _own(process, person)
    return replace(occasion, actor=person.id, role=role)


def _check_key(occasion: Occasion) -> None:
    """Whoever could take a key of the engine's would keep a clock from ever acting."""
    if occasion.key.startswith(ENGINE_KEYS) and occasion.actor != ENGINE:
        taken = occasion.key.partition(":")[0]
        raise BadValue(f"a key does not begin with '{taken}:'", hint="such keys are of what the engine does by itself")


def known_actor(people: People | None, actor: str) -> str:
    """The name of whoever does what takes no role, such as an import. Raises as ``vouch`` does."""
    return actor if people is None else _known(people, actor).id


def who_may(process: Process, by: tuple[str, ...], people: People | None) -> tuple[str, ...]:
    """The people whom their roles let do it; none where nobody is listed."""
    listed = people.persons.values() if people else ()
    return tuple(one.id for one in listed if any(role_may(process, own, by) for own in one.roles))


def spelled(people: People | None, name: str) -> str:
    """The name as the people's file writes it; a name that it does not know stays as it is."""
    person = people.person(name) if people else None
    return person.id if person else name


def _known(people: People, actor: str) -> Person:
    if not actor.strip():
        raise BadValue("nobody is named as who does this", hint="say who you are with --as WHO, or set STAGEWRIGHT_AS")
    person = people.person(actor)
    if person is None:
        hint = did_you_mean(actor, people.ids) or "whoever keeps people.yaml can add them"
        raise UnknownName(f"people.yaml knows no '{actor}'", hint=hint)
    return person


def _check_role(process: Process, role: str) -> None:
    if role and process.roles and role not in process.roles:
        raise UnknownName(f"{process.name} has no role '{role}'", hint=did_you_mean(role, process.roles))


def _held(process: Process, person: Person, role: str, people: People) -> str:
    """The role asked for, where the person has it or one that includes it."""
    _check_role(process, role)
    if _has(process, person, role):
        return role
    having = [one.id for one in people.persons.values() if _has(process, one, role)]
    hint = f"who has it in people.yaml: {', '.join(having)}" if having else "nobody has it in people.yaml"
    raise RoleNotHeld(f"{person.id} does not have the role '{role}'", hint=hint)


def _has(process: Process, person: Person, role: str) -> bool:
    return any(role_may(process, own, (role,)) for own in person.roles)


def _own(process: Process, person: Person) -> str:
    """The role that the person acts in without saying so: the only one here, or the one that includes the others."""
    here = tuple(role for role in person.roles if role in process.roles)
    if not here:
        return ""
    for role in here:
        if all(role_may(process, role, (other,)) for other in here):
            return role
    raise BadValue(
        f"{person.id} has several roles in {process.name}: {', '.join(here)}", hint="say in which with --role ROLE"
    )
