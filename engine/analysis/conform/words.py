"""An alignment in words: which stages were skipped, by which actions one would have gone, and what happened unasked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.analysis.conform.align import Journey, Models, Step
from engine.model.names import MAIN
from engine.numerics.alignment import Kind

PERFECT = "as the process has it"


class Skipped(NamedTuple):
    """A stage that was left out, and the actions that would have led there."""

    track: str
    stage: str
    actions: tuple[str, ...]

    @property
    def told(self) -> str:
        """``demo (hold-demo)``."""
        by = f" ({' or '.join(self.actions)})" if self.actions else ""
        return placed(self.track, self.stage) + by


class Unasked(NamedTuple):
    """A stage that was entered though the process has no such move there, and where the deal came from."""

    track: str
    stage: str
    came_from: str

    @property
    def told(self) -> str:
        """``qualified after demo``."""
        return placed(self.track, self.stage) + (f" after {self.came_from}" if self.came_from else "")


def path_of(models: Models, journey: Journey) -> str:
    """The stages entered, track by track: ``prospect > demo > won; legal: in-review``."""
    paths = (
        ("" if model.track == MAIN else f"{model.track}: ") + " > ".join(stages)
        for model, stages in zip(models.tracks, journey.tracks, strict=True)
        if stages
    )
    return "; ".join(paths)


def skipped_in(steps: Sequence[Step]) -> tuple[Skipped, ...]:
    """What was skipped, in order."""
    return tuple(Skipped(step.track, step.stage, step.actions) for step in steps if step.kind is Kind.MODEL)


def unasked_in(steps: Sequence[Step], models: Models, journey: Journey) -> tuple[Unasked, ...]:
    """What happened unasked, in order."""
    entered = {model.track: stages for model, stages in zip(models.tracks, journey.tracks, strict=True)}
    return tuple(
        Unasked(step.track, step.stage, entered[step.track][step.place - 1] if step.place else "")
        for step in steps
        if step.kind is Kind.LOG
    )


def told(steps: Sequence[Step], models: Models, journey: Journey) -> str:
    """An alignment in a sentence: ``skipped demo (hold-demo); unasked: qualified after demo``."""
    skips = [each.told for each in skipped_in(steps)]
    unasked = [each.told for each in unasked_in(steps, models, journey)]
    parts = [f"skipped {', '.join(skips)}"] if skips else []
    parts += [f"unasked: {', '.join(unasked)}"] if unasked else []
    return "; ".join(parts) or PERFECT


def counted(number: int, noun: str) -> str:
    """``1 deal``, ``1,200 deals``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def placed(track: str, stage: str) -> str:
    """A stage with the track that it belongs to, where that is not the main one: ``legal/in-review``."""
    return stage if track == MAIN else f"{track}/{stage}"
