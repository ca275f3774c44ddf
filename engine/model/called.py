"""What one version of a process calls what another one has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Called:
    """The words of one version in those of another; a stage or reason that is not listed kept its name.

    ``stages`` are old id to all that it became. ``facts`` are the new names of those that both have and read alike, to
    their old ones: of others nothing can be compared.
    """

    stages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
