"""Roles: who may do a thing, and who can mend a refusal."""

from __future__ import annotations

from engine.model.process import Process, role_may, roles_that_may


def roles_allowed(process: Process, by: tuple[str, ...]) -> frozenset[str]:
    """All roles, declared or merely named, that ``by`` lets through; none where it is empty."""
    if not by:
        return frozenset()
    return frozenset((*by, *(role for role in process.roles if role_may(process, role, by))))


def roles_that_mend(process: Process, by: tuple[str, ...]) -> tuple[str, ...]:
    """The roles that ``by`` lets through, to be told; empty for anyone."""
    return (roles_that_may(process, by) or by) if by else ()


def either(names: tuple[str, ...]) -> str:
    """``ae, lead or manager``."""
    return "".join(names) if len(names) < 2 else ", ".join(names[:-1]) + " or " + names[-1]
