"""A proposed map as JSON: its text, and what speaks for each of its lines."""

from __future__ import annotations

from engine.model.proposal import Proposal
from engine.report import json_text
from engine.report.json_text import Data


def json(proposal: Proposal, text: str) -> str:
    """``stagewright/map/1``: the map as YAML, and a row a line that has evidence; ``check`` is true for unsure ones."""
    rows: Data = tuple(
        {"line": line, "because": why, "check": line in proposal.unsure} for line, why in proposal.because.items()
    )
    return json_text.document("map", {"name": proposal.map.id, "yaml": text, "says": proposal.says, "rows": rows})
