"""Options that several commands share, each with its environment variable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from engine.model.errors import BadValue

if TYPE_CHECKING:
    from engine.advance.occasion import Occasion

_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 31, tzinfo=UTC)
"""Times that have a day in every time zone."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Where:
    """The workspace and the journal as named on the command line; ``None`` where the default is meant."""

    workspace: Path | None
    journal: str | None


def where_options(function: F) -> F:
    """``--workspace`` and ``--journal``, handed on as ``where``."""

    @wraps(function)
    def gathered(*args: Any, workspace: Path | None, journal: str | None, **rest: Any) -> Any:
        return function(*args, where=Where(workspace, journal), **rest)

    decorated: F = stack(
        gathered,
        click.option(
            "--workspace",
            type=click.Path(path_type=Path),
            envvar="STAGEWRIGHT_WORKSPACE",
            metavar="DIR",
            help="The folder that holds processes/ (default: the nearest one above).",
        ),
        click.option(
            "--journal",
            envvar="STAGEWRIGHT_JOURNAL",
            metavar="URL",
            help="The journal: a file or a database URL (default: deals.journal in the workspace).",
        ),
    )
    return decorated


_WHO_AND_WHEN = {
    "actor": click.option("--as", "actor", envvar="STAGEWRIGHT_AS", default="", metavar="WHO", help="Who does it."),
    "role": click.option("--role", envvar="STAGEWRIGHT_ROLE", default="", metavar="ROLE", help="In which role."),
    "at": click.option(
        "--at",
        envvar="STAGEWRIGHT_AT",
        metavar="TIME",
        help="When it happened, such as 2026-03-31T14:30; UTC unless it names an offset (default: now).",
    ),
    "key": click.option(
        "--key", default="", metavar="KEY", help="A name for this one deed: doing it again under it does nothing."
    ),
}


def _occasion_options(*names: str) -> Callable[[F], F]:
    """Those options, handed on as one ``occasion``."""

    def decorate(function: F) -> F:
        @wraps(function)
        def gathered(*args: Any, **given: Any) -> Any:
            said = {name: given.pop(name) for name in names}
            occasion = make_occasion(
                at=said["at"], actor=said["actor"], role=said.get("role", ""), key=said.get("key", "")
            )
            return function(*args, occasion=occasion, **given)

        decorated: F = stack(gathered, *(_WHO_AND_WHEN[name] for name in names))
        return decorated

    return decorate


who_options = _occasion_options("actor", "role", "at", "key")
asking_options = _occasion_options("actor", "role", "at")
import_options = _occasion_options("actor", "at")


actor_option = _WHO_AND_WHEN["actor"]

fact_option = click.option(
    "--fact", "facts", multiple=True, metavar="FACT=VALUE", help="A fact that is known now; repeat it for more."
)


def format_option(*formats: str) -> Callable[[F], F]:
    """``--format``; the first is the default."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default=formats[0],
        envvar="STAGEWRIGHT_FORMAT",
        show_default=True,
        help="How the answer is written.",
    )


def stack(function: Any, *decorators: Callable[[Any], Any]) -> Any:
    """Apply decorators so that help lists them in the order written."""
    for decorate in reversed(decorators):
        function = decorate(function)
    return function


def make_occasion(*, at: str | None, actor: str, role: str, key: str) -> Occasion:
    """When and by whom, from the options. Raises ``BadValue`` for a time that cannot be read."""
    from engine.advance.occasion import Occasion

    now = datetime.now(UTC)  # noqa: TID251 - the door is where the clock is read
    return Occasion(now=now, at=parse_time(at) if at else now, actor=actor, role=role, key=key)


def parse_time(text: str) -> datetime:
    """A time in UTC from ``2026-03-31``, ``2026-03-31T14:30`` or one with an offset."""
    try:
        time = datetime.fromisoformat(text.strip())
        found = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue(
            f"'{text}' is not a time", hint="write 2026-03-31, 2026-03-31T14:30 or 2026-03-31T14:30+02:00"
        ) from None
    if not _EARLIEST <= found <= _LATEST:
        raise BadValue(
            f"'{text}' is too {'early' if found < _EARLIEST else 'late'}", hint="name a time that deals may be of"
        )
    return found
