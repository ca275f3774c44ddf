"""The score card of a drafted process as text, and the whole draft as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.draft import Draft, ScoreCard
from engine.model.study import Heading, Section, Study, Unit
from engine.report import json_text
from engine.report.figures import in_utc
from engine.report.flat import plain
from engine.report.study_text import text as study_text
from engine.report.style import Style
from engine.report.wording import count

_HEADINGS = (
    Heading("name", ""),
    Heading("stages", "Stages", Unit.COUNT),
    Heading("actions", "Actions", Unit.COUNT),
    Heading("moves", "Moves", Unit.COUNT),
    Heading("fitness", "Fitness", Unit.SHARE),
    Heading("precision", "Precision", Unit.SHARE),
    Heading("perfect", "Deals that fit", Unit.SHARE),
)
_NOTES = (
    "Fitness: how little deals differ from what is allowed (100 %: they never do). Precision: of what is allowed at "
    "each point, the share that deals did. A good draft has much of both, with few actions.",
    "Low fitness: deals do what it leaves out, so try a lower --keep. Low precision: it allows what deals seldom do, "
    "so try a higher --keep, or fewer stages in the map.",
)


def card_text(draft: Draft, *, width: int, style: Style) -> str:
    """The score card."""
    return study_text(card(draft), width=width, style=style)


def card(draft: Draft) -> Study:
    """The score card as a study."""
    rows = tuple(
        (each.name, each.stages, each.actions, each.moves, each.fitness, each.precision, each.perfect)
        for each in draft.card.scores
    )
    section = Section(
        "card", "Score card", _HEADINGS, rows, says=(_judged(draft.card),), notes=(*draft.card.notes, *_NOTES)
    )
    return Study("draft", f"Draft of {draft.process.id}", draft.source, draft.as_of, (section,))


def _judged(card_: ScoreCard) -> str:
    if card_.apart:
        made = f"Made anew from the {count(card_.learnt, 'deal')} that began first"
        return f"{made}, judged on the {count(card_.judged, 'later one')} that closed."
    return f"Judged on the {count(card_.judged, 'closed deal')} that it was made from: too few to keep some apart."


def json(draft: Draft, text: str, told: Sequence[str] = ()) -> str:
    """The draft as ``stagewright/draft/1``: the text of the file, its evidence by place, and the score card."""
    return json_text.document(
        "draft",
        {
            "process": draft.process.id,
            "source": draft.source,
            "as_of": in_utc(draft.as_of) if draft.as_of else None,
            "deals": draft.deals,
            "closed": draft.closed,
            "text": text,
            "told": list(told),
            "evidence": [
                {"place": list(path), "says": each.says, "n": each.n, "of": each.of}
                for path, each in draft.evidence.items()
            ],
            "remarks": [
                {"place": list(path), "topic": each.topic, "says": each.says}
                for path, remarks in draft.remarks.items()
                for each in remarks
            ],
            "card": {
                "learnt": draft.card.learnt,
                "judged": draft.card.judged,
                "apart": draft.card.apart,
                "notes": list(draft.card.notes),
                "scores": [
                    {
                        "name": each.name,
                        "stages": each.stages,
                        "actions": each.actions,
                        "moves": each.moves,
                        "fitness": plain(each.fitness),
                        "precision": plain(each.precision),
                        "perfect": plain(each.perfect),
                    }
                    for each in draft.card.scores
                ],
            },
        },
    )
