"""Small processes, maps and exports for the tests of this room."""

from __future__ import annotations

from pathlib import Path

from engine.history.export import Export
from engine.history.read import read
from engine.model.map import Column, Known, Map, Shape
from engine.model.process import Process, Stage, Track
from engine.model.rule import Fact
from engine.model.syntax import DATE, MONEY, PERCENT, TEXT, YES_NO, Kind, Type

STAGES = {"New": "new", "Talking": "talking", "Offer": "offer", "Won": "won", "Lost": "lost"}
ENDS = {"won": "won", "lost": "lost"}
GRADE = Type(Kind.CHOICE, ("a", "b"))

PROCESS = Process(
    "sale",
    1,
    Track("main", tuple(Stage(each, ends=ENDS.get(each, "")) for each in STAGES.values()), ()),
    facts={
        name: Fact(name, of)
        for name, of in {
            "amount": MONEY,
            "discount": PERCENT,
            "signed": DATE,
            "partner": YES_NO,
            "grade": GRADE,
            "city": TEXT,
        }.items()
    },
)

MOVES = Map(
    "log", "sale", Shape.MOVES, "Deal", "Stage", STAGES, happened="At", facts={"amount": Column("Value")}, actor="Who"
)
DEALS = Map(
    "crm",
    "sale",
    Shape.DEALS,
    "Deal",
    "Stage",
    STAGES,
    entered={"talking": "Talked", "offer": "Offered", "won": "Closed", "lost": "Closed"},
    owner="Owner",
    facts={"amount": Column("Value", known=Known.CLOSE)},
)


def read_text(folder: Path, text: str, map_: Map) -> Export:
    """The export that a text is, read by a map."""
    return read_bytes(folder, text.encode(), map_)


def read_bytes(folder: Path, data: bytes, map_: Map) -> Export:
    """The export that some bytes are, read by a map."""
    path = folder / "export.csv"
    path.write_bytes(data)
    return read(path, map_, PROCESS)
